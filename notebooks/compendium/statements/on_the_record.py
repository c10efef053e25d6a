"""Checks of what is stated of documents, visits, terms of office, resolutions and events against the record."""

from __future__ import annotations

import re
from collections import Counter

import pandas as pd

from compendium.periods import end_of, is_before, show, start_of
from compendium.statements.case import (
    CONFLICTS,
    NOTE,
    OPEN,
    Case,
    Outcome,
    Row,
    UndecidedError,
    date,
    folded,
    in_words,
    known,
    number,
    some,
)
from compendium.words import counted, text_of


def cell(case: Case) -> Outcome:
    """Cells of the record hold what is stated, `*` being any text: `about` has a table, then its rows and columns."""
    return case.each(_cell, *case.cells())


def _cell(case: Case, table: str, key: str, column: str, stated: str) -> Outcome:
    row, name, found = case.value(table, key, column)
    if isinstance(found, pd.Period):
        return _dated(case, table, row, column, f"{name}: {show(found)}", date(stated))
    told, kind = f"{name}: {text_of(found)}", case.t[table][column].dtype
    if isinstance(kind, pd.CategoricalDtype):
        stated = known(stated, kind.categories, column.removesuffix("_id").replace("_", " "))
    pattern = ".*".join(map(re.escape, folded(stated).split("*")))
    items = found if isinstance(found, list) else [found]
    if not any(re.fullmatch(pattern, folded(str(item))) for item in items):
        # The same symbol with other punctuation, or with a mark of its language.
        plain, letters = ("".join(filter(str.isalnum, text.upper())) for text in (str(found), stated))
        near = column == "symbol" and re.fullmatch(plain + "[A-Z]?", letters)
        said = f"{told}. Stated is {text_of(stated)}."
        return case.judge(False, said, row, otherwise=NOTE if near else CONFLICTS)
    if column == "holder_id" and getattr(row, "attribution", "explicit") != "explicit":
        return case.judge(False, f"{told}, by inference only ({row.attribution.label}).", row, otherwise=NOTE)
    return case.judge(True, f"{told}.", row)


def _dated(case: Case, table: str, row: Row, column: str, told: str, said: pd.Period) -> Outcome:
    found = getattr(row, column)
    if start_of(said) <= start_of(found) and end_of(found) <= end_of(said):
        return case.judge(True, f"{told}.", row)
    if not is_before(said, found) and not is_before(found, said):
        told = f"{told}, no more precisely; {show(said)} agrees with it."
        return case.judge(False, told, row, otherwise=NOTE)
    # The table `differences` keeps dates on which sources disagree.
    for other in case.confirmed("differences"):
        if (other.table, other.row_id, other.field, other.value) == (table, row[0], column, str(said)):
            told = f"{told}. Another source gives {show(said)} ({other.says})."
            return case.judge(False, told, row, other, otherwise=NOTE)
    return case.judge(False, f"{told}. Stated is {show(said)}.", row)


def not_before(case: Case) -> Outcome:
    """The first of some dates does not lie before the others: `about` has tables, each before its rows and columns."""
    (row, told, day), others = case.dates()[0], case.dates()[1:]
    agree = [not is_before(day, other) for _, _, other in others]
    places = ["not before" if good else "before" for good in agree]
    said = "; ".join([told, *(f"{place} {other[1]}" for place, other in zip(places, others, strict=True))])
    return case.judge(agree, f"{said}.", row, *(other[0] for other in others))


def within_months(case: Case) -> Outcome:
    """Less than so many months lie between a first and a second date: `about` has table, row and column of each."""
    (one, told, first), (other, then_told, last) = case.dates()[0], case.dates()[1]
    if {first.freqstr, last.freqstr} != {"D"}:
        raise UndecidedError(f"One of the two dates is not known to the day. {told}. {then_told}.")
    limit = pd.Period(first.start_time + pd.DateOffset(months=number(case.stated[0])), "D")
    said = f"{told}. {then_told}. Days between them: {(last - first).n}."
    return case.judge(first <= last < limit, said, one, other)


def years_before(case: Case) -> Outcome:
    """A date (table, row and column) lies so many years before the year that is stated after them."""
    row, told, day = case.dates()[0]
    years = number(case.stated[1]) - day.year
    said = f"{told}, which is {years} years before {case.stated[1]}."
    return case.judge(years == number(case.stated[0]), said, row)


def document_year(case: Case) -> Outcome:
    """Documents are of the years stated: compared with the year of the session and with the printed date of each."""
    return case.each(_year, *((key,) for key in case.about))


def _year(case: Case, key: str, stated: str) -> Outcome:
    row = case.row("documents", key, "listed_year")
    years = {"session": row.listed_year.year} | ({} if row.date is None else {"printed date": row.date.year})
    when = "; its printed date is not established" if row.date is None else f" and is dated {show(row.date)}"
    agree = [what for what, year in years.items() if year == number(stated)]
    one = f"; the year stated is that of the {agree[0]}" if len(agree) == 1 < len(years) else ""
    said = f"{row.symbol} belongs to the session of {row.listed_year}{when}{one}."
    return case.judge([what in agree for what in years], said, row)


def last_document(case: Case) -> Outcome:
    """A document is the last one of the mandate holder stated: reports on visits that followed are worth a note."""
    row, who = case.row("documents", case.about[0], "date", "holder_id"), case.holder(case.stated[0])
    of_holder = [one for one in case.confirmed("documents") if one.holder_id == who and one.date is not None]
    later = [
        one for one in of_holder if is_before(row.date, one.date) and "holder_id" not in one.unverified_fields
    ]
    told = in_words((one.symbol, one.kind) for one in later)
    said = f"{row.symbol} is by {row.holder_id.label}. Later documents of {who.label}: {told}."
    only_visits = row.holder_id == who and all(one.kind == "visit" for one in later)
    last = row.holder_id == who and not later
    return case.judge(last, said, row, *later, otherwise=NOTE if only_visits else CONFLICTS)


def _visits(case: Case) -> list[Row]:
    held = [row for row in case.by_then("visits") if row.outcome == "held"]
    return some(held, "confirmed visit by the time of the assessment")


def visits_every_year(case: Case) -> Outcome:
    """Visits were made in every year from the first attested one to the last full year before the assessment."""
    visits = Counter(row.start.year for row in _visits(case))
    years = some(range(min(visits), case.t.assessed.year), "full year from the first visit to the assessment")
    without = [year for year in years if not visits[year]]
    said = (
        f"From the first confirmed one on, the record has {visits.total()} visits up to the assessment, at most "
        f"{max(visits.values())} in one year. Years from {min(visits)} to {years[-1]} for which no source found shows "
        f"one, which is no proof that there was none: {in_words(without)}."
    )
    return case.judge(not without, said, otherwise=OPEN)


def follow_ups_rare(case: Case) -> Outcome:
    """Follow-up visits were the exception: fewer than half of the visits held up to the assessment."""
    visits = _visits(case)
    followed = [row for row in visits if row.follow_up_of]
    said = (
        f"Of {len(visits)} visits confirmed up to the assessment, sources call {len(followed)} a follow-up."
    )
    return case.judge(2 * len(followed) < len(visits), said, *followed)


def visits_of_every_holder(case: Case) -> Outcome:
    """Every holder up to the assessment made at least one confirmed country visit."""
    visits = Counter(row.holder_id for row in _visits(case))
    served = {row.holder_id for row in some(case.by_then("terms"), "holder by the time of the assessment")}
    each = [holder for holder in case.t.codes("holders") if holder in served]
    told = in_words(f"{holder.label} {visits[holder]}" for holder in each)
    every = all(visits[holder] for holder in each)
    return case.judge(every, f"Confirmed visits up to the assessment: {told}.", otherwise=OPEN)


def bodies(case: Case) -> Outcome:
    """Documents went to the bodies stated and to no others, up to the assessment."""
    documents = Counter(row.body for row in case.by_then("documents"))
    told = in_words(f"{body.label} {documents[body]}" for body in case.t.codes("body") if documents[body])
    return case.judge(set(documents) == set(case.stated), f"Documents up to the assessment: {told}.")


def _on_theme(case: Case, theme: str) -> list[Row]:
    known(theme, case.t.codes("themes"), "theme")
    keys = {one.document_id for one in case.confirmed("document_themes") if one.theme_id == theme}
    return [row for row in case.by_then("documents") if row.document_id in keys]


def theme_reported(case: Case) -> Outcome:
    """At least so many documents of the mandate had dealt with a theme by the time of the assessment."""
    found = _on_theme(case, case.about[0])
    told = in_words((row.symbol, row.listed_year) for row in found)
    enough = len(found) >= number(case.stated[0])
    return case.judge(enough, f"Documents on this theme up to the assessment: {told}.", *found)


def theme_since(case: Case) -> Outcome:
    """A document (first of `about`) of the year stated treats a theme (second); earlier ones are worth a note."""
    row, year = case.row("documents", case.about[0], "listed_year"), number(case.stated[0])
    of_theme = [one for one in _on_theme(case, case.about[1]) if one.listed_year.year <= row.listed_year.year]
    told = in_words((one.symbol, one.listed_year) for one in of_theme)
    said = f"Documents on this theme up to {row.symbol} ({row.listed_year}): {told}."
    if row.listed_year.year != year or row not in of_theme:
        return case.judge(False, said, row)
    first = all(one.listed_year.year == row.listed_year.year for one in of_theme)
    return case.judge(first, said, *of_theme, otherwise=NOTE)


def communications_from_the_first(case: Case) -> Outcome:
    """Communications began with the first documents: the earliest place where they stand is the earliest document."""
    places = [row for row in case.by_then("communications_pointers") if row.scope == "mandate"]
    place, first = some(places, "place of communications")[0], some(case.by_then("documents"), "documents")[0]
    said = (
        f"The earliest place found is {in_words([(place.symbol, place.date)])}; no source tells of the time before. "
        f"The earliest document is {in_words([(first.symbol, first.date or first.listed_year)])}."
    )
    return case.judge(folded(place.symbol) == folded(first.symbol), said, place, otherwise=OPEN)


def methods_used_before(case: Case) -> Outcome:
    """Most of the working methods were used by holders before the one named: shown by documents of their kinds."""
    place, methods = case.holder(case.about[0]).place, some(case.rows("methods"), "methods")
    earlier = case.t.codes("holders")[:place]
    kinds = {row.kind for row in case.confirmed("documents") if row.holder_id in earlier}
    shown = [row.method_id for row in methods if kinds & set(row.document_kinds)]
    said = (
        f"Documents of earlier holders show {len(shown)} of {len(methods)} methods: {in_words(shown)}. Others may "
        "leave no documents of a kind of their own."
    )
    return case.judge(2 * len(shown) > len(methods), said, otherwise=OPEN)


def _created(case: Case) -> list[Row]:
    """Texts that created the mandate and state the length of the first term."""
    return [
        row for row in case.confirmed("resolutions") if "created" in row.action and text_of(row.term_years)
    ]


def first_term_years(case: Case) -> Outcome:
    """The first appointment was for the years stated: compared with every text that created the mandate."""
    texts = some(_created(case), "text that created the mandate and states the length of the first term")
    told = in_words(f"{counted(row.term_years, 'year')} in {row.short}" for row in texts)
    agree = [row.term_years == number(case.stated[0]) for row in texts]
    return case.judge(agree, f"The first term: {told}.", *texts)


def first_term_meets_holder(case: Case) -> Outcome:
    """A first term of so many years reaches the year in which the first holder is said to begin."""
    text, begins = case.row("resolutions", case.about[0], "adopted"), date(case.stated[1])
    years = number(case.stated[0])
    over = pd.Period(text.adopted_to + pd.DateOffset(years=years), "D")
    starts = _statements(case, case.about[1], "took_office", "appointed")
    texts = _created(case)
    told = in_words((row.short, counted(row.term_years, "year")) for row in texts)
    said = (
        f"Counted from {show(text.adopted)}, a term of {counted(years, 'year')} would end on {show(over)}. The "
        f"holder is said to begin in {show(begins)}; other sources: {_told(starts)}. Texts on the term: {told}."
    )
    late = CONFLICTS if is_before(over, begins) else NOTE
    return case.judge(end_of(over) >= end_of(begins), said, text, *starts, *texts, otherwise=late)


def _statements(case: Case, holder: str, *events: str) -> list[Row]:
    who = case.holder(holder)
    return [row for row in case.confirmed("terms") if row.holder_id == who and row.event in events]


def _told(statements: list[Row]) -> str:
    return in_words((row.date, row.event) for row in statements)


def term(case: Case) -> Outcome:
    """A holder served from the first to the second year stated: compared with every other source's statement."""
    return case.each(_end_of_term, *(("beginning",), ("end",))[: max(1, len(case.stated))])


def _end_of_term(case: Case, end: str, stated: str) -> Outcome:
    rows = _statements(case, case.about[0], "took_office" if end == "beginning" else "left_office")
    if end == "beginning":
        # Nobody takes office before being appointed; an earlier appointment says nothing against the year.
        named = _statements(case, case.about[0], "appointed")
        rows += [row for row in named if not rows or is_before(date(stated), row.date)]
    if not rows:
        raise UndecidedError(f"No other source found states the {end}.")
    agree = [row.date.year == number(stated) for row in rows]
    return case.judge(agree, f"Other sources on the {end}: {_told(rows)}.", *rows)


def in_office(case: Case) -> Outcome:
    """A person held the mandate on the date stated: after the first known beginning and before every known end."""
    began = _statements(case, case.about[0], "took_office", "appointed")
    first = min(some(began, "beginning of the term by another source"), key=lambda row: row.date_from)
    left, day = _statements(case, case.about[0], "left_office"), date(case.stated[0])
    outside = is_before(day, first.date) or any(is_before(row.date, day) for row in left)
    return case.judge(not outside, f"{first.holder_id.label}: {_told([first, *left])}.", *began, *left)


def holders_number(case: Case) -> Outcome:
    """So many persons had held the mandate by the time of the assessment."""
    starts = [row for row in case.by_then("terms") if row.event != "left_office"]
    held = {row.holder_id for row in starts}
    holders = some(
        [one for one in case.t.codes("holders") if one in held], "holder by the time of the assessment"
    )
    said = f"Up to the assessment, other sources show {len(holders)}: {in_words(holders)}."
    return case.judge(len(holders) == number(case.stated[0]), said, *starts)


def first_so_named(case: Case) -> Outcome:
    """An event is the first of those that bear a name: no earlier event of the record has it in its title."""
    row, name = case.row("events", case.about[0], "date"), folded(case.stated[0])
    named = [one for one in case.confirmed("events") if name in folded(one.title)]
    named = sorted(named, key=lambda one: one.date_from)
    earlier = [one for one in named if is_before(one.date, row.date)]
    said = f"Events of that name: {in_words((one.title, one.date) for one in named)}."
    return case.judge(name in folded(row.title) and not earlier, said, row)


def number_grew(case: Case) -> Outcome:
    """The number of things of a kind (of events) grew from the year stated to the assessment."""
    kind, since = known(case.about[0], case.t.codes("event_kind"), "kind of event"), number(case.stated[0])
    after = [row for row in case.by_then("events") if row.kind == kind and row.date.year > since]
    said = (
        f"Between {since} and the assessment the record has {len(after)} events of the kind {kind.label} (one post can "
        f"have two, its creation and its first holder): {in_words(row.title for row in after)}. What existed before "
        "is not in it."
    )
    return case.judge(bool(after), said, *after)

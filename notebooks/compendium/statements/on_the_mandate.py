"""Checks of statements on terms of office, resolutions and other events, and of the text against itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

import pandas as pd

from compendium.periods import end_of, is_before, parse, show
from compendium.problems import count
from compendium.statements.record import (
    CONFLICTS,
    HOLDS,
    NOTE,
    OPEN,
    Outcome,
    Record,
    Row,
    UndecidedError,
    check,
    folded,
    in_words,
    known,
    number,
)
from compendium.words import text_of

Texts = Sequence[str]
LEFT = "left_office"


def told_of(statements: Iterable[Row]) -> str:
    """Statements on terms of office, each date and event once: "1994 (took office)"."""
    return in_words(dict.fromkeys(f"{show(one.date)} ({one.event.label})" for one in statements))


def created(r: Record) -> list[Row]:
    """Texts that created the mandate and state how long the first appointment is."""
    return [row for row in r.confirmed("resolutions") if "created" in row.action and text_of(row.term_years)]


@check
def resolution_adopted(r: Record, about: Texts, stated: Texts) -> Outcome:
    """A resolution was adopted on the date stated and, where a body is stated too, by that body."""
    row = r.row("resolutions", about[0], "adopted")
    outcome = r.dated("resolutions", row, "adopted", row.short, stated[0])
    if len(stated) > 1 and row.body != stated[1]:
        return r.judge(False, f"{outcome.reason} It is of the {row.body.label}.", row)
    return outcome


@check
def resolution_symbol(r: Record, about: Texts, stated: Texts) -> Outcome:
    """A resolution bears the symbol as printed; other punctuation or a mark of language is worth a note."""
    row = r.row("resolutions", about[0], "symbol")
    if folded(row.symbol) == folded(stated[0]):
        return r.judge(True, f"The symbol is {row.symbol}.", row)
    own, printed = ("".join(filter(str.isalnum, text.upper())) for text in (row.symbol, stated[0]))
    said = f"The symbol is {row.symbol}; printed is {stated[0]}."
    return Outcome(NOTE if printed.startswith(own) else CONFLICTS, said, r.sources(row))


@check
def first_term_years(r: Record, about: Texts, stated: Texts) -> Outcome:
    """The first appointment was for the years stated: compared with every text that created the mandate."""
    texts = created(r)
    if not texts:
        raise UndecidedError("No text that created the mandate states the length of the first term.")
    told = in_words(f"{count(int(row.term_years), 'year')} in {row.short}" for row in texts)
    agree = [row.term_years == number(stated[0]) for row in texts]
    return r.judge(
        all(agree), f"The first term: {told}.", *texts, otherwise=NOTE if any(agree) else CONFLICTS
    )


@check
def first_term_meets_holder(r: Record, about: Texts, stated: Texts) -> Outcome:
    """A first term of so many years reaches the year in which the first holder is said to begin."""
    row = r.row("resolutions", about[0], "adopted")
    years, begins = number(stated[0]), parse(stated[1])
    over = pd.Period(row.adopted_to + pd.DateOffset(years=years), "D")
    starts = [one for one in r.confirmed("terms") if one.holder_id == about[1] and one.event != LEFT]
    others = [one for one in created(r) if one.resolution_id != row.resolution_id]
    said = (
        f"Counted from {show(row.adopted)}, {count(years, 'year')} would end on {show(over)}. The holder is said to "
        f"begin in {show(begins)}" + (f" (other sources: {told_of(starts)})." if starts else ".")
    )
    gives = [
        f"{one.short} of {show(one.adopted)} gives {count(int(one.term_years), 'year')}." for one in others
    ]
    late = CONFLICTS if is_before(over, begins) else NOTE
    meets = end_of(over) >= end_of(begins)
    return r.judge(meets, " ".join([said, *gives]), row, *starts, *others, otherwise=late)


@check
def term(r: Record, about: Texts, stated: Texts) -> Outcome:
    """A holder served from the first to the second year stated: compared with every other source's statement."""
    said, verdicts, used = [], [], []
    of_holder = [row for row in r.confirmed("terms") if row.holder_id == about[0]]
    for end, event, year in zip(("beginning", "end"), ("took_office", LEFT), stated, strict=False):
        rows = [row for row in of_holder if row.event == event]
        if end == "beginning":
            # Nobody takes office before being appointed; an earlier appointment says nothing against the year.
            named = [row for row in of_holder if row.event == "appointed"]
            rows += [row for row in named if not rows or is_before(parse(year), row.date)]
        agree = [row.date.year == number(year) for row in rows]
        said.append(
            f"Other sources on the {end}: {told_of(rows)}."
            if rows
            else f"No other source found states the {end}."
        )
        verdicts.append(OPEN if not rows else HOLDS if all(agree) else NOTE if any(agree) else CONFLICTS)
        used += rows
    if set(verdicts) == {OPEN}:
        raise UndecidedError(" ".join(said))
    worst = next(one for one in (CONFLICTS, NOTE, OPEN, HOLDS) if one in verdicts)
    return Outcome(NOTE if worst == OPEN else worst, " ".join(said), r.sources(*used))


@check
def terms_join(r: Record, about: Texts, stated: Texts) -> Outcome:
    """As printed, each term begins in the year in which the one before ends; other sources may show a gap."""
    ends = r.t.terms.assign(end=(r.t.terms["event"] == LEFT).map({True: "end", False: "start"}))
    alone = ends["source_ids"].map(lambda sources: sources == [r.t.about("assessment")]).astype(bool)
    printed = {(row.holder_id, row.end): row.date.year for row in ends[alone].itertuples()}
    order = [holder for holder in r.t.codes("holders") if {(holder, "end"), (holder, "start")} & set(printed)]
    if len(order) < 2:
        raise UndecidedError("The assessment prints no terms that follow one another.")
    others = ends[~alone & ends["sure"]].assign(length=lambda of: of["date_to"] - of["date_from"])
    # A year that holds a month or a day says nothing against it.
    shortest = others.groupby(["holder_id", "end"], observed=True)["length"].transform("min")
    precise = others[others["length"] == shortest].groupby(["holder_id", "end"], observed=True)
    last, first = precise["date_to"].max(), precise["date_from"].min()
    steps = list(pairwise(order))
    apart = [(a, b) for a, b in steps if printed.get((a, "end")) != printed.get((b, "start"))]
    gaps = [
        (a, b)
        for a, b in steps
        if (a, "end") in last and (b, "start") in first and last[a, "end"] < first[b, "start"]
    ]
    if apart:
        names = in_words(f"{a.label} and {b.label}" for a, b in apart)
        return r.judge(False, f"As printed, the terms of {names} do not meet in one year.")
    said = f"As printed, all {len(order)} terms meet year by year."
    vacant = in_words(f"between {a.label} and {b.label}" for a, b in gaps)
    more = f" Other sources suggest that the mandate was vacant {vacant}." if gaps else ""
    return r.judge(not gaps, said + more, otherwise=NOTE)


@check
def holders_number(r: Record, about: Texts, stated: Texts) -> Outcome:
    """So many persons had held the mandate by the time of the assessment."""
    known_then = r.by_then("terms", "date")
    starts = [row for event in ("took_office", "appointed") for row in known_then if row.event == event]
    holders = sorted({row.holder_id for row in starts}, key=lambda holder: holder.place)
    said = f"Up to the assessment, other sources show {len(holders)}: {in_words(holders)}."
    return r.judge(len(holders) == number(stated[0]), said, *starts)


@check
def in_office(r: Record, about: Texts, stated: Texts) -> Outcome:
    """A person held the mandate on the date stated: after the first known beginning and before every known end."""
    when, rows = parse(stated[0]), [row for row in r.confirmed("terms") if row.holder_id == about[0]]
    name = r.t.labels("holders").get(about[0], about[0])
    began = [row for row in rows if row.event != LEFT]
    if not began:
        raise UndecidedError(f"No other source found says when {name} took office.")
    first = min(began, key=lambda row: row.date_from)
    left = [row for row in rows if row.event == LEFT]
    late = is_before(when, first.date) or any(is_before(row.date, when) for row in left)
    return r.judge(not late, f"{name}: {told_of([first, *left])}.", *rows)


@check
def event_date(r: Record, about: Texts, stated: Texts) -> Outcome:
    """An event is of the date stated: compared with the date that the record has for it."""
    row = r.row("events", about[0], "date")
    return r.dated("events", row, "date", row.title, stated[0])


@check
def event_symbol(r: Record, about: Texts, stated: Texts) -> Outcome:
    """An event bears, or led to, the symbol or title stated."""
    row = r.row("events", about[0], "symbol")
    return r.judge(folded(row.symbol).startswith(folded(stated[0])), f"{row.title}: {row.symbol}.", row)


@check
def event_place(r: Record, about: Texts, stated: Texts) -> Outcome:
    """An event took place where stated: the place stands in its title."""
    row = r.row("events", about[0], "title")
    return r.judge(folded(stated[0]) in folded(row.title), f"{row.title}, {show(row.date)}.", row)


@check
def first_so_named(r: Record, about: Texts, stated: Texts) -> Outcome:
    """An event is the first of those that bear a name: no earlier event of the record has it in its title."""
    row = r.row("events", about[0], "date")
    named = [other for other in r.confirmed("events") if folded(stated[0]) in folded(other.title)]
    if row.event_id not in {other.event_id for other in named}:
        return r.judge(False, f"{row.title} does not bear the name {stated[0]}.", row)
    earlier = [f"{other.title} ({show(other.date)})" for other in named if is_before(other.date, row.date)]
    said = f"Earlier: {in_words(earlier)}." if earlier else ""
    none = f"The record has {len(named)} of that name, none before {show(row.date)}."
    return r.judge(not earlier, said or none, row)


@check
def within_months(r: Record, about: Texts, stated: Texts) -> Outcome:
    """Less than so many months lie between an event (first of `about`) and a resolution (second)."""
    event, text = r.row("events", about[0], "date"), r.row("resolutions", about[1], "adopted")
    if event.date_from != event.date_to or text.adopted_from != text.adopted_to:
        raise UndecidedError("One of the two dates is not known to the day.")
    limit = event.date_from + pd.DateOffset(months=number(stated[0]))
    days = (text.adopted_from - event.date_from).days
    said = f"From {show(event.date)} to {show(text.adopted)} are {days} days."
    return r.judge(days >= 0 and text.adopted_from < limit, said, event, text)


@check
def years_until_assessment(r: Record, about: Texts, stated: Texts) -> Outcome:
    """So many years lie between the year of a resolution and that of the assessment."""
    row, then = r.row("resolutions", about[0], "adopted"), r.assessed.year
    said = f"{row.short} is of {show(row.adopted)}, the assessment of {then}."
    return r.judge(then - row.adopted.year == number(stated[0]), said, row)


@check
def anniversary(r: Record, about: Texts, stated: Texts) -> Outcome:
    """An event was so many years before the year that follows the assessment."""
    row, following = r.row("events", about[0], "date"), r.assessed.year + 1
    years = following - row.date.year
    said = f"{row.title}: {show(row.date)}, which is {years} years before {following}."
    return r.judge(years == number(stated[0]), said, row)


@check
def replaced_in(r: Record, about: Texts, stated: Texts) -> Outcome:
    """A body was created (first of `about`) and another ended (second) in the year stated."""
    made, ended = (r.row("events", event, "date") for event in about)
    said = f"{made.title}: {show(made.date)}; {ended.title}: {show(ended.date)}."
    return r.judge({made.date.year, ended.date.year} == {number(stated[0])}, said, made, ended)


@check
def existed_by(r: Record, about: Texts, stated: Texts) -> Outcome:
    """A post that a resolution (last of `about`) names had been created (first) and filled (second) by then."""
    made, filled = (r.row("events", event, "date") for event in about[:2])
    text = r.row("resolutions", about[2], "adopted")
    said = f"{made.title}: {show(made.date)}; {filled.title}: {show(filled.date)}."
    if is_before(text.adopted, made.date):
        return r.judge(False, f"{text.short} is of {show(text.adopted)}. {said}", made, filled, text)
    empty = is_before(text.adopted, filled.date)
    more = (
        f" When {text.short} was adopted ({show(text.adopted)}), nobody held the post yet." if empty else ""
    )
    return r.judge(not empty, said + more, made, filled, text, otherwise=NOTE)


@check
def number_grew(r: Record, about: Texts, stated: Texts) -> Outcome:
    """The number of things of a kind (of events) grew from the year stated to the assessment."""
    kind, since = known(about[0], r.t.codes("event_kind"), "kind of event"), number(stated[0])
    after = [row for row in r.by_then("events", "date") if row.kind == kind and row.date.year > since]
    said = (
        f"Between {since} and the assessment the record has {len(after)} events of the kind "
        f"{r.t.labels('event_kind')[kind]} (one post can have two, its creation and its first holder): "
        f"{in_words(row.title for row in after) or 'none'}. What existed before is not in it."
    )
    return r.judge(bool(after), said, *after)


@check
def listed(r: Record, about: Texts, stated: Texts) -> Outcome:
    """The text lists as many things as it says: rows of a table of the coding (`about`: table, or table and parent)."""
    rows = r.rows(known(about[0], r.t, "table"))
    if len(about) > 1:
        parent = known(about[1], (row[0] for row in rows), f"row of {about[0]}")
        rows = [row for row in rows if row.parent_id == parent]
    names = in_words(getattr(row, "title", "") or row.label for row in rows)
    said = f"The text lists {len(rows)}: {names}." if rows else "The coding has none."
    return r.judge(len(rows) == number(stated[0]), said)


@check
def cites_only(r: Record, about: Texts, stated: Texts) -> Outcome:
    """The text rests on documents of the mandate: what else its citations name is worth a note."""
    cited = r.t.citations
    if cited.empty:
        raise UndecidedError("There are no citations.")
    columns = ["resolution_id", "event_id", "other"]
    own, *others = (cited[column].map(text_of).ne("").sum() for column in ["document_id", *columns])
    names = ("resolutions", "treaties, comments and congresses", "other things")
    rest = "".join(f", {number_} of {name}" for number_, name in zip(others, names, strict=True))
    said = f"{own} of {len(cited)} citations are of documents of the mandate{rest}."
    return r.judge(own == len(cited), said, otherwise=NOTE)


@check
def year_convention(r: Record, about: Texts, stated: Texts) -> Outcome:
    """Years printed for documents follow one convention: the year of the session, or that of the printed date."""
    documents = {row.document_id: row for row in r.confirmed("documents") if row.date is not None}
    session, printed = {}, {}
    for row in r.rows("citations"):
        document = documents.get(row.document_id)
        if document is None or row.printed_year is None or document.listed_year.year == document.date.year:
            continue
        for years, found in ((document.listed_year, session), (document.date, printed)):
            if row.printed_year.year == years.year:
                found[f"{document.symbol} ({years.year})"] = True
    if not session and not printed:
        raise UndecidedError("No citation with a year names a document whose two years differ.")
    said = (
        f"Where the two years differ, printed is that of the session for {in_words(session) or 'none'} and that of the "
        f"document's date for {in_words(printed) or 'none'}."
        + " Both are in use."
        * bool(session and printed)
    )
    return r.judge(not (session and printed), said, otherwise=NOTE)


@check
def names_as_recorded(r: Record, about: Texts, stated: Texts) -> Outcome:
    """Names of holders are printed as the record has them, whole or in part."""
    names = {
        folded(name) for row in r.rows("holders") for name in (row.name, row.short_name, *row.name_variants)
    }
    printed = [name for name in r.t.citations["printed_holder"].unique() if name]
    if not printed or not names:
        raise UndecidedError("The coding has no printed names, or the record no holders.")
    other = [name for name in printed if folded(name) not in names]
    said = f"Printed otherwise than the record has it: {in_words(other)}."
    all_ = f"All {len(printed)} printed forms are names of the record."
    return r.judge(not other, said if other else all_, otherwise=NOTE)


@check
def not_of_the_mandate(r: Record, about: Texts, stated: Texts) -> Outcome:
    """Instruments stand in a part of the text (`stated`: sections) on the mandate, although another body made them."""
    rows = [r.row("events", event, "symbol") for event in about]
    there = r.t.passages.loc[r.t.passages["section"].isin(stated), "passage_id"]
    cited = set(r.t.citations.loc[r.t.citations["passage_id"].isin(there), "event_id"])
    missing = [row.title for row in rows if row.event_id not in cited]
    if missing:
        return r.judge(False, f"Not cited there: {in_words(missing)}.", *rows)
    made = in_words(f"{row.title} ({row.symbol})" for row in rows)
    said = f"They stand there as standards for the field: {made}. The text names their author."
    return Outcome(NOTE, said, r.sources(*rows))


@check
def challenges_sourced(r: Record, about: Texts, stated: Texts) -> Outcome:
    """Every challenge can be found in a report of the mandate: shown where the text names the report."""
    named, all_ = r.t.challenges["cited_document_id"].notna().sum(), len(r.t.challenges)
    if not all_:
        raise UndecidedError("There are no challenges.")
    said = f"The text names a report for {named} of {all_} challenges."
    if named == all_:
        return r.judge(True, said)
    raise UndecidedError(f"{said} For the others the reports themselves would have to be read.")

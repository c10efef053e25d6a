"""The checks of the assessment's statements: each recomputes one kind of statement from the tables.

A check is a function of the tables, of `about` (keys of the rows that a statement is about) and of `stated` (what the
statement says of them, in the form that the tables use). It returns an `Outcome`, or raises `UndecidedError` where the
record cannot decide. Nothing that the assessment alone states can confirm what the assessment states.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

import pandas as pd

from compendium.legacy_tables import Tables
from compendium.periods import end_of, is_before, parse, show, start_of
from compendium.problems import count

HOLDS, NOTE, CONFLICTS, OPEN = "holds", "holds_with_note", "conflicts", "cannot_be_checked"
Row = dict[Any, Any]
NUMBER = re.compile(r"\d{1,4}", re.ASCII)


@dataclass(frozen=True)
class Outcome:
    """What a check found: verdict (code of the vocabulary `verdict`), reason (a sentence) and sources (their keys)."""

    verdict: str
    reason: str
    source_ids: tuple[str, ...] = ()


class UndecidedError(Exception):
    """The record cannot decide; the message says why, in a sentence."""


Check = Callable[[Tables, Sequence[str], Sequence[str]], Outcome]
CHECKS: dict[str, Check] = {}


def check(function: Check) -> Check:
    """Register a check under its name, by which the column `check` of the table `claims` calls it."""
    CHECKS[function.__name__] = function
    return function


# --- what the checks share ---


def _assessed(t: Tables) -> date:
    """Last day on which the assessment can have been written; UndecidedError if the package does not date it."""
    if t.assessed is None:
        raise UndecidedError("The data package does not date the assessment.")
    return t.assessed


def _confirmed(t: Tables, table: str) -> list[Row]:
    """Confirmed rows of a table of the record that a source other than the assessment attests."""
    return [row for row in t.rows(table) if row["status"] == "confirmed" and _others(t, row)]


def _others(t: Tables, *rows: Row) -> tuple[str, ...]:
    """Sources of one or more rows, each once, without the assessment itself."""
    named = dict.fromkeys(source for row in rows for source in row["source_ids"])
    return tuple(source for source in named if source != t.about("assessment"))


def _attested(t: Tables, table: str, key: str, *columns: str) -> Row:
    """A row by its key, of which a source other than the assessment states these columns.

    Raises UndecidedError, with the reason, if there is none.
    """
    row: Row | None = next((row for row in t.rows(table) if next(iter(row.values())) == key), None)
    if row is None:
        raise UndecidedError(f"The table {table} has no row {key}, or none by this date.")
    name = row.get("symbol") or key
    if row["status"] != "confirmed":
        raise UndecidedError(f"The row {name} of the table {table} is unverified.")
    if not _others(t, row):
        raise UndecidedError(f"For {name} no source other than the assessment was found.")
    for column in columns:
        if column in row["unverified_fields"]:
            raise UndecidedError(
                f"No source other than the assessment states the {_words(column)} of {name}."
            )
        if row[column] is None or row[column] is pd.NA or row[column] == "":
            raise UndecidedError(f"No source found states the {_words(column)} of {name}.")
    return row


def _number(text: str) -> int:
    """A whole number of at most four digits, as statements have them; ValueError, in words, if it is none."""
    if not NUMBER.fullmatch(text):
        raise ValueError(f"`{text}` is no whole number of at most four digits")
    return int(text)


def _pairs(about: Sequence[str], stated: Sequence[str]) -> Iterable[tuple[str, str]]:
    """Each row with what is stated of it; ValueError, in words, if there are more of the one than of the other."""
    if len(about) != len(stated):
        raise ValueError(f"{count(len(about), 'row')} in about, but {count(len(stated), 'value')} in stated")
    return zip(about, stated, strict=True)


def _one_of(name: str, known: Iterable[str], what: str) -> None:
    """Raise ValueError, in words, if a name is not known."""
    if name not in set(known):
        raise ValueError(f"`{name}` is no {what}")


def _words(column: str) -> str:
    return column.removesuffix("_id").replace("_", " ")


def _known_by_then(t: Tables, table: str, column: str) -> list[Row]:
    """Confirmed rows of the record whose date may lie before the assessment or on its day, in order of time."""
    then = _assessed(t)
    dated = [row for row in _confirmed(t, table) if row[column] is not None]
    return sorted(
        (row for row in dated if start_of(row[column]) <= then), key=lambda row: start_of(row[column])
    )


def _documents_by_then(t: Tables) -> list[Row]:
    """Confirmed documents surely dated by the assessment, in order of time; the session's year where undated."""
    then = _assessed(t)
    dated = [(end_of(row["date"] or row["listed_year"]), row) for row in _confirmed(t, "documents")]
    return [row for day, row in sorted(dated, key=lambda pair: pair[0]) if day <= then]


def _name(t: Tables, holder: str) -> str:
    """Short name of a mandate holder, their key where the record has none."""
    names: dict[str, str] = {row["holder_id"]: row["short_name"] for row in t.rows("holders")}
    return names.get(holder, holder)


def _most_precise(dates: Sequence[pd.Period]) -> list[pd.Period]:
    """The dates of the greatest precision among these."""
    shortest = min(end_of(date) - start_of(date) for date in dates)
    return [date for date in dates if end_of(date) - start_of(date) == shortest]


def _label(t: Tables, vocabulary: str, code: str) -> str:
    return t.labels(vocabulary).get(code, code)


def _told(t: Tables, statements: Iterable[Row]) -> Iterable[str]:
    """Statements on terms of office, each date and event once: "1994 (took office)"."""
    return dict.fromkeys(
        f"{show(one['date'])} ({_label(t, 'term_event', one['event'])})" for one in statements
    )


def _sentence(*parts: str) -> str:
    return " ".join(part for part in parts if part)


def _list(items: Iterable[object]) -> str:
    texts = [str(item) for item in items]
    return " and ".join(filter(None, [", ".join(texts[:-1]), *texts[-1:]]))


def _dated(t: Tables, table: str, key: str, column: str, name: str, stated: str) -> Outcome:
    """A stated date against the one that the record has in a cell; `name` is what the row is called.

    Where the table `differences` keeps the stated date beside another one, on the word of a source other than the
    assessment, both are right in their way.
    """
    row = _attested(t, table, key, column)
    said, found, sources = parse(stated), row[column], _others(t, row)
    if is_before(said, found) or is_before(found, said):
        beside = [
            other
            for other in _confirmed(t, "differences")
            if (other["table"], other["row_id"], other["field"], other["value"])
            == (table, key, column, stated)
        ]
        if beside:
            told = f"{name}: {show(found)}. Another source gives {show(said)} ({beside[0]['says']})."
            return Outcome(NOTE, told, _others(t, row, *beside))
        return Outcome(CONFLICTS, f"Stated is {show(said)}; {name}: {show(found)}.", sources)
    if start_of(found) >= start_of(said) and end_of(found) <= end_of(said):
        return Outcome(HOLDS, f"{name}: {show(found)}.", sources)
    return Outcome(NOTE, f"{name}: {show(found)}, no more precisely; {show(said)} agrees with it.", sources)


# --- dates, forums and authors of documents ---


@check
def document_date(t: Tables, about: Sequence[str], stated: Sequence[str]) -> Outcome:
    """A document bears the date stated: compared with the date printed on it."""
    symbol = _attested(t, "documents", about[0])["symbol"]
    return _dated(t, "documents", about[0], "date", symbol or about[0], stated[0])


@check
def document_year(t: Tables, about: Sequence[str], stated: Sequence[str]) -> Outcome:
    """A document is of the year stated: compared with the year of its session and with its printed date."""
    row = _attested(t, "documents", about[0], "listed_year")
    year, session, printed = _number(stated[0]), row["listed_year"].year, row["date"]
    name, sources = row["symbol"] or about[0], _others(t, row)
    if printed is None:
        said = f"{name} belongs to the session of {session}; its printed date is not established."
        return Outcome(HOLDS if year == session else CONFLICTS, said, sources)
    both = f"{name} belongs to the session of {session} and is dated {show(printed)}"
    if year == session == printed.year:
        return Outcome(HOLDS, f"{both}.", sources)
    if year == session:
        return Outcome(NOTE, f"{both}; the year stated is that of the session.", sources)
    if year == printed.year:
        return Outcome(NOTE, f"{both}; the year stated is that of the printed date.", sources)
    return Outcome(CONFLICTS, f"{both}; neither is {year}.", sources)


@check
def documents_by_year(t: Tables, about: Sequence[str], stated: Sequence[str]) -> Outcome:
    """Documents appeared in the years stated, in this order: each as in `document_year`."""
    found = []
    missing = []
    for document, year in _pairs(about, stated):
        try:
            found.append(document_year(t, [document], [year]))
        except UndecidedError as undecided:
            missing.append(str(undecided))
    if not found:
        raise UndecidedError(" ".join(missing))
    worst = max((HOLDS, NOTE, CONFLICTS).index(outcome.verdict) for outcome in found)
    verdict = (HOLDS, NOTE, CONFLICTS)[max(worst, 1 if missing else 0)]
    reason = _sentence(*(outcome.reason for outcome in found), *missing)
    return Outcome(
        verdict, reason, tuple(dict.fromkeys(source for one in found for source in one.source_ids))
    )


@check
def document_holder(t: Tables, about: Sequence[str], stated: Sequence[str]) -> Outcome:
    """A document is by the mandate holder stated: compared with its attribution."""
    row = _attested(t, "documents", about[0], "holder_id")
    name, sources = row["symbol"] or about[0], _others(t, row)
    found = _name(t, row["holder_id"])
    if row["holder_id"] != stated[0]:
        return Outcome(CONFLICTS, f"The record attributes {name} to {found}.", sources)
    if row["attribution"] == "explicit":
        return Outcome(HOLDS, f"A source names {found} as the author of {name}.", sources)
    basis = _label(t, "attribution", row["attribution"])
    return Outcome(NOTE, f"{name} is attributed to {found} by inference only ({basis}).", sources)


@check
def document_body(t: Tables, about: Sequence[str], stated: Sequence[str]) -> Outcome:
    """A document went to the body stated: compared with the body that its symbol and title page name."""
    row = _attested(t, "documents", about[0], "body")
    name, found = row["symbol"] or about[0], _label(t, "body", row["body"])
    if row["body"] == stated[0]:
        return Outcome(HOLDS, f"{name} was submitted to the {found}.", _others(t, row))
    said = _label(t, "body", stated[0])
    return Outcome(
        CONFLICTS,
        f"{name} was submitted to the {found}, as its symbol says, not to the {said}.",
        _others(t, row),
    )


@check
def document_kind(t: Tables, about: Sequence[str], stated: Sequence[str]) -> Outcome:
    """Documents are of the kind stated: compared with the kind that the record gives to each."""
    rows = [_attested(t, "documents", document, "kind") for document in about]
    sources = _others(t, *rows)
    other = [row for row in rows if row["kind"] != stated[0]]
    kind = _label(t, "document_kind", stated[0])
    if not other:
        return Outcome(HOLDS, f"{_list(row['symbol'] for row in rows)}: kind {kind}.", sources)
    found = _list(f"{row['symbol']} ({_label(t, 'document_kind', row['kind'])})" for row in other)
    return Outcome(CONFLICTS, f"Not of the kind {kind}: {found}.", sources)


@check
def documents_attested(t: Tables, about: Sequence[str], stated: Sequence[str]) -> Outcome:
    """Documents exist under the symbols stated: each must be attested by a source other than the assessment."""
    attested: list[str] = []
    open_ones: list[str] = []
    rows: list[Row] = []
    for document, symbol in _pairs(about, stated):
        try:
            row = _attested(t, "documents", document, "symbol")
        except UndecidedError:
            open_ones.append(symbol)
            continue
        if row["symbol"] != symbol:
            return Outcome(CONFLICTS, f"The record has {row['symbol']} for {symbol}.", _others(t, row))
        attested.append(symbol)
        rows.append(row)
    if not attested:
        raise UndecidedError(f"No source other than the assessment was found for {_list(open_ones)}.")
    said = f"Other sources attest {_list(attested)}."
    if open_ones:
        said = f"{said} None was found for {_list(open_ones)}."
    return Outcome(NOTE if open_ones else HOLDS, said, _others(t, *rows))


@check
def last_document(t: Tables, about: Sequence[str], stated: Sequence[str]) -> Outcome:
    """A document is the last one of the mandate holder stated: no later one is attributed to them."""
    row = _attested(t, "documents", about[0], "date", "holder_id")
    name = _name(t, stated[0])
    if row["holder_id"] != stated[0]:
        return Outcome(CONFLICTS, f"The record attributes {row['symbol']} to {_name(t, row['holder_id'])}.")
    later = [
        other
        for other in _confirmed(t, "documents")
        if other["holder_id"] == stated[0]
        and "holder_id" not in other["unverified_fields"]
        and other["date"] is not None
        and is_before(row["date"], other["date"])
    ]
    if not later:
        return Outcome(HOLDS, f"The record has no later document of {name}.", _others(t, row))
    told = _list(f"{other['symbol']} ({show(other['date'])})" for other in later)
    sources = _others(t, row, *later)
    kinds = {other["kind"] for other in later}
    if kinds == {"visit"}:
        return Outcome(
            NOTE,
            f"No later report of {name} is general or thematic; reports on visits followed: {told}.",
            sources,
        )
    return Outcome(CONFLICTS, f"Later documents of {name}: {told}.", sources)


# --- visits ---


@check
def visit_made(t: Tables, about: Sequence[str], stated: Sequence[str]) -> Outcome:
    """The holder stated made a visit that followed up an earlier one."""
    row = _attested(t, "visits", about[0], "start", "holder_id")
    when, who = show(row["start"]), _name(t, row["holder_id"])
    if row["outcome"] != "held" or row["holder_id"] != stated[0]:
        return Outcome(
            CONFLICTS, f"Outcome {_label(t, 'visit_outcome', row['outcome'])}; holder {who}.", _others(t, row)
        )
    if not row["follow_up_of"]:
        return Outcome(
            CONFLICTS, f"{who} made the visit ({when}); no source calls it a follow-up.", _others(t, row)
        )
    before = [show(other["start"]) for other in t.rows("visits") if other["visit_id"] == row["follow_up_of"]]
    said = f"{who} made it from {when}; it followed up the visit of {_list(before) or 'an earlier time'}."
    return Outcome(HOLDS, said, _others(t, row))


@check
def document_reports_visit(t: Tables, about: Sequence[str], stated: Sequence[str]) -> Outcome:
    """A document (first of `about`) can report on a visit (second): it must not be older than the visit."""
    document = _attested(t, "documents", about[0], "date")
    visit = _attested(t, "visits", about[1], "start")
    sources = _others(t, document, visit)
    times = (
        f"{document['symbol']} is dated {show(document['date'])}, the visit began on {show(visit['start'])}"
    )
    if is_before(document["date"], visit["start"]):
        own = f" The report on the visit is {visit['report_symbol']}." if visit["report_symbol"] else ""
        return Outcome(CONFLICTS, f"{times}: the source is older than the visit.{own}", sources)
    return Outcome(HOLDS, f"{times}.", sources)


@check
def visits_every_year(t: Tables, about: Sequence[str], stated: Sequence[str]) -> Outcome:
    """Visits were made in every year from the first attested one to the last full year before the assessment."""
    held = [row for row in _known_by_then(t, "visits", "start") if row["outcome"] == "held"]
    if not held:
        raise UndecidedError("The record has no confirmed visit by the time of the assessment.")
    per_year = pd.Series([row["start"].year for row in held]).value_counts()
    years = range(min(per_year.index), _assessed(t).year)
    none = [year for year in years if year not in per_year.index]
    said = (
        f"From the first confirmed one on, the record has {len(held)} visits up to the assessment, in "
        f"{len(years) - len(none)} of the {len(years)} full years from {years[0]} to {years[-1]}; at most "
        f"{per_year.max()} in one year."
    )
    if none:
        raise UndecidedError(
            f"{said} For {_list(none)} no source found shows one, which is no proof that there was none."
        )
    return Outcome(HOLDS, said)


@check
def follow_ups_rare(t: Tables, about: Sequence[str], stated: Sequence[str]) -> Outcome:
    """Follow-up visits were the exception: fewer than half of the visits held up to the assessment."""
    held = [row for row in _known_by_then(t, "visits", "start") if row["outcome"] == "held"]
    if not held:
        raise UndecidedError("The record has no confirmed visit by the time of the assessment.")
    followed = [row for row in held if row["follow_up_of"]]
    said = f"Of {len(held)} visits confirmed up to the assessment, sources call {len(followed)} a follow-up."
    sources = _others(t, *followed)
    return Outcome(HOLDS if 2 * len(followed) < len(held) else CONFLICTS, said, sources)


# --- resolutions and terms of office ---


@check
def resolution_adopted(t: Tables, about: Sequence[str], stated: Sequence[str]) -> Outcome:
    """A resolution was adopted on the date stated and, where a body is stated too, by that body."""
    row = _attested(t, "resolutions", about[0], "adopted")
    outcome = _dated(t, "resolutions", about[0], "adopted", row["short"], stated[0])
    if len(stated) > 1 and row["body"] != stated[1]:
        said = f"{outcome.reason} It is of the {_label(t, 'body', row['body'])}."
        return Outcome(CONFLICTS, said, outcome.source_ids)
    return outcome


@check
def resolution_symbol(t: Tables, about: Sequence[str], stated: Sequence[str]) -> Outcome:
    """A resolution bears the symbol as printed; other punctuation or a mark of language is worth a note."""
    row = _attested(t, "resolutions", about[0], "symbol")
    if row["symbol"] == stated[0]:
        return Outcome(HOLDS, f"The symbol is {row['symbol']}.", _others(t, row))
    plain = [
        "".join(letter for letter in text.upper() if letter.isalnum()) for text in (row["symbol"], stated[0])
    ]
    said = f"The symbol is {row['symbol']}; printed is {stated[0]}."
    return Outcome(NOTE if plain[1].startswith(plain[0]) else CONFLICTS, said, _others(t, row))


@check
def first_term_years(t: Tables, about: Sequence[str], stated: Sequence[str]) -> Outcome:
    """The first appointment was for the years stated: compared with every text that created the mandate."""
    texts = [row for row in _confirmed(t, "resolutions") if "created" in row["action"]]
    lengths = [
        (row["short"], int(row["term_years"]), _others(t, row))
        for row in texts
        if pd.notna(row["term_years"])
    ]
    if not lengths:
        raise UndecidedError("No text that created the mandate states the length of the first term.")
    told = _list(f"{count(years, 'year')} in {short}" for short, years, _ in lengths)
    agree = [years == _number(stated[0]) for _, years, _ in lengths]
    verdict = HOLDS if all(agree) else NOTE if any(agree) else CONFLICTS
    return Outcome(verdict, f"The first term: {told}.", tuple(s for *_, sources in lengths for s in sources))


@check
def term(t: Tables, about: Sequence[str], stated: Sequence[str]) -> Outcome:
    """A holder served from the first to the second year stated: compared with every other source's statement."""
    ends = {"beginning": "took_office", "end": "left_office"}
    said, verdicts, used = [], [], []
    for (end, event), year in zip(ends.items(), [stated[0], *stated[1:2]], strict=False):
        of_holder = [row for row in _confirmed(t, "terms") if row["holder_id"] == about[0]]
        rows = [row for row in of_holder if row["event"] == event]
        if end == "beginning":
            # Nobody takes office before being appointed; an earlier appointment says nothing against the year.
            named = [row for row in of_holder if row["event"] == "appointed"]
            rows += [row for row in named if not rows or is_before(parse(year), row["date"])]
        if not rows:
            said.append(f"No other source found states the {end}.")
            verdicts.append(OPEN)
            continue
        agree = [row["date"].year == _number(year) for row in rows]
        told = _list(_told(t, rows))
        said.append(f"Other sources on the {end}: {told}.")
        verdicts.append(HOLDS if all(agree) else NOTE if any(agree) else CONFLICTS)
        used += rows
    if set(verdicts) == {OPEN}:
        raise UndecidedError(_sentence(*said))
    verdict = next(v for v in (CONFLICTS, NOTE, OPEN, HOLDS) if v in verdicts)
    return Outcome(NOTE if verdict == OPEN else verdict, _sentence(*said), _others(t, *used))


@check
def terms_join(t: Tables, about: Sequence[str], stated: Sequence[str]) -> Outcome:
    """As printed, each term begins in the year in which the one before ends; other sources may show a gap."""
    printed: dict[str, dict[str, int]] = {}
    dates: dict[str, dict[str, list[pd.Period]]] = {}
    for row in t.rows("terms"):
        end = "end" if row["event"] == "left_office" else "start"
        if row["source_ids"] == [t.about("assessment")]:
            printed.setdefault(row["holder_id"], {})[end] = row["date"].year
        elif row["status"] == "confirmed":
            dates.setdefault(row["holder_id"], {}).setdefault(end, []).append(row["date"])
    order = [row["holder_id"] for row in sorted(t.rows("holders"), key=lambda row: row["ordinal"])]
    order = [holder for holder in order if holder in printed]
    if len(order) < 2:
        raise UndecidedError("The assessment prints no terms that follow one another.")
    pairs = list(pairwise(order))
    apart = [(a, b) for a, b in pairs if printed[a].get("end") != printed[b].get("start")]
    gaps = []
    for before, after in pairs:
        left, began = dates.get(before, {}).get("end", []), dates.get(after, {}).get("start", [])
        if left and began:
            # A year that holds a month or a day says nothing against it.
            last = max(map(end_of, _most_precise(left)))
            first = min(map(start_of, _most_precise(began)))
            if last < first:
                gaps.append(f"between {_name(t, before)} and {_name(t, after)}")
    if apart:
        names = _list(f"{_name(t, a)} and {_name(t, b)}" for a, b in apart)
        return Outcome(CONFLICTS, f"As printed, the terms of {names} do not meet in one year.")
    said = f"As printed, all {len(order)} terms meet year by year."
    if gaps:
        return Outcome(NOTE, f"{said} Other sources suggest that the mandate was vacant {_list(gaps)}.")
    return Outcome(HOLDS, said)


@check
def holders_number(t: Tables, about: Sequence[str], stated: Sequence[str]) -> Outcome:
    """So many persons had held the mandate by the time of the assessment."""
    starts = [row for row in _known_by_then(t, "terms", "date") if row["event"] == "took_office"]
    starts += [row for row in _known_by_then(t, "terms", "date") if row["event"] == "appointed"]
    holders = list(dict.fromkeys(row["holder_id"] for row in starts))
    order = [row["holder_id"] for row in sorted(t.rows("holders"), key=lambda row: row["ordinal"])]
    names = _list(_name(t, holder) for holder in order if holder in holders)
    said = f"Up to the assessment, other sources show {len(holders)}: {names}."
    sources = _others(t, *starts)
    return Outcome(HOLDS if len(holders) == _number(stated[0]) else CONFLICTS, said, sources)


@check
def in_office(t: Tables, about: Sequence[str], stated: Sequence[str]) -> Outcome:
    """A person held the mandate on the date stated: after the first known beginning and before every known end."""
    when = parse(stated[0])
    rows = [row for row in _confirmed(t, "terms") if row["holder_id"] == about[0]]
    began = [row for row in rows if row["event"] != "left_office"]
    if not began:
        raise UndecidedError(f"No other source found says when {_name(t, about[0])} took office.")
    first = min(began, key=lambda row: start_of(row["date"]))
    left = [row for row in rows if row["event"] == "left_office"]
    late = is_before(when, first["date"]) or any(is_before(row["date"], when) for row in left)
    told = _list(_told(t, [first, *left]))
    sources = _others(t, *rows)
    return Outcome(CONFLICTS if late else HOLDS, f"{_name(t, about[0])}: {told}.", sources)


@check
def first_term_meets_holder(t: Tables, about: Sequence[str], stated: Sequence[str]) -> Outcome:
    """A first term of so many years reaches the year in which the first holder is said to begin."""
    row = _attested(t, "resolutions", about[0], "adopted")
    years, begins = _number(stated[0]), parse(stated[1])
    over = end_of(row["adopted"]).replace(year=end_of(row["adopted"]).year + years)
    end = f"{over.day} {show(parse(f'{over:%Y-%m}'))}"
    starts = [
        one
        for one in _confirmed(t, "terms")
        if one["holder_id"] == about[1] and one["event"] != "left_office"
    ]
    created = [
        one
        for one in _confirmed(t, "resolutions")
        if one is not row and "created" in one["action"] and one["term_years"] is not pd.NA
    ]
    others = _list(_told(t, starts))
    said = _sentence(
        f"Counted from {show(row['adopted'])}, {count(years, 'year')} would end on {end}. The holder is said to begin "
        f"in {show(begins)}" + (f" (other sources: {others})." if others else "."),
        *(
            f"{one['short']} of {show(one['adopted'])} gives {count(int(one['term_years']), 'year')}."
            for one in created
        ),
    )
    verdict = CONFLICTS if over < start_of(begins) else NOTE if over < end_of(begins) else HOLDS
    return Outcome(verdict, said, _others(t, row, *starts, *created))


# --- other events ---


@check
def event_date(t: Tables, about: Sequence[str], stated: Sequence[str]) -> Outcome:
    """An event is of the date stated: compared with the date that the record has for it."""
    title = _attested(t, "events", about[0])["title"]
    return _dated(t, "events", about[0], "date", title, stated[0])


@check
def event_symbol(t: Tables, about: Sequence[str], stated: Sequence[str]) -> Outcome:
    """An event bears, or led to, the symbol or title stated."""
    row = _attested(t, "events", about[0], "symbol")
    said = f"{row['title']}: {row['symbol']}."
    return Outcome(HOLDS if row["symbol"].startswith(stated[0]) else CONFLICTS, said, _others(t, row))


@check
def within_months(t: Tables, about: Sequence[str], stated: Sequence[str]) -> Outcome:
    """Less than so many months lie between an event (first of `about`) and a resolution (second)."""
    event = _attested(t, "events", about[0], "date")
    text = _attested(t, "resolutions", about[1], "adopted")
    first, last = event["date"], text["adopted"]
    sources = _others(t, event, text)
    if first.freqstr != "D" or last.freqstr != "D":
        raise UndecidedError("One of the two dates is not known to the day.")
    limit = (pd.Timestamp(start_of(first)) + pd.DateOffset(months=_number(stated[0]))).date()
    days = (start_of(last) - start_of(first)).days
    said = f"From {show(first)} to {show(last)} are {days} days."
    return Outcome(HOLDS if days >= 0 and start_of(last) < limit else CONFLICTS, said, sources)


@check
def years_until_assessment(t: Tables, about: Sequence[str], stated: Sequence[str]) -> Outcome:
    """So many years lie between the year of a resolution and that of the assessment."""
    row = _attested(t, "resolutions", about[0], "adopted")
    then = _assessed(t)
    most = then.year - row["adopted"].year
    said = f"{row['short']} is of {show(row['adopted'])}, the assessment of {then.year}."
    return Outcome(HOLDS if most == _number(stated[0]) else CONFLICTS, said, _others(t, row))


@check
def anniversary(t: Tables, about: Sequence[str], stated: Sequence[str]) -> Outcome:
    """An event was so many years before the year that follows the assessment."""
    row = _attested(t, "events", about[0], "date")
    next_year = _assessed(t).year + 1
    years = next_year - row["date"].year
    said = f"{row['title']}: {show(row['date'])}, which is {years} years before {next_year}."
    return Outcome(HOLDS if years == _number(stated[0]) else CONFLICTS, said, _others(t, row))


@check
def first_so_named(t: Tables, about: Sequence[str], stated: Sequence[str]) -> Outcome:
    """An event is the first of those that bear a name: no earlier event of the record has it in its title."""
    row = _attested(t, "events", about[0], "date")
    named = [other for other in _confirmed(t, "events") if stated[0].casefold() in other["title"].casefold()]
    if row["event_id"] not in {other["event_id"] for other in named}:
        return Outcome(CONFLICTS, f"{row['title']} does not bear the name {stated[0]}.", _others(t, row))
    earlier = [other for other in named if is_before(other["date"], row["date"])]
    if earlier:
        told = _list(f"{other['title']} ({show(other['date'])})" for other in earlier)
        return Outcome(CONFLICTS, f"Earlier: {told}.", _others(t, row))
    return Outcome(
        HOLDS, f"The record has {len(named)} of that name, none before {show(row['date'])}.", _others(t, row)
    )


@check
def event_place(t: Tables, about: Sequence[str], stated: Sequence[str]) -> Outcome:
    """An event took place where stated: the place stands in its title."""
    row = _attested(t, "events", about[0], "title")
    found = stated[0].casefold() in row["title"].casefold()
    return Outcome(HOLDS if found else CONFLICTS, f"{row['title']}, {show(row['date'])}.", _others(t, row))


@check
def replaced_in(t: Tables, about: Sequence[str], stated: Sequence[str]) -> Outcome:
    """A body was created (first of `about`) and another ended (second) in the year stated."""
    created, ended = (_attested(t, "events", event, "date") for event in about)
    said = f"{created['title']}: {show(created['date'])}; {ended['title']}: {show(ended['date'])}."
    years = {created["date"].year, ended["date"].year}
    sources = _others(t, created, ended)
    return Outcome(HOLDS if years == {_number(stated[0])} else CONFLICTS, said, sources)


@check
def existed_by(t: Tables, about: Sequence[str], stated: Sequence[str]) -> Outcome:
    """A post that a resolution (last of `about`) names had been created (first) and filled (second) by then."""
    created, filled = (_attested(t, "events", event, "date") for event in about[:2])
    text = _attested(t, "resolutions", about[2], "adopted")
    said = f"{created['title']}: {show(created['date'])}; {filled['title']}: {show(filled['date'])}."
    sources = _others(t, created, filled, text)
    if is_before(text["adopted"], created["date"]):
        return Outcome(CONFLICTS, f"{text['short']} is of {show(text['adopted'])}. {said}", sources)
    if is_before(text["adopted"], filled["date"]):
        said = f"{said} When {text['short']} was adopted ({show(text['adopted'])}), nobody held the post yet."
        return Outcome(NOTE, said, sources)
    return Outcome(HOLDS, said, sources)


@check
def number_grew(t: Tables, about: Sequence[str], stated: Sequence[str]) -> Outcome:
    """The number of things of a kind (of events) grew from the year stated to the assessment."""
    kind = about[0]
    _one_of(kind, t.labels("event_kind"), "kind of event")
    then = _known_by_then(t, "events", "date")
    after = [row for row in then if row["kind"] == kind and row["date"].year > _number(stated[0])]
    said = (
        f"Between {stated[0]} and the assessment the record has {len(after)} events of the kind "
        f"{_label(t, 'event_kind', kind)} (one post can have two, its creation and its first holder): "
        f"{_list(row['title'] for row in after) or 'none'}. What existed before is not in it."
    )
    sources = _others(t, *after)
    return Outcome(HOLDS if after else CONFLICTS, said, sources)


# --- themes, methods and bodies ---


@check
def theme_since(t: Tables, about: Sequence[str], stated: Sequence[str]) -> Outcome:
    """A theme (second of `about`) has been treated since the year stated, with a document (first) as source."""
    row = _attested(t, "documents", about[0], "listed_year")
    of_theme = {r["document_id"] for r in _confirmed(t, "document_themes") if r["theme_id"] == about[1]}
    if row["document_id"] not in of_theme:
        return Outcome(CONFLICTS, f"The record does not give {row['symbol']} this theme.", _others(t, row))
    earlier = [
        other
        for other in _confirmed(t, "documents")
        if other["document_id"] in of_theme and other["listed_year"].year < _number(stated[0])
    ]
    if row["listed_year"].year != _number(stated[0]):
        return Outcome(
            CONFLICTS, f"{row['symbol']} belongs to the session of {row['listed_year']}.", _others(t, row)
        )
    if earlier:
        told = _list(f"{other['symbol']} ({other['listed_year']})" for other in earlier)
        sources = _others(t, row, *earlier)
        return Outcome(NOTE, f"{row['symbol']} has the theme; so had, earlier, {told}.", sources)
    return Outcome(HOLDS, f"{row['symbol']} is the first of that theme in the record.", _others(t, row))


@check
def theme_reported(t: Tables, about: Sequence[str], stated: Sequence[str]) -> Outcome:
    """At least so many documents of the mandate had dealt with a theme by the time of the assessment."""
    if "themes" not in t:
        raise UndecidedError("The data package has no themes.")
    _one_of(about[0], (row["theme_id"] for row in t.rows("themes")), "theme")
    of_theme = {r["document_id"]: r for r in _confirmed(t, "document_themes") if r["theme_id"] == about[0]}
    found = [row for row in _documents_by_then(t) if row["document_id"] in of_theme]
    told = _list(f"{row['symbol']} ({row['listed_year']})" for row in found)
    sources = _others(t, *found)
    said = f"Documents on this theme up to the assessment: {told or 'none in the record'}."
    return Outcome(HOLDS if len(found) >= _number(stated[0]) else CONFLICTS, said, sources)


@check
def methods_used_before(t: Tables, about: Sequence[str], stated: Sequence[str]) -> Outcome:
    """Most of the working methods were used by holders before the one named: shown by documents of their kinds."""
    holders = {row["holder_id"]: row["ordinal"] for row in t.rows("holders")}
    earlier = {holder for holder, ordinal in holders.items() if ordinal < holders.get(about[0], 0)}
    documents = [row for row in _confirmed(t, "documents") if row["holder_id"] in earlier]
    methods = t.rows("methods")
    if not methods or not documents:
        raise UndecidedError("There are no methods, or no documents of earlier holders.")
    shown = [
        method["title"]
        for method in methods
        if any(row["kind"] in method["document_kinds"] for row in documents)
    ]
    said = f"Documents of earlier holders show {len(shown)} of {len(methods)} methods: {_list(shown)}."
    if 2 * len(shown) > len(methods):
        return Outcome(HOLDS, said)
    raise UndecidedError(f"{said} The others leave no documents of a kind of their own.")


@check
def visits_of_every_holder(t: Tables, about: Sequence[str], stated: Sequence[str]) -> Outcome:
    """Every holder up to the assessment made at least one confirmed country visit."""
    rows = [row for row in _known_by_then(t, "visits", "start") if row["outcome"] == "held"]
    served = [row["holder_id"] for row in _known_by_then(t, "terms", "date")]
    holders = [row["holder_id"] for row in t.rows("holders") if row["holder_id"] in served]
    numbers = {holder: sum(row["holder_id"] == holder for row in rows) for holder in holders}
    told = _list(f"{_name(t, holder)} {number}" for holder, number in numbers.items())
    if holders and all(numbers.values()):
        return Outcome(HOLDS, f"Confirmed visits up to the assessment: {told}.")
    raise UndecidedError(f"Confirmed visits up to the assessment: {told or 'none'}.")


@check
def communications_from_the_first(t: Tables, about: Sequence[str], stated: Sequence[str]) -> Outcome:
    """Communications began with the first documents: the earliest place where they stand is the earliest document."""
    places = [
        row
        for row in _confirmed(t, "communications_pointers")
        if row["scope"] == "mandate" and row["date"] is not None
    ]
    documents = _documents_by_then(t)
    if not places or not documents:
        raise UndecidedError(
            "The record has no dated place of communications, or no document of the mandate."
        )
    first = min(places, key=lambda row: start_of(row["date"]))
    earliest = documents[0]
    if first["symbol"] == earliest["symbol"]:
        return Outcome(HOLDS, f"They stand in {first['symbol']}, the earliest document.", _others(t, first))
    raise UndecidedError(
        f"The earliest place found is {first['symbol']}, {show(first['date'])}. No source found tells of the time "
        f"since the earliest document, {earliest['symbol']} ({show(earliest['date'] or earliest['listed_year'])})."
    )


@check
def bodies(t: Tables, about: Sequence[str], stated: Sequence[str]) -> Outcome:
    """Documents went to the bodies stated and to no others, up to the assessment."""
    rows = _documents_by_then(t)
    numbers = {body: sum(row["body"] == body for row in rows) for body in t.labels("body")}
    told = _list(f"{_label(t, 'body', body)} {number}" for body, number in numbers.items() if number)
    found = {body for body, number in numbers.items() if number}
    return Outcome(
        HOLDS if found == set(stated) else CONFLICTS, f"Documents up to the assessment: {told or 'none'}."
    )


# --- the text against itself ---


@check
def listed(t: Tables, about: Sequence[str], stated: Sequence[str]) -> Outcome:
    """The text lists as many things as it says: rows of a table of the coding (`about`: table, or table and parent)."""
    _one_of(about[0], t, "table")
    rows = t.rows(about[0])
    if len(about) > 1:
        _one_of(about[1], (next(iter(row.values())) for row in rows), f"row of {about[0]}")
        rows = [row for row in rows if row["parent_id"] == about[1]]
    names = _list(row.get("title") or row.get("label") for row in rows)
    said = f"The text lists {len(rows)}: {names}." if rows else "The coding has none."
    return Outcome(HOLDS if len(rows) == _number(stated[0]) else CONFLICTS, said)


@check
def cites_only(t: Tables, about: Sequence[str], stated: Sequence[str]) -> Outcome:
    """The text rests on documents of the mandate: what else its citations name is worth a note."""
    cited = t.rows("citations")
    if not cited:
        raise UndecidedError("There are no citations.")
    own = [row for row in cited if row["document_id"]]
    others = {
        "resolution_id": "resolutions",
        "event_id": "treaties, comments and congresses",
        "other": "other things",
    }
    said = f"{len(own)} of {len(cited)} citations are of documents of the mandate" + "".join(
        f", {sum(bool(row[column]) for row in cited)} of {name}" for column, name in others.items()
    )
    return Outcome(HOLDS if len(own) == len(cited) else NOTE, f"{said}.")


@check
def year_convention(t: Tables, about: Sequence[str], stated: Sequence[str]) -> Outcome:
    """Years printed for documents follow one convention: the year of the session, or that of the printed date."""
    documents = {row["document_id"]: row for row in _confirmed(t, "documents")}
    session, printed = [], []
    for row in t.rows("citations"):
        document = documents.get(row["document_id"])
        if document is None or row["printed_year"] is None or document["date"] is None:
            continue
        year, symbol = row["printed_year"].year, document["symbol"]
        if document["listed_year"].year != document["date"].year:
            if year == document["listed_year"].year:
                session.append(f"{symbol} ({year})")
            if year == document["date"].year:
                printed.append(f"{symbol} ({year})")
    session, printed = list(dict.fromkeys(session)), list(dict.fromkeys(printed))
    said = (
        f"Where the two years differ, printed is that of the session for {_list(session) or 'none'} and that of the "
        f"document's date for {_list(printed) or 'none'}."
    )
    if session and printed:
        return Outcome(NOTE, f"{said} Both are in use.")
    if not session and not printed:
        raise UndecidedError("No citation with a year names a document whose two years differ.")
    return Outcome(HOLDS, said)


@check
def names_as_recorded(t: Tables, about: Sequence[str], stated: Sequence[str]) -> Outcome:
    """Names of holders are printed as the record has them, whole or in part."""
    known = [
        name for row in t.rows("holders") for name in (row["name"], row["short_name"], *row["name_variants"])
    ]
    printed = list(
        dict.fromkeys(row["printed_holder"] for row in t.rows("citations") if row["printed_holder"])
    )
    if not printed or not known:
        raise UndecidedError("The coding has no printed names, or the record no holders.")
    other = [name for name in printed if name not in known]
    if other:
        return Outcome(NOTE, f"Printed otherwise than the record has it: {_list(other)}.")
    return Outcome(HOLDS, f"All {len(printed)} printed forms are names of the record.")


@check
def not_of_the_mandate(t: Tables, about: Sequence[str], stated: Sequence[str]) -> Outcome:
    """Instruments stand in a part of the text (`stated`: sections) on the mandate, although another body made them."""
    rows = [_attested(t, "events", event, "symbol") for event in about]
    sections = {row["passage_id"]: row["section"] for row in t.rows("passages")}
    cited = [
        row
        for row in t.rows("citations")
        if row["event_id"] in about and sections.get(row["passage_id"]) in stated
    ]
    missing = [row["title"] for row in rows if row["event_id"] not in {one["event_id"] for one in cited}]
    sources = _others(t, *rows)
    if missing:
        return Outcome(CONFLICTS, f"Not cited there: {_list(missing)}.", sources)
    made = _list(f"{row['title']} ({row['symbol']})" for row in rows)
    return Outcome(
        NOTE, f"They stand there as standards for the field: {made}. The text names their author.", sources
    )


@check
def challenges_sourced(t: Tables, about: Sequence[str], stated: Sequence[str]) -> Outcome:
    """Every challenge can be found in a report of the mandate: shown where the text names the report."""
    rows = t.rows("challenges")
    if not rows:
        raise UndecidedError("There are no challenges.")
    named = [row for row in rows if row["cited_document_id"]]
    said = f"The text names a report for {len(named)} of {len(rows)} challenges."
    if len(named) == len(rows):
        return Outcome(HOLDS, said)
    raise UndecidedError(f"{said} For the others the reports themselves would have to be read.")

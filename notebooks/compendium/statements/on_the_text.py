"""Checks of the text of the assessment against itself: what it lists, cites and prints."""

from __future__ import annotations

from itertools import pairwise

from compendium.statements.case import (
    CONFLICTS,
    NOTE,
    OPEN,
    Case,
    Outcome,
    Row,
    folded,
    in_words,
    known,
    number,
    some,
)
from compendium.words import text_of


def listed(case: Case) -> Outcome:
    """The text lists as many things as it says: rows of a table of the coding (`about`: table, or table and parent)."""
    rows = case.rows(known(case.about[0], case.t, "table"))
    if len(case.about) > 1:
        parent = known(case.about[1], [row[0] for row in rows], f"row of {case.about[0]}")
        rows = [row for row in rows if row.parent_id == parent]
    said = f"The text lists {len(rows)}: {in_words(row[0] for row in rows)}."
    return case.judge(len(rows) == number(case.stated[0]), said)


def cites_only(case: Case) -> Outcome:
    """The text rests on documents of the mandate: what else its citations name is worth a note."""
    cited = some(case.t.citations, "citations")
    own, *others = (
        cited[column].map(text_of).ne("").sum()
        for column in ("document_id", "resolution_id", "event_id", "other")
    )
    names = ("resolutions", "treaties, comments and congresses", "other things")
    told = "".join(f", {others} of {name}" for others, name in zip(others, names, strict=True))
    said = f"{own} of {len(cited)} citations are of documents of the mandate{told}."
    return case.judge(own == len(cited), said, otherwise=NOTE)


def challenges_sourced(case: Case) -> Outcome:
    """Every challenge can be found in a report of the mandate: shown where the text names the report."""
    challenges = some(case.t.challenges, "challenges")
    named = challenges["cited_document_id"].notna()
    said = (
        f"The text names a report for {named.sum()} of {len(named)} challenges. Where it names none, the reports "
        "themselves would have to be read."
    )
    return case.judge(bool(named.all()), said, otherwise=OPEN)


def year_convention(case: Case) -> Outcome:
    """Years printed for documents follow one convention: the year of the session, or that of the printed date."""
    documents = {row.document_id: row for row in case.confirmed("documents") if row.date is not None}
    cited = [
        (row.printed_year, documents.get(row.document_id))
        for row in case.rows("citations")
        if row.printed_year
    ]
    differ = [(year.year, row) for year, row in cited if row and row.listed_year.year != row.date.year]
    session = [(row.symbol, year) for year, row in differ if year == row.listed_year.year]
    printed = [(row.symbol, year) for year, row in differ if year == row.date.year]
    some([*session, *printed], "citation with a year of a document whose two years differ")
    said = (
        f"Where the two years differ, printed is that of the session for {in_words(session)} and that of the "
        f"document's date for {in_words(printed)}."
    )
    return case.judge(not (session and printed), said, otherwise=NOTE)


def names_as_recorded(case: Case) -> Outcome:
    """Names of holders are printed as the record has them, whole or in part."""
    holders = case.rows("holders")
    names = {folded(name) for row in holders for name in (row.name, row.short_name, *row.name_variants)}
    printed = [name for name in case.t.citations["printed_holder"].unique() if name]
    other = [name for name in some(printed, "printed names") if folded(name) not in names]
    said = f"Of {len(printed)} forms that are printed, the record does not have: {in_words(other)}."
    return case.judge(not other, said, otherwise=NOTE)


def not_of_the_mandate(case: Case) -> Outcome:
    """Instruments stand in a part of the text (`stated`: sections) on the mandate, although another body made them."""
    rows = [case.row("events", key, "symbol") for key in case.about]
    there = case.t.passages.loc[case.t.passages["section"].isin(case.stated), "passage_id"]
    cited = set(case.t.citations.loc[case.t.citations["passage_id"].isin(there), "event_id"])
    made, missing = in_words((row.title, row.symbol) for row in rows), {row.event_id for row in rows} - cited
    said = f"By another body, which the text names: {made}. Of these not cited there: {in_words(missing)}."
    return case.judge(False, said, *rows, otherwise=CONFLICTS if missing else NOTE)


def terms_join(case: Case) -> Outcome:
    """As printed, each term begins in the year in which the one before ends; other sources may show a gap."""
    printed: dict[tuple[str, bool], int] = {}
    others: dict[tuple[str, bool], list[Row]] = {}
    for row in case.rows("terms"):
        end = row.holder_id, row.event == "left_office"
        if row.source_ids == [case.t.about("assessment")]:
            printed[end] = row.date.year
        elif row.sure:
            others.setdefault(end, []).append(row)
    holders = [who for who in case.t.codes("holders") if {(who, True), (who, False)} & printed.keys()]
    steps = some(list(pairwise(holders)), "printed terms that follow one another")
    apart = [
        f"from {a.label} to {b.label}" for a, b in steps if printed.get((a, True)) != printed.get((b, False))
    ]
    last = {who: max(row.date_to for row in _precise(rows)) for (who, left), rows in others.items() if left}
    first = {
        who: min(row.date_from for row in _precise(rows)) for (who, left), rows in others.items() if not left
    }
    vacant = [
        f"from {a.label} to {b.label}" for a, b in steps if a in last and b in first and last[a] < first[b]
    ]
    said = (
        f"Of {len(holders)} terms as printed, these do not meet in one year: {in_words(apart)}. By other sources the "
        f"mandate may have been vacant: {in_words(vacant)}."
    )
    return case.judge(not apart and not vacant, said, otherwise=CONFLICTS if apart else NOTE)


def _precise(rows: list[Row]) -> list[Row]:
    """The most precise statements: a year that holds a month or a day says nothing against it."""
    shortest = min(row.date_to - row.date_from for row in rows)
    return [row for row in rows if row.date_to - row.date_from == shortest]

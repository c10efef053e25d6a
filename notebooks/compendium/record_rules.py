"""What must hold between the tables of the record (errors), and what a person should look at (warnings)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import pandas as pd
import pycountry

from compendium import periods
from compendium.problems import Problem, quoted
from compendium.rules import Table
from compendium.tables import Tables
from compendium.tenure import terms

# Bodies as the United Nations marks them at the head of a symbol; another mandate's vocabulary may have more.
DOCUMENT_BODIES = (
    ("E/CN.4/", "CHR"),
    ("A/HRC/", "HRC"),
    (re.compile(r"A/\d"), "GA"),
    (re.compile(r"E/\d{4}/"), "ECOSOC"),
)
RESOLUTION_BODIES = (
    ("E/CN.4/RES/", "CHR"),
    ("A/HRC/RES/", "HRC"),
    ("A/HRC/DEC/", "HRC"),
    ("A/RES/", "GA"),
    ("ECOSOC decision ", "ECOSOC"),
)
SESSION = {"HRC": re.compile(r"A/HRC/(\d+)/"), "GA": re.compile(r"A/(\d+)/")}
YEAR_OF_CHR = re.compile(r"E/CN\.4/(\d{4})/")
LATE = 366  # days after a term within which its reports still appear


def problems(tables: Mapping[str, Table]) -> Iterator[Problem]:
    """Contradictions inside the record. Each is an error, because one of the two cells must be wrong."""
    for rule in (_before_the_mandate, _symbols, _countries, _visits):
        yield from rule(tables)


def _rows(
    tables: Mapping[str, Table], name: str, *columns: str
) -> Iterator[tuple[Table, int, dict[str, str]]]:
    """Rows of a table that has these columns; none otherwise."""
    table = tables.get(name)
    if table and table.has(*columns):
        yield from ((table, number, row) for number, row in enumerate(table.rows))


def _date(text: str) -> pd.Period | None:
    """A date, or None where there is none or where its form is a problem told elsewhere."""
    try:
        return periods.parse(text)
    except ValueError:
        return None


def _before_the_mandate(tables: Mapping[str, Table]) -> Iterator[Problem]:
    """A document cannot be older than the mandate: its date or the resolution's is wrong."""
    adopted = [
        _date(row["adopted"])
        for _, _, row in _rows(tables, "resolutions", "adopted", "action")
        if "created" in row["action"].split(";")
    ]
    created = min((date for date in adopted if date is not None), key=periods.sort_key, default=None)
    if created is None:
        return
    for table, number, row in _rows(tables, "documents", "date", "listed_year"):
        date = _date(row["date"] or row["listed_year"])
        if date is not None and periods.is_before(date, created):
            yield table.problem(
                number,
                "mandate",
                f"the document is dated {periods.show(date)}, before the mandate was created ({periods.show(created)})",
                "correct the date, or leave the document out",
            )


def _body(symbol: str, known: tuple[tuple[str | re.Pattern[str], str], ...]) -> str | None:
    """The body that a symbol names, or None where it has none of the known heads."""
    for head, body in known:
        if symbol.startswith(head) if isinstance(head, str) else head.match(symbol):
            return body
    return None


def _symbols(tables: Mapping[str, Table]) -> Iterator[Problem]:
    """Body and session are written into a symbol; columns that say otherwise contradict it."""
    for name, known in (("documents", DOCUMENT_BODIES), ("resolutions", RESOLUTION_BODIES)):
        for table, number, row in _rows(tables, name, "symbol", "body"):
            body = _body(row["symbol"], known)
            if body and row["body"] and row["body"] != body:
                yield table.problem(
                    number,
                    "body",
                    f"the symbol {quoted(row['symbol'])} is of {body}, the column body says {row['body']}",
                    "correct the one or the other",
                )
    for table, number, row in _rows(tables, "documents", "symbol", "body", "session", "listed_year"):
        pattern = SESSION.get(row["body"])
        stated = pattern.match(row["symbol"]) if pattern else None
        number_of_session = re.fullmatch(r"[1-9]\d*", row["session"])  # anything else is told by another rule
        if stated and number_of_session and stated[1] != row["session"]:
            yield table.problem(
                number,
                "session",
                f"the symbol {quoted(row['symbol'])} is of session {stated[1]}, the column says {row['session']}",
                "correct the one or the other",
            )
        year = YEAR_OF_CHR.match(row["symbol"])
        if year and row["listed_year"] and year[1] != row["listed_year"]:
            yield table.problem(
                number,
                "session",
                f"the symbol {quoted(row['symbol'])} is of {year[1]}, the column listed_year says {row['listed_year']}",
                "correct the one or the other",
            )


def _countries(tables: Mapping[str, Table]) -> Iterator[Problem]:
    """A code that ISO 3166-1 does not have names no country; codes for private use (XAA to XZZ) are let through."""
    for table, number, row in _rows(tables, "countries", "country", "name"):
        code = row["country"]
        private = re.fullmatch("X[A-Z]{2}", code)
        if code and not private and not pycountry.countries.get(alpha_3=code):
            try:
                hint = f"for {row['name']} it is {quoted(pycountry.countries.lookup(row['name']).alpha_3)}"
            except LookupError:
                hint = "look it up at https://www.iso.org/obp/ui/#search"
            yield table.problem(
                number, "country", f"{quoted(code)} is not a country code of ISO 3166-1 (three letters)", hint
            )


def _visits(tables: Mapping[str, Table]) -> Iterator[Problem]:
    """A visit and what it points to must fit: the kind of its report, the country and order of follow-ups."""
    kinds = {
        row["symbol"]: row["kind"]
        for _, _, row in _rows(tables, "documents", "symbol", "kind")
        if row["symbol"]
    }
    columns = ("visit_id", "country", "start", "outcome", "held_as", "follow_up_of", "report_symbol")
    visits = {row["visit_id"]: row for _, _, row in _rows(tables, "visits", *columns)}
    for table, number, row in _rows(tables, "visits", *columns):
        kind = kinds.get(row["report_symbol"], "visit")
        if kind != "visit":
            yield table.problem(
                number,
                "report",
                f"{quoted(row['report_symbol'])} is a document of the kind {quoted(kind)}, not the report of a visit",
                "correct report_symbol, or the kind of the document",
            )
        if row["held_as"] and row["outcome"] == "held":
            yield table.problem(
                number, "visit", "a visit that was held has no held_as", "empty held_as, or correct outcome"
            )
        for column in ("follow_up_of", "held_as"):
            other = visits.get(row[column])
            if other and other["country"] != row["country"]:
                yield table.problem(
                    number,
                    "visit",
                    f"{column} points to {quoted(row[column])}, a visit to {other['country']}, not {row['country']}",
                    f"correct {column}",
                )
        earlier = visits.get(row["follow_up_of"])
        start, before = _date(row["start"]), _date(earlier["start"]) if earlier else None
        if start is not None and before is not None and periods.is_before(start, before):
            yield table.problem(
                number,
                "visit",
                f"it starts on {periods.show(start)}, before the visit that it follows up ({periods.show(before)})",
                "correct follow_up_of or the dates",
            )


def warnings(known: Tables, tables: Mapping[str, Table]) -> Iterator[Problem]:
    """What may be right but deserves a look: dates outside terms, sources without an address.

    These are no errors: terms are drawn from statements that may be revised, reports follow a visit and a term, holders
    finish visits in a handover, and printed matter has no address.
    """
    if known.has("terms", "holders", "sources"):
        office = terms(known)
        for name, column, late in (("visits", "start", 0), ("documents", "date", LATE)):
            if known.has(name):
                yield from _outside_term(known[name], tables[name], column, office, late)
    for source in known["sources"].to_dict("records") if known.has("sources") else ():
        if not source["url"] and source["kind"] != "assessment":
            yield _look(
                tables["sources"],
                source["source_id"],
                "address",
                "the source has no address",
                "add one if it has one; say in the note how else it can be found",
            )


def _outside_term(
    frame: pd.DataFrame, table: Table, column: str, office: pd.DataFrame, late: int
) -> Iterator[Problem]:
    """Rows that lie surely outside all terms of their holder, or later than `late` days after the last of them."""
    for row in frame[frame["holder_id"] != ""].to_dict("records"):
        own = office[office["holder_id"] == row["holder_id"]].to_dict("records")
        if row[column] is None or not own:
            continue
        first, last = periods.start_of(row[column]), periods.end_of(row[column])
        began = min(term["start_from"] for term in own)
        ended = None if any(term["end"] is None for term in own) else max(term["end_to"] for term in own)
        if last < began or (ended is not None and (first - ended).days > late):
            key = row[table.key[0]]
            served = f"{began} to {ended or 'today'}"
            message = f"{column} {row[column]} lies outside the term of {quoted(row['holder_id'])} ({served})"
            yield _look(table, key, "term", message, "look whether holder or date is right")


def _look(table: Table, key: str, rule: str, message: str, todo: str) -> Problem:
    return Problem(table.file, table.line_of(key), key, rule, message, todo)

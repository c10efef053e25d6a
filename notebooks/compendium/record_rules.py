"""What must hold between the tables of the record (errors), and what a person should look at (warnings)."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Iterator, Mapping
from datetime import date as day
from datetime import timedelta
from functools import cache

import pandas as pd
import pycountry

from compendium import periods
from compendium.descriptor import is_date, primary_key, split
from compendium.legacy_tables import VOCABULARIES, Tables
from compendium.problems import Problem, quoted
from compendium.rules import Neighbours, Table
from compendium.tenure import terms

# Bodies as the United Nations writes them at the head of a symbol, with the session or the year that follows. Symbols
# of special sessions carry neither; those of subsidiary bodies (E/CN.4/Sub.2, A/HRC/WG.6) are not judged.
DOCUMENTS = {
    "CHR": re.compile(r"E/CN\.4/(?:(?P<year>\d{4})|S-\d+)/"),
    "HRC": re.compile(r"A/HRC/(?:(?P<session>\d+)|S-\d+)/"),
    "GA": re.compile(r"A/(?P<session>\d+)/"),
    "ECOSOC": re.compile(r"E/(?P<year>\d{4})/"),
}
RESOLUTIONS = {
    "CHR": re.compile(r"E/CN\.4/(RES|DEC)/"),
    "HRC": re.compile(r"A/HRC/(RES|DEC)/"),
    "GA": re.compile(r"A/(RES|DEC)/"),
    "ECOSOC": re.compile(r"ECOSOC (decision|resolution) |E/(RES|DEC)/"),
}
YEAR = re.compile(r"\d{4}", re.ASCII)
SESSION = re.compile(r"[1-9]\d*", re.ASCII)
CODE = re.compile(r"[A-Z]{3}", re.ASCII)
PRIVATE = re.compile(r"X[A-Z]{2}", re.ASCII)
LATE = timedelta(days=366)  # after the end of a term, within which its reports still appear

TO_ONE = "correct the one or the other"
Row = dict[str, str]


def problems(tables: Mapping[str, Table], neighbours: Neighbours) -> Iterator[Problem]:
    """Contradictions inside the record. Each is an error, because one of two cells must be wrong.

    A cell that is ill-formed is told by another rule, and left out here.
    """
    for rule in (_before_the_mandate, _bodies, _sessions, _reports, _follow_ups, _held_as):
        yield from rule(tables)
    yield from _countries(tables, neighbours)


def _rows(tables: Mapping[str, Table], name: str, *columns: str) -> Iterator[tuple[Table, int, Row]]:
    """The rows of a table that has these columns; none otherwise."""
    table = tables.get(name)
    if table and table.has(*columns):
        yield from ((table, number, row) for number, row in enumerate(table.rows))


def _date(text: str) -> pd.Period | None:
    """A date; None where there is none or where it is ill-formed."""
    try:
        return periods.parse(text)
    except ValueError:
        return None


def _codes(tables: Mapping[str, Table], table: str, column: str) -> Collection[str]:
    """Codes that a column may hold; none if it has no vocabulary. Another mandate may call things otherwise."""
    vocabulary = tables[table].fields.get(column, {}).get("vocabulary") if table in tables else None
    return {
        row["code"]
        for _, _, row in _rows(tables, VOCABULARIES, "vocabulary", "code")
        if row["vocabulary"] == vocabulary
    }


def _before_the_mandate(tables: Mapping[str, Table]) -> Iterator[Problem]:
    """An error: no mandate issues a document before it exists, so the date or the resolution's is wrong."""
    dates = [
        _date(row["adopted"])
        for table, _, row in _rows(tables, "resolutions", "adopted", "action")
        if "created" in split(row["action"], table.fields["action"])
    ]
    created = min((date for date in dates if date is not None), key=periods.sort_key, default=None)
    if created is None:
        return
    for table, number, row in _rows(tables, "documents", "date", "listed_year"):
        date = _date(row["date"] or row["listed_year"])
        if date is not None and periods.is_before(date, created):
            dated, since = periods.show(date), periods.show(created)
            message = f"the document is dated {dated}, before the mandate was created ({since})"
            yield table.problem(number, "mandate", message, "correct the date, or leave the document out")


def _bodies(tables: Mapping[str, Table]) -> Iterator[Problem]:
    """An error: a symbol names its body. Only bodies that the package knows by our names are judged."""
    for name, heads in (("documents", DOCUMENTS), ("resolutions", RESOLUTIONS)):
        for table, number, row in _rows(tables, name, "symbol", "body"):
            named = next((body for body, head in heads.items() if head.match(row["symbol"])), None)
            if named and row["body"] and named != row["body"] and named in _codes(tables, name, "body"):
                message = (
                    f"the symbol {quoted(row['symbol'])} is of {named}, the column body says {row['body']}"
                )
                yield table.problem(number, "body", message, TO_ONE)


def _sessions(tables: Mapping[str, Table]) -> Iterator[Problem]:
    """An error: symbols of the Assembly and the Council carry the session, others the year of the session."""
    for table, number, row in _rows(tables, "documents", "symbol", "session", "listed_year"):
        said = next(filter(None, (head.match(row["symbol"]) for head in DOCUMENTS.values())), None)
        if said is None:
            continue
        for part, column, form in (("session", "session", SESSION), ("year", "listed_year", YEAR)):
            stated = said.groupdict().get(part)
            if stated and form.fullmatch(row[column]) and stated != row[column]:
                of = f"session {stated}" if part == "session" else stated
                message = (
                    f"the symbol {quoted(row['symbol'])} is of {of}, the column {column} says {row[column]}"
                )
                yield table.problem(number, "session", message, TO_ONE)


@cache
def _countries_by_name() -> dict[str, tuple[str, str]]:
    """Code and name of the countries of ISO 3166-1, by every name that it has for them."""
    return {
        name: (country.alpha_3, country.name)
        for country in pycountry.countries
        for name in (country.name, getattr(country, "common_name", ""), getattr(country, "official_name", ""))
        if name
    }


def _countries(tables: Mapping[str, Table], neighbours: Neighbours) -> Iterator[Problem]:
    """An error: a code that ISO 3166-1 does not have names no country.

    Codes that it once had stay good for the past (`ZAR`, Zaire), and those that it leaves to its users (`XAA` to `XZZ`)
    for what it does not list, such as the usual `XKX` for Kosovo.
    """
    for table, number, row in _rows(tables, "countries", "country", "name"):
        code = row["country"]
        if not CODE.fullmatch(code) or PRIVATE.fullmatch(code):
            continue
        if not any(known.get(alpha_3=code) for known in (pycountry.countries, pycountry.historic_countries)):
            todo = "look it up at https://www.iso.org/obp/ui/#search"
            # The United Nations write a part of some names in brackets, ISO behind a comma or not at all.
            for name in (row["name"].partition(" (")[0], row["name"]):
                near = neighbours.nearest(name, _countries_by_name())
                if near is not None:
                    nearest, called = _countries_by_name()[near]
                    todo = f"did you mean {quoted(nearest)} ({called})? If not, {todo}"
                    break
            message = f"{quoted(code)} is not a country code of ISO 3166-1 (three letters)"
            yield table.problem(number, "country", message, todo)


def _reports(tables: Mapping[str, Table]) -> Iterator[Problem]:
    """An error: the report of a visit is of the kind `visit`; either the symbol or the kind is wrong."""
    if "visit" not in _codes(tables, "documents", "kind"):
        return
    kinds = {row["symbol"]: row["kind"] for _, _, row in _rows(tables, "documents", "symbol", "kind")}
    for table, number, row in _rows(tables, "visits", "report_symbol"):
        symbol = row["report_symbol"]
        kind = kinds.get(symbol) if symbol else None
        if kind and kind != "visit":
            message = f"{quoted(symbol)} is a document of the kind {quoted(kind)}, not the report of a visit"
            yield table.problem(
                number, "report", message, "correct report_symbol, or the kind of the document"
            )


def _other_visits(tables: Mapping[str, Table], column: str) -> Iterator[tuple[Table, int, Row, Row]]:
    """Visits that point in `column` to another visit, with that one."""
    visits = {row["visit_id"]: row for _, _, row in _rows(tables, "visits", "visit_id")}
    for table, number, row in _rows(tables, "visits", "visit_id", "country", "start", column):
        other = visits.get(row[column])
        if other is not None and row[column] != row["visit_id"]:
            yield table, number, row, other


def _in_another_country(tables: Mapping[str, Table], column: str) -> Iterator[Problem]:
    for table, number, row, other in _other_visits(tables, column):
        if other["country"] != row["country"]:
            message = f"{column} points to {quoted(row[column])}, a visit to {other['country']}, not {row['country']}"
            yield table.problem(number, "visit", message, f"correct {column}")


def _follow_ups(tables: Mapping[str, Table]) -> Iterator[Problem]:
    """An error: what follows up a visit goes to the same country, and later."""
    yield from _in_another_country(tables, "follow_up_of")
    for table, number, row, other in _other_visits(tables, "follow_up_of"):
        start, before = _date(row["start"]), _date(other["start"])
        if start is not None and before is not None and periods.end_of(start) <= periods.start_of(before):
            times = periods.show(start), periods.show(before)
            message = "its start ({}) is not after the visit that it follows up ({})".format(*times)
            yield table.problem(number, "visit", message, "correct follow_up_of or the dates")


def _held_as(tables: Mapping[str, Table]) -> Iterator[Problem]:
    """An error: `held_as` says when a visit that did not take place then was held, in the same country."""
    for table, number, row in _rows(tables, "visits", "outcome", "held_as"):
        if row["held_as"] and row["outcome"] == "held":
            message = "a visit that was held has no held_as"
            yield table.problem(number, "visit", message, "empty held_as, or correct outcome")
    yield from _in_another_country(tables, "held_as")


def warnings(tables: Tables) -> list[Problem]:
    """What may be right but deserves a look, in a package that `check` finds without problems; sorted.

    Notebooks can show these; they stop nothing.
    """
    return sorted([*_outside_terms(tables), *_without_address(tables)])


def _look(tables: Tables, name: str, row: int | None, rule: str, message: str, todo: str) -> Problem:
    """A warning on a row of a table, counted from 0, or on the table. In a sound file each row is one line."""
    resource = next(one for one in tables.descriptor["resources"] if one["name"] == name)
    file = posixpath.normpath(resource["path"])
    if row is None:
        return Problem(file, 0, "", rule, message, todo)
    key = "/".join(str(tables[name][column].iloc[row]) for column in primary_key(resource))
    return Problem(file, row + 2, key, rule, message, todo)


def _without_address(tables: Tables) -> Iterator[Problem]:
    """A warning, because printed matter has no address. The assessment is cited by passage."""
    if not _has(tables, "sources", "url", "kind"):
        return
    todo = "add one if it has one; say in the note how else it can be found"
    for number, source in enumerate(tables["sources"].itertuples()):
        if not source.url and source.kind != "assessment":
            yield _look(tables, "sources", number, "address", "the source has no address", todo)


def _has(tables: Tables, name: str, *columns: str, dates: Collection[str] = ()) -> bool:
    """Whether there are rows in a table that has these columns, and these columns of dates."""
    return (
        tables.has(name)
        and {*columns, *dates} <= set(tables[name].columns)
        and all(is_date(tables.field(name, column)) for column in dates)
    )


def _outside_terms(tables: Tables) -> Iterator[Problem]:
    """Warnings, because terms are drawn from statements that may be revised.

    A visit that cannot have lain within a term of its holder: some holders did finish visits in a handover. A document
    that cannot have been dated within a term of its holder or the year after it: reports follow visits and terms.
    """
    columns = {"visits": ("start", "end"), "documents": ("date", "listed_year")}
    dated = [name for name in columns if _has(tables, name, "holder_id", dates=columns[name])]
    if not dated or not tables.has("terms"):
        return
    try:
        office = _zones(terms(tables))
    except Exception:  # which one depends on where another description of the tables goes its own way
        message = "no terms of office can be drawn from the statements, so no date was held against them"
        yield _look(
            tables,
            "terms",
            None,
            "term",
            message,
            "describe the table and its sources as data/README.md does",
        )
        return
    if "visits" in dated:
        visits = tables["visits"]
        spans = [(start, end or start) for start, end in zip(visits["start"], visits["end"], strict=True)]
        yield from _outside(tables, "visits", spans, office, timedelta(0))
    if "documents" in dated:
        documents = tables["documents"]
        dates = [date or year for date, year in zip(documents["date"], documents["listed_year"], strict=True)]
        yield from _outside(tables, "documents", [(date, date) for date in dates], office, LATE)


Zone = tuple[day, day]  # first and last day that a term can have had


def _zones(office: pd.DataFrame) -> dict[str, list[Zone]]:
    """The zones of the terms of each holder (rows of `tenure.terms`), open where no source states an end."""
    zones: dict[str, list[Zone]] = {}
    for term in office.to_dict("records"):
        zone = term["start_from"] or day.min, term["end_to"] or day.max
        zones.setdefault(term["holder_id"], []).append(zone)
    return zones


def _outside(
    tables: Tables,
    name: str,
    spans: list[tuple[pd.Period | None, pd.Period | None]],
    office: Mapping[str, list[Zone]],
    late: timedelta,
) -> Iterator[Problem]:
    """Warnings on the rows of a table whose span, from one date to another, fits into no zone of their holder."""
    what = {"visits": "visit", "documents": "document"}[name]
    for number, (holder, (first, last)) in enumerate(zip(tables[name]["holder_id"], spans, strict=True)):
        zones = office.get(holder, [])
        if first is None or last is None or not zones:
            continue
        if not any(
            began <= periods.end_of(first) and periods.start_of(last) - late <= ended
            for began, ended in zones
        ):
            when = periods.show(first) + (f" to {periods.show(last)}" if last != first else "")
            served = " and ".join(
                f"{began} to {'today' if ended == day.max else ended}" for began, ended in zones
            )
            term = "terms" if len(zones) > 1 else "term"
            message = f"the {what} ({when}) lies outside the {term} of {quoted(holder)} ({served})"
            yield _look(tables, name, number, "term", message, "look whether holder or date is right")

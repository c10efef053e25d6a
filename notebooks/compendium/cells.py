"""A table as its file has it, and what the compendium asks of its cells and of the order of its rows."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from itertools import pairwise

from compendium import periods
from compendium.description import Meta, fields, is_date, links, primary_key, split
from compendium.problems import Problem, count, quoted

INVISIBLE = re.compile(
    "[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff\ufffd]"
)
# Refused and not made harmless by a mark before them, which would change the data, here and in the CSV behind a figure.
FORMULA = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
WHOLE_NUMBER = re.compile(r"-?(0|[1-9]\d{0,17})", re.ASCII)
COMPARISONS = 100_000  # of values, in search of the nearest: about a second, however many values are wrong


@dataclass
class Table:
    """A table as its file has it: the described columns that are there, cells as text, the line of each row."""

    resource: Meta
    file: str
    columns: list[str] = field(default_factory=list)
    rows: list[dict[str, str]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    complete: bool = False  # whether all rows could be read

    def __post_init__(self) -> None:
        """Take from the description what the rules ask for all the time."""
        self.name: str = self.resource["name"]
        self.fields = fields(self.resource)
        self.key = primary_key(self.resource)
        self.faulty: set[tuple[int, str]] = set()  # cells (row, column) of which a problem is told already
        self._values: dict[str, dict[str, int]] = {}
        self._lines: dict[str, int] = {}

    def problem(self, row: int, rule: str, message: str, todo: str) -> Problem:
        """A problem of a row; rows count from 0."""
        return Problem(self.file, self.lines[row], self.id(row), rule, message, todo)

    def id(self, row: int) -> str:
        """Key of a row, its parts joined by `/`."""
        return "/".join(filter(None, (self.rows[row].get(name) for name in self.key)))

    def line_of(self, key: str) -> int:
        """Line of the first row that has a key."""
        if not self._lines:
            for row, line in enumerate(self.lines):
                self._lines.setdefault(self.id(row), line)
        return self._lines[key]

    def has(self, *columns: str) -> bool:
        """Whether all of these columns are there."""
        return set(columns) <= set(self.columns)

    def complete_in(self, *columns: str) -> bool:
        """Whether a value that is not found in these columns is surely not there."""
        return self.complete and self.has(*columns)

    def values(self, column: str) -> dict[str, int]:
        """The values of a column but the empty one, each with the first row that has it."""
        if column not in self._values:
            found: dict[str, int] = {}
            for number, row in enumerate(self.rows):
                if row[column]:
                    found.setdefault(row[column], number)
            self._values[column] = found
        return self._values[column]


@dataclass
class Neighbours:
    """Finds the known value that a wrong one is most like, as long as that does not take too long."""

    left: int = COMPARISONS

    def nearest(self, value: str, known: Collection[str]) -> str | None:
        """The known value that is most like this one; None if none is near, or if the search took long already."""
        self.left -= len(known)
        folded = {candidate.casefold(): candidate for candidate in known} if self.left >= 0 else {}
        near = get_close_matches(value.casefold(), folded, n=1)
        return folded[near[0]] if near else None

    def hint(self, value: str, known: Collection[str], otherwise: str) -> str:
        """What to do about an unknown value: take the nearest known one or, if none is near, `otherwise`."""
        near = self.nearest(value, known)
        return f"did you mean {quoted(near)}? If not, {otherwise}" if near is not None else otherwise


def problems(table: Table, tables: Mapping[str, Table], neighbours: Neighbours) -> Iterator[Problem]:
    """Every problem of a table that one of the rules here finds."""
    yield from _cells(table, tables, neighbours)
    yield from _order(table)


def _cells(table: Table, tables: Mapping[str, Table], neighbours: Neighbours) -> Iterator[Problem]:
    """Cells that hold what their column cannot hold; each is noted in `table.faulty`."""
    codes = _codes(tables)
    references = {link.column: link for link in links(table.resource) if link.many}
    for column in table.columns:
        described = table.fields[column]
        known: Collection[str] | None = None
        unknown = ("", "", "")
        if "vocabulary" in described and codes is not None:
            name = described["vocabulary"]
            known = codes.get(name, [])
            allowed = ", ".join(known) or "none yet"
            unknown = ("vocabulary", f"is not in the vocabulary {quoted(name)}", f"take one of: {allowed}")
        elif column in references:
            link = references[column]
            target = tables.get(link.target)
            known = (
                target.values(link.target_column)
                if target and target.complete_in(link.target_column)
                else None
            )
            unknown = unknown_reference(link.target, link.target_column)
        elif column == "unverified_fields":
            known = table.columns
            unknown = ("unverified", "is not a column of this table", "name a column")
        for number, row in enumerate(table.rows):
            cell = row[column]
            if not cell:
                continue
            faults = list(_form(cell, described))
            if not faults and known is not None:
                rule, message, todo = unknown
                values = split(cell, described) if described.get("type") == "list" else [cell]
                faults = [
                    (rule, f"{quoted(value)} {message}", neighbours.hint(value, known, todo))
                    for value in values
                    if value not in known
                ]
            for rule, message, todo in faults:
                table.faulty.add((number, column))
                yield table.problem(number, rule, f"{column}: {message}", todo)


def unknown_reference(target: str, column: str) -> tuple[str, str, str]:
    """Rule, message (to follow the value) and what to do where a value does not stand in another table."""
    return (
        "reference",
        f"is not a {quoted(column)} of the table {quoted(target)}",
        f"add it to {quoted(target)}",
    )


def _form(cell: str, described: Meta) -> Iterator[tuple[str, str, str]]:
    """Rule, message and what to do where the form of a cell is wrong, whatever other tables hold."""
    values = split(cell, described) if described.get("type") == "list" else [cell]
    if "\n" in cell or "\r" in cell:
        yield "line-break", f"{quoted(cell)} has a line break inside", "write it on one line"
    elif INVISIBLE.search(cell):
        yield "control", f"{quoted(cell)} has a character that cannot be seen or read", "type the text anew"
    elif cell != cell.strip():
        yield "blanks", f"{quoted(cell)} has blanks before or after it", "delete them"
    elif any(value != value.strip() for value in values):
        yield "blanks", f"{quoted(cell)} has blanks around a separator", "delete them"
    elif described.get("type") != "integer" and any(value.startswith(FORMULA) for value in values):
        message = (
            f"{quoted(cell)} begins as a formula, which a spreadsheet would compute when it opens the file"
        )
        yield "formula", message, "begin it with a letter, a number or a quotation mark"
    elif "" in values:
        yield (
            "list",
            f"{quoted(cell)} has an item with nothing in it",
            "delete the separator that is too many",
        )
    elif len(set(values)) < len(values) and not described.get("repeats"):
        yield "list", f"{quoted(cell)} has the same item twice", "delete one of them"
    elif is_date(described):
        yield from date_faults(cell)
    elif described.get("type") == "integer" and not WHOLE_NUMBER.fullmatch(cell):
        yield "number", f"{quoted(cell)} is not a whole number", "type digits only, such as 3"


def date_faults(cell: str) -> Iterator[tuple[str, str, str]]:
    """Rule, message and what to do where a cell holds no date."""
    try:
        periods.parse(cell)
    except ValueError as error:
        meant = periods.guesses(cell)
        # Spreadsheets make the first day of a month that was given without a day.
        meant += [date[:7] for date in meant if len(date) == 10 and date.endswith("-01")]
        todo = f"type {' or '.join(meant)}" if meant else "type it as 1990, 1990-03 or 1990-03-07"
        yield "date", str(error), todo


def _codes(tables: Mapping[str, Table]) -> dict[str, list[str]] | None:
    """Codes of each vocabulary in their order; None where there is no table of vocabularies to judge by."""
    table = tables.get("vocabularies")
    if table is None or not table.complete_in("vocabulary", "code"):
        return None
    codes = defaultdict(list)
    for row in table.rows:
        codes[row["vocabulary"]].append(row["code"])
    return codes


def _order(table: Table) -> Iterator[Problem]:
    """The first row that comes too late in a table that is not sorted, and how many more do."""
    by = sorted_by(table)
    if not table.has(*by):
        return
    keys = [
        (number, key)
        for number, row in enumerate(table.rows)
        if (key := sort_key(table, row, by)) is not None
    ]
    late = [here for before, here in pairwise(keys) if here[1] < before[1]]
    if late:
        number, key = late[0]
        follower = next(other for other, other_key in keys if other_key > key)
        more = f"; so do {count(len(late) - 1, 'more row')}" if len(late) > 1 else ""
        yield table.problem(
            number,
            "order",
            f"the row comes too late: it belongs before line {table.lines[follower]}{more}",
            f"sort the table by {', then '.join(by)}",
        )


def sorted_by(table: Table) -> list[str]:
    """Columns by which the rows must be sorted."""
    if "ordinal" in table.fields:
        return [name for name in ("vocabulary", "ordinal") if name in table.fields]
    return ["position"] if "position" in table.fields else table.key


def sort_key(table: Table, row: dict[str, str], by: list[str]) -> tuple[int | str, ...] | None:
    """What a row is sorted by, None where a part of it is missing or is not the number that it should be."""
    key: list[int | str] = []
    for column in by:
        cell = row[column]
        if table.fields[column].get("type") == "integer" and WHOLE_NUMBER.fullmatch(cell):
            key.append(int(cell))
        elif cell and table.fields[column].get("type") != "integer":
            key.append(cell)
        else:
            return None
    return tuple(key)

"""Checking a data package: every problem in one pass, in words for the person who edits the tables.

One way: the description, the files, their cells and keys, the rules. A cell of which a step tells something is empty
for the steps after it, and no rule speaks of its row, so that nothing is told twice.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from itertools import pairwise
from pathlib import Path
from typing import Any

import pandas as pd

from compendium import cells, describing, rules, spreadsheets
from compendium.description import (
    FILE,
    VOCABULARIES,
    Meta,
    delimiters,
    fields,
    foreign_keys,
    is_list,
    links,
    package,
    primary_key,
    split,
    table_path,
)
from compendium.problems import MOST, Problem, Problems, count, did_you_mean, quoted, report
from compendium.tables import Tables, typed

__all__ = ["Problem", "Problems", "check", "report"]

CONSTRAINT = re.compile(r'constraint "(\w+)"')  # frictionless names a broken constraint in its sentence only
LIMITS = {"minimum": "at least", "maximum": "at most", "minLength": "at the shortest", "maxLength": "at the longest"}


@dataclass
class Table:
    """A table as its file has it: `columns` have the cells of the described columns that are there, `lines` its rows.

    `told` are the cells (row, column) of which a problem is told; `whole` is whether all rows and columns could be read.
    """

    resource: Meta
    columns: dict[str, list[str]] = field(default_factory=dict)
    lines: list[int] = field(default_factory=list)
    told: set[tuple[int, str]] = field(default_factory=set)
    whole: bool = False

    def __post_init__(self) -> None:
        """Take from the description what is asked for all the time."""
        self.name: str = self.resource["name"]
        self.file = posixpath.normpath(self.resource["path"])
        self.fields, self.key = fields(self.resource), primary_key(self.resource)

    def problem(self, row: int, rule: str, message: str, todo: str) -> Problem:
        """A problem of a row; rows count from 0."""
        key = "/".join(filter(None, (self.columns[name][row] for name in self.key if name in self.columns)))
        return Problem(self.file, self.lines[row], key, rule, message, todo)

    def tell(self, row: int, names: Collection[str], rule: str, message: str, todo: str) -> Problem:
        """A problem of cells of a row, which are empty from now on."""
        self.told.update((row, name) for name in names)
        return self.problem(row, rule, f"{'/'.join(names)}: {message}", todo)

    def untold(self, names: Collection[str]) -> Iterator[tuple[int, tuple[str, ...]]]:
        """The cells of some columns, each row together, where nothing is told of any of them; with the row."""
        for row, cells in enumerate(zip(*(self.columns[name] for name in names), strict=True)):
            if not any((row, name) in self.told for name in names):
                yield row, cells

    def values(self, names: Collection[str]) -> Collection[tuple[str, ...]] | None:
        """What stands in some columns, each row together; None if not all of that is there or could be read."""
        if not self.whole or not self.columns.keys() >= {*names}:
            return None
        return dict.fromkeys(zip(*(self.columns[name] for name in names), strict=True))

    def text(self) -> pd.DataFrame:
        """The rows, cells of which a problem is told emptied; `line` has no value where there is such a cell."""
        text = {name: cells.copy() for name, cells in self.columns.items()}
        lines: list[int | None] = list(self.lines)
        for row, name in self.told:
            text[name][row], lines[row] = "", None
        return pd.DataFrame(text, dtype="str").assign(line=pd.array(lines, dtype="Int64"))


def check(data_dir: str | Path) -> Problems:
    """Every problem of a data package, named as for `description.package`, by file and line; none if it is sound.

    Nothing is written and no address is fetched. Whatever the folder holds is told as a problem, never as an exception.
    """
    folder = package(data_dir)
    described = describing.read(folder)
    if not described.files:
        return Problems(sorted(described.problems))
    problems = [*described.problems, *_undescribed_files(folder, described.files)]
    tables = {name: Table(resource) for name, resource in described.tables.items()}
    for table in tables.values():
        problems += [*_file(folder, table), *_forms(table), *_standard(table)]
    for table in tables.values():
        problems += [*_references(table, tables), *_order(table)]
    warnings: list[Problem] = []
    # A row, column or table that could not be read might be the one that a rule would miss.
    if not described.problems and all(table.whole for table in tables.values()):
        t = typed(described.content, {name: table.text() for name, table in tables.items()})
        problems += [*_unknown_codes(t), *rules.problems(t)]
        problems += rules.problems(t, rules.SOUND) if not problems else []
        warnings = rules.warnings(t) if not problems else []
    rows = sum(len(table.lines) for table in tables.values())
    return Problems(sorted(problems), len(tables), rows, warnings)


def _undescribed_files(folder: Path, described: set[str]) -> Iterator[Problem]:
    """CSV files of the folder that the package does not describe."""
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        hidden = any(part.startswith(".") for part in inside.parts)
        if path.suffix.lower() == ".csv" and not hidden and inside.as_posix() not in described:
            todo = f"describe it in {FILE}, or move it out of this folder"
            yield Problem(inside.as_posix(), 0, "", "file", f"{FILE} does not describe this file", todo)


# --- the file ---


def _file(folder: Path, table: Table) -> Iterator[Problem]:
    """Read a table as far as it can be; what is wrong with the form of its file."""

    def problem(line: int, rule: str, message: str, todo: str) -> Problem:
        return Problem(table.file, line, "", rule, message, todo)

    try:
        raw = table_path(folder, table.resource["path"]).read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        yield problem(0, "file", "this file is missing", f"put the file back, or take the table out of {FILE}")
        return
    except OSError as error:
        yield problem(0, "file", f"it cannot be read: {error.strerror}", "put a file that can be read in its place")
        return
    sheet = spreadsheets.read(raw, table.file, delimiters(table.resource))
    yield from sheet.problems
    if not sheet.rows:
        return
    (line, header), *rows = sheet.rows
    if not set(header) & table.fields.keys():
        message = f"the first line is not the header row: none of its cells is a column of {quoted(table.name)}"
        yield problem(line, "column", message, f"begin the file with the line {','.join(table.fields)}")
        return
    for message, todo in _header_faults(header, rows, table):
        yield problem(line, "column", message, todo)
    place = {name: header.index(name) for name in table.fields if name in header}
    table.whole = sheet.complete and len(place) == len(table.fields)
    table.columns = {name: [] for name in place}
    for line, cells in rows:
        padded = cells + [""] * (len(header) - len(cells))
        if not any(padded[at] for at in place.values()):
            yield problem(line, "blank-row", "the row is blank", "delete the line, or fill the row")
            continue
        table.lines.append(line)
        for name, at in place.items():
            table.columns[name].append(padded[at])
        if len(cells) != len(header):
            # The cells stand in the wrong columns; only the key is taken to be right, since others refer to it.
            row = len(table.lines) - 1
            table.told.update((row, name) for name in place if name not in table.key)
            yield table.problem(row, "ragged", *spreadsheets.ragged(cells, len(header)))


def _header_faults(header: list[str], rows: list[spreadsheets.Row], table: Table) -> Iterator[tuple[str, str]]:
    """What is wrong with the names of the columns, each with what to do."""
    missing = [name for name in table.fields if name not in header]
    for at, name in enumerate(header):
        if name in header[:at] and name:
            yield f"the column {quoted(name)} stands there twice", "delete one of the two"
        elif not name:
            filled = any(len(cells) > at and cells[at] for _, cells in rows)
            todo = f"give it the name that it has in {FILE}" if filled else "delete it; it is empty"
            yield f"column number {at + 1} has no name", todo
        elif name not in table.fields:
            near = get_close_matches(name.strip().casefold(), missing, n=1)
            missing = [other for other in missing if other not in near]
            todo = f"rename it to {quoted(near[0])}" if near else "describe it there, or delete it"
            yield f"the column {quoted(name)} is not described in {FILE}", todo
    for name in missing:
        yield f"the column {quoted(name)} is missing", f"add it, at its place in {FILE}"
    expected = [name for name in table.fields if name in header]
    if expected != list(dict.fromkeys(name for name in header if name in table.fields)):
        yield f"the columns stand in another order than in {FILE}", f"the order is {', '.join(expected)}"


# --- cells and keys ---


def _forms(table: Table) -> Iterator[Problem]:
    """Cells that hold what no cell of their column may hold, whatever else the package has; empty ones among them."""
    for name, column in table.columns.items():
        described = table.fields[name]
        faults = {cell: cells.fault(cell, name, described) for cell in {*column}}
        if name in table.key:
            faults[""] = "key", "the key is empty", "type a key that no other row has"
        elif described.get("constraints", {}).get("required"):
            faults[""] = "required", "the cell is empty", _like(table, name)
        for row, (cell,) in table.untold([name]):
            if fault := faults[cell]:
                yield table.tell(row, [name], *fault)


def _standard(table: Table) -> Iterator[Problem]:
    """Types, constraints and keys, judged by frictionless and told in the words of this project."""
    from frictionless import FrictionlessException, Schema  # slow to import
    from frictionless.resources import TableResource

    asked = {}
    for name in table.columns:
        described = table.fields[name]
        # What is required was asked for already: a cell that was emptied since is not missing.
        limits = {part: limit for part, limit in described.get("constraints", {}).items() if part != "required"}
        if limits or name in table.key or described.get("type", "string") != "string":
            asked[name] = {"name": name, "type": described.get("type", "any"), "constraints": limits}
    key = table.key if asked.keys() >= {*table.key} else []
    rows = [["" if (row, name) in table.told else table.columns[name][row] for name in asked] for row in range(len(table.lines))]
    try:
        schema = Schema.from_descriptor({"fields": [*asked.values()], "primaryKey": key})
        with TableResource(data=[[*asked], *rows], schema=schema) as resource:
            # Row 1 is the header, and rows here count from 0.
            errors = [(row.row_number - 2, error) for row in resource.row_stream for error in row.errors]
    except FrictionlessException as failure:
        reasons = "; ".join(reason.note for reason in failure.reasons or [failure.error])
        message = f"table {quoted(table.name)}: its columns cannot be checked as described: {reasons}"
        yield Problem(FILE, 1, "", "package", message, describing.STANDARD)
        return
    for row, error in errors:
        name = getattr(error, "field_name", "")
        constraint = CONSTRAINT.search(error.note)
        if error.type == "primary-key" or (error.type == "unique-error" and key == [name]):
            if error.type == "primary-key" and not table.told.intersection((row, name) for name in key):
                twin = _twin(table, key, row)
                todo = "give one of the two rows another key, or delete it"
                yield table.tell(row, key, "key", f"line {twin} has the same key", todo)
        elif error.type == "unique-error":
            stands = f"{quoted(error.cell)} stands in line {_twin(table, [name], row)} already"
            yield table.tell(row, [name], "unique", stands, "give one of the two rows another value")
        elif constraint and constraint[1] in LIMITS:
            limit = f"is not {LIMITS[constraint[1]]} {table.fields[name]['constraints'][constraint[1]]}"
            yield table.tell(row, [name], "range", f"{quoted(error.cell)} {limit}", _like(table, name))
        elif constraint:
            message = f"{quoted(error.cell)} has not the form that this column asks for"
            yield table.tell(row, [name], "pattern", message, _like(table, name))
        elif name:
            message = f"{quoted(error.cell)} is not of the type {quoted(table.fields[name]['type'])}"
            yield table.tell(row, [name], "type", message, _like(table, name))


def _twin(table: Table, names: list[str], row: int) -> int:
    """Line of the first row that has the same in these columns."""
    cells = list(zip(*(table.columns[name] for name in names), strict=True))
    return table.lines[cells.index(cells[row])]


def _like(table: Table, name: str) -> str:
    """What to do about a cell that its column cannot hold: an example shows what it can."""
    example = str(table.fields[name].get("example", ""))
    return f"type a value, such as {quoted(example)}" if example else "type a value as the codebook describes it"


def _references(table: Table, tables: Mapping[str, Table]) -> Iterator[Problem]:
    """Codes that their vocabulary does not have, and references to what is not there."""
    for names, known, rule, message, todo in _known(table, tables):
        if known is None:
            continue
        described = table.fields[names[0]]
        hints = MOST  # beyond so many problems of a kind none is shown
        for row, found in table.untold(names):
            items = [(item,) for item in split(found[0], described)] if is_list(described) else [found]
            for item in items:
                if any(item) and item not in known:
                    value, hints = "/".join(item), hints - 1
                    do = did_you_mean(value, map("/".join, known), todo) if hints >= 0 else todo
                    yield table.tell(row, names, rule, f"{quoted(value)} {message}", do)


def _known(
    table: Table, tables: Mapping[str, Table]
) -> Iterator[tuple[list[str], Collection[tuple[str, ...]] | None, str, str, str]]:
    """Columns, what they can hold together (None: not known), and rule, message and advice where it is something else."""
    words = tables.get(VOCABULARIES)
    codes = words.values(["vocabulary", "code"]) if words else None
    for name in table.columns:
        if vocabulary := table.fields[name].get("vocabulary"):
            known = None if codes is None else [(code,) for of, code in codes if of == vocabulary]
            allowed = f"take one of: {', '.join(code for (code,) in known or ()) or 'none yet'}"
            yield [name], known, "vocabulary", f"is not in the vocabulary {quoted(vocabulary)}", allowed
        elif name == "unverified_fields":
            yield [name], [(one,) for one in table.columns], "unverified", "is not a column of this table", "name a column"
    pointers = [(own, target, there) for own, target, there in foreign_keys(table.resource)]
    pointers += [([link.column], link.target, [link.target_column]) for link in links(table.resource) if link.many]
    for own, target, there in pointers:
        if table.columns.keys() >= {*own} and target in tables:
            message = f"is not a {quoted('/'.join(there))} of the table {quoted(target)}"
            yield own, tables[target].values(there), "reference", message, f"add it to {quoted(target)}"


def _order(table: Table) -> Iterator[Problem]:
    """The first row that comes too late in a table that is not sorted, and how many more do."""
    by = cells.sorted_by(table.resource)
    if not table.columns.keys() >= {*by}:
        return
    rows = dict(table.untold(by))
    found = cells.sort_keys((dict(zip(by, row, strict=True)) for row in rows.values()), table.resource)
    keys: list[tuple[int, Any]] = [(row, key) for row, key in zip(rows, found, strict=True) if key is not None]
    late = [here for before, here in pairwise(keys) if here[1] < before[1]]
    if late:
        row, key = late[0]
        follower = next(other for other, other_key in keys if other_key > key)
        more = f"; so do {count(len(late) - 1, 'more row')}" if len(late) > 1 else ""
        message = f"the row comes too late: it belongs before line {table.lines[follower]}{more}"
        yield table.problem(row, "order", message, f"sort the table by {', then '.join(by)}")


def _unknown_codes(t: Tables) -> Iterator[Problem]:
    """Values that the package names for its mandate and that its tables do not have."""
    named = [("treaty", t.about("treaty"))]
    for part in t.about("index", {}).values():
        named += [("uhri_body", body) for body in ([part] if isinstance(part, str) else part)]
    for vocabulary, code in dict.fromkeys(named):
        if code and len(t[VOCABULARIES]) and code not in rules.words(t, vocabulary):
            message = f"`mandate` names {quoted(code)}; the vocabulary {quoted(vocabulary)} has no value {quoted(code)}"
            yield Problem(FILE, 1, "", "package", message, "correct it there, or add the value to the vocabularies")

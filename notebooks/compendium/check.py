"""Checking a data package: every problem in one pass, in words for the person who edits the tables."""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from compendium import descriptor, rules, sheets
from compendium.descriptor import Meta
from compendium.problems import Problem, Problems, count, quoted, report
from compendium.rules import Neighbours, Table

__all__ = ["Problem", "Problems", "check", "report"]

CONSTRAINT = re.compile(r'constraint "(\w+)"')  # frictionless names a broken constraint in its sentence only
LIMITS = {
    "minimum": "at least",
    "maximum": "at most",
    "minLength": "no shorter than",
    "maxLength": "no longer than",
    "enum": "one of",
}


def check(data_dir: str | Path) -> Problems:
    """Every problem of the data package in a folder, sorted by file and line; none if it is sound.

    Nothing is written and no address is fetched. Whatever the folder holds is told as a problem, never as an
    exception.
    """
    data_dir = Path(data_dir)
    description = descriptor.read(data_dir)
    problems = set(description.problems)
    if not description.files:
        return Problems(sorted(problems))
    problems.update(_undescribed_files(data_dir, description.files))

    tables: dict[str, Table] = {}
    of_rows: list[Problem] = []
    ragged: set[tuple[str, int]] = set()
    for name, resource in description.tables.items():
        tables[name], found = _read(data_dir, resource)
        problems.update(found)
        ragged.update((problem.file, problem.line) for problem in found if problem.rule == "ragged")
    neighbours = Neighbours()
    for table in tables.values():
        of_rows += rules.problems(table, tables, neighbours)
    of_rows += _standard(tables, neighbours)
    # The cells of a ragged row stand in the wrong columns; what could be said of them would mislead.
    problems.update(problem for problem in of_rows if (problem.file, problem.line) not in ragged)
    return Problems(sorted(problems), len(tables), sum(len(table.rows) for table in tables.values()))


def _undescribed_files(data_dir: Path, described: set[str]) -> Iterator[Problem]:
    """CSV files of the folder that the package does not describe, and folders that cannot be looked into."""
    closed: list[OSError] = []
    for folder, inner, files in os.walk(data_dir, onerror=closed.append):
        inner[:] = [name for name in inner if not name.startswith(".")]
        for name in files:
            path = (Path(folder) / name).relative_to(data_dir).as_posix()
            if name.lower().endswith(".csv") and not name.startswith(".") and path not in described:
                todo = "describe it in datapackage.json, or move it out of this folder"
                yield Problem(path, 0, "", "file", "datapackage.json does not describe this file", todo)
    for error in closed:
        path = Path(error.filename).relative_to(data_dir).as_posix()
        yield Problem(
            path, 0, "", "file", f"this folder cannot be read: {error.strerror}", "make it readable"
        )


def _read(data_dir: Path, resource: Meta) -> tuple[Table, list[Problem]]:
    """A table as far as it can be read, and what is wrong with the form of its file."""
    table = Table(resource, posixpath.normpath(resource["path"]))
    try:
        raw = descriptor.file_bytes(descriptor.table_path(data_dir, resource["path"]))
    except (FileNotFoundError, NotADirectoryError):
        todo = "put the file back, or take the table out of datapackage.json"
        return table, [Problem(table.file, 0, "", "file", "this file is missing", todo)]
    except IsADirectoryError:
        return table, [
            Problem(table.file, 0, "", "file", "this is a folder, not a file", "put the table in its place")
        ]
    except OSError as error:
        return table, [
            Problem(table.file, 0, "", "file", f"it cannot be read: {error.strerror}", "make it readable")
        ]
    sheet = sheets.read(raw, table.file)
    problems = list(sheet.problems)
    if not sheet.rows:
        return table, problems

    (header_line, header), *rows = sheet.rows
    if not set(header) & set(table.fields):
        message = (
            f"the first line is not the header row: none of its cells is a column of {quoted(table.name)}"
        )
        todo = f"begin the file with the line {','.join(table.fields)}"
        return table, [*problems, Problem(table.file, header_line, "", "column", message, todo)]
    for message, todo in _header_faults(header, rows, table):
        problems.append(Problem(table.file, header_line, "", "column", message, todo))
    place = {name: header.index(name) for name in table.fields if name in header}
    table.columns = list(place)
    table.complete = sheet.complete
    for line, cells in rows:
        if not any(cells):
            message = "the row is blank"
            problems.append(Problem(table.file, line, "", "blank-row", message, "delete the line"))
            continue
        whole = cells + [""] * (len(header) - len(cells))
        table.rows.append({name: whole[at] for name, at in place.items()})
        table.lines.append(line)
        if len(cells) != len(header):
            problems.append(table.problem(len(table.rows) - 1, "ragged", *_ragged(len(cells), len(header))))
    return table, problems


def _ragged(cells: int, columns: int) -> tuple[str, str]:
    message = f"the row has {count(cells, 'cell')}, the header {count(columns, 'column')}"
    if cells > columns:
        return (
            message,
            "put quotation marks around a text that has commas in it, and delete commas at the end",
        )
    return message, "add a comma for each empty cell"


def _header_faults(header: list[str], rows: list[sheets.Row], table: Table) -> Iterator[tuple[str, str]]:
    """What is wrong with the names of the columns, each with what to do."""
    missing = [name for name in table.fields if name not in header]
    for name in missing:
        yield f"the column {quoted(name)} is missing", "add it, at its place in datapackage.json"
    for at, name in enumerate(header):
        if name in header[:at] and name:
            yield f"the column {quoted(name)} stands there twice", "delete one of the two"
        elif not name:
            filled = any(len(cells) > at and cells[at] for _, cells in rows)
            todo = "give it the name that it has in datapackage.json" if filled else "delete it; it is empty"
            yield f"column number {at + 1} has no name", todo
        elif name not in table.fields:
            near = get_close_matches(name.strip().casefold(), missing, n=1)
            todo = f"rename it to {quoted(near[0])}" if near else "describe it there, or delete it"
            yield f"the column {quoted(name)} is not described in datapackage.json", todo
    known = list(dict.fromkeys(name for name in header if name in table.fields))
    expected = [name for name in table.fields if name in header]
    if known != expected:
        yield (
            "the columns stand in another order than in datapackage.json",
            f"the order is {', '.join(expected)}",
        )


def _standard(tables: Mapping[str, Table], neighbours: Neighbours) -> Iterator[Problem]:
    """What frictionless finds: types, constraints, keys and references, in the words of this project.

    Tables are handed over as they were read: row n + 2 of frictionless is row n here, whose line we know, and a
    column that is missing is not told again in every row.
    """
    from frictionless import Package, Schema  # slow to import, and needed here only
    from frictionless.resources import TableResource

    readable = {name: table for name, table in tables.items() if table.columns}
    complete = {name: table.columns for name, table in readable.items() if table.complete}
    package = Package(
        resources=[
            TableResource(
                name=name,
                data=[table.columns, *(list(row.values()) for row in table.rows)],
                schema=Schema.from_descriptor(
                    descriptor.standard_schema(table.resource, table.columns, complete)
                ),
            )
            for name, table in readable.items()
        ]
    )
    for name, table in readable.items():
        try:
            with package.get_table_resource(name) as resource:
                errors = [(row.row_number - 2, error) for row in resource.row_stream for error in row.errors]
        except (
            Exception
        ) as failure:  # a description may ask for what nothing can apply, such as a broken pattern
            message = f"table {quoted(table.name)}: its columns cannot be checked as described ({failure})"
            yield Problem(descriptor.FILE, 1, "", "package", message, descriptor.STANDARD)
            continue
        first_with_key: dict[tuple[str, ...], int] = {}
        for number, row in enumerate(table.rows):
            first_with_key.setdefault(tuple(row.get(name, "") for name in table.key), number)
        for number, error in errors:
            if error.type == "primary-key":
                yield from _key_problems(table, number, first_with_key)
            elif error.type == "foreign-key":
                yield from _reference_problems(table, number, error, tables, neighbours)
            elif (number, error.field_name) not in table.faulty:
                yield from _cell_problems(table, number, error)


def _key_problems(table: Table, number: int, first_with_key: dict[tuple[str, ...], int]) -> Iterator[Problem]:
    key = tuple(table.rows[number][name] for name in table.key)
    if not any(key):
        yield from (_empty_key(table, number, name) for name in table.key)
        return
    twin = table.lines[first_with_key[key]]
    todo = "give one of the two rows another key, or delete it"
    yield table.problem(number, "key", f"{'/'.join(table.key)}: line {twin} has the same key", todo)


def _empty_key(table: Table, number: int, name: str) -> Problem:
    return table.problem(number, "key", f"{name}: the key is empty", "type a key that no other row has")


def _reference_problems(
    table: Table, number: int, error: Any, tables: Mapping[str, Table], neighbours: Neighbours
) -> Iterator[Problem]:
    row = table.rows[number]
    own, target, there = error.field_names, tables[error.reference_name], error.reference_field_names
    wanted = [row[name] for name in own]
    # A key that is ill-formed where it stands is told there, and not once more in each row that refers to it.
    found = any(
        all(other[name] == cell for name, cell in zip(there, wanted, strict=True)) for other in target.rows
    )
    if found or any((number, name) in table.faulty for name in own):
        return
    rule, message, todo = rules.unknown_reference(target.name, "/".join(there))
    if len(there) == 1:
        todo = neighbours.hint(wanted[0], target.values(there[0]), todo)
    yield table.problem(number, rule, f"{'/'.join(own)}: {quoted('/'.join(wanted))} {message}", todo)


def _cell_problems(table: Table, number: int, error: Any) -> Iterator[Problem]:
    name = error.field_name
    described = table.fields[name]
    cell = quoted(table.rows[number][name])
    like = (
        f"such as {quoted(str(described['example']))}" if "example" in described else "as the codebook says"
    )
    constraint = CONSTRAINT.search(error.note)
    broken = constraint[1] if constraint else ""
    if error.type == "unique-error":
        if table.key != [name]:  # or it is told as a key
            twin = table.lines[table.values(name)[table.rows[number][name]]]
            message = f"{name}: {cell} stands in line {twin} already"
            yield table.problem(number, "unique", message, "give one of the two rows another value")
    elif broken == "required" and name in table.key:
        yield _empty_key(table, number, name)
    elif broken == "required":
        yield table.problem(number, "required", f"{name}: the cell is empty", f"type a value, {like}")
    elif broken == "pattern":
        message = f"{name}: {cell} has not the form that this column asks for"
        yield table.problem(number, "pattern", message, f"type a value {like}")
    elif broken in LIMITS:
        limit = described["constraints"][broken]
        allowed = ", ".join(map(str, limit)) if isinstance(limit, list) else limit
        message = f"{name}: {cell} is not {LIMITS[broken]} {allowed}"
        yield table.problem(number, "range", message, f"type a value {like}")
    else:
        message = f"{name}: {cell} is not of the type {quoted(str(described.get('type')))}"
        yield table.problem(number, "type", message, f"type a value {like}")

"""Checking a data package: every problem in one pass, in words for the person who edits the tables."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path

import pandas as pd

from compendium import cells as of_cells
from compendium import describing, rules, sheets, standard
from compendium.cells import Neighbours, Table
from compendium.description import FILE, VOCABULARIES, Meta, table_path
from compendium.problems import Problem, Problems, count, quoted, report
from compendium.tables import Tables, typed

__all__ = ["Problem", "Problems", "check", "report"]


def check(data_dir: str | Path) -> Problems:
    """Every problem of the data package in a folder, sorted by file and line; none if it is sound.

    One way: the description, the files, their cells and keys, the rules. Each step leaves out what the one before told.
    Nothing is written and no address is fetched. Whatever the folder holds is told as a problem, never as an exception.
    """
    data_dir = Path(data_dir)
    description = describing.read(data_dir)
    problems = set(description.problems)
    if not description.files:
        return Problems(sorted(problems))
    problems.update(_undescribed_files(data_dir, description.files))
    tables: dict[str, Table] = {}
    for name, resource in description.tables.items():
        tables[name], found = _read(data_dir, resource)
        problems.update(found)
    neighbours = Neighbours()
    ragged = {(problem.file, problem.line) for problem in problems if problem.rule == "ragged"}
    found_in_cells = [
        one for table in tables.values() for one in of_cells.problems(table, tables, neighbours)
    ]
    found_in_cells += standard.problems(tables, neighbours)
    # The cells of a ragged row stand in the wrong columns; what could be said of them would mislead.
    problems.update(problem for problem in found_in_cells if (problem.file, problem.line) not in ragged)
    warnings: list[Problem] = []
    # A row or a table that could not be read might be the one that a rule would miss.
    if not description.problems and all(table.complete_in(*table.fields) for table in tables.values()):
        loaded = typed(description.content, {name: _frame(table, ragged) for name, table in tables.items()})
        told = {(problem.file, problem.line) for problem in problems}
        found_by_rules = rules.problems(loaded)
        problems.update(one for one in found_by_rules if (one.file, one.line) not in told)
        problems.update(_unknown_codes(loaded))
        warnings = [] if problems else rules.warnings(loaded)
    rows = sum(len(table.rows) for table in tables.values())
    return Problems(sorted(problems), len(tables), rows, warnings)


def _frame(table: Table, ragged: set[tuple[str, int]]) -> pd.DataFrame:
    """Rows of a table as text, with the line of each; without ragged ones, and with cells that were told emptied."""
    rows = [
        {name: "" if (place, name) in table.faulty else cell for name, cell in row.items()} | {"line": line}
        for place, (row, line) in enumerate(zip(table.rows, table.lines, strict=True))
        if (table.file, line) not in ragged
    ]
    return pd.DataFrame(rows, columns=[*table.fields, "line"]).astype(dict.fromkeys(table.fields, "str"))


def _unknown_codes(t: Tables) -> Iterator[Problem]:
    """Values that the package names for its mandate and that its vocabularies do not have."""
    named = [("treaty", t.about("treaty"))]
    for part in t.about("index", {}).values():
        named += [("uhri_body", body) for body in ([part] if isinstance(part, str) else part)]
    for vocabulary, code in dict.fromkeys(named):
        if code and len(t[VOCABULARIES]) and code not in t.codes(vocabulary):
            message = f"`mandate` names {quoted(code)}; the vocabulary {quoted(vocabulary)} has no value {quoted(code)}"
            yield Problem(
                FILE, 1, "", "package", message, "correct it there, or add the value to the vocabularies"
            )


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
        raw = table_path(data_dir, resource["path"]).read_bytes()
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
        whole = cells + [""] * (len(header) - len(cells))
        row = {name: whole[at] for name, at in place.items()}
        if not any(row.values()):
            message, todo = "the row is blank", "delete the line, or fill the row"
            problems.append(Problem(table.file, line, "", "blank-row", message, todo))
            continue
        table.rows.append(row)
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
    for at, name in enumerate(header):
        if name in header[:at] and name:
            yield f"the column {quoted(name)} stands there twice", "delete one of the two"
        elif not name:
            filled = any(len(cells) > at and cells[at] for _, cells in rows)
            todo = "give it the name that it has in datapackage.json" if filled else "delete it; it is empty"
            yield f"column number {at + 1} has no name", todo
        elif name not in table.fields:
            near = get_close_matches(name.strip().casefold(), missing, n=1)
            missing = [other for other in missing if other not in near]
            todo = f"rename it to {quoted(near[0])}" if near else "describe it there, or delete it"
            yield f"the column {quoted(name)} is not described in datapackage.json", todo
    for name in missing:
        yield f"the column {quoted(name)} is missing", "add it, at its place in datapackage.json"
    known = list(dict.fromkeys(name for name in header if name in table.fields))
    expected = [name for name in table.fields if name in header]
    if known != expected:
        yield (
            "the columns stand in another order than in datapackage.json",
            f"the order is {', '.join(expected)}",
        )

"""Bringing the tables of a package to the one form in which they are kept, without losing a cell or guessing one."""

from __future__ import annotations

import csv
import io
import os
import re
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from compendium import cells as of_cells
from compendium import describing, periods, sheets
from compendium.cells import Table
from compendium.description import Meta, is_date, split, table_path
from compendium.problems import Problem, count, printable, quoted

BREAK = re.compile(r"\s*[\r\n]+\s*")
WHOLE = re.compile(r"(\d+)\.0+", re.ASCII)
BY_HAND = "put it right by hand; the file was left as it is"


@dataclass(frozen=True)
class Change:
    """What was changed in a file (its path in the package), on which line of it (0: all over), in which row."""

    file: str
    line: int
    id: str
    what: str

    def __str__(self) -> str:
        """The change on one line."""
        place = f"{self.file}:{self.line}" if self.line else self.file
        return printable(f"{place}  {self.id or '-'}  {self.what}")


@dataclass
class Formatted:
    """What `form` did: its changes, and what it left to a person."""

    changes: list[Change] = field(default_factory=list)
    left: list[Problem] = field(default_factory=list)


class _LeftError(Exception):
    """A file cannot be formed without losing or guessing something."""

    def __init__(self, line: int, message: str, todo: str = BY_HAND) -> None:
        super().__init__(message)
        self.line, self.todo = line, todo


def form(data_dir: str | Path, tell: Callable[[Change], object] = lambda change: None) -> Formatted:
    """Rewrite each table of the package in its canonical form; a file that cannot be read whole stays as it is.

    Canonical are UTF-8, LF, commas, quotation marks only where they are needed, columns and rows in order, no blanks
    around values, no empty rows or columns, and dates as `periods.parse` reads them. What can be read in two ways is
    left and told. A file is replaced in one step or not at all; `tell` is called with each change of it right after.
    Raises OSError if a file cannot be written.
    """
    data_dir = Path(data_dir)
    described = describing.read(data_dir)
    done = Formatted(left=list(described.problems))
    for resource in described.tables.values():
        path = table_path(data_dir, resource["path"])
        table = Table(resource, resource["path"])
        try:
            raw = path.read_bytes()
            made, changes, left = _formed(raw, table)
        except FileNotFoundError:
            continue  # told by `check`
        except OSError as error:
            left = [
                Problem(table.file, 0, "", "file", f"it cannot be read: {error.strerror}", "make it readable")
            ]
        except _LeftError as error:
            left = [Problem(table.file, error.line, "", "format", str(error), error.todo)]
        else:
            if made != raw:
                _replace(path.resolve(), made)
                done.changes += changes
                for change in changes:
                    tell(change)
        done.left += left
    return done


def report(done: Formatted) -> str:
    """How many files were changed, and what is left, one a line."""
    files = count(len({change.file for change in done.changes}), "file")
    last = f"{files} changed." if done.changes else "Nothing had to be changed."
    if done.left:
        last += f" {count(len(done.left), 'thing')} left to you:"
    last += "" if done.left else " `make check` says what else may be wrong."
    return "\n".join([last, *map(str, done.left)])


def _replace(path: Path, content: bytes) -> None:
    """Put new content in place of a file in one step, with the permissions of the old one."""
    handle, name = tempfile.mkstemp(prefix=".", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, path.stat().st_mode)
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise


def _formed(raw: bytes, table: Table) -> tuple[bytes, list[Change], list[Problem]]:
    """The canonical bytes of a table, the changes, and what is left in it; _LeftError if it must be left whole."""
    sheet = sheets.read(raw, table.file)
    if not sheet.complete:
        problem = sheet.problems[0]
        raise _LeftError(problem.line, problem.message, problem.todo)
    if any("\ufffd" in cell for row in sheet.rows for cell in row.cells):
        raise _LeftError(0, "letters of it cannot be read in any encoding known here")
    changes = [
        Change(table.file, problem.line, "", f"{problem.message}: put right") for problem in sheet.problems
    ]
    if any(problem.message == sheets.NOT_UTF8 for problem in sheet.problems):
        # A guess, mostly right: what a person must look at is shown.
        changes += [
            Change(table.file, row.line, "", f"read as Windows letters: {quoted(cell)}")
            for row in sheet.rows
            for cell in row.cells
            if not cell.isascii()
        ]
    header, place = _columns(sheet, table, changes)
    whole = raw.endswith((b"\n", b"\r", b"\n\0", b"\r\0"))
    rows = list(_rows(sheet, len(sheet.rows[0].cells), whole, table, changes))
    order = [name for name in table.fields if name in place] + [
        name for name in header if name not in table.fields
    ]
    if header != order:
        changes.append(Change(table.file, 1, "", f"columns put in order: {', '.join(order)}"))

    table.columns, table.complete = order, True
    left = []
    for line, cells in rows:
        row = {name: cells[place[name]] for name in order}
        table.rows.append(row)
        table.lines.append(line)
    for number, row in enumerate(table.rows):
        left += list(_cells(table, number, row, changes))
    _sort(table, changes)
    made = io.StringIO(newline="")
    writer = csv.writer(made, lineterminator="\n")
    writer.writerow(order)
    writer.writerows([row[name] for name in order] for row in table.rows)
    content = made.getvalue().encode("utf-8")
    if content != raw and not changes:
        changes.append(
            Change(table.file, 0, "", "quotation marks and the end of the file put in their usual form")
        )
    return content, changes, left


def _columns(sheet: sheets.Sheet, table: Table, changes: list[Change]) -> tuple[list[str], dict[str, int]]:
    """Names of the columns that stay, as they stand in the file, and the place of each."""
    line, cells = sheet.rows[0]
    known = {name.casefold(): name for name in table.fields}
    if not {cell.strip().casefold() for cell in cells} & known.keys():
        raise _LeftError(line, "the first line is not the header row", f"begin with {','.join(table.fields)}")
    header: list[str] = []
    place: dict[str, int] = {}
    for at, cell in enumerate(cells):
        name = known.get(cell.strip().casefold(), cell.strip())
        if not name:
            if any(len(row.cells) > at and row.cells[at].strip() for row in sheet.rows[1:]):
                raise _LeftError(line, f"column number {at + 1} has no name, but it has values", "name it")
            changes.append(Change(table.file, line, "", f"column number {at + 1} is empty: taken out"))
            continue
        if name in place:
            raise _LeftError(line, f"the column {quoted(name)} stands there twice", "delete one of the two")
        if name != cell:
            changes.append(Change(table.file, line, "", f"column {quoted(cell)} named {quoted(name)}"))
        header.append(name)
        place[name] = at
    return header, place


def _rows(
    sheet: sheets.Sheet, width: int, whole: bool, table: Table, changes: list[Change]
) -> Iterator[sheets.Row]:
    """The rows that hold something, each as wide as the header."""
    for number, (line, cells) in enumerate(sheet.rows[1:], 1):
        if not any(cell.strip() for cell in cells):
            changes.append(Change(table.file, line, "", "the row is empty: taken out"))
            continue
        if (
            len(cells) > width
        ):  # a comma too many shifts every cell after it, even where the last one is empty
            todo = "put quotation marks around a text that has commas in it"
            raise _LeftError(line, f"the row has {len(cells)} cells, the header {width} columns", todo)
        if len(cells) < width and number == len(sheet.rows) - 1 and not whole:
            raise _LeftError(line, "the file breaks off in its last row", "fetch the file once more")
        if len(cells) != width:
            changes.append(
                Change(table.file, line, "", f"{len(cells)} cells made {width} by empty ones at the end")
            )
        yield sheets.Row(line, (cells + [""] * width)[:width])


def _cells(table: Table, number: int, row: dict[str, str], changes: list[Change]) -> Iterator[Problem]:
    """Bring the cells of a row to their form; what is left to a person."""
    found = []
    for name, cell in row.items():
        described = table.fields.get(name, {})
        new = _cell(cell, described)
        if new != cell:
            found.append(f"{name}: {quoted(cell)} made {quoted(new)}")
            row[name] = new
    for what in found:
        changes.append(Change(table.file, table.lines[number], table.id(number), what))
    for name, cell in row.items():
        if name in table.fields and cell and is_date(table.fields[name]):
            yield from (
                table.problem(number, rule, f"{name}: {message}", todo)
                for rule, message, todo in of_cells.date_faults(cell)
            )


def _cell(cell: str, described: Meta) -> str:
    """A cell in its form; as it is where that is not sure."""
    cell = BREAK.sub(" ", cell.strip())
    if described.get("type") == "list":
        return str(described.get("delimiter", ",")).join(
            item.strip() for item in split(cell, described) if item.strip()
        )
    if described.get("type") == "integer" and (number := WHOLE.fullmatch(cell)):
        return number[1]
    if is_date(described) and len(meant := periods.guesses(cell)) == 1 and _is_sure(cell, meant[0]):
        return meant[0]
    return cell


def _is_sure(cell: str, meant: str) -> bool:
    """Whether a date can only mean this one.

    Not so the first of a month, which a spreadsheet makes of a month; nor a year of two digits; nor the number of a
    day, which counts from two different days in different programs.
    """
    return not meant.endswith("-01") and meant[:4] in cell if len(meant) == 10 else meant[:4] in cell


def _sort(table: Table, changes: list[Change]) -> None:
    """Sort the rows, if each can be placed."""
    by = of_cells.sorted_by(table)
    if not table.has(*by):
        return
    keys = [of_cells.sort_key(table, row, by) for row in table.rows]
    if any(key is None for key in keys):
        return
    order = sorted(range(len(keys)), key=lambda number: keys[number] or ())
    moved = [number for place, number in enumerate(order) if place != number]
    if moved:
        what = f"rows sorted by {', then '.join(by)}: {count(len(moved), 'row')} moved"
        changes.append(Change(table.file, 0, "", what))
    table.rows = [table.rows[number] for number in order]
    table.lines = [table.lines[number] for number in order]

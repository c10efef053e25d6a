"""Bringing the tables of a package to the one form in which they are kept, without losing a cell or guessing one."""

from __future__ import annotations

import os
import re
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from compendium import periods
from compendium.description import (
    Meta,
    delimiters,
    fields,
    is_date,
    is_list,
    package,
    primary_key,
    split,
    table_path,
)
from compendium.editing import cells, describing, evidence, spreadsheets
from compendium.editing.characters import FOREIGN, folded
from compendium.problems import Problem, count, lines, printable, quoted

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
    """Rewrite each table of a package in its canonical form; a file that cannot be read whole stays as it is.

    Canonical are UTF-8, LF, commas, quotation marks only where they are needed, columns and rows in order, plain
    blanks, none around values, no empty rows or columns, and dates as `periods.parse` reads them. What can be read in
    two ways is left and told. A file is replaced in one step or not at all; `tell` is called with each change of it
    right after. Raises OSError if a file cannot be written.
    """
    if zipfile.is_zipfile(Path(data_dir).expanduser()):
        todo = "unpack it, and name the folder with its datapackage.json"
        return Formatted(
            left=[Problem(str(data_dir), 0, "", "file", "what is packed in a zip cannot be changed", todo)]
        )
    folder = package(data_dir)
    described = describing.read(folder)
    done = Formatted(left=list(described.problems))
    for resource in described.tables.values():
        path, table = table_path(folder, resource["path"]), _Table(resource)
        try:
            raw = path.read_bytes()
            made = table.form(raw, path)
        except FileNotFoundError:
            continue  # told by `check`
        except OSError as error:
            unread = f"it cannot be read: {error.strerror}"
            done.left.append(
                Problem(table.file, 0, "", "file", unread, "put a file that can be read in its place")
            )
        except _LeftError as error:
            done.left.append(Problem(table.file, error.line, "", "format", str(error), error.todo))
        else:
            done.left += table.left
            if made != raw:
                replace(path.resolve(), made)
                done.changes += table.changes
                for change in table.changes:
                    tell(change)
    return done


def report(done: Formatted) -> str:
    """How many files were changed, and what is left, one a line."""
    files = count(len({change.file for change in done.changes}), "file")
    last = f"{files} changed." if done.changes else "Nothing had to be changed."
    if done.left:
        last += f" {count(len(done.left), 'thing')} left to you:"
    last += "" if done.left else " `make check` says what else may be wrong."
    return "\n".join([last, *lines(done.left)])


def replace(path: Path, content: bytes) -> None:
    """Put new content in place of a file in one step, with the permissions of the old one."""
    handle, name = tempfile.mkstemp(prefix=".", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.chmod(name, path.stat().st_mode)
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise


Row = tuple[int, dict[str, str]]  # line of the file, and cells by column


class _Table:
    """One table on its way to its form, with the changes that were made and what was left to a person."""

    def __init__(self, resource: Meta) -> None:
        self.resource, self.file, self.fields = resource, resource["path"], fields(resource)
        self.changes: list[Change] = []
        self.left: list[Problem] = []

    def change(self, line: int, what: str, key: str = "") -> None:
        self.changes.append(Change(self.file, line, key, what))

    def form(self, raw: bytes, path: Path) -> bytes:
        """The canonical bytes of the table; _LeftError if it must be left whole."""
        sheet = spreadsheets.read(raw, self.file, delimiters(self.resource))
        if not sheet.complete:
            problem = sheet.problems[-1]
            raise _LeftError(problem.line, problem.message, problem.todo)
        for problem in sheet.problems:
            self.change(problem.line, f"{problem.message}: put right")
        for line, cell in sheet.letters:
            self.change(line, f"read as {quoted(cell)}")
        place = self.columns(sheet)
        ends = raw.endswith((b"\n", b"\r", b"\n\0", b"\r\0"))
        rows = self.rows(sheet, place, ends)
        self.cells(rows, path)
        rows = self.sorted(rows)
        made = spreadsheets.written([place, *(row.values() for _, row in rows)])
        # Bytes that can be read in several ways stay the bytes that they are.
        content = made.encode("utf-8", "surrogateescape")
        if content != raw and not self.changes:
            self.change(0, "quotation marks and the end of the file put in their usual form")
        return content

    def columns(self, sheet: spreadsheets.Sheet) -> dict[str, int]:
        """The columns that stay, in their order, and the place of each in the file."""
        line, header = sheet.rows[0]
        known = {name.casefold(): name for name in self.fields}
        names = [known.get(folded(cell).strip().casefold(), cell.strip()) for cell in header]
        if not {*names} & {*self.fields}:
            raise _LeftError(
                line, "the first line is not the header row", f"begin with {','.join(self.fields)}"
            )
        place: dict[str, int] = {}
        for at, name in enumerate(names):
            filled = any(len(row.cells) > at and row.cells[at].strip() for row in sheet.rows[1:])
            if not name and filled:
                raise _LeftError(line, f"column number {at + 1} has no name, but it has values", "name it")
            if name in place:
                raise _LeftError(
                    line, f"the column {quoted(name)} stands there twice", "delete one of the two"
                )
            if not name:
                self.change(line, f"column number {at + 1} is empty: taken out")
                continue
            if name != header[at]:
                self.change(line, f"column {quoted(header[at])} named {quoted(name)}")
            place[name] = at
        order = [name for name in self.fields if name in place]
        order += [name for name in place if name not in self.fields]
        if order != list(place):
            self.change(1, f"columns put in order: {', '.join(order)}")
        return {name: place[name] for name in order}

    def rows(self, sheet: spreadsheets.Sheet, place: dict[str, int], ends: bool) -> list[Row]:
        """The rows that hold something, each as wide as the header; `ends` is whether the last line does."""
        (_, header), *others = sheet.rows
        rows = []
        for line, found in others:
            if not any(cell.strip() for cell in found):
                self.change(line, "the row is empty: taken out")
                continue
            if len(found) < len(header) and line == others[-1].line and not ends:
                raise _LeftError(line, "the file breaks off in its last row", "fetch the file once more")
            short = [name for name, at in place.items() if at >= len(found)]
            # A comma too many shifts every cell after it, even where the last one is empty; one too few does, unless
            # what is missing are empty cells at the end, as some spreadsheets leave them out.
            if len(found) > len(header) or any(self.is_required(name) for name in short):
                raise _LeftError(line, *spreadsheets.ragged(found, len(header)))
            if len(found) < len(header):
                self.change(line, f"{len(found)} cells made {len(header)} by empty ones at the end")
            rows.append((line, {name: "" if name in short else found[at] for name, at in place.items()}))
        return rows

    def is_required(self, name: str) -> bool:
        """Whether a column must be filled."""
        wanted = self.fields.get(name, {}).get("constraints", {}).get("required", False)
        return bool(wanted) or name in primary_key(self.resource)

    def cells(self, rows: list[Row], path: Path) -> None:
        """Bring the cells to their form, and tell what is left to a person."""
        formed = [
            {name: _cell(cell, self.fields.get(name, {})) for name, cell in row.items()} for _, row in rows
        ]
        keys = [self.key(row) for row in formed]
        doubtful = {
            (at, name): cell
            for at, (_, row) in enumerate(rows)
            for name, cell in row.items()
            if FOREIGN.search(cell) or (self.is_date(name) and cell and cells.undated(cell))
        }
        before = self.before(path) if doubtful else {}
        known = {
            (at, name): (cell, before.get(keys[at], {}).get(name, ""))
            for (at, name), cell in doubtful.items()
        }
        settled = evidence.letters(known) | evidence.dates(
            {at: of for at, of in known.items() if self.is_date(at[1])}
        )
        for at, (line, row) in enumerate(rows):
            for name, cell in row.items():
                new, how = formed[at][name], ""
                if new == cell and (at, name) in settled:
                    new, how = settled[at, name]
                if new != cell:
                    self.change(
                        line, f"{name}: {quoted(cell)} made {quoted(new)}{how and ', '}{how}", keys[at]
                    )
                row[name] = new
                fault = cells.undated(new) if new and self.is_date(name) else None
                if fault := cells.undecided(new) if FOREIGN.search(new) else fault:
                    rule, message, todo = fault
                    self.left.append(Problem(self.file, line, keys[at], rule, f"{name}: {message}", todo))

    def before(self, path: Path) -> dict[str, dict[str, str]]:
        """The rows of the table as it was committed last, by their keys; none if that cannot be read."""
        raw = evidence.committed(path)
        sheet = spreadsheets.read(raw or b"", self.file)
        if not sheet.complete:
            return {}
        (_, header), *rows = sheet.rows
        cells_of = (dict(zip(header, row, strict=False)) for _, row in rows)
        return {self.key(row): row for row in cells_of}

    def key(self, row: dict[str, str]) -> str:
        """Key of a row, its parts joined by `/`."""
        return "/".join(filter(None, (row.get(name, "") for name in primary_key(self.resource))))

    def is_date(self, name: str) -> bool:
        """Whether a column holds dates."""
        return is_date(self.fields.get(name, {}))

    def sorted(self, rows: list[Row]) -> list[Row]:
        """The rows in their order, if each can be placed."""
        by = cells.sorted_by(self.resource)
        if not rows or not {*by} <= rows[0][1].keys():
            return rows
        keys = cells.sort_keys((row for _, row in rows), self.resource)
        if None in keys:
            return rows
        order = sorted(range(len(rows)), key=lambda number: keys[number] or ())
        if moved := sum(place != number for place, number in enumerate(order)):
            self.change(0, f"rows sorted by {', then '.join(by)}: {count(moved, 'row')} moved")
        return [rows[number] for number in order]


def _cell(cell: str, described: Meta) -> str:
    """A cell in its form; as it is where that is not sure."""
    cell = folded(BREAK.sub(" ", cell)).strip()
    if is_list(described):
        items = [item.strip() for item in split(cell, described)]
        return str(described.get("delimiter", ",")).join(filter(None, items))
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

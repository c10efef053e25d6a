"""The tables of a package as their files have them, and what is wrong with the form of a file."""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from compendium.description import FILE, NOTES, Meta, delimiters, fields, primary_key, table_path
from compendium.editing import spreadsheets
from compendium.problems import Problem, did_you_mean, quoted


@dataclass
class Table:
    """A table as its file has it: cells of the described columns that are there, and the line of each row.

    `told` are the cells (row, column) of which a problem is told; `whole` is whether all of the table could be read.
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


def undescribed(folder: Path, described: set[str]) -> Iterator[Problem]:
    """CSV files of the folder that the package does not describe."""
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        hidden = any(part.startswith(".") for part in inside.parts)
        if path.suffix.lower() == ".csv" and not hidden and inside.as_posix() not in described:
            todo = f"describe it in {FILE}, or move it out of this folder"
            yield Problem(inside.as_posix(), 0, "", "file", f"{FILE} does not describe this file", todo)


def unreadable_notes(folder: Path) -> Iterator[Problem]:
    """Words for the notebooks that are no text in UTF-8, with the line on which that is seen."""
    for path in sorted((folder / NOTES).glob("*.md")):
        raw = path.read_bytes()
        try:
            raw.decode("utf-8")
        except UnicodeDecodeError as error:
            line = raw.count(b"\n", 0, error.start) + 1
            told = "the text is not encoded as UTF-8", "save it as UTF-8 text"
            yield Problem(f"{NOTES}/{path.name}", line, "", "encoding", *told)


def read(folder: Path, table: Table) -> Iterator[Problem]:
    """Read a table as far as it can be; what is wrong with the form of its file."""

    def problem(line: int, rule: str, message: str, todo: str) -> Problem:
        return Problem(table.file, line, "", rule, message, todo)

    try:
        raw = table_path(folder, table.resource["path"]).read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        todo = f"put the file back, or take the table out of {FILE}"
        yield problem(0, "file", "this file is missing", todo)
        return
    except OSError as error:
        todo = "put a file that can be read in its place"
        yield problem(0, "file", f"it cannot be read: {error.strerror}", todo)
        return
    sheet = spreadsheets.read(raw, table.file, delimiters(table.resource))
    yield from sheet.problems
    if not sheet.rows:
        return
    (line, header), *rows = sheet.rows
    if not set(header) & table.fields.keys():
        message = f"the first line is not the header row: it names no column of {quoted(table.name)}"
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


def _header_faults(
    header: list[str], rows: list[spreadsheets.Row], table: Table
) -> Iterator[tuple[str, str]]:
    """What is wrong with the names of the columns, each with what to do."""
    missing = [name for name in table.fields if name not in header]
    for at, name in enumerate(header):
        if not name:
            filled = any(len(cells) > at and cells[at] for _, cells in rows)
            todo = f"give it the name that it has in {FILE}" if filled else "delete it; it is empty"
            yield f"column number {at + 1} has no name", todo
        elif name in header[:at]:
            yield f"the column {quoted(name)} stands there twice", "delete one of the two"
        elif name not in table.fields:
            todo = did_you_mean(name.strip(), missing, f"describe it in {FILE}, or delete it")
            missing = [other for other in missing if f"`{other}`" not in todo]
            yield f"the column {quoted(name)} is not described in {FILE}", todo
    for name in missing:
        yield f"the column {quoted(name)} is missing", f"add it, at its place in {FILE}"
    expected = [name for name in table.fields if name in header]
    if expected != list(dict.fromkeys(name for name in header if name in table.fields)):
        yield f"the columns stand in another order than in {FILE}", f"the order is {', '.join(expected)}"

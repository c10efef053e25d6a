"""One CSV file as somebody may have saved it: read as far as can be, with what is wrong with its form."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from compendium.editing.characters import FOREIGN, readings
from compendium.problems import Problem, count, quoted

SAVE = "save it as CSV: UTF-8, commas between cells, LF line ends; `make format` does it"
AGAIN = "open the last sound version again with the comma as the only separator, and change it there"
BINARY = re.compile(rb"[\x00-\x08\x0e-\x1a]")
UTF16 = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
MARKS = re.compile("(?:\ufeff|ï»¿)+")  # also one that was read as Windows letters before
OTHER_SEPARATORS = {";": "semicolons", "\t": "tabs"}

Tell = Callable[..., None]  # tells a problem: line, rule, message and what to do


class Row(NamedTuple):
    """Cells of a row, and the line of the file on which it begins."""

    line: int
    cells: list[str]


@dataclass
class Sheet:
    """The rows of a file, the header being the first; `complete` tells whether all of it could be read.

    A byte that can be read in several ways stays in its cell as half of a pair (`characters.FOREIGN`); `letters` are
    the cells, with their line, whose bytes were read in the one way that there is.
    """

    rows: list[Row] = field(default_factory=list)
    complete: bool = False
    problems: list[Problem] = field(default_factory=list)
    letters: list[tuple[int, str]] = field(default_factory=list)


def read(raw: bytes, file: str, delimiters: Collection[str] = ()) -> Sheet:
    """Read the bytes of a CSV file; `file` is its name in problems, `delimiters` are those of its lists."""
    sheet = Sheet()

    def tell(line: int, rule: str, message: str, todo: str = SAVE) -> None:
        sheet.problems.append(Problem(file, line, "", rule, message, todo))

    text = _text(raw, tell)
    if text is None:
        return sheet
    if not text.strip():
        tell(1, "column", "the file is empty", "give it a header row with the columns of datapackage.json")
        return sheet
    if "\r" in text:
        line = re.split(r"\r\n?", text, maxsplit=1)[0].count("\n") + 1
        tell(line, "format", "the lines end as Windows or old Mac programs end them (CRLF or CR)")
    header = re.split(r"[\r\n]", text, maxsplit=1)[0]
    separator = next((s for s in OTHER_SEPARATORS if s in header and "," not in header), ",")
    if separator != ",":
        tell(1, "format", f"the cells are separated by {OTHER_SEPARATORS[separator]}, not by commas")

    # Left to itself, the limit depends on whether another library has been loaded and has raised it.
    csv.field_size_limit(2**31 - 1)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    line = 1
    try:
        for cells in reader:
            sheet.rows.append(Row(line, cells))
            line = reader.line_num + 1
        sheet.complete = True
    except csv.Error:
        unmatched = "this row and those after it cannot be read: its quotation marks do not match"
        tell(
            line,
            "format",
            unmatched,
            "put one pair of quotation marks around a cell, and double those inside it",
        )
    _take_apart(sheet.rows, tell)
    if sheet.rows and _is_cut(sheet.rows, delimiters, tell):
        return Sheet(problems=sheet.problems)
    _letters(sheet, tell)
    return sheet


def written(rows: Iterable[Iterable[str]]) -> str:
    """Rows as the text of a CSV file in the form in which tables are kept."""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


def _text(raw: bytes, tell: Tell) -> str | None:
    """The text of a file, bytes that are not UTF-8 as halves of pairs; None if it is no text."""
    if order := UTF16.get(raw[:2]):
        tell(1, "encoding", "the text is encoded as UTF-16")
        return raw[2:].decode(order, errors="replace")
    text = raw.decode("utf-8", "surrogateescape")
    if FOREIGN.search(text) and BINARY.search(raw):
        broken = "this is not a text file; perhaps it is a workbook, or a download that broke"
        tell(0, "encoding", broken)
        return None
    if marks := MARKS.match(text):
        tell(1, "encoding", "the text begins with an invisible mark (BOM)")
    return text[marks.end() :] if marks else text


def _take_apart(rows: list[Row], tell: Tell) -> None:
    """Take rows apart that stand in one cell as a whole, which leaves no doubt what their cells were."""
    for at, (line, cells) in enumerate(rows):
        inside = next(csv.reader(cells)) if len(cells) == 1 and "," in cells[0] else cells
        if inside != cells and (at == 0 or len(inside) == len(rows[0].cells)):
            tell(line, "format", "the whole row stands in one cell")
            rows[at] = Row(line, inside)


def _is_cut(rows: list[Row], delimiters: Collection[str], tell: Tell) -> bool:
    """Whether lists were cut at their separator, so that cells stand beyond the last column."""
    header, *others = (row.cells for row in rows)
    named = len(header)
    while named and not header[named - 1].strip():
        named -= 1
    beyond = sum(any(cells[named:]) for cells in others)
    in_lists = any(delimiter in cell for delimiter in delimiters for cells in others for cell in cells)
    if named == len(header) or not beyond or not delimiters or in_lists:
        return False
    cut = f"lists were cut at {' or '.join(map(quoted, delimiters))}, or a text at a comma"
    tell(1, "format", f"cells stand beyond the last column in {count(beyond, 'row')}: {cut}", AGAIN)
    return True


def ragged(cells: list[str], columns: int) -> tuple[str, str]:
    """What is wrong with a row that has more or fewer cells than the header has columns, and what to do."""
    message = f"the row has {count(len(cells), 'cell')}, the header {count(columns, 'column')}"
    if len(cells) > columns:
        return (
            message,
            "put quotation marks around a text that has commas in it, and delete commas at the end",
        )
    return message, "add a comma for each empty cell, or what is missing"


def _letters(sheet: Sheet, tell: Tell) -> None:
    """Read bytes that are not UTF-8, if all of the file can be read in one way only; else they stay."""
    foreign = [
        (row, place) for row in sheet.rows for place, cell in enumerate(row.cells) if FOREIGN.search(cell)
    ]
    ways = readings([row.cells[place] for row, place in foreign]) if foreign else {}
    if len(ways) == 1:
        [(read, encoding)] = ways.items()
        tell(foreign[0][0].line, "encoding", f"the text is not UTF-8; it was saved for {encoding}")
        for (row, place), cell in zip(foreign, read, strict=True):
            row.cells[place] = cell
            sheet.letters.append((row.line, cell))

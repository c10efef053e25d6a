"""One CSV file as somebody may have saved it: read as far as can be, with what is wrong with its form."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from compendium.problems import Problem

SAVE = "save it as CSV: UTF-8, commas between cells, LF line ends; `make format` does it"
NOT_UTF8 = "the text is not encoded as UTF-8"
BINARY = re.compile(rb"[\x00-\x08\x0e-\x1a]")
UTF16_MARK = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
UTF16_ZEROS = {
    (False, True): "utf-16-le",
    (True, False): "utf-16-be",
}  # every second byte of plain letters is zero
OTHER_SEPARATORS = {";": "semicolons", "\t": "tabs"}


class Row(NamedTuple):
    """Cells of a row, and the line of the file on which it begins."""

    line: int
    cells: list[str]


@dataclass
class Sheet:
    """The rows of a file, the header being the first; `complete` tells whether all of it could be read."""

    rows: list[Row] = field(default_factory=list)
    complete: bool = False
    problems: list[Problem] = field(default_factory=list)


def read(raw: bytes, file: str) -> Sheet:
    """Read the bytes of a CSV file; `file` is its name in problems."""
    sheet = Sheet()

    def problem(line: int, rule: str, message: str, todo: str = SAVE) -> None:
        sheet.problems.append(Problem(file, line, "", rule, message, todo))

    text = _decode(raw, problem)
    if text is None:
        return sheet
    if not text.strip():
        problem(1, "column", "the file is empty", "give it a header row with the columns of datapackage.json")
        return sheet
    if "\r" in text:
        line = re.split(r"\r\n?", text, maxsplit=1)[0].count("\n") + 1
        problem(line, "format", "the lines end as Windows or old Mac programs end them (CRLF or CR)")

    header = re.split(r"[\r\n]", text, maxsplit=1)[0]
    separator = next((s for s in OTHER_SEPARATORS if s in header and "," not in header), ",")
    if separator != ",":
        problem(1, "format", f"the cells are separated by {OTHER_SEPARATORS[separator]}, not by commas")

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
        problem(
            line,
            "format",
            "this row and those after it cannot be read: its quotation marks do not match",
            "put one pair of quotation marks around a cell, and double those inside it",
        )
    return sheet


def _decode(raw: bytes, problem: Callable[[int, str, str], None]) -> str | None:
    """The text of a file, in its likely encoding if it has the wrong one; None if it is no text."""
    order = UTF16_MARK.get(raw[:2]) or UTF16_ZEROS.get((raw[0:8:2] == bytes(4), raw[1:8:2] == bytes(4)))
    if order:
        problem(1, "encoding", "the text is encoded as UTF-16")
        return raw.decode(order, errors="replace").removeprefix("\ufeff")
    if raw.startswith(codecs.BOM_UTF8):
        problem(1, "encoding", "the text begins with an invisible mark (BOM)")
        raw = raw.removeprefix(codecs.BOM_UTF8)
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        if BINARY.search(raw):
            problem(
                0, "encoding", "this is not a text file; perhaps it is a workbook, or a download that broke"
            )
            return None
        line = raw.count(b"\n", 0, error.start) + 1
        problem(line, "encoding", NOT_UTF8)
        return raw.decode("cp1252", errors="replace")

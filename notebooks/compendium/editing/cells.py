"""What the compendium asks of a cell by itself, and by what the rows of a table are sorted."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from compendium import periods
from compendium.description import Meta, fields, is_date, is_list, primary_key, split
from compendium.editing.characters import FOREIGN, readings, strange
from compendium.problems import quoted

# Refused and not made harmless by a mark before them, which would change the data, here and in the CSV behind a figure.
FORMULA = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
WHOLE_NUMBER = re.compile(r"-?(0|[1-9]\d{0,17})", re.ASCII)
SYMBOL = re.compile(r"(.+_)?symbol")  # names of columns that hold symbols of documents

Key = tuple[int | str | None, ...]
Fault = tuple[str, str, str]  # rule, what is wrong, and what to do


def fault(cell: str, name: str, described: Meta) -> Fault | None:
    """What is wrong with the form of a cell, whatever other tables hold; None if nothing is, or if it is empty."""
    values = split(cell, described) if is_list(described) else [cell]
    whole = described.get("type") == "integer"
    if FOREIGN.search(cell):
        return undecided(cell)
    if "\n" in cell or "\r" in cell:
        return "line-break", f"{quoted(cell)} has a line break inside", "write it on one line"
    if cell != cell.strip():
        return "blanks", f"{quoted(cell)} has blanks before or after it", "delete them"
    if odd := strange(cell, symbol=bool(SYMBOL.fullmatch(name))):
        return "character", *odd
    if any(value != value.strip() for value in values):
        return "blanks", f"{quoted(cell)} has blanks around a separator", "delete them"
    if not whole and any(value.startswith(FORMULA) for value in values):
        begins = (
            f"{quoted(cell)} begins as a formula, which a spreadsheet would compute when it opens the file"
        )
        return "formula", begins, "begin it with a letter, a number or a quotation mark"
    if cell and "" in values:
        return (
            "list",
            f"{quoted(cell)} has an item with nothing in it",
            "delete the separator that is too many",
        )
    if len(set(values)) < len(values) and not described.get("repeats"):
        return "list", f"{quoted(cell)} has the same item twice", "delete one of them"
    if cell and is_date(described):
        return undated(cell)
    if cell and whole and not WHOLE_NUMBER.fullmatch(cell):
        return "number", f"{quoted(cell)} is not a whole number", "type digits only, such as 3"
    return None


def undecided(cell: str) -> Fault:
    """Of a cell with bytes that are not UTF-8, the ways to read it."""
    ways = [f"{quoted(read)} ({encoding})" for (read,), encoding in readings([cell]).items()]
    meant = f"it may be {' or '.join(ways)}" if ways else "its letters are not known"
    return "encoding", f"{quoted(cell)} is not UTF-8: {meant}", "type it anew, and save the file as UTF-8"


def undated(cell: str) -> Fault | None:
    """What is wrong with a cell that should hold a date, with the dates that it may have been; None if it is one."""
    try:
        periods.parse(cell)
    except ValueError as error:
        return (
            "date",
            str(error),
            f"type {' or '.join(meanings(cell)) or 'it as 1990, 1990-03 or 1990-03-07'}",
        )
    return None


def meanings(cell: str) -> list[str]:
    """The dates that a cell may have been before a spreadsheet or a habit changed its form."""
    days = periods.guesses(cell)
    # Spreadsheets make the first day of a month that was given without a day.
    return days + [day[:7] for day in days if len(day) == 10 and day.endswith("-01")]


def sorted_by(resource: Meta) -> list[str]:
    """Columns by which the rows of a table must be sorted."""
    names = fields(resource)
    if "ordinal" in names:
        return [name for name in ("vocabulary", "ordinal") if name in names]
    return ["position"] if "position" in names else primary_key(resource)


def sort_keys(rows: Iterable[Mapping[str, str]], resource: Meta) -> list[Key | None]:
    """What each row is sorted by, None where a part of it is missing or is not the number that it should be."""
    numbers = {column: fields(resource)[column].get("type") == "integer" for column in sorted_by(resource)}

    def part(cell: str, number: bool) -> int | str | None:
        if number:
            return int(cell) if WHOLE_NUMBER.fullmatch(cell) else None
        return cell or None

    keys = [tuple(part(row[column], number) for column, number in numbers.items()) for row in rows]
    return [None if None in key else key for key in keys]

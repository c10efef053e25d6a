"""What tells which of several meanings a cell has: the file as it was committed last, and its other cells."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from compendium import periods
from compendium.editing.cells import meanings
from compendium.editing.characters import FOREIGN, readings

NUMBERS = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d\d)(?:[T ]\d{1,2}:\d\d.*)?", re.ASCII)
ORDERS = {"the day first": (1, 0), "the month first": (0, 1)}  # places of month and day
BEFORE = "as in the last committed version"

Cells = Mapping[Any, tuple[str, str]]  # by place: what stands there, and what was there in the last commit
Settled = dict[Any, tuple[str, str]]  # by place: what is meant, and how that is known


def committed(path: Path) -> bytes | None:
    """A file as git has it in the last commit; None if there is no git, no commit, or no such file in it."""
    command = ["git", "-C", str(path.parent), "show", f"HEAD:./{path.name}"]
    try:
        return subprocess.run(command, capture_output=True, check=True, stdin=subprocess.DEVNULL).stdout
    except (OSError, subprocess.CalledProcessError):
        return None


def dates(cells: Cells) -> Settled:
    """What cells that are no dates mean: what was there before, if they can mean it; else by order of day and month.

    That order is known where every other cell that tells one tells the same.
    """
    settled: Settled = {
        place: (was, BEFORE) for place, (cell, was) in cells.items() if was in _meanings(cell)
    }
    told = [
        order for place, (cell, _) in cells.items() if (order := _order(cell, settled.get(place, ("",))[0]))
    ]
    if len({*told}) == 1:
        how = f"{told[0]}, as other dates of this file show"
        for place, (cell, _) in cells.items():
            meant = _in_order(cell, told[0])
            if place not in settled and meant and not meant.endswith("-01"):  # that may have been a month
                settled[place] = meant, how
    return settled


def _meanings(cell: str) -> list[str]:
    """The dates that a cell can mean, a year of two digits in either century."""
    years = ("19", "20") if re.search(r"\D\d\d$", cell) else ()
    return meanings(cell) + [date for year in years for date in meanings(cell[:-2] + year + cell[-2:])]


def _in_order(cell: str, order: str) -> str:
    """The day that a cell means if it has day and month in this order; empty if it means none."""
    numbers = NUMBERS.fullmatch(cell)
    if not numbers or len(numbers[3]) != 4:
        return ""
    month, day = (numbers.groups()[place].zfill(2) for place in ORDERS[order])
    meant = f"{numbers[3]}-{month}-{day}"
    return meant if meant in periods.guesses(cell) else ""


def _order(cell: str, was: str) -> str:
    """The order that a cell must have to mean what it was, or to mean a day at all; empty if it may have either."""
    fitting = [order for order in ORDERS if (meant := _in_order(cell, order)) and meant.startswith(was)]
    return fitting[0] if len(fitting) == 1 else ""


def letters(cells: Cells) -> Settled:
    """What cells with bytes that are not UTF-8 mean, if they have one reading together that agrees with what was."""
    places = [place for place, (cell, _) in cells.items() if FOREIGN.search(cell)]
    ways = readings([cells[place][0] for place in places]) if places else {}
    known = {
        place for read in ways for place, cell in zip(places, read, strict=True) if cell == cells[place][1]
    }
    agreeing = [
        read
        for read in ways
        if all(cell == cells[place][1] for place, cell in zip(places, read, strict=True) if place in known)
    ]
    if not known or len(agreeing) != 1:
        return {}
    how = f"{ways[agreeing[0]]}, as cells show that were so before"
    return {place: (cell, how) for place, cell in zip(places, agreeing[0], strict=True)}

"""The sheet with which people review rows: written for a spreadsheet and for paper, and taken back."""

from __future__ import annotations

import csv
import re
from html import escape
from pathlib import Path

from compendium import periods
from compendium.description import fields, read, table_path
from compendium.editing import spreadsheets
from compendium.editing.characters import FOREIGN
from compendium.editing.format import replace
from compendium.problems import CommandError, Problem, quoted
from compendium.reviews import draw, reviewable
from compendium.tables import load
from compendium.words import html_page, html_table

TABLE = "reviews"
HEADER = (
    "table",
    "key",
    "row_says",
    "where",
    "judgement",
    "what_is_right",
    "where_it_says_so",
    "reviewer",
    "date",
)
HEADINGS = (
    "Row",
    "What it says",
    "Where that should stand",
    "True, wrong or cannot tell?",
    "What is right, and where it says so",
)
WORDS = {"true": "true", "wrong": "wrong", "cannot tell": "cannot_tell", "cannot_tell": "cannot_tell"}
ASKED = (
    "Please look each row up where it should stand, or in another source. Write true, wrong or cannot tell in the "
    "column judgement; for a wrong one what is right and where it says so; and your name, as you wish to be named, and "
    "the date (2026-11-27) in each row that you judged. Rows that you leave empty are not taken."
)


def sheet(data: Path, folder: Path, number: int, seed: int, table: str = "") -> tuple[Path, Path]:
    """Draw rows of a package, write them to `folder` as a sheet (CSV) and a page to print; return the two files.

    Raises CommandError if there is no such table to review.
    """
    t = load(data)
    drawn = draw(t, number, seed, table)
    if drawn.empty:
        known = ", ".join(dict.fromkeys(reviewable(t)["table"])) or "none"
        raise CommandError(
            f"There are no rows to review in {quoted(table)}. Tables with rows to review: {known}."
        )
    folder.mkdir(parents=True, exist_ok=True)
    name = f"review-{table or 'all'}-{seed}"
    rows = (
        [*row, *[""] * 5]
        for row in drawn[["table", "key", "says", "where"]].itertuples(index=False, name=None)
    )
    table_text = spreadsheets.written([HEADER, *rows])
    columns = (map(escape, map(str, drawn[one])) for one in ("title", "key", "says", "where"))
    cells = (
        [f"{title}<br>{key}", says, where, "", ""] for title, key, says, where in zip(*columns, strict=True)
    )
    body = (
        f"<h1>Review of {len(drawn)} rows</h1><p>{escape(ASKED)}</p><p>Reviewer: ____________ Date: ____________</p>"
        + html_table(f"Rows drawn with the seed {seed}, {t.descriptor.get('version', '')}", HEADINGS, cells)
    )
    page = html_page(name, body, "tr{break-inside:avoid}td:nth-child(n+4){width:18%}")
    files = folder / f"{name}.csv", folder / f"{name}.html"
    # With a mark at the beginning, without which Excel takes the letters for others.
    for path, text, encoding in zip(files, (table_text, page), ("utf-8-sig", "utf-8"), strict=True):
        path.write_text(text, encoding=encoding, newline="")
    return files


def take_back(path: Path, data: Path) -> tuple[int, list[Problem]]:
    """Add the judgements of a filled sheet to the table `reviews` of a package; return how many, or what is wrong.

    With a problem nothing is written. No row that was reviewed is ever changed. Raises OSError if the sheet cannot be
    read, CommandError if the package has no such table.
    """
    resource = next((one for one in read(data)["resources"] if one["name"] == TABLE), None)
    if resource is None:
        raise CommandError(
            f"This package has no table `{TABLE}`: copy its description from the compendium's own."
        )
    target, names = table_path(data, resource["path"]), list(fields(resource))
    with target.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    known = set(reviewable(load(data))[["table", "key"]].itertuples(index=False, name=None))
    taken = {row["review_id"] for row in rows}
    problems: list[Problem] = []
    added = []
    for line, judged in _lines(path, problems):
        why = _wrong(judged, known)
        parts = (judged[one] for one in ("table", "key", "reviewer", "date"))
        key = re.sub(r"[^a-z0-9]+", "-", "rv-" + "-".join(parts).lower()).strip("-")
        if not why and key in taken:
            why = ("this judgement is there already", "take the row out of the sheet")
        if why:
            problems.append(Problem(path.name, line, judged["key"], "review", *why))
            continue
        taken.add(key)
        values = (key, judged["table"], judged["key"], judged["row_says"], WORDS[judged["judgement"].lower()])
        rest = (judged[one] for one in ("what_is_right", "where_it_says_so", "reviewer", "date"))
        added.append(dict(zip(names, (*values, *rest, ""), strict=True)))
    if problems or not added:
        return 0, problems
    rows = sorted([*rows, *added], key=lambda row: row["review_id"])
    replace(target, spreadsheets.written([names, *([row[name] for name in names] for row in rows)]).encode())
    return len(added), []


def _lines(path: Path, problems: list[Problem]) -> list[tuple[int, dict[str, str]]]:
    """The rows of a filled sheet in which something was judged, with their lines; what cannot be read is a problem."""
    filled = spreadsheets.read(path.read_bytes(), path.name)
    header, *rows = filled.rows or [spreadsheets.Row(1, [])]
    missing = [name for name in HEADER if name not in header.cells]
    told = f"the columns {', '.join(missing)} are missing" if missing else ""
    if not filled.complete:
        problems += [one for one in filled.problems if one.rule != "format"]
        told = told or "the sheet cannot be read to its end"
    if told:
        todo = "take the sheet as `make review` wrote it, and fill it"
        problems.append(Problem(path.name, 1, "", "column", told, todo))
        return []
    found = []
    for line, cells in rows:
        row = dict(zip(header.cells, [cell.strip() for cell in cells], strict=False))
        judged = {name: row.get(name, "") for name in HEADER}
        if any(FOREIGN.search(cell) for cell in judged.values()):
            todo = "save the sheet as CSV UTF-8"
            problems.append(
                Problem(
                    path.name,
                    line,
                    judged["key"],
                    "encoding",
                    "letters of this row can be read in two ways",
                    todo,
                )
            )
        elif judged["judgement"]:
            found.append((line, judged))
    return found


def _wrong(judged: dict[str, str], known: set[tuple[str, str]]) -> tuple[str, str] | None:
    """What is wrong with a judgement, and what to do; None if nothing is."""
    if (judged["table"], judged["key"]) not in known:
        return (
            f"{quoted(judged['table'])} has no row {quoted(judged['key'])}",
            "leave the columns table and key as they came",
        )
    if judged["judgement"].lower() not in WORDS:
        return f"judgement: {quoted(judged['judgement'])}", "write true, wrong or cannot tell"
    if judged["judgement"].lower() == "wrong" and not (
        judged["what_is_right"] and judged["where_it_says_so"]
    ):
        return (
            "it is called wrong without what is right and where it says so",
            "fill the two columns, or write cannot tell",
        )
    if not judged["reviewer"]:
        return "the reviewer is missing", "write a name, as the person wishes to be named"
    try:
        day = periods.parse(judged["date"]).freqstr == "D"
    except ValueError:
        day = False
    return None if day else (f"date: {quoted(judged['date'])} is not a day", "write it as 2026-11-27")

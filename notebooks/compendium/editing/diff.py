"""What changed in the data since a commit: rows and cells in words and as a page, and what that changed in turn."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import tarfile
from collections import Counter
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from compendium.description import FILE, fields, primary_key
from compendium.problems import CommandError, count
from compendium.words import html_page, html_table

NEW, GONE, CHANGED = "new", "gone", "changed"


@dataclass(frozen=True)
class Change:
    """A row or column that is new or gone, or a cell that changed.

    `column` is the name of a column that is new or gone, which has no `key`, or the heading of a cell; of a row as a
    whole it is empty.
    """

    table: str
    key: str
    what: str
    column: str = ""
    before: str = ""
    after: str = ""

    @property
    def place(self) -> str:
        """The key of the row, or which column it is."""
        return self.key or f"column {self.column}"

    def __str__(self) -> str:
        """The change in words, without its table."""
        if self.what == CHANGED:
            return f"{self.key}: {self.column}: {self.before or '(empty)'} -> {self.after or '(empty)'}"
        return f"{self.place}: {self.what} ({self.before or self.after})"


def earlier(project: Path, since: str, folder: Path) -> None:
    """Put data, notebooks and figures as they were at a commit or tag into a folder; CommandError if git cannot."""
    command = ["git", "-C", str(project), "archive", since, "--", "data", "notebooks", "figures"]
    try:
        done = subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL)
    except OSError as error:
        raise CommandError(
            f"git is needed to see what the data were before, and cannot be run: {error}"
        ) from None
    if done.returncode:
        raise CommandError(f"git does not know `{since}`: name a commit, a branch or a tag (SINCE=v0.7.0).")
    with tarfile.open(fileobj=io.BytesIO(done.stdout)) as archive:
        archive.extractall(folder, filter="data")


def changes(then: Path, now: Path) -> list[Change]:
    """What differs between two data packages, in the order of the tables and of the rows in their files."""
    before, after = _tables(then), _tables(now)
    found = []
    for name in dict.fromkeys([*after, *before]):
        (headings, old), (later, new) = before.get(name, ({}, {})), after.get(name, ({}, {}))
        if headings and later:
            gone, added = headings.keys() - later.keys(), later.keys() - headings.keys()
            found += [
                Change(name, "", GONE, one, before=text) for one, text in headings.items() if one in gone
            ]
            found += [Change(name, "", NEW, one, after=text) for one, text in later.items() if one in added]
        for key in dict.fromkeys([*new, *old]):
            was, is_ = old.get(key), new.get(key)
            if was is None or is_ is None:
                said = "; ".join(
                    f"{(later | headings)[one]}: {text}" for one, text in (is_ or was or {}).items() if text
                )
                found.append(
                    Change(name, key, NEW, after=said)
                    if was is None
                    else Change(name, key, GONE, before=said)
                )
                continue
            found += [
                Change(name, key, CHANGED, heading, was[one], is_[one])
                for one, heading in later.items()
                if one in was and was[one] != is_[one]
            ]
    return found


def _tables(data: Path) -> dict[str, tuple[dict[str, str], dict[str, dict[str, str]]]]:
    """Of each table the headings of its columns by their names, and its rows by their keys."""
    found = {}
    for table in json.loads((data / FILE).read_text(encoding="utf-8"))["resources"]:
        with (data / table["path"]).open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
        headings = {name: str(field.get("title", name)) for name, field in fields(table).items()}
        keys = primary_key(table)
        found[table["name"]] = headings, {"; ".join(row[one] for one in keys): row for row in rows}
    return found


def findings(then: Path, now: Path) -> list[tuple[str, str, str]]:
    """Sentences of findings that differ between two folders of notebooks: notebook, "-" or "+", sentence."""
    found = []
    for path in sorted({one.name for folder in (then, now) for one in folder.glob("*.ipynb")}):
        old, new = _said(then / path), _said(now / path)
        found += [(path, "-", one) for one in old if one not in new] + [
            (path, "+", one) for one in new if one not in old
        ]
    return found


def _said(notebook: Path) -> list[str]:
    """The sentences of the findings and of what a notebook says in short."""
    if not notebook.is_file():
        return []
    cells: list[dict[str, Any]] = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    texts = [
        "".join(out.get("data", {}).get("text/markdown", ""))
        for cell in cells
        for out in cell.get("outputs", [])
    ]
    kept = [text for text in texts if text.startswith(("> **Finding.**", "**In short**"))]
    return [
        one
        for text in kept
        for one in re.split(r"(?<=[.])\s+|\n+", re.sub(r"^> \*\*Finding\.\*\* |\[.*?\]\(#.*?\)", "", text))
        if one
    ]


def figures(then: Path, now: Path) -> list[str]:
    """Names of the figures whose numbers differ between two folders."""
    names = sorted({one.name for folder in (then, now) for one in folder.glob("*.csv")})
    return [name.removesuffix(".csv") for name in names if _bytes(then / name) != _bytes(now / name)]


def _bytes(path: Path) -> bytes:
    return path.read_bytes() if path.is_file() else b""


def draft(found: list[Change]) -> list[str]:
    """Lines for CHANGELOG.md: of each table how many rows are new, gone or changed, and in which columns."""
    lines = []
    for name in dict.fromkeys(one.table for one in found):
        mine = [one for one in found if one.table == name]
        parts = [f"{one.place} {one.what}" for one in mine if not one.key]
        rows = {(one.key, one.what) for one in mine if one.key}
        parts += [
            f"{count(number, 'row')} {what}"
            for what, number in sorted(Counter(what for _, what in rows).items())
        ]
        columns = ", ".join(dict.fromkeys(one.column.lower() for one in mine if one.what == CHANGED))
        lines.append(f"- `{name}`: {', '.join(parts)}" + (f" ({columns})." if columns else "."))
    return lines


def page(found: list[Change], said: list[tuple[str, str, str]], drawn: list[str], since: str) -> str:
    """All of it as a page of HTML."""
    rows = [
        [
            escape(text)
            for text in (
                one.table,
                one.place,
                one.column if one.what == CHANGED else one.what,
                one.before,
                one.after,
            )
        ]
        for one in found
    ]
    parts = [
        html_table(
            f"Cells and rows that changed since {since}", ["Table", "Row", "Column", "Before", "After"], rows
        ),
        html_table(
            "Findings that changed",
            ["Notebook", "", "Sentence"],
            [[escape(text) for text in one] for one in said],
        ),
        f"<p>Figures whose numbers changed: {escape(', '.join(drawn)) or 'none'}.</p>",
    ]
    return html_page(f"Changes since {since}", "".join(parts))

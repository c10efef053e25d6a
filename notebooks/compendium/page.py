"""The page that a notebook writes: its tables of data, its figures, and what the package itself says there."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial, update_wrapper
from html import escape
from pathlib import Path
from typing import Any

import pandas as pd
from IPython.display import display

from compendium import charts
from compendium.description import NOTES
from compendium.links import Links
from compendium.periods import show
from compendium.tables import load
from compendium.words import html_table, md, say, text_of

BESIDE = ("attribution", "source_ids", "unverified_fields", "note")  # fold away at the end of a row
ROWS = 1_000  # of a table on a page; more nobody reads there, and a page of many megabytes does not open


def _bound(form: Callable[..., None], publish: charts.Publish) -> Callable[..., None]:
    """A form of figures that publishes in one place."""
    return lambda *rows, **names: form(*rows, publish=publish, **names)


class Page:
    """A page on a data package: `tables` has its tables, and `page.bars(...)` draws one of the forms of `charts`."""

    def __init__(self, data_dir: str | Path, figures_dir: str | Path, as_of: str | None = None) -> None:
        """Load the package in a folder, whole or as it was known by a date; figures go to `figures_dir`."""
        self.tables = load(data_dir, as_of)
        self._links = Links(self.tables)
        to = partial(charts.publish, figures_dir=figures_dir, credit=self.credit)
        for form in charts.FORMS:
            setattr(self, form.__name__, update_wrapper(_bound(form, to), form))  # as `help` shows it

    @property
    def as_of(self) -> str:
        """The day up to which the data speak, in words: the parameter `as_of`, else the day of the data package."""
        return show(self.tables.until)

    @property
    def credit(self) -> str:
        """Whose the data are, in which version and under which licence: what stands at the foot of a figure."""
        about = self.tables.descriptor
        version = about.get("version") and f"version {about['version']}"
        licences = [one.get("name") for one in about.get("licenses", [])]
        return ", ".join(str(one) for one in (about.get("title"), version, *licences) if one)

    @property
    def reading(self) -> str:
        """What is shown where it is our reading: "Coding of the assessment (2015)"."""
        day = self.tables.assessed
        return "Coding of the assessment" + ("" if pd.isna(day) else f" ({day.year})")

    def notes(self, place: str) -> None:
        """Show what the package says at a place of a notebook, such as "01" for its end; nothing if it is silent.

        These texts are Markdown files in the folder `notes` of the package (`notes/01.md`). HTML in them is text.
        """
        path = self.tables.folder / NOTES / f"{place}.md" if self.tables.folder else None
        if path is not None and path.is_file():
            text = path.read_text(encoding="utf-8-sig")
            say(text.replace("&", "&amp;").replace("<", "&lt;"))  # not ">", which begins a quotation

    def table(self, frame: pd.DataFrame, columns: str, caption: str, note: str = "") -> None:
        """Show a table with its caption, column and row headers that screen readers announce, and a note below it.

        `columns` are names of columns of `frame`, separated by blanks; the first one heads the rows. Their headings
        come from the codebook; a column that is not in it is headed by its name. Sources, what is not attested and
        notes fold away at the end of a row. Symbols lead to their documents, sources to their addresses. `caption` and
        `note` are plain text: what is counted, in which unit, from which kind of data, as of when. Without rows, one
        sentence says so.
        """
        if frame.empty:
            say(f"*{md(caption)}: no rows, in this data package or by this date.*")
            return
        if len(frame) > ROWS:
            note = f"The first {ROWS:,} of {len(frame):,} rows; all stand in the data package. {note}".strip()
        names = columns.split()
        headings = {name: self.tables.heading(name, frame.columns) for name in names}
        shown = pd.DataFrame({name: frame[name].map(text_of).astype(str) for name in names}).head(ROWS)
        if {"passage_id", "footnote"} <= set(names):  # one place in the text
            footnotes = shown.pop("footnote").where(lambda of: of == "", lambda of: ", " + of)
            shown["passage_id"] += footnotes
            names.remove("footnote")
            headings["passage_id"] += ", " + headings.pop("footnote").lower()
        plain = shown.rename(columns=headings).to_string(index=False)
        rows = [self._row(row, headings) for row in shown.to_dict("records")]
        html = html_table(caption, [headings[one] for one in names if one not in BESIDE], rows, note)
        display({"text/html": html, "text/plain": f"{caption}\n{plain}\n{note}"}, raw=True)

    def _row(self, row: dict[Any, str], headings: dict[str, str]) -> list[str]:
        """The cells of a row as HTML with its links, the last with what stands beside it, folded away."""
        linked = {name: self._links.linked(text, name == "source_ids") for name, text in row.items()}
        cells = [html for name, html in linked.items() if name not in BESIDE]
        if beside := {headings[name]: html for name, html in linked.items() if name in BESIDE and html}:
            what = ", ".join(beside).lower()
            told = " ".join(f"<b>{escape(heading)}:</b> {html}." for heading, html in beside.items())
            cells[-1] += f"<details><summary>{escape(what)}</summary>{told}</details>"
        return cells

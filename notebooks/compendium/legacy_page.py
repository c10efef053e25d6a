"""What a notebook puts on its page besides figures: sentences, findings and tables."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

import pandas as pd
from IPython.display import Markdown, display

from compendium.legacy_tables import Tables
from compendium.periods import show

ROWS = 1_000  # of a table on a page; more nobody reads there, and a page of many megabytes does not open
ITEMS = 40  # of a sentence
MARKUP = re.compile(r"([\\`*_\[\]|$#~])")


def md(text: object) -> str:
    """Text from the data for use inside a Markdown sentence: its marks stay marks and never become markup."""
    return MARKUP.sub(r"\\\1", escape(str(text), quote=False))


def counted(number: int, one: str, many: str | None = None) -> str:
    """A number with its noun: "1 document", "14 documents"."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def listing(items: Iterable[object]) -> str:
    """Items in a sentence, safe for Markdown: "a, b and c"; an empty text for none; the first of very many."""
    texts = [md(item) for item in items]
    if len(texts) > ITEMS:
        texts = [*texts[: ITEMS - 1], f"{len(texts) - ITEMS + 1:,} more"]
    return " and ".join(filter(None, [", ".join(texts[:-1]), *texts[-1:]]))


def say(text: str) -> None:
    """Show a paragraph whose numbers were computed. `text` is Markdown; pass data through `md`."""
    display(Markdown(text))


def finding(text: str) -> None:
    """Show a finding, set apart from the text around it. `text` is Markdown; pass data through `md`."""
    display(Markdown(f"> **Finding.** {text}"))


def without(table: str, what: str) -> None:
    """Say that a part of the notebook is left out because a table has no rows, in this package or by this date."""
    say(
        f"*There are no rows in `{table}`, in this data package or by this date. What would follow here: {what}.*"
    )


def needs(tables: Tables, what: str, *names: str) -> bool:
    """Whether each of these tables has rows; if one has none, say that `what` is left out for want of it.

    A part of a notebook begins with a cell `if needs(t, "the list of names", "mandate_names"):`; the cells that go on
    with it ask `t.has("mandate_names")`, so that the sentence stands there once.
    """
    missing = next((name for name in names if not tables.has(name)), None)
    if missing is not None:
        without(missing, what)
    return missing is None


def as_of(tables: Tables) -> str:
    """The day up to which the data speak, in words: the parameter `as_of`, else the day of the data package."""
    return show(tables.until)


def reading(tables: Tables) -> str:
    """The layer of what is coded, for the line under a figure: "Coding of the assessment (2015)"."""
    return "Coding of the assessment" + (f" ({tables.assessed.year})" if tables.assessed else "")


def notes(tables: Tables, place: str, bullets: bool = True) -> None:
    """Show what the package itself says at a place, such as "01" for the end of that notebook; nothing if it is silent.

    These texts stand under `mandate` and `notes` in its datapackage.json, as items of a list or as paragraphs.
    """
    texts = tables.about("notes", {}).get(place, [])
    if texts:
        say("\n".join(f"- {md(text)}" for text in texts) if bullets else "\n\n".join(map(md, texts)))


def text_of(value: Any) -> str:
    """A cell as readers see it: dates in ISO form, lists with semicolons, nothing for what is missing."""
    if isinstance(value, list | tuple):
        return "; ".join(text_of(item) for item in value)
    if isinstance(value, float) and not pd.isna(value):
        return f"{value:.2f}"
    return "" if value is None or value is pd.NA or value is pd.NaT or value != value else str(value)


def _style(cell: str) -> str:
    """Left-aligned; dates and numbers are not broken over lines."""
    return "text-align:left" + (";white-space:nowrap" if cell[:1].isdigit() and len(cell) <= 10 else "")


def html_table(caption: str, headings: Iterable[str], rows: Iterable[Sequence[str]], note: str = "") -> str:
    """A table as HTML with its caption and header scopes; the first cell of a row heads it.

    `rows` hold HTML, so data in them must be escaped already; `caption`, `headings` and `note` are plain text.
    """
    head = "".join(f'<th scope="col" style="text-align:left">{escape(name)}</th>' for name in headings)
    body = []
    for first, *others in rows:
        cells = "".join(f'<td style="{_style(cell)}">{cell}</td>' for cell in others)
        body.append(f'<tr><th scope="row" style="text-align:left">{first}</th>{cells}</tr>')
    html = (
        f'<table class="data"><caption style="text-align:left">{escape(caption)}</caption>\n'
        f"<thead><tr>{head}</tr></thead>\n<tbody>\n" + "\n".join(body) + "\n</tbody></table>"
    )
    return html + (f"\n<p><small>{escape(note)}</small></p>" if note else "")


def table(frame: pd.DataFrame, columns: Mapping[str, str], caption: str, note: str = "") -> None:
    """Show a table with its caption, column and row headers that screen readers announce, and a note below it.

    `columns` names the columns of `frame` to show, in order, each with its heading; the first one heads the rows.
    `caption` and `note` are plain text: what is counted, in which unit, of which layer, as of when. pandas writes
    neither captions nor header scopes; all cells are escaped here.
    """
    if len(frame) > ROWS:
        note = f"The first {ROWS:,} of {len(frame):,} rows; all stand in the tables of the data package. {note}".strip()
    frame = frame[list(columns)].head(ROWS).rename(columns=dict(columns))
    rows = (
        [escape(text_of(value)) for value in values] for values in frame.itertuples(index=False, name=None)
    )
    html = html_table(caption, [str(name) for name in frame.columns], rows, note)
    plain = f"{caption}\n{frame.map(text_of).to_string(index=False)}\n{note}"
    display({"text/html": html, "text/plain": plain}, raw=True)


def code_listing(code: Mapping[str, str]) -> None:
    """Show pieces of code by name, each folded away under its name until a reader opens it."""
    html = "\n".join(
        f"<details><summary><code>{escape(name)}</code></summary>\n<pre><code>{escape(text)}</code></pre></details>"
        for name, text in code.items()
    )
    display({"text/html": html, "text/plain": "\n\n".join(code.values())}, raw=True)

"""What a notebook puts on its page besides figures: sentences, findings and tables."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

import pandas as pd
from IPython.display import Markdown, display

from compendium.periods import show
from compendium.tables import Tables

ROWS = 1_000  # of a table on a page; more nobody reads there, and a page of many megabytes does not open
ITEMS = 40  # of a sentence
MARKUP = re.compile(r"([\\`*_\[\]|$#~])")


def md(text: object) -> str:
    """Text from the data for use inside a Markdown sentence: its marks stay marks and never become markup."""
    return MARKUP.sub(r"\\\1", escape(text_of(text), quote=False))


def counted(number: int, one: str, many: str | None = None) -> str:
    """A number with its noun: "1 document", "14 documents"."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def listing(items: Iterable[object]) -> str:
    """Items in a sentence, safe for Markdown: "a, b and c"; an empty text for none; the first of very many."""
    texts = [md(item) for item in items]
    if len(texts) > ITEMS:
        texts = [*texts[: ITEMS - 1], f"{len(texts) - ITEMS + 1:,} more"]
    return " and ".join(filter(None, [", ".join(texts[:-1]), *texts[-1:]]))


def say(*sentences: object) -> None:
    """Show a paragraph of the sentences that are not empty, 0 or False; nothing if all are.

    Sentences are Markdown; pass data through `md` or `listing`.
    """
    said = " ".join(str(one).strip() for one in sentences if one)
    if said:
        display(Markdown(said))


def finding(*sentences: object) -> None:
    """Show a finding, set apart from the text around it; sentences as for `say`."""
    said = " ".join(str(one).strip() for one in sentences if one)
    say(said and f"> **Finding.** {said}")


def as_of(t: Tables) -> str:
    """The day up to which the data speak, in words: the parameter `as_of`, else the day of the data package."""
    return show(t.until)


def reading(t: Tables) -> str:
    """What is shown where it is our reading: "Coding of the assessment (2015)"."""
    return "Coding of the assessment" + ("" if pd.isna(t.assessed) else f" ({t.assessed.year})")


def text_of(value: Any) -> str:
    """A value as readers see it: codes by their label, dates in ISO form, lists with semicolons, nothing if missing."""
    if isinstance(value, list | tuple):
        return "; ".join(map(text_of, value))
    if hasattr(value, "label"):
        return str(value.label)
    if value is None or value is pd.NA or value is pd.NaT or value != value:
        return ""
    if isinstance(value, float):
        return f"{value:.2f}"
    return str(value.date()) if isinstance(value, pd.Timestamp) else str(value)


def table(t: Tables, frame: pd.DataFrame, columns: str, caption: str, note: str = "") -> None:
    """Show a table with its caption, column and row headers that screen readers announce, and a note below it.

    `columns` are names of columns of `frame`, separated by blanks; the first one heads the rows. Their headings come
    from the codebook; a column that is not in it is headed by its own name. `caption` and `note` are plain text: what is
    counted, in which unit, from which layer, as of when. Without rows, one sentence says so.
    """
    if frame.empty:
        say(f"*{md(caption)}: no rows, in this data package or by this date.*")
        return
    if len(frame) > ROWS:
        note = f"The first {ROWS:,} of {len(frame):,} rows; all stand in the tables of the data package. {note}".strip()
    names = columns.split()
    shown = pd.DataFrame({name: frame[name].map(text_of).astype(str) for name in names}).head(ROWS)
    headings = [t.heading(name, frame.columns) for name in names]
    rows = ([escape(cell) for cell in cells] for cells in shown.itertuples(index=False, name=None))
    plain = shown.set_axis(headings, axis="columns").to_string(index=False)
    html = html_table(caption, headings, rows, note)
    display({"text/html": html, "text/plain": f"{caption}\n{plain}\n{note}"}, raw=True)


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


def _style(cell: str) -> str:
    """Left-aligned; dates and numbers are not broken over lines."""
    return "text-align:left" + (";white-space:nowrap" if cell[:1].isdigit() and len(cell) <= 10 else "")


def code_listing(code: Mapping[str, str]) -> None:
    """Show pieces of code by name, each folded away under its name until a reader opens it."""
    html = "\n".join(
        f"<details><summary><code>{escape(name)}</code></summary>\n<pre><code>{escape(text)}</code></pre></details>"
        for name, text in code.items()
    )
    display({"text/html": html, "text/plain": "\n\n".join(code.values())}, raw=True)


def in_short(*findings: tuple[object, str]) -> None:
    """Show what a notebook found, before how: each finding with the heading of the section that shows it.

    Findings are sentences as for `say`, of at most 30 words; what is empty is left out.
    """
    lines = [f"- {sentence} [{heading}](#{heading.replace(' ', '-')})" for sentence, heading in findings if sentence]
    say(lines and "\n".join(["**In short**\n", *lines]))


def notes(t: Tables, place: str) -> None:
    """Show what the package itself says at a place of a notebook, such as "01" for its end; nothing if it is silent.

    These texts are Markdown files in the folder `notes` of the package: `notes/01.md`. Markup other than Markdown in them
    is shown as text.
    """
    path = t.folder / "notes" / f"{place}.md" if t.folder else None
    if path is not None and path.is_file():
        say(escape(path.read_text(encoding="utf-8"), quote=False).strip())

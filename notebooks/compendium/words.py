"""Words on a page: sentences, findings, values as readers see them, and tables as HTML."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence, Sized
from html import escape
from typing import Any

import numpy as np
import pandas as pd
from IPython.display import Markdown, display

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


def largest(counts: pd.Series) -> str:
    """The name of the largest of some numbers, as plain text for a title; nothing if there are none."""
    return text_of(counts.idxmax()) if len(counts) and counts.notna().any() else ""


def say(*sentences: object) -> None:
    """Show a paragraph of the sentences that are not empty, 0 or False; nothing if all are.

    Sentences are Markdown; pass data through `md` or `listing`.
    """
    said = " ".join(str(one).strip() for one in sentences if one)
    if said:
        display(Markdown(said))


def finding(about: Sized, *sentences: object) -> None:
    """Show a finding, set apart from the text around it: sentences as for `say`; nothing if `about` is empty.

    `about` is what the sentences are about, such as a frame: of no rows there is nothing to find.
    """
    said = " ".join(str(one).strip() for one in sentences if one)
    say(len(about) and said and f"> **Finding.** {said}")


def in_short(findings: Mapping[str, object]) -> None:
    """Show what a notebook found, before how: for the heading of each section the finding that it shows.

    A section of another notebook is named as "06-since-2015#The agenda". Findings are sentences as for `say`, of at
    most 30 words; what is empty is left out.
    """
    places = {place: place.rpartition("#") for place in findings}
    lines = [
        f"- {said} [{heading}]({notebook and notebook + '.ipynb'}#{heading.replace(' ', '-')})"
        for (notebook, _, heading), said in zip(places.values(), findings.values(), strict=True)
        if said
    ]
    say(lines and "\n".join(["**In short**\n", *lines]))


def text_of(value: Any) -> str:
    """A value as readers see it: codes by their label, dates in ISO form, lists with semicolons, nothing if missing."""
    if isinstance(value, list | tuple):
        return "; ".join(map(text_of, value))
    if hasattr(value, "label"):
        return str(value.label)
    if value is None or value is pd.NA or value is pd.NaT or value != value:
        return ""
    if isinstance(value, bool | np.bool_):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.2f}"
    return str(value.date()) if isinstance(value, pd.Timestamp) else str(value)


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


def html_page(title: str, body: str, style: str = "") -> str:
    """A page of HTML that stands for itself, to read or to print; `title` is plain text, `body` is HTML."""
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{escape(title)}</title>'
        "<style>body{font:11pt sans-serif}td,th{border:1px solid #777;padding:4px;vertical-align:top;"
        f"overflow-wrap:anywhere}}table{{border-collapse:collapse}}{style}</style>{body}"
    )


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

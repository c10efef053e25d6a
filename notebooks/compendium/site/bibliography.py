"""The bibliography of all documents of the mandate, as BibTeX and as CSL JSON; both open in Zotero.

Entries are few and flat, and no kept library writes BibTeX with its special characters escaped, so the two writers
stand here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pandas as pd

from compendium.tables import Tables
from compendium.words import text_of
from compendium.site.links import address

Entry = dict[str, Any]  # an item of CSL JSON

# What TeX would take for markup. The braces around a value stay balanced, whatever the data hold.
SPECIAL = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{mark: f"\\{mark}" for mark in "#$%&_"},
}
PUBLISHER = "United Nations"


def entries(tables: Tables) -> list[Entry]:
    """All documents of the mandate as items of CSL JSON, in the order of the table."""
    people = {row["holder_id"]: _person(row) for row in tables["holders"].to_dict("records")}
    office = str(tables.about("title", ""))
    return [_entry(row, people, office) for row in tables["documents"].to_dict("records")]


def _person(row: dict[Any, Any]) -> Entry:
    """A name in its parts: the holder's short name is the family name if the whole name ends with it."""
    name, family = row["name"], row["short_name"]
    given = name.removesuffix(family).strip()
    return {"family": family, "given": given} if family and given and given != name else {"literal": name}


def _entry(row: dict[Any, Any], people: dict[str, Entry], office: str) -> Entry:
    """A document as an item of CSL JSON."""
    date = row["date"] if row["date"] is not None else row["listed_year"]
    notes = ["short title in the words of the compendium"]
    if body := text_of(row["body"]):
        notes.append(f"submitted to: {body}")
    if row["date"] is None:
        notes.append("no printed date is established; the year is that of the session")
    if text_of(row["holder_id"]) and row["attribution"] != "explicit":
        notes.append("the holder is inferred from the time in office")
    if row["status"] != "confirmed":
        notes.append("unverified: no source recorded")
    author = people.get(row["holder_id"]) or ({"literal": office} if office else None)
    entry: Entry = {
        "id": str(row["document_id"]),
        "type": "report",
        "title": row["title"],
        "author": [author] if author else [],
        "issued": {"date-parts": [_parts(date)]} if date is not None else {},
        "publisher": PUBLISHER,
        "number": row["symbol"],
        "genre": text_of(row["kind"]),
        "URL": address(row["symbol"]) if row["symbol"] else "",
        "note": "; ".join(notes),
    }
    return {key: value for key, value in entry.items() if value}


def _parts(date: pd.Period) -> list[int]:
    """Year, month and day of a date, as far as it is known."""
    return [date.year, date.month, date.day][: {"Y": 1, "M": 2, "D": 3}[date.freqstr[0]]]


def csl_json(items: list[Entry]) -> str:
    """The items as CSL JSON."""
    return json.dumps(items, ensure_ascii=False, indent=1) + "\n"


def bibtex(items: list[Entry]) -> str:
    """The items as BibTeX, in UTF-8."""
    return "\n".join("".join(_bibtex(item)) for item in items)


def _bibtex(item: Entry) -> Iterator[str]:
    values = {
        "author": " and ".join(map(_author, item.get("author", []))),
        "title": "{" + escape(item["title"]) + "}",  # keeps its capitals
        "institution": escape(item.get("publisher", "")),
        "number": escape(item.get("number", "")),
        "type": escape(item.get("genre", "")),
        "version": escape(item.get("version", "")),
        "year": "",
        "month": "",
        "day": "",
        "url": re.sub(r"[{}\\\s]", "", item.get("URL", "")),
        "note": escape(item.get("note", "")),
    }
    parts = item.get("issued", {}).get("date-parts", [[]])[0]
    values |= dict(zip(("year", "month", "day"), map(str, parts), strict=False))
    yield f"@{'techreport' if item['type'] == 'report' else 'misc'}{{{re.sub(r'[^A-Za-z0-9_.:-]', '-', item['id'])},\n"
    for name, value in values.items():
        if value:
            yield f"  {name} = {{{value}}},\n"
    yield "}\n"


def _author(author: Entry) -> str:
    """A name as BibTeX takes it apart; one without parts is kept whole by a second pair of braces."""
    if "family" in author:
        return f"{escape(author['family'])}, {escape(author['given'])}"
    return "{" + escape(author["literal"]) + "}"


def escape(text: str) -> str:
    """A text in which nothing is markup to TeX, on one line."""
    return "".join(SPECIAL.get(mark, mark) for mark in " ".join(text.split()))

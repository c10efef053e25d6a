"""The bibliography of all documents of the mandate, as BibTeX and as CSL JSON; both open in Zotero."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd
from pybtex.database import BibliographyData, Person
from pybtex.database import Entry as Fields
from pybtex.database.output.bibtex import Writer

from compendium.links import address
from compendium.words import text_of
from compendium.tables import Tables

Entry = dict[str, Any]  # an item of CSL JSON

# What TeX takes for markup. BibTeX and Biber count every brace, also one with a backslash before it, so that none of a
# text may stay.
MARKUP = {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{mark: f"\\{mark}" for mark in "#$%&_"},
}


class _Writer(Writer):
    """pybtex's writer for values that are escaped already: addresses stay as they are."""

    def _encode(self, text: str) -> str:
        return text


def entries(t: Tables) -> list[Entry]:
    """All documents of the mandate as items of CSL JSON, in the order of the table."""
    people = {row.holder_id: _person(row.name, row.short_name) for row in t.holders.itertuples(index=False)}
    return [_entry(row, people, t.about("title", "")) for row in t.documents.to_dict("records")]


def _person(name: str, family: str) -> Entry:
    """A name in its parts: the holder's short name is the family name if the whole name ends with it."""
    given = name.removesuffix(family).strip()
    return {"family": family, "given": given} if family and given and given != name else {"literal": name}


def _entry(row: Mapping[Any, Any], people: Mapping[str, Entry], office: str) -> Entry:
    """A document as an item of CSL JSON."""
    date = row["date"] if row["date"] is not None else row["listed_year"]
    notes = {
        "short title in the words of the compendium": True,
        f"submitted to: {text_of(row['body'])}": text_of(row["body"]),
        "no printed date is established; the year is that of the session": row["date"] is None,
        "the holder is inferred from the time in office": row["holder_id"] in people
        and row["attribution"] != "explicit",
        "unverified: no source recorded": not row["sure"],
    }
    author = people.get(row["holder_id"]) or ({"literal": office} if office else None)
    entry: Entry = {
        "id": str(row["document_id"]),
        "type": "report",
        "title": row["title"],
        "author": [author] if author else [],
        "issued": {"date-parts": [_parts(date)]} if date is not None else {},
        "publisher": "United Nations",
        "number": row["symbol"],
        "genre": text_of(row["kind"]),
        "URL": address(row["symbol"]) if row["symbol"] else "",
        "note": "; ".join(note for note, holds in notes.items() if holds),
    }
    return {key: value for key, value in entry.items() if value}


def _parts(date: pd.Period) -> list[int]:
    """Year, month and day of a date, as far as it is known."""
    return [date.year, date.month, date.day][: {"Y": 1, "M": 2, "D": 3}[date.freqstr[0]]]


def csl_json(items: Iterable[Entry]) -> str:
    """The items as CSL JSON."""
    return json.dumps(list(items), ensure_ascii=False, indent=1) + "\n"


def bibtex(items: Iterable[Entry]) -> str:
    """The items as BibTeX, in UTF-8."""
    made = {re.sub(r"[^A-Za-z0-9_.:-]", "-", item["id"]): _fields(item) for item in items}
    return str(_Writer().to_string(BibliographyData(made)))


def _fields(item: Entry) -> Fields:
    dates = dict(zip(("year", "month", "day"), item.get("issued", {}).get("date-parts", [[]])[0], strict=False))
    values = {
        "title": "{" + plain(item["title"]) + "}",  # keeps its capitals
        "institution": plain(item.get("publisher", "")),
        "number": plain(item.get("number", "")),
        "type": plain(item.get("genre", "")),
        "version": plain(item.get("version", "")),
        **{name: str(value) for name, value in dates.items()},
        "url": re.sub(r"[{}\\\s]", "", item.get("URL", "")),
        "note": plain(item.get("note", "")),
    }
    people = [_name(author) for author in item.get("author", [])]
    kind = "techreport" if item["type"] == "report" else "misc"
    return Fields(kind, {name: value for name, value in values.items() if value}, {"author": people})


def _name(author: Entry) -> Person:
    """A name as BibTeX takes it apart; braces keep whole what has no parts, or what would be taken apart elsewhere."""
    family, given = (plain(author.get(part, "")) for part in ("family", "given"))
    if not family or re.search(r",|\band\b", f"{family} {given}", re.IGNORECASE):
        return Person(last="{" + (f"{given} {family}".strip() or plain(author.get("literal", ""))) + "}")
    return Person(first=given, last=family)


def plain(text: str) -> str:
    """A text in which nothing is markup to TeX, on one line."""
    words = " ".join("".join(" " if unicodedata.category(one) == "Cc" else one for one in text).split())
    return "".join(MARKUP.get(one, one) for one in words)

"""The bibliography of all documents of the mandate, as BibTeX and as CSL JSON; both open in Zotero."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from pybtex.database import BibliographyData
from pybtex.database import Entry as Fields

from compendium.links import address
from compendium.tables import Tables
from compendium.words import text_of

Entry = dict[str, Any]  # an item of CSL JSON

# What TeX takes for markup and pybtex leaves as it is, and control characters. BibTeX and Biber count every brace, also
# one with a backslash before it, so that none of a text may stay.
MARKUP = dict.fromkeys((*range(32), *range(127, 160)), " ") | {
    ord("\\"): r"\textbackslash{}",
    ord("{"): r"\textbraceleft{}",
    ord("}"): r"\textbraceright{}",
    ord("~"): r"\textasciitilde{}",
    ord("^"): r"\textasciicircum{}",
    ord("$"): r"\$",
}


def entries(t: Tables) -> list[Entry]:
    """All documents of the mandate as items of CSL JSON, in the order of the table."""
    people = {
        row["holder_id"]: [_person(row["name"], row["short_name"])] for row in t.holders.to_dict("records")
    }
    office = [{"literal": t.about("title")}] if t.about("title") else []
    return [_entry(row, people.get(row["holder_id"], office)) for row in t.documents.to_dict("records")]


def _person(name: str, family: str) -> Entry:
    """The name of a holder in its parts: the short name is the family name if the whole name ends with it."""
    given = name.removesuffix(family).strip()
    return {"family": family, "given": given} if given and given != name else {"literal": name}


def _entry(row: Mapping[Any, Any], author: list[Entry]) -> Entry:
    """A document as an item of CSL JSON."""
    date = row["date"] if row["date"] is not None else row["listed_year"]
    inferred = text_of(row["holder_id"]) and row["attribution"] != "explicit"
    notes = {
        "short title in the words of the compendium": True,
        f"submitted to: {text_of(row['body'])}": text_of(row["body"]),
        "no printed date is established; the year is that of the session": row["date"] is None,
        "the holder is inferred from the time in office": inferred,
        "unverified: no source recorded": not row["sure"],
    }
    entry: Entry = {
        "id": str(row["document_id"]),
        "type": "report",
        "title": row["title"],
        "author": author,
        "issued": {"date-parts": [[int(part) for part in str(date).split("-")]]} if date is not None else {},
        "publisher": "United Nations",
        "number": row["symbol"],
        "genre": text_of(row["kind"]),
        "URL": address(row["symbol"]) if row["symbol"] else "",
        "note": "; ".join(note for note, holds in notes.items() if holds),
    }
    return {key: value for key, value in entry.items() if value}


def work(cited: Mapping[str, Any], **more: Any) -> Entry:
    """A work of CITATION.cff as an item of CSL JSON, with more of its values."""
    return {"title": cited["title"], "author": [{"literal": one["name"]} for one in cited["authors"]], **more}


def bibtex(items: Iterable[Entry]) -> str:
    """The items as BibTeX, in UTF-8."""
    made = {re.sub(r"[^A-Za-z0-9_.:-]", "-", item["id"]): _fields(item) for item in items}
    return str(BibliographyData(made).to_string("bibtex"))


def _fields(item: Entry) -> Fields:
    names = dict(publisher="institution", number="number", genre="type", version="version", note="note")
    dates = zip(("year", "month", "day"), item.get("issued", {}).get("date-parts", [[]])[0], strict=False)
    url = item.get("URL", "")  # pybtex would escape it as well; one that has such marks is left to the symbol
    fields = {
        "author": " and ".join(map(_name, item.get("author", []))),
        "title": "{" + plain(item["title"]) + "}",  # keeps its capitals
        **{name: plain(item.get(part, "")) for part, name in names.items()},
        **{name: str(value) for name, value in dates},
        "url": url if re.fullmatch(r"[A-Za-z0-9:/.()-]*", url) else "",
    }
    kind = "techreport" if item["type"] == "report" else "misc"
    return Fields(kind, {name: value for name, value in fields.items() if value})


def _name(author: Entry) -> str:
    """A name as BibTeX takes it apart; braces keep whole what has no parts or would be taken apart elsewhere."""
    given, family = plain(author.get("given", "")), plain(author.get("family") or author["literal"])
    if not given or re.search(r",|\band\b", f"{given} {family}", re.IGNORECASE):
        return "{" + f"{given} {family}".strip() + "}"
    return f"{family}, {given}"


def plain(text: str) -> str:
    """A text in which nothing is markup to TeX, on one line."""
    return " ".join(text.translate(MARKUP).split())

"""Where the links of the site lead: documents of the United Nations by their symbol, and sources by their key."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import quote

from compendium.description import fields
from compendium.tables import Tables

# The UN's own site of documents answers to the symbol; `en` asks for the English text.
DOCUMENTS = "https://docs.un.org/en/"

# Columns that hold one symbol as the United Nations prints it. `printed_symbol` is not one of them: it keeps what the
# assessment prints, slips included.
SYMBOL_COLUMNS = ("symbol", "report_symbol")

# The form of a symbol: the organ, then its parts. It finds symbols that stand in notes and titles only. What merely
# looks like one (HIV/AIDS, press releases, a slip such as RES.1990) has another organ or other parts.
SYMBOL = (
    r"(?:A|E|S|ST|CAT|CCPR|CED|CEDAW|CERD|CMW|CRC|CRPD|HRI)"
    r"(?:/(?:[A-Z]{1,5}(?:\.\d{1,3})?|[A-Z][a-z]{2,4}\.\d{1,3}|\d{1,4}))+"
)
BEFORE, AFTER = r"(?<![\w./-])", r"(?![\w/]|[.-]\w)"


def address(symbol: str) -> str:
    """Address of a document of the United Nations."""
    return DOCUMENTS + quote(symbol, safe="/().")


def web(url: str) -> str:
    """An address that a browser may follow, or nothing: data are text from strangers (`javascript:...`)."""
    return url if re.match(r"https?://", url) else ""


def source_anchor(source_id: str) -> str:
    """Where a source stands on the page of sources."""
    return f"source-{source_id}"


class Links:
    """What a data package lets link: the symbols in its tables, and its sources."""

    def __init__(self, tables: Tables) -> None:
        """Gather the symbols and keys of `tables`."""
        known = {
            value
            for name, frame in tables.items()
            for column in SYMBOL_COLUMNS
            if column in fields(tables.resource(name))
            for value in frame[column]
            if "/" in value and " " not in value
        }
        longest_first = sorted(known, key=lambda symbol: (-len(symbol), symbol))
        self._symbol = re.compile(
            BEFORE + "(?:" + "|".join([*map(re.escape, longest_first), SYMBOL]) + ")" + AFTER
        )
        self.sources = set(tables["sources"]["source_id"])

    def symbols(self, text: str) -> Iterator[tuple[int, int, str]]:
        """Where symbols begin and end in a text, each with the address of its document."""
        for found in self._symbol.finditer(text):
            if re.search(r"/\d", found[0]):  # A/HRC alone is an organ, not a document
                yield found.start(), found.end(), address(found[0])

    def source_ids(self, text: str) -> list[str]:
        """The keys of sources of which a text consists, separated by semicolons; none if it holds anything else."""
        keys = [part.strip() for part in text.split(";")]
        return keys if self.sources.issuperset(keys) else []

"""Where a document of the United Nations and a source are to be read: links for the cells of tables."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from urllib.parse import quote

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
    """Address of a document of the United Nations; nothing for no symbol."""
    return DOCUMENTS + quote(symbol, safe="/().") if symbol else ""


def web(url: str) -> str:
    """An address that a browser may follow, or nothing: data are text from strangers (`javascript:...`)."""
    return url if re.match(r"https?://", url) else ""


class Links:
    """What the tables of a package let link: the symbols in them, and their sources."""

    def __init__(self, t: Tables) -> None:
        """Gather the symbols and sources of tables."""
        columns = [frame[name].dropna() for frame in t.values() for name in SYMBOL_COLUMNS if name in frame]
        known = {text for column in columns for text in column if "/" in text and " " not in text}
        longest_first = sorted(known, key=lambda symbol: (-len(symbol), symbol))
        self._symbol = re.compile(
            BEFORE + "(?:" + "|".join([*map(re.escape, longest_first), SYMBOL]) + ")" + AFTER
        )
        sources = t.sources.set_index("source_id")
        self._titles, self._urls = sources["title"].to_dict(), sources["url"].map(web).to_dict()

    def linked(self, text: str, sources: bool = False) -> str:
        """The text of a cell as HTML, escaped: each symbol leads to its document.

        With `sources`, a cell of keys of sources, separated by semicolons, has their titles instead, which lead to
        their addresses; one that holds anything else is a text like any other.
        """
        keys = [key.strip() for key in text.split(";")] if sources else []
        if keys and self._titles.keys() >= set(keys):
            return "; ".join(map(self._source, keys))
        return "".join(self._parts(text)) if "/" in text else escape(text)

    def _parts(self, text: str) -> Iterator[str]:
        done = 0
        for found in self._symbol.finditer(text):
            if re.search(r"/\d", found[0]):  # A/HRC alone is an organ, not a document
                yield escape(text[done : found.start()])
                yield f'<a class="symbol" href="{escape(address(found[0]))}">{escape(found[0])}</a>'
                done = found.end()
        yield escape(text[done:])

    def _source(self, key: str) -> str:
        title, url = escape(self._titles[key]), escape(self._urls[key])
        return f'<a href="{url}">{title}</a>' if url else title

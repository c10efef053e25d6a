"""The last hand on every page that Sphinx wrote: links in tables, and what a reader without a mouse or eyes needs.

One place for all pages and all kinds of tables, whoever made them. Sphinx, MyST-NB and the theme each leave something
that WCAG 2.2 asks for (header scopes, names of regions, blocks of code that the keyboard can scroll).
"""

from __future__ import annotations

import re

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString

from compendium.site.links import Links, source_anchor

SORTABLE_FROM = 20  # rows above which a table can be sorted and filtered
LONG_RUN = re.compile(r"(\S{16,})")  # letters from which on a key or an address may take more than one line
_WORD, _MARK = r"(?:[^\W_]|['\u2019])", r"(?:[^\w'\u2019]|_)"
PART = re.compile(f"{_MARK}*{_WORD}{{1,20}}{_MARK}*|{_MARK}+")  # what of it stays together
LONG = 100  # letters above which a cell gets a wide column


def polish(html: str, links: Links, stamp: str) -> str:
    """The page with its tables linked, everything named and `stamp` at its foot."""
    soup = BeautifulSoup(html, "html.parser")
    for number, table in enumerate(soup.select("article table"), 1):
        name = _name(table, number)
        _link(table, links)
        _breaks(table)
        _frame(table, name)
    _code(soup)
    _landmarks(soup)
    _switches(soup)
    for foot in soup.select(".bottom-of-page .left-details"):
        foot.string = stamp
    return str(soup)


# --- tables ---


def _name(table: Tag, number: int) -> str:
    """Give a table a caption and its headers a scope, as those of the notebooks have; return the id of the caption."""
    caption = table.find("caption")
    if caption is None:
        heading = table.find_previous(["h1", "h2", "h3", "h4"])
        caption = Tag(name="caption", attrs={"class": "visually-hidden"})
        caption.string = heading.get_text().removesuffix("¶").strip() if heading else "Table"
        table.insert(0, caption)
    name = f"table-{number}"
    caption["id"] = name
    words = Tag(name="span")
    words.extend([part.extract() for part in list(caption.children)])
    caption.append(words)  # stays in sight while a wide table scrolls
    for cell in table.select("thead th"):
        cell["scope"] = "col"
    for cell in table.select("th"):
        if not cell.get_text().strip():  # heads nothing
            cell.name = "td"
            del cell["scope"]
    for cell in table.select("tbody td"):
        if len(cell.get_text()) > LONG:
            _add_class(cell, "long")
    if len(table.select("tbody tr")) > SORTABLE_FROM:
        _add_class(table, "sortable")
    return name


def _add_class(tag: Tag, name: str) -> None:
    tag["class"] = " ".join([*filter(None, tag.get_attribute_list("class")), name])


def _link(table: Tag, links: Links) -> None:
    """Link every symbol to its document, and every key of a source to the page of sources."""
    headings = [cell.get_text().strip().casefold() for cell in table.select("thead th")]
    for row in table.select("tbody tr"):
        for heading, cell in zip(headings, row.find_all(["th", "td"], recursive=False), strict=False):
            keys = links.source_ids(cell.get_text()) if "source" in heading and not cell.find("a") else []
            if keys:
                cell.clear()
                for place, key in enumerate(keys):
                    cell.append("; " if place else "")
                    cell.append(_anchor(f"sources.html#{source_anchor(key)}", key))
            else:
                _link_symbols(cell, links)


def _link_symbols(cell: Tag, links: Links) -> None:
    for text in list(cell.find_all(string=True)):
        if text.find_parent(["a", "code"]):
            continue
        parts: list[Tag | NavigableString] = []
        done = 0
        for begin, end, href in links.symbols(text):
            link = _anchor(href, text[begin:end])
            link["class"] = "symbol"
            parts += [NavigableString(text[done:begin]), link]
            done = end
        if parts:
            text.replace_with(*parts, NavigableString(text[done:]))


def _breaks(table: Tag) -> None:
    """Let keys and addresses go on in the next line after their marks; words are never cut."""
    for text in list(table.find_all(string=LONG_RUN)):
        if text.find_parent("a", class_="symbol"):
            continue
        for place, run in enumerate(LONG_RUN.split(text)):
            for number, part in enumerate(PART.findall(run) if place % 2 else [run]):
                if number:
                    text.insert_before(Tag(name="wbr", can_be_empty_element=True))
                text.insert_before(part)
        text.extract()


def _anchor(href: str, text: str) -> Tag:
    link = Tag(name="a", attrs={"href": href})
    link.string = text
    return link


def _frame(table: Tag, name: str) -> None:
    """Let a table that is wider than the page scroll inside a frame, which the keyboard can reach."""
    frame = Tag(
        name="div",
        attrs={"class": "scrolls table", "role": "group", "tabindex": "0", "aria-labelledby": name},
    )
    if table.parent is not None and "table-wrapper" in table.parent.get_attribute_list("class"):
        table.parent.unwrap()  # the theme's own frame, which has no name
    table.wrap(frame)


# --- everything else ---


def _code(soup: BeautifulSoup) -> None:
    """Name the folds of code by what they say, and let the keyboard scroll code that is too wide."""
    for summary in soup.select("summary[aria-label]"):
        del summary["aria-label"]
    for code in soup.select("pre"):
        code["tabindex"] = "0"


def _landmarks(soup: BeautifulSoup) -> None:
    """Give the parts of the theme's page names and roles."""
    for caption in soup.select("p.caption[role=heading]"):
        del caption["role"]  # it has no level, and the list below it is named anyway
    for selector, name in {".sidebar-drawer": "Site", ".toc-drawer": "Contents of this page"}.items():
        for part in soup.select(selector):
            part["aria-label"] = name
    navigation = {
        ".sidebar-tree": "Pages",
        ".toc-tree": "On this page",
        ".related-pages": "Next and previous",
    }
    for selector, name in navigation.items():
        for part in soup.select(selector):
            part.name = "nav"
            part["aria-label"] = name
    for article in soup.select("article[role=main]"):
        if not article.find("h1"):  # the page of search has none
            heading = Tag(name="h1")
            heading.string = "Search"
            article.insert(0, heading)
    for meta in soup.select("meta[name=viewport]")[1:]:
        meta.decompose()


def _switches(soup: BeautifulSoup) -> None:
    """Gather the link to the content and the switches of the side bars in a landmark, the link first.

    The theme lays the switches bare before everything else; site.css knows that they stand deeper here.
    """
    skip, switches = soup.select_one(".skip-to-content"), soup.select("input.sidebar-toggle")
    if skip and switches:
        landmark = skip.wrap(Tag(name="nav", attrs={"aria-label": "Shortcuts", "class": "shortcuts"}))
        landmark.extend([switch.extract() for switch in switches])
        assert soup.body is not None
        soup.body.insert(0, landmark.extract())

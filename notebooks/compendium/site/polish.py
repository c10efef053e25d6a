"""What a page shows becomes HTML that everybody can read: the one place for tables, and the one for figures.

Sphinx, MyST-NB and the theme each leave something that WCAG 2.2 asks for (header scopes, frames and code that the
keyboard can scroll). What concerns the theme's own parts of a page stands in templates/page.html.
"""

from __future__ import annotations

import base64
import re
from html import escape, unescape

from nbformat import NotebookNode

from compendium.links import Links

SORTABLE_FROM = 20  # rows above which a table can be sorted and filtered
LONG = 100  # letters above which a cell gets a wide column
LONG_RUN = re.compile(r"\S{16,}")  # letters from which on a key or an address may take more than one line
_WORD, _MARK = r"(?:[^\W_]|['\u2019])", r"(?:[^\w'\u2019]|_)"
PART = re.compile(f"{_MARK}*{_WORD}{{1,20}}{_MARK}*|{_MARK}+")  # what of it stays together

TAG = re.compile(r"(<[^>]*>)")
# A heading, which names a table without a caption; or a table, maybe in the theme's own frame, which has no name.
HEADING_OR_TABLE = re.compile(
    r'<h[1-6][ >].*?</h[1-6]>|(?P<frame><div class="table-wrapper[^>]*>\s*)?(?P<table><table.*?</table>)(?(frame)\s*</div>)',
    re.DOTALL,
)
CAPTION = re.compile(r"<caption[^>]*>(.*?)</caption>", re.DOTALL)
ROW = re.compile(r"<tr.*?</tr>", re.DOTALL)
CELL = re.compile(r"<(t[hd])((?: [^>]*)?)>(.*?)</\1>", re.DOTALL)


def polish(body: str, links: Links) -> str:
    """The body of a page, as Sphinx wrote it, with its tables and its code in order."""
    heading, tables = "Table", 0

    def put(found: re.Match[str]) -> str:
        nonlocal heading, tables
        if not found["table"]:
            heading = text_of(found[0]).removesuffix("¶").strip()
            return found[0]
        tables += 1
        return table(found["table"], f"table-{tables}", heading, links)

    body = HEADING_OR_TABLE.sub(put, body)
    body = re.sub(r'<summary aria-label="[^"]*">', "<summary>", body)  # it says what it is for itself
    return body.replace("<pre>", '<pre tabindex="0">')


def text_of(html: str) -> str:
    """The text of a piece of HTML."""
    return unescape(TAG.sub("", html)).strip()


# --- tables ---


def table(html: str, name: str, otherwise: str, links: Links) -> str:
    """A table in a frame that scrolls and that the keyboard reaches, named `name`; its caption, if it has none, is `otherwise`.

    Its headers have scopes. Symbols and keys of sources that are not linked yet are; keys and addresses go on in the
    next line after their marks, and words are never cut.
    """
    caption, hidden = CAPTION.search(html), ""
    if not caption:
        hidden = ' class="visually-hidden"'
    # The words stay in sight while a wide table scrolls.
    words = f'<caption id="{name}"{hidden}><span>{caption[1] if caption else escape(otherwise)}</span></caption>'
    begin, rest = re.match(r"<table[^>]*>", html)[0], CAPTION.sub("", html)  # type: ignore[index]
    rest = rest.removeprefix(begin).removesuffix("</table>")
    head, _, body = rest.partition("</thead>") if "</thead>" in rest else ("", "", rest)
    headings = [text_of(cell[3]).casefold() for cell in CELL.finditer(head)]
    head = CELL.sub(lambda found: _cell(found, "col", found[3]), head) + ("</thead>" if head else "")
    body = ROW.sub(lambda found: _row(found[0], headings, links), body)
    if body.count("<tr") > SORTABLE_FROM:
        begin = _with_class(begin, "sortable")
    return (
        f'<div class="scrolls table" role="group" tabindex="0" aria-labelledby="{name}">'
        f"{begin}{words}{head}{body}</table></div>"
    )


def _row(row: str, headings: list[str], links: Links) -> str:
    place = iter(headings)

    def put(found: re.Match[str]) -> str:
        heading, content = next(place, ""), found[3]
        if "<a " not in content and "<code" not in content:
            content = _linked(content, "source" in heading, links)
        return _cell(found, "row", "".join(map(_broken, TAG.split(content))))

    return CELL.sub(put, row)


def _linked(content: str, sources: bool, links: Links) -> str:
    if "<" not in content:
        return links.linked(unescape(content), sources)
    parts = TAG.split(content)
    return "".join(part if part[:1] == "<" else links.linked(unescape(part)) for part in parts)


def _cell(found: re.Match[str], scope: str, content: str) -> str:
    """A cell with its content; a header gets a scope unless it has one, and one that heads nothing is none."""
    kind, attributes, text = found[1], found[2], text_of(found[3])
    if kind == "th" and not text:
        kind, attributes = "td", re.sub(r' scope="\w+"', "", attributes)
    elif kind == "th" and "scope=" not in attributes:
        attributes += f' scope="{scope}"'
    begin = f"<{kind}{attributes}>"
    if scope == "row" and kind == "td" and len(text) > LONG:
        begin = _with_class(begin, "long")
    return f"{begin}{content}</{kind}>"


def _broken(part: str) -> str:
    """A text with places where it may go on in the next line; a tag, and a symbol, as they are."""
    if part[:1] == "<" or not LONG_RUN.search(part):
        return part
    return LONG_RUN.sub(lambda run: "<wbr>".join(map(escape, PART.findall(unescape(run[0])))), part)


def _with_class(tag: str, name: str) -> str:
    if ' class="' in tag:
        return tag.replace(' class="', f' class="{name} ', 1)
    return f'{tag[:-1]} class="{name}">'


# --- figures ---


def figure(output: NotebookNode, where: str) -> str:
    """A figure as HTML: the drawing with its text alternative, and links to its cell, its numbers and its files.

    `output` is what a notebook shows of it; `where` is the address of the cell that does.
    """
    name, about = escape(output.metadata["compendium"]["figure"]), output.metadata["image/png"]
    wide, high = _size(output.data["image/png"])
    width = int(about.get("width", wide))
    files = " · ".join(
        f'<a href="figures/{name}.{kind}" download>{label}</a>'
        for kind, label in (("csv", "numbers (CSV)"), ("svg", "SVG"), ("png", "PNG"))
    )
    return (
        f'<figure class="figure" id="figure-{name}">\n'
        f'<div class="scrolls picture" role="group" tabindex="0" aria-label="Figure {name}"><img src="figures/{name}.svg" '
        f'alt="{escape(about["alt"])}" width="{width}" height="{round(width * high / wide)}"></div>\n'
        f'<figcaption>Figure {name}: <a href="{escape(where)}">how it is made</a> · {files}</figcaption>\n</figure>'
    )


def _size(png: str) -> tuple[int, int]:
    """Width and height of a picture, in its dots, from the head of the file."""
    head = base64.b64decode(png[:64])
    return int.from_bytes(head[16:20], "big"), int.from_bytes(head[20:24], "big")

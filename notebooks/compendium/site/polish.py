"""Tables and code that everybody can read: the one place where a table of a page gets its last form.

Sphinx, MyST-NB and the theme each leave something that WCAG 2.2 asks for (header scopes, frames and code that the
keyboard can scroll). What concerns the theme's own parts of a page stands in templates/page.html.
"""

from __future__ import annotations

import re
from html import escape, unescape

REPORT = "contributing.html#an-error-in-the-data"
SORTABLE_FROM = 10  # rows above which a table can be sorted and filtered, and opens on demand
LONG = 100  # letters above which a cell gets a wide column
LONG_RUN = re.compile(r"\S{16,}")  # letters from which on a key or an address may take more than one line
_WORD, _MARK = r"(?:[^\W_]|['\u2019])", r"(?:[^\w'\u2019]|_)"
PART = re.compile(f"{_MARK}*{_WORD}{{1,20}}{_MARK}*|{_MARK}+")  # what of it stays together

TAG = re.compile(r"<[^>]*>")
NO_TEXT = re.compile(r'(<a class="symbol".*?</a>|<[^>]*>)')  # tags, and symbols, which stay on one line
# A heading, which names a table without a caption; or a table, maybe in the theme's own frame, which has no name.
HEADING_OR_TABLE = re.compile(
    r'<h[1-6][ >].*?</h[1-6]>|(?P<frame><div class="table-wrapper[^>]*>\s*)?'
    r"(?P<begin><table[^>]*)>(?P<table>.*?)</table>(?(frame)\s*</div>)",
    re.DOTALL,
)
CAPTION = re.compile(r"<caption[^>]*>(.*?)</caption>", re.DOTALL)
CELL = re.compile(r"<(t[hd])((?: [^>]*)?)>(.*?)</\1>", re.DOTALL)


def polish(body: str) -> str:
    """The body of a page, as Sphinx wrote it, with its tables and its code in order."""
    heading, tables = "Table", 0

    def put(found: re.Match[str]) -> str:
        nonlocal heading, tables
        if found["table"] is None:
            heading = text_of(found[0]).removesuffix("¶").strip()
            return found[0]
        tables += 1
        return table(found["begin"], found["table"], f"table-{tables}", heading)

    body = HEADING_OR_TABLE.sub(put, body)
    body = re.sub(r'<summary aria-label="[^"]*">', "<summary>", body)  # it says what it is for itself
    return body.replace("<pre>", '<pre tabindex="0">')


def text_of(html: str) -> str:
    """The text of a piece of HTML."""
    return unescape(TAG.sub("", html)).strip()


# --- tables ---


def table(begin: str, content: str, name: str, heading: str) -> str:
    """A table in a frame that scrolls and that the keyboard reaches, named by its caption, else by the `heading` above.

    Its headers have scopes. Keys and addresses go on in the next line after their marks, and words are never cut.
    """
    caption = CAPTION.search(content)
    hidden, words = ("", caption[1]) if caption else (' class="visually-hidden"', escape(heading))
    head, found, rows = CAPTION.sub("", content).rpartition("</thead>")
    head = CELL.sub(lambda cell: _cell(cell, "col"), head) + found
    rows = CELL.sub(lambda cell: _cell(cell, "row"), rows)
    sortable = " data-sortable" if rows.count("<tr") > SORTABLE_FROM else ""
    report = f'<p class="report"><a href="{REPORT}">Report an error in this table</a></p>' if caption else ""
    return (
        f'<div class="scrolls table" role="group" tabindex="0" aria-labelledby="{name}">{begin}{sortable}>'
        f'<caption id="{name}"{hidden}><span>{words}</span></caption>{head}{rows}</table></div>{report}'
    )


def _cell(cell: re.Match[str], scope: str) -> str:
    """A cell; a header gets a scope unless it has one, and one that heads nothing is none."""
    kind, attributes, text = cell[1], cell[2], text_of(cell[3])
    if kind == "th" and not text:
        kind, attributes = "td", re.sub(r' scope="\w+"', "", attributes)
    elif kind == "th" and "scope=" not in attributes:
        attributes += f' scope="{scope}"'
    elif kind == "td" and len(text) > LONG:
        attributes += " data-long"
    broken = "".join(one if one[:1] == "<" else LONG_RUN.sub(_broken, one) for one in NO_TEXT.split(cell[3]))
    return f"<{kind}{attributes}>{broken}</{kind}>"


def _broken(run: re.Match[str]) -> str:
    """A long run of letters with places where it may go on in the next line."""
    return "<wbr>".join(map(escape, PART.findall(unescape(run[0]))))

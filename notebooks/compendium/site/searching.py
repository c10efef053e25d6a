"""What the search of the site knows: the text of each section of each page, for static/search.js to look through."""

from __future__ import annotations

import json
import re

from compendium.site.polish import text_of

SECTION = re.compile(
    r'<section[^>]* id="([^"]+)"[^>]*>\s*(?:<span id="[^"]*"></span>\s*)*<h[1-3]>(.*?)</h[1-3]>', re.DOTALL
)
CODE = re.compile(
    r'<details class="[^"]*hide.*?</details>|<a class="headerlink.*?</a>|<svg.*?</svg>', re.DOTALL
)
Entry = tuple[str, str, str]  # address of a section, its title with that of its page, its text


def entries(page: str, title: str, body: str) -> list[Entry]:
    """The sections of a page with what they say; code, and what stands in drawings, is left out."""
    body = CODE.sub(" ", body)
    found = list(SECTION.finditer(body))
    ends = [one.start() for one in found[1:]] + [len(body)]
    made = []
    for one, end in zip(found, ends, strict=True):
        heading = _text(one[2])
        place = heading if heading == title else f"{title}: {heading}"
        made.append((f"{page}.html#{one[1]}", place, _text(body[one.end() : end])))
    return made


def script(found: list[Entry]) -> bytes:
    """The sections as a script: a page opened as a file may not fetch anything else."""
    lines = ",\n".join(json.dumps(one, ensure_ascii=False) for one in found)
    return f"const SECTIONS = [\n{lines}\n];\n".replace("</", "<\\/").encode()


def _text(html: str) -> str:
    """The words of a piece of HTML, with a dot between the rows of a table."""
    html = re.sub(r"</t[dh]>", " ", re.sub(r"</tr>", " · ", html))
    return " ".join(text_of(html).split())

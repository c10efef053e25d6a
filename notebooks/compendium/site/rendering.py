"""Pages rendered to HTML by Sphinx with MyST-NB, as templates/sphinx.toml says."""

from __future__ import annotations

import io
import os
import re
import tomllib
from collections.abc import Mapping
from html import escape
from pathlib import Path
from textwrap import shorten
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.errors import SphinxError
from sphinx.util.console import nocolor
from sphinx.util.docutils import docutils_namespace, patch_docutils

from compendium.site import crate, searching
from compendium.site.material import Material, SiteError
from compendium.site.polish import polish, text_of

STATIC, TEMPLATES = (Path(__file__).parent / name for name in ("static", "templates"))
CELL = 10_000  # lines that MyST-NB gives to each cell of a notebook when it names a place
GLOSSARY = "00-about.html#words-used"  # that each page leads to
SHARE = "00-timeline.png"  # the figure that stands for the site elsewhere
UNUSED = (".buildinfo", "objects.inv", "searchindex.js")  # of Sphinx; no reader needs them


def render(pages: Mapping[str, bytes], material: Material, work: Path, out: Path) -> None:
    """Render pages, by the names of their files (`index.md` is the front page), to HTML in `out`, offline.

    `work` is an empty folder for what is between. Raises SiteError with what Sphinx complains of: each warning is a
    fault that a reader would meet.
    """
    source = work / "source"
    source.mkdir(parents=True)
    for name, content in pages.items():
        (source / name).write_bytes(content)
    settings = tomllib.loads((TEMPLATES / "sphinx.toml").read_text(encoding="utf-8")) | {
        "html_title": escape(material.title),  # the theme takes it for HTML
        "html_context": {
            "stamp": material.stamp,
            "work": f"{material.title}, version {material.version}",
            "editors": material.editors,
            "glossary": GLOSSARY if "00-about" in material.notebooks else "",
            "share": SHARE if (material.figures / SHARE).is_file() else "",
        },
        "templates_path": [str(TEMPLATES)],
        "html_static_path": [str(STATIC)],
        "html_favicon": str(STATIC / "icon.svg"),
    }

    found: list[searching.Entry] = []

    def polished(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: object) -> None:
        if "body" in context:
            context["body"] = polish(context["body"])
            said = re.search(r"<p>(.*?)</p>", context["body"], re.DOTALL)
            context["description"] = shorten(text_of(said[1]) if said else material.title, 200)
            named = page, text_of(context["title"]), context["description"]
            context["linked_data"] = crate.script(material, *named)
            found.extend(searching.entries(page, text_of(context["title"]), context["body"]))

    complaints = io.StringIO()
    nocolor()
    try:
        with patch_docutils(), docutils_namespace():
            made = work / "doctrees"
            app = Sphinx(source, None, out, made, "html", settings, None, complaints, freshenv=True)
            app.connect("doctree-read", _anchors)
            app.connect("html-page-context", polished)
            app.build(force_all=True)
    except SphinxError as error:
        raise _failed(str(error), source) from error
    if complaint := complaints.getvalue().strip():
        raise _failed(complaint, source)
    (out / "search-index.js").write_bytes(searching.script(sorted(found)))
    for name in UNUSED:
        (out / name).unlink()
    (out / "_sources").rmdir()


def _anchors(app: Sphinx, doctree: nodes.document) -> None:
    """Let each cell be linked to."""
    for node in doctree.findall(nodes.container):
        anchor = node.get("cell_metadata", {}).get("anchor")
        if node.get("nb_element") == "cell_code" and anchor:
            node["ids"] = [*node["ids"], anchor]


def _failed(complaint: str, source: Path) -> SiteError:
    """What Sphinx complains of, told by page and cell: the files that it names are gone when somebody reads it."""

    def place(found: re.Match[str]) -> str:
        line = int(found[3] or 0)
        cell = f", cell {line // CELL}" if line >= CELL else ""
        return f"page {found[1]}" + (cell if found[2] == "ipynb" else f", line {line}")

    file = re.escape(f"{source}{os.sep}") + r"([^\s:]+)\.(ipynb|md)(?::(\d+))?"
    return SiteError("The site could not be built:\n" + re.sub(file, place, complaint))

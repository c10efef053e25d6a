"""Pages rendered to HTML by Sphinx with MyST-NB.

The theme is Furo. Of the themes that ship everything with the site and have a dark mode, search, next and previous, a
table of contents and a print style, it is the lightest (60 kB of styles and scripts a page; pydata-sphinx-theme and
sphinx-book-theme load 1.6 MB), the only one whose dark mode and navigation work without JavaScript, and what axe-core
finds in it can be mended from outside (templates/page.html, polish.py, site.css).
"""

from __future__ import annotations

import io
import os
import re
import shutil
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.errors import SphinxError
from sphinx.util.console import nocolor
from sphinx.util.docutils import docutils_namespace, patch_docutils

from compendium.links import Links
from compendium.site.material import SiteError
from compendium.site.polish import polish

HERE = Path(__file__).parent
CELL = 10_000  # lines that MyST-NB gives to each cell of a notebook when it names a place
UNUSED = (".buildinfo", ".doctrees", "_sources", "objects.inv")  # of Sphinx; no reader needs them


def render(
    pages: Mapping[str, bytes], title: str, stamp: str, links: Links, work: Path, out: Path
) -> None:
    """Render pages, by the names of their files (`index.md` is the front page), to HTML in `out`, offline.

    `title` names the site; `stamp` stands at the foot of each page; `work` is an empty folder for what is between.
    Raises SiteError with what Sphinx complains of: each warning is a fault that a reader would meet.
    """
    source = work / "source"
    source.mkdir(parents=True)
    for name, content in pages.items():
        (source / name).write_bytes(content)
    complaints = io.StringIO()
    nocolor()
    try:
        with patch_docutils(), docutils_namespace():
            app = Sphinx(
                source,
                None,
                out,
                work / "doctrees",
                "html",
                _configuration(title, stamp),
                status=None,
                warning=complaints,
                freshenv=True,
            )
            app.connect("doctree-read", _anchors)
            app.connect("html-page-context", lambda *event: _polished(event[3], links))
            app.build(force_all=True)
    except SphinxError as error:
        raise _failed(str(error), source) from error
    if complaint := complaints.getvalue().strip():
        raise _failed(complaint, source)
    for name in UNUSED:
        shutil.rmtree(out / name) if (out / name).is_dir() else (out / name).unlink(missing_ok=True)


def _failed(complaint: str, source: Path) -> SiteError:
    """What Sphinx complains of, told by page and cell: the files that it names are gone when somebody reads it."""

    def place(found: re.Match[str]) -> str:
        line = int(found[3] or 0)
        if found[2] == "ipynb":
            return f"page {found[1]}" + (f", cell {line // CELL}" if line >= CELL else "")
        return f"page {found[1]}" + (f", line {line}" if line else "")

    file = re.escape(f"{source}{os.sep}") + r"([^\s:]+)\.(ipynb|md)(?::(\d+))?"
    return SiteError("The site could not be built:\n" + re.sub(file, place, complaint))


def _configuration(title: str, stamp: str) -> dict[str, object]:
    """What stands in conf.py elsewhere."""
    static = HERE / "static"
    return {
        "extensions": ["myst_nb"],
        "html_title": escape(title),  # the theme takes it for HTML
        "html_context": {"stamp": stamp},
        "copyright": "",
        "language": "en",
        "nb_execution_mode": "off",
        "nb_render_markdown_format": "commonmark",
        "nb_code_prompt_show": "Show the code",
        "nb_code_prompt_hide": "Hide the code",
        "myst_all_links_external": True,  # links already lead to pages of the site
        "myst_enable_extensions": [],
        "highlight_language": "none",  # for blocks that name no language; cells of notebooks do
        "templates_path": [str(HERE / "templates")],
        "html_theme": "furo",
        "html_theme_options": {
            "top_of_page_buttons": [],
            "footer_icons": [],
            "light_css_variables": {"color-brand-primary": "#0b5394", "color-brand-content": "#0b5394"},
            "dark_css_variables": {"color-brand-primary": "#8ab8f0", "color-brand-content": "#8ab8f0"},
        },
        "html_static_path": [str(static)],
        "html_favicon": str(static / "icon.svg"),
        "html_css_files": ["site.css"],
        "html_js_files": [("dataTables.min.js", {"defer": "defer"}), ("site.js", {"defer": "defer"})],
        "html_copy_source": False,
        "html_show_sourcelink": False,
        "html_show_copyright": False,
        "html_use_index": False,
        "html_domain_indices": False,
        "html_show_search_summary": False,  # it fetches pages, which browsers forbid to files
        "html_last_updated_fmt": None,
    }


def _anchors(app: Sphinx, doctree: nodes.document) -> None:
    """Let each cell be linked to."""
    for node in doctree.findall(nodes.container):
        anchor = node.get("cell_metadata", {}).get("anchor")
        if node.get("nb_element") == "cell_code" and anchor:
            node["ids"] = [*node["ids"], anchor]


def _polished(context: dict[str, Any], links: Links) -> None:
    if "body" in context:
        context["body"] = polish(context["body"], links)

"""Pages rendered to HTML by Sphinx with MyST-NB.

The theme is Furo. Of the themes that ship everything with the site and have a dark mode, search, next and previous, a
table of contents and a print style, it is the lightest (60 kB of styles and scripts a page; pydata-sphinx-theme and
sphinx-book-theme load 1.6 MB), the only one whose dark mode and navigation work without JavaScript, and what axe-core
finds in it can be mended from outside (polish.py, site.css).
"""

from __future__ import annotations

import io
import os
import re
from collections.abc import Mapping
from html import escape
from importlib.resources import as_file, files
from pathlib import Path

from docutils import nodes
from nbformat import NotebookNode
from sphinx.application import Sphinx
from sphinx.errors import SphinxError
from sphinx.util.console import nocolor
from sphinx.util.docutils import docutils_namespace, patch_docutils

from compendium import hygiene
from compendium.site.links import Links
from compendium.site.material import SiteError
from compendium.site.polish import polish

CELL = 10_000  # lines that MyST-NB gives to each cell of a notebook when it names a place
UNUSED = (".buildinfo", ".doctrees", "_sources", "objects.inv")  # of Sphinx; no reader needs them


def render(
    pages: Mapping[str, NotebookNode], title: str, stamp: str, links: Links, work: Path, out: Path
) -> None:
    """Render pages (by name; `index` is the front page) to HTML in `out`, offline.

    `title` names the site; `stamp` stands at the foot of each page; `work` is an empty folder for what is between.
    Raises SiteError with what Sphinx complains of: each warning is a fault that a reader would meet.
    """
    source = work / "source"
    source.mkdir(parents=True)
    for name, notebook in pages.items():
        (source / f"{name}.ipynb").write_bytes(hygiene.to_bytes(notebook))
    complaints = io.StringIO()
    nocolor()
    try:
        with as_file(files("compendium.site") / "static") as static, patch_docutils(), docutils_namespace():
            app = Sphinx(
                source,
                None,
                out,
                work / "doctrees",
                "html",
                _configuration(title, static),
                status=None,
                warning=complaints,
                freshenv=True,
            )
            app.connect("doctree-read", _anchors)
            app.build(force_all=True)
    except SphinxError as error:
        raise _failed(str(error), source) from error
    if complaint := complaints.getvalue().strip():
        raise _failed(complaint, source)
    for name in UNUSED:
        path = out / name
        if path.is_dir():
            for inner in sorted(path.rglob("*"), reverse=True):
                inner.rmdir() if inner.is_dir() else inner.unlink()
            path.rmdir()
        else:
            path.unlink(missing_ok=True)
    for path in out.glob("*.html"):
        path.write_text(
            polish(path.read_text(encoding="utf-8"), links, stamp), encoding="utf-8", newline="\n"
        )


def _failed(complaint: str, source: Path) -> SiteError:
    """What Sphinx complains of, told by page and cell: the files that it names are gone when somebody reads it."""

    def place(found: re.Match[str]) -> str:
        cell = int(found[2] or 0) // CELL
        return f"page {found[1]}" + (f", cell {cell}" if cell else "")

    file = re.escape(f"{source}{os.sep}") + r"([^\s:]+)\.ipynb(?::(\d+))?"
    return SiteError("The site could not be built:\n" + re.sub(file, place, complaint))


def _configuration(title: str, static: Path) -> dict[str, object]:
    """What stands in conf.py elsewhere."""
    return {
        "extensions": ["myst_nb"],
        "html_title": escape(title),  # the theme takes it for HTML
        "copyright": "",
        "language": "en",
        "nb_execution_mode": "off",
        "nb_render_markdown_format": "commonmark",
        "nb_code_prompt_show": "Show the code",
        "nb_code_prompt_hide": "Hide the code",
        "myst_all_links_external": True,  # links already lead to pages of the site
        "myst_enable_extensions": [],
        "highlight_language": "none",  # for blocks that name no language; cells of notebooks do
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

"""The pages: those of the notebooks, those that are a text of the project, and those of the templates.

Templates are Markdown with HTML, which no blank line of the data ends: what they take from data is escaped and on one
line. In Markdown it goes through the filter `md` as well.
"""

from __future__ import annotations

import copy
import posixpath
import re
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any

from docutils.nodes import make_id
from jinja2 import Environment, FileSystemLoader, Undefined
from markupsafe import Markup
from nbformat import NotebookNode
from nbformat.v4 import new_output

from compendium import description, links, words
from compendium.execution import hygiene
from compendium.links import Links
from compendium.site import beside, bibliography
from compendium.site.downloads import files
from compendium.site.material import PLACES, Material, said_of
from compendium.site.rendering import TEMPLATES

# Pages beside the notebooks, in order; a template that gives nothing makes no page.
PARTS = {
    "Data": ("codebook", "terms", "sources", "downloads"),
    "About": ("how-made", "two-mandates", "coding-guide", "extend", "contributing", "cite", "changes"),
}
LINK = re.compile(r"\[([^\[\]]*)\]\(([^)\s:#]*)(?:#([^)\s]*))?\)")  # within the project, in Markdown
MERMAID = re.compile(r"^```mermaid\n.*?^```$", re.MULTILINE | re.DOTALL)  # pictures that only code hosts draw
FRONT = "front-page"  # the tag of a cell that stands on the front page, too
PICTURE = re.compile(r"!\[([^\]]*)\]\((figures/[\w.-]+)\)")  # a figure, which stands in a folder of the site


def pages(material: Material, folder: Path) -> dict[str, bytes]:
    """All pages by the names of their files, notebooks and Markdown; `index.md` is the front page.

    `folder` is that of the site, with its files for download in place.
    """
    maker = _Maker(material, folder)
    made, titles = {}, {}
    for name, notebook in material.notebooks.items():
        made[f"{name}.ipynb"] = hygiene.to_bytes(maker.page(name, notebook))
    for name in (name for names in PARTS.values() for name in names):
        text = maker.rendered(f"{name}.md")
        if heading := re.search(r"^# (.+)", text, re.MULTILINE):
            titles[name] = heading[1]
            made[f"{name}.md"] = text.encode()
    parts = {"Notebooks": list(material.notebooks)}
    parts |= {caption: [name for name in names if name in titles] for caption, names in PARTS.items()}
    made["index.md"] = maker.rendered("index.md", others=titles, parts=parts).encode()
    return made


def linked(text: str, folder: str, material: Material) -> str:
    """A text of the project with its links leading to the site; `folder` is the one where the text stands.

    A link to a text that is not on the site becomes its words.
    """

    def target(found: re.Match[str]) -> str:
        said, path = found[1], found[2]
        inside = posixpath.normpath(posixpath.join(folder, path)) if path else ""
        if inside in PLACES:
            return f"[{said}]({PLACES[inside]})" if inside in material.texts else said
        if notebook := re.fullmatch(r"notebooks/([^/]+)\.ipynb", inside):
            if notebook[1] not in material.notebooks:
                return said
            path = f"{notebook[1]}.html"
        return f"[{said}]({path}{f'#{make_id(found[3])}' if found[3] else ''})"

    return LINK.sub(target, text)


def told(output: NotebookNode, what: str) -> str:
    """What the maker of an output tells of it: the name of its `figure`, or of the figure whose `links` it has."""
    return str(output.get("metadata", {}).get("compendium", {}).get(what, ""))


class _Maker:
    """Makes pages of one site; its templates can use what `__init__` names."""

    def __init__(self, material: Material, folder: Path) -> None:
        self.material = material
        self.figures: list[dict[str, Any]] = []
        self.front: list[dict[str, Any]] = []
        self.sizes = {name: path.stat().st_size for name, path in files(folder).items()}
        self.env = Environment(
            loader=FileSystemLoader(TEMPLATES), autoescape=True, trim_blocks=True, lstrip_blocks=True
        )
        self.env.finalize = lambda value: value if isinstance(value, Markup) else _line(value)
        self.env.filters |= {"md": lambda text: Markup(words.md(_line(text))), "prose": self._prose}
        self.env.filters["inline"] = lambda html: Markup(" ".join(html.splitlines()))
        self.env.filters["lines"] = lambda text: Markup(escape(text, quote=False))
        self._links = Links(material.t)
        self.env.filters["linked"] = lambda text: Markup(self._links.linked(_line(text)))
        self.env.globals |= {
            "m": material,
            "notebooks": {name: said_of(notebook) for name, notebook in material.notebooks.items()},
            "figures": self.figures,
            "front": self.front,
            "passage": lambda name: Markup(linked(material.passages(name), "", material)),
            "text": self._text,
            "words": words,
            "description": description,
            "links": links,
            "sizes": self.sizes,
            "citation": material.citation,
            "bibliography": bibliography,
            "beside": beside,
        }

    def rendered(self, template: str, **names: Any) -> Markup:
        """What a template makes of the material, and of `names`."""
        return Markup(self.env.get_template(template).render(**names))

    def _prose(self, text: object) -> Markup:
        """A description as HTML: escaped, symbols linked, with what stands in backticks as code."""
        return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", self._links.linked(_line(text))))

    def _text(self, name: str) -> Markup:
        """A text of the project, or nothing; without pictures of figures that this package has not."""

        def picture(found: re.Match[str]) -> str:
            return f'<img src="{found[2]}" alt="{found[1]}" width="240">' if found[2] in self.sizes else ""

        instead = f"*The picture stands in {name}, which code hosts draw.*"
        text = MERMAID.sub(instead, self.material.texts.get(name, ""))
        text = PICTURE.sub(picture, text)
        return Markup(linked(text, posixpath.dirname(name), self.material))

    def page(self, name: str, notebook: NotebookNode) -> NotebookNode:
        """A notebook as a page: code folded, figures with what belongs to them. What is shown stays in order."""
        notebook, heading = copy.deepcopy(notebook), ""
        for cell in notebook.cells:
            if cell.cell_type == "code":
                cell.metadata["anchor"] = f"cell-{cell.id}"
                about = said_of(notebook) | {"where": f"{name}.html#cell-{cell.id}"}
                cell.outputs = list(self._outputs(cell, about))
                if FRONT in cell.metadata.get("tags", []):
                    shown = [Markup(_shown(output)) for output in cell.outputs]
                    self.front.append(about | {"heading": heading, "shown": shown})
                cell.metadata["tags"] = sorted({*cell.metadata.get("tags", []), "hide-input"})
            elif cell.cell_type == "markdown":
                cell.source = linked(cell.source, "notebooks", self.material)
                heading = next(iter(re.findall(r"^## (.+)$", cell.source, re.MULTILINE)), heading)
        return notebook

    def _outputs(self, cell: NotebookNode, about: dict[str, Any]) -> Iterator[NotebookNode]:
        """Outputs of a cell, its figures as HTML and without the links to their files, which go with them.

        Figures are `figures` to other pages, with what they need to know `about` the cell.
        """
        for output in cell.outputs:
            if figure := told(output, "figure"):
                html = self._figure(output, figure, about["where"])
                self.figures.append(about | {"figure": figure})
                output = new_output("display_data", {"text/html": html})
            elif text := output.get("data", {}).get("text/markdown"):
                output.data["text/markdown"] = linked(text, "notebooks", self.material)
            if not told(output, "links"):
                yield output

    def _figure(self, output: NotebookNode, name: str, where: str) -> Markup:
        """A figure as HTML, the one place where it becomes that; `where` is the address of the cell that shows it."""
        alt = output.metadata["image/png"]["alt"]
        drawings = [
            drawing(self.material.figures / f"{name}{width}.svg", f"{name}{width}", alt)
            for width in ("", "-phone")
        ]
        return self.rendered(
            "figure.html", name=name, where=where, title=alt.split(". ")[0], drawings=drawings
        )


def drawing(path: Path, name: str, alt: str) -> Markup:
    """A drawing as part of a page, so that its marks can be reached and read: named, and its keys its own."""
    svg = re.sub(
        r"<metadata>.*?</metadata>| <title>.*?</title>\n", "", path.read_text(), count=2, flags=re.DOTALL
    )
    svg = re.sub(r'(\bid="|href="#|url\(#)', rf"\g<1>{name}-", svg[svg.index("<svg") :])
    size = r'width="[\d.]+pt" height="[\d.]+pt"'
    return Markup(re.sub(size, lambda _: f'role="group" aria-label="{escape(alt)}"', svg, count=1))


def _shown(output: NotebookNode) -> str:
    """An output for a page of Markdown: HTML without blank lines, which would end it there, or the text itself."""
    html = output.data.get("text/html")
    return "\n".join(filter(str.strip, html.splitlines())) if html else output.data["text/markdown"]


def _line(value: object) -> str:
    """A value as readers see it, on one line; nothing for what data do not say."""
    return "" if isinstance(value, Undefined) else re.sub(r"\s+", " ", words.text_of(value))

"""The pages that are not notebooks: front page, sources, how it was made, how to extend, how to cite, changes."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Container, Iterator
from dataclasses import replace
from html import escape
from pathlib import Path

import yaml
from nbformat import NotebookNode

from compendium import words as page
from compendium.site import bibliography, codebook, downloads
from compendium.site import notebooks as nb
from compendium.site.document import Document
from compendium.site.links import source_anchor, web
from compendium.site.material import Material, sections, without_title

# What an author tags, so that the front page shows it: cells with a finding, and one with a figure.
FINDING_TAG, FIGURE_TAG = "front-page", "front-page-figure"

# Where the links of the project's texts lead on the site.
PLACES = {
    "README.md": "index.html",
    "CHANGELOG.md": "changes.html",
    "CITATION.cff": "downloads/CITATION.cff",
    "CONTRIBUTING.md": "contributing.html",
    "LICENSE": "downloads/LICENSE.txt",
    "LICENSE-DATA": "downloads/LICENSE-DATA.txt",
    "data/README.md": "extend.html",
    "data/coding/GUIDE.md": "coding-guide.html",
}
# Sections of the README; the last speaks of the project's own data.
HOW_MADE = ("Where things are", "Two commands", "What is not covered")
PARTS = {
    "Notebooks": None,  # all there are
    "Data": ("codebook", "terms", "sources", "downloads"),
    "About": ("how-made", "coding-guide", "extend", "contributing", "cite", "changes"),
}


def pages(material: Material, folder: Path) -> dict[str, NotebookNode]:
    """All pages by name, in the order of reading; the front page, `index`, comes last because it lists the others.

    `folder` is that of the site, with its files for download in place.
    """
    makers: dict[str, Callable[[Material], Document | None]] = {
        "codebook": codebook.codebook,
        "terms": codebook.terms,
        "sources": _sources,
        "downloads": lambda material: downloads.document(material, folder),
        "how-made": _how_made,
        "coding-guide": _coding_guide,
        "extend": _extend,
        "contributing": _contributing,
        "cite": _cite,
        "changes": _changes,
    }
    made = {name: _with_links(nb.page(notebook), material) for name, notebook in material.notebooks.items()}
    for name, maker in makers.items():
        if document := maker(material):
            made[name] = document.notebook()
    made["index"] = _front(material, made)
    return made


# --- front page ---


def _front(material: Material, made: dict[str, NotebookNode]) -> NotebookNode:
    front = Document(page.md(material.title))
    front.say(_introduction(material))
    front.show(
        f'<p class="stamp">Data version {escape(material.version)}, as of {escape(material.as_of)}. '
        '<a href="downloads.html">Downloads</a></p>'
    )
    if found := list(_findings(material)):
        front.say("## What stands out")
        front.say("\n".join(f"{place}. {text}" for place, text in enumerate(found, 1)))
    for name, cell in nb.tagged(material.notebooks, FIGURE_TAG)[:1]:
        for output in cell.outputs:
            if "image/png" in output.get("data", {}) and nb.figure_names(cell):
                front.say("## At a glance")
                front.show(nb.figure(output, f"{name}.html#{nb.anchor(cell)}"))
    front.say("## Where to go on")
    front.say(
        "\n".join(
            f"- [{nb.title(notebook)}]({name}.html). {nb.question(notebook)}"
            for name, notebook in material.notebooks.items()
        )
    )
    others = [name for part in PARTS.values() for name in part or () if name in made]
    front.say(
        "The data and how they came about: " + " · ".join(f"[{nb.title(made[n])}]({n}.html)" for n in others)
    )
    front.say("\n\n".join(_contents(material, made)))
    return front.notebook()


def _introduction(material: Material) -> str:
    """The first paragraphs of the project's README for its own data; for other data what their package says."""
    readme = material.texts.get("README.md", "")
    if not material.own or not readme:
        return page.md(material.tables.descriptor.get("description", ""))
    return re.split(r"^(?:!\[|## )", without_title(readme), maxsplit=1, flags=re.MULTILINE)[0].strip()


def _findings(material: Material) -> Iterator[str]:
    """Findings of the cells that are tagged for it, each with the notebook that shows its evidence."""
    for name, cell in nb.tagged(material.notebooks, FINDING_TAG):
        for text in nb.findings(cell):
            heading = nb.title(material.notebooks[name])
            yield f"{text} *[{heading}]({name}.html#{nb.anchor(cell)})*"


def _contents(material: Material, made: dict[str, NotebookNode]) -> Iterator[str]:
    """The tables of contents that make up the navigation."""
    for caption, names in PARTS.items():
        present = [name for name in (material.notebooks if names is None else names) if name in made]
        if present:
            yield "\n".join(["```{toctree}", ":hidden:", f":caption: {caption}", "", *present, "```"])


# --- texts of the project ---


def _how_made(material: Material) -> Document | None:
    readme = material.texts.get("README.md", "")
    text = sections(readme, *(HOW_MADE if material.own else HOW_MADE[:-1]))
    if not text:
        return None
    document = Document("How it was made")
    about = next(iter(material.notebooks), "")
    if about.startswith("00-"):
        document.say(
            f"How the assessment was coded, how far two codings agree and how far a reader can rely on it stands in "
            f"[{nb.title(material.notebooks[about])}]({about}.html)."
        )
    document.say(_linked(text, "", material))
    return document


def _coding_guide(material: Material) -> Document | None:
    return _whole(material, "data/coding/GUIDE.md")


def _changes(material: Material) -> Document | None:
    return _whole(material, "CHANGELOG.md")


def _extend(material: Material) -> Document | None:
    readme, data = material.texts.get("README.md", ""), material.texts.get("data/README.md", "")
    text = sections(readme, "Add a row")
    if not text and not data:
        return None
    document = Document("How to extend")
    document.say(_linked(text, "", material))
    document.say(_linked(without_title(data), "data", material))
    return document


def _contributing(material: Material) -> Document | None:
    """The guide for those who carry on; its picture of the code is drawn by code hosts only."""
    picture = re.compile(r"^```mermaid\n.*?^```$", re.MULTILINE | re.DOTALL)
    instead = "*The picture stands in CONTRIBUTING.md, which code hosts draw.*"
    texts = {name: picture.sub(instead, text) for name, text in material.texts.items()}
    return _whole(replace(material, texts=texts), "CONTRIBUTING.md")


def _whole(material: Material, name: str) -> Document | None:
    """A page that is one text of the project."""
    text = material.texts.get(name, "")
    heading = re.match(r"\s*# (.+)", text)
    if not heading:
        return None
    document = Document(heading[1])
    document.say(_linked(without_title(text), posixpath.dirname(name), material))
    return document


def _linked(text: str, folder: str, material: Material) -> str:
    return linked(text, folder, PLACES if material.own else material.texts)


def linked(text: str, folder: str, present: Container[str] = PLACES) -> str:
    """A text of the project with its links leading to the site; `folder` is the one where the text stands.

    A link to a text that is not among those `present` on the site becomes its words.
    """

    def target(found: re.Match[str]) -> str:
        words = found[1]
        path, _, place = found[2].partition("#")
        inside = posixpath.normpath(posixpath.join(folder, path)) if path else ""
        if inside in PLACES:
            return f"[{words}]({PLACES[inside]})" if inside in present else words
        if notebook := re.fullmatch(r"notebooks/([^/]+)\.ipynb", inside):
            return f"[{words}]({notebook[1]}.html{'#' + place if place else ''})"
        return found[0]

    return re.sub(r"\[([^\[\]]*)\]\(([^)\s:]+)\)", target, text)


def _with_links(notebook: NotebookNode, material: Material) -> NotebookNode:
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = _linked(cell.source, "notebooks", material)
    return notebook


# --- how to cite ---


def _cite(material: Material) -> Document | None:
    if "CITATION.cff" not in material.texts:
        return None
    citation = yaml.safe_load(material.texts["CITATION.cff"])
    entry = _citation_entry(citation, material)
    document = Document("How to cite")
    document.say(page.md(citation["message"]))
    document.say("## The compendium")
    document.show(f"<p>{_reference(entry)}</p>")
    document.show(f"<pre>{escape(bibliography.bibtex([entry]))}</pre>")
    document.say("## The assessment that it reads")
    for reference in citation.get("references", []):
        document.show(
            f"<p>{_reference(_citation_entry(reference, None))} {escape(reference.get('notes', ''))}</p>"
        )
    if text := sections(material.texts.get("README.md", ""), "How to cite"):
        licences = [part for part in re.split(r"\n\n+", text) if part.startswith("Code:")]
        if licences:
            document.say("## Licences")
            document.say(_linked("\n\n".join(licences), "", material))
    document.say(
        "## One document\n\nCite a document of the mandate by its symbol. The bibliography of all documents is among "
        "the [downloads](downloads.html)."
    )
    return document


def _citation_entry(citation: dict, material: Material | None) -> bibliography.Entry:
    """A work of CITATION.cff as an item of CSL JSON; for the compendium with the version and the year of its data."""
    year = citation.get("year") or (material and int(material.tables.descriptor["created"][:4]))
    return {
        "id": material.name if material else "assessment",
        "type": "dataset" if material else "report",
        "title": " ".join(citation["title"].split()),
        "author": [{"literal": author.get("name", "")} for author in citation["authors"]],
        "issued": {"date-parts": [[year]]} if year else {},
        "version": material.version if material else "",
    }


def _reference(entry: bibliography.Entry) -> str:
    """A reference as readers write it, as HTML."""
    authors = "; ".join(author["literal"] for author in entry["author"])
    year = "".join(f" ({parts[0]})" for parts in entry["issued"].get("date-parts", []))
    version = f" Version {escape(entry['version'])}." if entry["version"] else ""
    return f"{escape(authors)}{year}. <cite>{escape(entry['title'])}</cite>.{version}"


# --- sources ---


def _sources(material: Material) -> Document | None:
    if material.tables["sources"].empty:
        return None
    sources = material.tables["sources"]
    document = Document("Sources")
    document.say(
        f"All {page.counted(len(sources), 'source')} on which the record rests. The address is where the source was "
        "read; for a document of the United Nations the symbol leads to the original."
    )
    document.show(
        page.html_table(
            f"Sources ({len(sources)}, record)",
            ("Key", "Title", "Publisher", "Address", "Kind", "Date", "Note"),
            (
                (
                    f'<span id="{escape(source_anchor(row["source_id"]))}">{escape(row["source_id"])}</span>',
                    escape(row["title"]),
                    escape(row["publisher"]),
                    _address(row["url"]),
                    escape(page.text_of(row["kind"])),
                    escape(page.text_of(row["date"])),
                    escape(row["note"]),
                )
                for row in sources.to_dict("records")
            ),
        )
    )
    return document


def _address(url: str) -> str:
    """A link to an address, shown as its host; what no browser may follow stands as text."""
    if not web(url):
        return escape(url)
    return f'<a href="{escape(url)}">{escape(url.split("/")[2])}</a>'

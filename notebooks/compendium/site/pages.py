"""The pages: those of the notebooks, those that are a text of the project, and those of the templates."""

from __future__ import annotations

import copy
import posixpath
import re
from collections.abc import Iterable, Iterator
from html import escape
from pathlib import Path
from typing import Any

import yaml
from docutils.nodes import make_id
from jinja2 import Environment, FileSystemLoader, Undefined
from markupsafe import Markup
from nbformat import NotebookNode
from nbformat.v4 import new_output

from compendium import description, hygiene, words
from compendium.links import web
from compendium.periods import show
from compendium.site import bibliography
from compendium.site.downloads import MANIFEST
from compendium.site.material import OWN_PLACES, PLACES, Material
from compendium.site.polish import figure

# What an author tags, so that the front page shows it: cells with a finding, and one with a figure.
FINDING_TAG, FIGURE_TAG = "front-page", "front-page-figure"

# Pages beside the notebooks, in order. Each is a text of the project, or a template that gives nothing where there is
# nothing to say.
PARTS = {
    "Data": ("codebook", "terms", "sources", "downloads"),
    "About": ("how-made", "coding-guide", "extend", "contributing", "cite", "changes"),
}
TEXTS = {"coding-guide": "data/coding/GUIDE.md", "contributing": "CONTRIBUTING.md", "changes": "CHANGELOG.md"}


def pages(material: Material, folder: Path) -> dict[str, bytes]:
    """All pages by the names of their files, notebooks and Markdown; `index.md` is the front page.

    `folder` is that of the site, with its files for download in place.
    """
    made = {f"{name}.ipynb": hygiene.to_bytes(_notebook(one, material)) for name, one in material.notebooks.items()}
    env = _environment(material, folder)
    titles = {}
    for name in (name for names in PARTS.values() for name in names):
        text = _whole(TEXTS[name], material) if name in TEXTS else env.get_template(f"{name}.md").render()
        if found := re.search(r"^# (.+)", text, re.MULTILINE):
            titles[name] = found[1]
            made[f"{name}.md"] = text.strip().encode() + b"\n"
    parts = {"Notebooks": list(material.notebooks)}
    parts |= {caption: [name for name in names if name in titles] for caption, names in PARTS.items()}
    made["index.md"] = env.get_template("index.md").render(others=titles, parts=parts).encode()
    return made


# --- notebooks ---


def _notebook(notebook: NotebookNode, material: Material) -> NotebookNode:
    """The notebook as a page: code folded, figures with what belongs to them. What is shown stays in order."""
    notebook = copy.deepcopy(notebook)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.metadata["tags"] = sorted({*cell.metadata.get("tags", []), "hide-input"})
            cell.metadata["anchor"] = anchor(cell)
            cell.outputs = list(_outputs(cell, material))
        elif cell.cell_type == "markdown":
            cell.source = linked(cell.source, "notebooks", material)
    return notebook


def _outputs(cell: NotebookNode, material: Material) -> Iterator[NotebookNode]:
    """Outputs of a cell, its figures as HTML and without the links to their files, which go with them."""
    for output in cell.outputs:
        if told(output, "figure"):
            yield new_output("display_data", {"text/html": figure(output, f"#{anchor(cell)}")})
        elif not told(output, "links"):
            if "text/markdown" in output.get("data", {}):
                output.data["text/markdown"] = linked(output.data["text/markdown"], "notebooks", material)
            yield output


def told(output: NotebookNode, what: str) -> str:
    """What the package that made an output tells of it: the name of its `figure`, or of that whose `links` it has."""
    return str(output.get("metadata", {}).get("compendium", {}).get(what, ""))


def anchor(cell: NotebookNode) -> str:
    """Where a cell stands on the page of its notebook."""
    return f"cell-{cell.id}"


def _about(notebook: NotebookNode) -> dict[str, Any]:
    """What other pages say of a notebook: its heading and its question, as Markdown, and the anchors of its sections."""
    text = "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    heading = re.search(r"^# (.+)$", text, re.MULTILINE)
    question = re.search(r"^\*\*Question\.\*\* ((?:.+\n?)+)", text, re.MULTILINE)
    return {
        "title": heading[1] if heading else "",
        "question": " ".join(question[1].split()) if question else "",
        "anchors": {make_id(section) for section in re.findall(r"^##+ (.+)$", text, re.MULTILINE)},
    }


def _shown(material: Material, tag: str = "") -> Iterator[tuple[NotebookNode, dict[str, Any]]]:
    """The outputs of cells with a tag, or of all, each with where it stands."""
    for name, notebook in material.notebooks.items():
        for cell in notebook.cells:
            if cell.cell_type == "code" and (not tag or tag in cell.metadata.get("tags", [])):
                for output in cell.outputs:
                    yield output, {"where": f"{name}.html#{anchor(cell)}", "title": _about(notebook)["title"]}


def _findings(material: Material) -> Iterator[dict[str, Any]]:
    """What the front page shows of the cells that are tagged for it: what they set apart, without the word before it."""
    for output, where in _shown(material, FINDING_TAG):
        text = output.get("data", {}).get("text/markdown", "")
        if text.startswith("> "):
            yield where | {"text": linked(re.sub(r"^> (\*\*[^*]+\*\* )?", "", text), "notebooks", material)}


# --- texts of the project ---


def _whole(name: str, material: Material) -> str:
    """A page that is one text of the project. Its pictures of code are drawn by code hosts only."""
    instead = f"*The picture stands in {name}, which code hosts draw.*"
    text = re.sub(r"^```mermaid\n.*?^```$", instead, material.texts.get(name, ""), flags=re.MULTILINE | re.DOTALL)
    return linked(text, posixpath.dirname(name), material)


def linked(text: str, folder: str, material: Material) -> str:
    """A text of the project with its links leading to the site; `folder` is the one where the text stands.

    A link to a text that is not on the site becomes its words.
    """

    def target(found: re.Match[str]) -> str:
        said = found[1]
        path, _, place = found[2].partition("#")
        place = f"#{make_id(place)}" if place else ""
        inside = posixpath.normpath(posixpath.join(folder, path)) if path else ""
        if inside in material.texts:
            return f"[{said}]({(PLACES | OWN_PLACES)[inside]})"
        if inside in PLACES or inside in OWN_PLACES:
            return str(said)
        if notebook := re.fullmatch(r"notebooks/([^/]+)\.ipynb", inside):
            return f"[{said}]({notebook[1]}.html{place})"
        return f"[{said}]({path}{place})"

    return re.sub(r"\[([^\[\]]*)\]\(([^)\s:]+)\)", target, text)


# --- templates ---


def _environment(material: Material, folder: Path) -> Environment:
    """What the templates can use. They are Markdown with HTML, which no blank line of the data ends.

    What they take from data is escaped and on one line; in Markdown it goes through the filter `md` as well.
    """
    env = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=lambda value: value if isinstance(value, Markup | Undefined) else _line(value),
    )
    env.filters |= {"md": lambda text: Markup(words.md(_line(text))), "prose": _prose}
    t, texts = material.t, material.texts
    terms = t.vocabularies.sort_values("ordinal", kind="stable")
    figures = [
        where | {"name": told(output, "figure"), "title": where["title"].replace("*", "").replace("`", "")}
        for output, where in _shown(material)
        if told(output, "figure")
    ]
    env.globals |= {
        "title": material.title,
        "version": material.version,
        "as_of": show(t.until),
        "own": material.own,
        "package": material.package,
        "t": t,
        "notebooks": {name: _about(notebook) for name, notebook in material.notebooks.items()},
        "passage": lambda name: Markup(linked(material.passages(name), "", material)),
        "text": lambda name: Markup(re.sub(r"\A\s*# .*\n", "", _whole(name, material)).strip()),
        "counted": words.counted,
        # the front page
        "findings": list(_findings(material)),
        "glance": next(
            (
                Markup(figure(output, where["where"]))
                for output, where in _shown(material, FIGURE_TAG)
                if told(output, "figure")
            ),
            "",
        ),
        # codebook, terms and sources
        **{name: getattr(description, name) for name in ("fields", "is_date", "links", "primary_key", "split")},
        "columns": sum(len(description.fields(one)) for one in material.package["resources"]),
        "vocabularies": {
            name: terms[terms["vocabulary"] == name].to_dict("records")
            for name in dict.fromkeys(t.vocabularies["vocabulary"])
        },
        "themes": t.themes.sort_values("ordinal").to_dict("records"),
        "sources": t.sources.to_dict("records"),
        "source_ids": set(t.sources["source_id"]),
        "web": web,
        # downloads and how to cite
        "file": lambda name, label="": _file(folder, name, label),
        "archive": f"downloads/{material.archive}",
        "manifest": MANIFEST,
        "figures": figures,
        "others": [
            *(f"notebooks/{name}.ipynb" for name in material.notebooks),
            *sorted(
                path.relative_to(folder).as_posix()
                for path in (folder / "downloads").iterdir()
                if path.suffix in (".txt", ".cff")
            ),
        ],
        "citation": yaml.safe_load(texts["CITATION.cff"]) if "CITATION.cff" in texts else None,
        "bibtex": lambda items: Markup(escape(bibliography.bibtex(items), quote=False)),
        "item": _item,
        "own_work": material,
    }
    return env


def _line(value: object) -> str:
    """A value as readers see it, on one line."""
    return re.sub(r"\s+", " ", words.text_of(value))


def _prose(text: object) -> Markup:
    """A description as HTML: escaped, with what stands in backticks as code."""
    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(_line(text or ""))))


def _item(work: dict[str, Any], material: Material | None = None) -> bibliography.Entry:
    """A work of CITATION.cff as an item of CSL JSON; for the compendium with the version and the year of its data."""
    year = work.get("year") or (material and int(material.package["created"][:4]))
    return {
        "id": material.name if material else "assessment",
        "type": "dataset" if material else "report",
        "title": " ".join(work["title"].split()),
        "author": [{"literal": author.get("name", "")} for author in work["authors"]],
        "issued": {"date-parts": [[year]]} if year else {},
        "version": material.version if material else "",
    }


def _file(folder: Path, name: str, label: str = "") -> Markup:
    """A link to a file of the site, with its size."""
    size = (folder / name).stat().st_size
    told = f"{size / 1e6:.1f} MB" if size >= 1e6 else f"{max(1, round(size / 1e3))} kB"
    return Markup('<a href="{}" download>{}</a> ({})').format(name, label or Path(name).name, told)

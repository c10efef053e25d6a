"""What the site is made from: a data package, executed notebooks with their figures, and texts of the project."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from docutils.nodes import make_id
from nbformat import NotebookNode

from compendium import description
from compendium.description import Meta
from compendium.execution import hygiene
from compendium.execution.run import PATTERN
from compendium.periods import show
from compendium.problems import CommandError
from compendium.tables import Tables, load

# Texts of the project and where they stand on the site; one that a project lacks has no page.
PLACES = {
    "README.md": "index.html",
    "CONTRIBUTING.md": "contributing.html",
    "data/README.md": "extend.html",
    "CHANGELOG.md": "changes.html",
    "CITATION.cff": "cite.html",
    "LICENSE": "downloads/LICENSE.txt",
    "LICENSE-DATA": "downloads/LICENSE-DATA.txt",
    "data/coding/GUIDE.md": "coding-guide.html",
    "examples/trafficking/README.md": "two-mandates.html",
}
NEEDS = "needs-"  # begins the tag of a heading under which everything rests on a table
FOR_ANY = ("README.md", "CONTRIBUTING.md", "data/README.md")  # the others speak of the project's own data


class SiteError(CommandError):
    """The site was not built and what was there before is unchanged; the message is for people."""


@dataclass(frozen=True)
class Material:
    """All that the pages of a site are made from.

    `notebooks` holds the executed notebooks by name (01-mandate-timeline); `figures` and `data` are folders; `package`
    is what the data say of themselves, and `t` has their tables; `texts` has what exists of `PLACES` by path and
    `citation` what CITATION.cff says; `own` tells whether the data are the project's own and not another package.
    """

    project: Path
    data: Path
    figures: Path
    notebooks: dict[str, NotebookNode]
    package: Meta
    t: Tables
    texts: dict[str, str]
    citation: Meta
    own: bool

    @property
    def title(self) -> str:
        """Title of the site: that of the project, or that of another data package."""
        heading = re.match(r"\s*# (.+)", self.texts.get("README.md", "")) if self.own else None
        return str(heading[1] if heading else self.package.get("title") or self.package.get("name") or "data")

    @property
    def version(self) -> str:
        """Version of the data, as the package gives it: the one place where it stands."""
        return str(self.package.get("version", ""))

    @property
    def licence(self) -> str:
        """Name of the licence of the data, if they name one."""
        return ", ".join(one.get("title") or one.get("name", "") for one in self.package.get("licenses", []))

    @property
    def editors(self) -> str:
        """Whom to name as the makers of the data, with the year of this version."""
        names = (one["title"] for one in self.package.get("contributors", []) if one.get("title"))
        return "; ".join(names) + f" ({str(self.package.get('created', ''))[:4]})"

    @property
    def stamp(self) -> str:
        """Which data these are, and up to which day they speak."""
        return f"Data version {self.version}, as of {show(self.t.until)}"

    def example(self, table: Meta, field: Meta) -> str:
        """An example of a column: the one that its description gives or, of another package, the first that it has."""
        if self.own:
            return str(field.get("example", ""))
        mark, column = field.get("delimiter", ";"), self.t[table["name"]][field["name"]]
        lists = (value if isinstance(value, list) else [value] for value in column.dropna())
        return next(filter(None, (mark.join(map(str, value)) for value in lists)), "")

    def passages(self, name: str) -> str:
        """What the README marks for a page: from each line `<!-- site: name -->` to the next such line or the end.

        Nothing where there is no README; SiteError if it marks no such passage.
        """
        if "README.md" not in self.texts:
            return ""
        marked = rf"^<!-- site: {re.escape(name)} -->\n(.*?)(?=^<!-- site: |\Z)"
        found = re.findall(marked, self.texts["README.md"], re.MULTILINE | re.DOTALL)
        if not found:
            raise SiteError(
                f"README.md has no line `<!-- site: {name} -->`, which begins a passage that the site shows. "
                "Please put it back before that passage."
            )
        return "\n\n".join(passage.strip() for passage in found)


def gather(project: Path, data_dir: Path | None, out: Path | None) -> Material:
    """Read the material: data and outputs of the project, or those of another package and where its run wrote to.

    Raises SiteError if there are no executed notebooks, or if a text of the project cannot be read.
    """
    data, made = data_dir or project / "data", out or project
    try:
        notebooks = {path.stem: hygiene.read(path) for path in sorted((made / "notebooks").glob(PATTERN))}
    except ValueError as error:
        raise SiteError(f"{error} Please run the notebooks again: make.") from None
    if not notebooks:
        raise SiteError(
            f"There are no executed notebooks in {made / 'notebooks'}. Please run them first: make."
        )
    for name, notebook in notebooks.items():
        if any(cell.cell_type == "code" and cell.execution_count is None for cell in notebook.cells):
            raise SiteError(f"{name}.ipynb has not been executed. Please run the notebooks first: make.")
    own = data.resolve() == (project / "data").resolve()
    names = [name for name in (PLACES if own else FOR_ANY) if (project / name).is_file()]
    texts = {name: _text(project, name) for name in names}
    if not own and (data / "README.md").is_file():
        texts["data/README.md"] = _text(data, "README.md")
    t = load(data, _as_of(notebooks))
    kept = {name: shown for name, notebook in notebooks.items() if (shown := _resting(notebook, t)).cells}
    return Material(
        project=project,
        data=data,
        figures=made / "figures",
        notebooks=kept,
        package=description.read(data),
        t=t,
        texts=texts,
        citation=yaml.safe_load(texts.get("CITATION.cff", "")) or {},
        own=own,
    )


def said_of(notebook: NotebookNode) -> dict[str, Any]:
    """What other pages say of a notebook, as Markdown: heading and question; and where its sections stand."""
    text = "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    heading = re.search(r"^# (.+)$", text, re.MULTILINE)
    question = re.search(r"^\*\*Question\.\*\* ((?:.+\n?)+)", text, re.MULTILINE)
    return {
        "title": heading[1] if heading else "",
        "question": " ".join(question[1].split()) if question else "",
        "sections": {make_id(section) for section in re.findall(r"^##+ (.+)$", text, re.MULTILINE)},
    }


def _resting(notebook: NotebookNode, t: Tables) -> NotebookNode:
    """A notebook without the sections that rest on tables without rows: their headings have a tag `needs-<table>`."""
    left, below = [], 7  # the level of a heading under which nothing is shown; 7 is none
    for cell in notebook.cells:
        heading = re.match(r"(#+) ", cell.source) if cell.cell_type == "markdown" else None
        if heading and len(heading[1]) <= below:
            needs = [
                tag.removeprefix(NEEDS) for tag in cell.metadata.get("tags", []) if tag.startswith(NEEDS)
            ]
            below = 7 if all(len(t.get(name, ())) for name in needs) else len(heading[1])
        left += [cell] if below == 7 else []
    return NotebookNode(notebook | {"cells": left})


def _text(project: Path, name: str) -> str:
    """A text of the project or of another package; SiteError if it is not in UTF-8."""
    raw = (project / name).read_bytes()
    try:
        return raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise SiteError(f"{name}:{line} is not UTF-8 text. Please save the file as UTF-8 text.") from None


def _as_of(notebooks: dict[str, NotebookNode]) -> str | None:
    """The date with which the notebooks were executed, as the run wrote it into them; None for the whole."""
    for cell in (cell for notebook in notebooks.values() for cell in notebook.cells):
        if hygiene.INJECTED in cell.metadata.get("tags", []):
            return str(ast.literal_eval(cell.source.removeprefix("as_of = ")))
    return None

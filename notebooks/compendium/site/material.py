"""What the site is made from: a data package, executed notebooks with their figures, and texts of the project."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from pathlib import Path

from nbformat import NotebookNode

from compendium import hygiene
from compendium.tables import Tables, load
from compendium.problems import CommandError
from compendium.run import PATTERN
from compendium.periods import show
from compendium.site.links import Links

# Texts of the project of which pages are made; one that a project lacks has no page. The first hold for whatever data
# it works on, the others for its own data only.
TEXTS = ("README.md", "CONTRIBUTING.md", "data/README.md")
OWN_TEXTS = ("CHANGELOG.md", "CITATION.cff", "data/coding/GUIDE.md")


class SiteError(CommandError):
    """The site was not built and what was there before is unchanged; the message is for people."""


@dataclass(frozen=True)
class Material:
    """All that the pages of a site are made from.

    `notebooks` holds the executed notebooks by name (01-mandate-timeline); `figures` and `data` are folders; `texts`
    has what exists of them, by path; `own` tells whether the data are the project's own and not another package.
    """

    project: Path
    data: Path
    figures: Path
    notebooks: dict[str, NotebookNode]
    tables: Tables
    links: Links
    texts: dict[str, str]
    own: bool

    @property
    def title(self) -> str:
        """Title of the site: that of the project, or that of another data package."""
        heading = re.match(r"\s*# (.+)", self.texts.get("README.md", ""))
        if self.own and heading:
            return heading[1].strip()
        return " ".join(str(self.tables.descriptor.get("title", "")).split()) or self.name

    @property
    def name(self) -> str:
        """Name of the data package, fit for a file."""
        return fit_for_a_file(str(self.tables.descriptor.get("name", ""))) or "data"

    @property
    def version(self) -> str:
        """Version of the data, as the package gives it: the one place where it stands."""
        return str(self.tables.descriptor.get("version", ""))

    @property
    def as_of(self) -> str:
        """The day up to which the data speak, in words."""
        return show(self.tables.until)


def gather(project: Path, data_dir: Path | None, out: Path | None) -> Material:
    """Read the material: data and outputs of the project, or those of another package and where its run wrote to.

    Raises SiteError if there are no executed notebooks, or if a text of the project cannot be read.
    """
    data, made = data_dir or project / "data", out or project
    paths = sorted((made / "notebooks").glob(PATTERN))
    if not paths:
        raise SiteError(
            f"There are no executed notebooks in {made / 'notebooks'}. Please run them first: make."
        )
    try:
        notebooks = {path.stem: hygiene.read(path) for path in paths}
    except ValueError as error:
        raise SiteError(f"{error} Please run the notebooks again: make.") from None
    for name, notebook in notebooks.items():
        if any(cell.cell_type == "code" and cell.execution_count is None for cell in notebook.cells):
            raise SiteError(f"{name}.ipynb has not been executed. Please run the notebooks first: make.")
    tables = load(data, _as_of(notebooks))
    own = data.resolve() == (project / "data").resolve()
    names = (*TEXTS, *OWN_TEXTS) if own else TEXTS
    return Material(
        project=project,
        data=data,
        figures=made / "figures",
        notebooks=notebooks,
        tables=tables,
        links=Links(tables),
        texts={name: _text(project, name) for name in names if (project / name).is_file()},
        own=own,
    )


def _text(project: Path, name: str) -> str:
    """A text of the project; SiteError if it is not in UTF-8."""
    raw = (project / name).read_bytes()
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise SiteError(f"{name}:{line} is not UTF-8 text. Please save the file as UTF-8 text.") from None


def fit_for_a_file(text: str) -> str:
    """A text of the data package as a part of the name of a file: letters, digits, points and hyphens."""
    return re.sub(r"[^A-Za-z0-9.-]+", "-", text).strip("-.")


def _as_of(notebooks: dict[str, NotebookNode]) -> str | None:
    """The date with which the notebooks were executed, as papermill wrote it into them; None for the whole."""
    for notebook in notebooks.values():
        for cell in notebook.cells:
            if hygiene.INJECTED in cell.metadata.get("tags", []):
                for statement in ast.parse(cell.source).body:
                    if isinstance(statement, ast.Assign) and ast.unparse(statement.targets[0]) == "as_of":
                        value = ast.literal_eval(statement.value)
                        return None if value is None else str(value)
    return None


def sections(text: str, *headings: str) -> str:
    """The sections of a Markdown text under these headings of the second level, in this order; those it has."""
    parts = re.split(r"^(?=## )", text, flags=re.MULTILINE)
    by_heading = {part.partition("\n")[0][3:].strip(): part for part in parts if part.startswith("## ")}
    return "\n\n".join(by_heading[heading].strip() for heading in headings if heading in by_heading)


def without_title(text: str) -> str:
    """A Markdown text without its heading of the first level."""
    return re.sub(r"\A\s*# .*\n", "", text).strip()

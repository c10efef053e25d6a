"""The files that readers take away: the data package as one zip, the bibliography, the figures, and their manifest."""

from __future__ import annotations

import hashlib
import shutil
import zipfile
from collections.abc import Iterator, Mapping
from html import escape
from pathlib import Path

from compendium import description as descriptor, hygiene
from compendium import words as page
from compendium.run import FIGURE
from compendium.site import bibliography
from compendium.site.document import Document
from compendium.site.material import Material, fit_for_a_file
from compendium.site.notebooks import anchor, figure_names, title

FOLDER = "downloads"
MANIFEST = "manifest-sha256.txt"
MOMENT = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip can hold: the same in every build
# Files of the project that go with its own data, with their names beside the tables.
COMPANIONS = {
    "README.md": "data/README.md",
    "coding/GUIDE.md": "data/coding/GUIDE.md",
    "LICENSE.txt": "LICENSE-DATA",
    "CITATION.cff": "CITATION.cff",
    "CHANGELOG.md": "CHANGELOG.md",
}


def archive(material: Material) -> str:
    """Name of the zip with the data package: it tells the version."""
    return "-".join(filter(None, (material.name, fit_for_a_file(material.version)))) + ".zip"


def write(material: Material, folder: Path) -> None:
    """Write all files for download to the folder of a site, and the manifest of them."""
    package = _package(material)
    for name, source in package.items():
        _copy(source, folder / "data" / name)
    downloads = folder / FOLDER
    downloads.mkdir(parents=True)
    _zip(downloads / archive(material), package)
    items = bibliography.entries(material.tables)
    if items:
        (downloads / "documents.bib").write_bytes(bibliography.bibtex(items).encode())
        (downloads / "documents.json").write_bytes(bibliography.csl_json(items).encode())
    for name, original in (("LICENSE.txt", "LICENSE"), *COMPANIONS.items()):
        if "/" not in name and material.own and (material.project / original).is_file():
            target = "LICENSE-DATA.txt" if original == "LICENSE-DATA" else name
            _copy(material.project / original, downloads / target)
    for path in sorted(material.figures.glob(FIGURE)):
        _copy(path, folder / "figures" / path.name)
    for name, notebook in material.notebooks.items():
        (folder / "notebooks").mkdir(exist_ok=True)
        (folder / "notebooks" / f"{name}.ipynb").write_bytes(hygiene.to_bytes(notebook))
    (downloads / MANIFEST).write_bytes("".join(_manifest(folder)).encode())


def _package(material: Material) -> dict[str, Path]:
    """The files of the data package by their names in it: description, tables, and texts that go with them."""
    resources = material.tables.descriptor["resources"]
    tables = [resource["path"] for resource in resources]
    files = {name: descriptor.table_path(material.data, name) for name in (descriptor.FILE, *tables)}
    if material.own:
        texts = {name: material.project / original for name, original in COMPANIONS.items()}
        files |= {name: path for name, path in texts.items() if path.is_file()}
    return dict(sorted(files.items()))


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def _zip(target: Path, files: Mapping[str, Path]) -> None:
    """A zip with the same bytes everywhere: files in order, with one fixed moment and no traits of the machine.

    The files are stored as they are, since zlib and those who stand in for it compress to different bytes.
    """
    with zipfile.ZipFile(target, "w") as made:
        for name, path in files.items():
            member = zipfile.ZipInfo(name, MOMENT)
            member.create_system = 3
            member.external_attr = 0o644 << 16
            made.writestr(member, path.read_bytes())


def _manifest(folder: Path) -> Iterator[str]:
    """Lines as `sha256sum --check` reads them: fingerprint and file, from the folder of the site."""
    for part in ("data", FOLDER, "figures", "notebooks"):
        for path in sorted((folder / part).rglob("*")):
            if path.is_file():
                yield f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(folder).as_posix()}\n"


# --- the page ---


def document(material: Material, folder: Path) -> Document:
    """The page of downloads; `folder` is that of the site, with its files in place."""
    made = Document("Downloads")
    made.say(
        f"Data version {page.md(material.version)}, as of {page.md(material.as_of)}. What each column means "
        "stands in the [codebook](codebook.html)."
    )
    made.say("## The whole data package")
    zipped = archive(material)
    made.show(
        f"<p>{_file(folder, f'{FOLDER}/{zipped}')}: all tables as CSV with their schema (Frictionless Data Package, "
        "version 2) and licence. The schema is also the codebook.</p>"
    )
    if (folder / FOLDER / "documents.bib").exists():
        made.say("## The bibliography")
        count = page.counted(len(material.tables["documents"]), "document")
        made.show(
            f"<p>All {count} of the mandate: {_file(folder, f'{FOLDER}/documents.bib', 'BibTeX')} and "
            f"{_file(folder, f'{FOLDER}/documents.json', 'CSL JSON')}. Zotero opens both (File, Import). Titles are "
            "short titles in our words; the symbol identifies the document. Entries that no source confirms say so in "
            "their note.</p>"
        )
    made.say("## Each table")
    made.show(
        page.html_table(
            "Tables of the data package, as CSV files in UTF-8",
            ("Table", "Rows", "File"),
            (
                (
                    escape(row["title"]),
                    f"{row['rows']:,}",
                    _file(folder, f"data/{material.tables.resource(row['table'])['path']}"),
                )
                for row in material.tables.counts().to_dict("records")
                if row["table"] in {one["name"] for one in material.tables.descriptor["resources"]}
            ),
        )
    )
    rows = list(_figures(material, folder))
    if rows:
        made.say("## Each figure, and the numbers behind it")
        made.show(
            page.html_table(
                "Figures by notebook", ("Figure", "Shown in", "Numbers", "Drawing", "Picture"), rows
            )
        )
    made.say("## Everything else")
    others = [f"notebooks/{name}.ipynb" for name in material.notebooks]
    others += sorted(path.relative_to(folder).as_posix() for path in (folder / FOLDER).glob("*.txt"))
    others += [f"{FOLDER}/{name}" for name in ("CITATION.cff",) if (folder / FOLDER / name).exists()]
    made.show("<ul>" + "".join(f"<li>{_file(folder, name)}</li>" for name in others) + "</ul>")
    made.say(
        f"`{MANIFEST}` has the SHA-256 fingerprint of every table, figure, notebook and download. Whoever has a copy "
        f"of this site compares it with `sha256sum --check {FOLDER}/{MANIFEST}` in its folder."
    )
    return made


def _figures(material: Material, folder: Path) -> Iterator[tuple[str, ...]]:
    """Rows of the table of figures, as HTML."""
    for name, notebook in material.notebooks.items():
        for cell in notebook.cells:
            for figure in figure_names(cell):
                where = f'<a href="{escape(name)}.html#{anchor(cell)}">{escape(_plain(title(notebook)))}</a>'
                files = [
                    _file(folder, f"figures/{figure}.{kind}", kind.upper()) for kind in ("csv", "svg", "png")
                ]
                yield escape(figure), where, *files


def _plain(markdown: str) -> str:
    return markdown.replace("*", "").replace("`", "")


def _file(folder: Path, name: str, label: str = "") -> str:
    """A link to a file of the site, with its size."""
    size = (folder / name).stat().st_size
    told = f"{size / 1e6:.1f} MB" if size >= 1e6 else f"{max(1, round(size / 1e3))} kB"
    return f'<a href="{escape(name)}" download>{escape(label or Path(name).name)}</a> ({told})'

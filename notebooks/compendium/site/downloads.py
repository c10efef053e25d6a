"""The files that readers take away: the data package as one zip, the bibliography, the figures, and their manifest."""

from __future__ import annotations

import hashlib
import shutil
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from compendium import description, hygiene
from compendium.run import FIGURE
from compendium.site import bibliography
from compendium.site.material import Material

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
# Beside the zip, for those who take no more than one file.
BESIDE = {"LICENSE.txt": "LICENSE", "LICENSE-DATA.txt": "LICENSE-DATA", "CITATION.cff": "CITATION.cff"}
BESIDE |= {"README.md": "data/README.md", "CHANGELOG.md": "CHANGELOG.md"}


def write(material: Material, folder: Path) -> None:
    """Write all files for download to the folder of a site, and the manifest of them."""
    package = dict(sorted(_package(material)))
    for name, source in package.items():
        _copy(source, folder / "data" / name)
    downloads = folder / "downloads"
    downloads.mkdir(parents=True)
    _zip(downloads / material.archive, package)
    if items := bibliography.entries(material.t):
        (downloads / "documents.bib").write_bytes(bibliography.bibtex(items).encode())
        (downloads / "documents.json").write_bytes(bibliography.csl_json(items).encode())
    for name, source in _present(material, BESIDE):
        _copy(source, downloads / name)
    for path in sorted(material.figures.glob(FIGURE)):
        _copy(path, folder / "figures" / path.name)
    (folder / "notebooks").mkdir()
    for name, notebook in material.notebooks.items():
        (folder / "notebooks" / f"{name}.ipynb").write_bytes(hygiene.to_bytes(notebook))
    (downloads / MANIFEST).write_bytes("".join(_manifest(folder)).encode())


def _package(material: Material) -> Iterator[tuple[str, Path]]:
    """The files of the data package with their names in it: description, tables, and texts that go with them."""
    for name in (description.FILE, *(table["path"] for table in material.package["resources"])):
        yield name, description.table_path(material.data, name)
    for path in (material.data / "notes").glob("*.md"):
        yield f"notes/{path.name}", path
    yield from _present(material, COMPANIONS)


def _present(material: Material, names: Mapping[str, str]) -> Iterator[tuple[str, Path]]:
    """Those files of the project that there are, if the data are its own."""
    for name, original in names.items() if material.own else ():
        if (material.project / original).is_file():
            yield name, material.project / original


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
    for part in ("data", "downloads", "figures", "notebooks"):
        for path in sorted((folder / part).rglob("*")):
            if path.is_file():
                yield f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(folder).as_posix()}\n"

"""The files that readers take away: the data package as one zip, the bibliography, the figures, and their manifest."""

from __future__ import annotations

import json
import re
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path

from compendium import description
from compendium.execution import hygiene
from compendium.execution.manifest import fingerprints
from compendium.execution.run import FIGURE
from compendium.site import bibliography
from compendium.site.material import Material

MOMENT = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip can hold: the same in every build
# Files of the project that go with its own data: those of the package, with their names in it, and those beside.
COMPANIONS = {
    "data/README.md": "data/README.md",
    "data/coding/GUIDE.md": "data/coding/GUIDE.md",
    "data/LICENSE.txt": "LICENSE-DATA",
    "data/CITATION.cff": "CITATION.cff",
    "data/CHANGELOG.md": "CHANGELOG.md",
    "downloads/LICENSE.txt": "LICENSE",
    "downloads/LICENSE-DATA.txt": "LICENSE-DATA",
    "downloads/CITATION.cff": "CITATION.cff",
}


def write(material: Material, folder: Path) -> None:
    """Write all files for download to the folder of a site, and the manifest of them."""
    for name, source in _copied(material):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, folder / name)
    for name in ("downloads", "notebooks"):
        (folder / name).mkdir(exist_ok=True)
    for name, notebook in material.notebooks.items():
        (folder / "notebooks" / f"{name}.ipynb").write_bytes(hygiene.to_bytes(notebook))
    archive = "-".join((material.package.get("name", "data"), *material.version.split()))
    _zip(folder / "data", folder / "downloads" / f"{re.sub(r'[^A-Za-z0-9.-]+', '-', archive)}.zip")
    if items := bibliography.entries(material.t):
        csl_json = json.dumps(items, ensure_ascii=False, indent=1) + "\n"
        for kind, text in {"bib": bibliography.bibtex(items), "json": csl_json}.items():
            (folder / "downloads" / f"documents.{kind}").write_bytes(text.encode())
    # Lines as `sha256sum --check` reads them in the folder of the site.
    lines = (f"{sha256}  {name}\n" for name, sha256 in fingerprints(folder, "**/*").items())
    (folder / "downloads" / "manifest-sha256.txt").write_bytes("".join(lines).encode())


def _copied(material: Material) -> Iterator[tuple[str, Path]]:
    """The files that are copied as they are, with their places on the site."""
    for name in (description.FILE, *(table["path"] for table in material.package["resources"])):
        yield f"data/{name}", description.table_path(material.data, name)
    for path in (material.data / "notes").glob("*.md"):
        yield f"data/notes/{path.name}", path
    for path in material.figures.glob(FIGURE):
        yield f"figures/{path.name}", path
    for name, original in COMPANIONS.items() if material.own else ():
        if (material.project / original).is_file():
            yield name, material.project / original


def files(folder: Path) -> dict[str, Path]:
    """All files of a folder by their names in it, in an order that is the same everywhere."""
    return dict(
        sorted((path.relative_to(folder).as_posix(), path) for path in folder.rglob("*") if path.is_file())
    )


def _zip(package: Path, target: Path) -> None:
    """A zip with the same bytes everywhere: files in order, with one fixed moment and no traits of the machine.

    The files are stored as they are, since zlib and those who stand in for it compress to different bytes.
    """
    with zipfile.ZipFile(target, "w") as made:
        for name, path in files(package).items():
            member = zipfile.ZipInfo(name, MOMENT)
            member.create_system = 3
            member.external_attr = 0o644 << 16
            made.writestr(member, path.read_bytes())

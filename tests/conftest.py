"""A small made-up package of another mandate, valid until a test spoils it."""

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
SCHEMA = TESTS.parent / "data" / "datapackage.json"
MANDATE_M = TESTS / "data" / "mandate-m"


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A folder with the tables of Mandate M, described by that part of the project's schema that concerns them."""
    folder = tmp_path / "package"
    shutil.copytree(MANDATE_M, folder)
    descriptor = json.loads(SCHEMA.read_text(encoding="utf-8"))
    descriptor |= {"name": "mandate-m", "title": "Mandate M", "mandate": {"title": "Mandate M"}}
    descriptor["resources"] = [
        table for table in descriptor["resources"] if (folder / table["path"]).exists()
    ]
    (folder / "datapackage.json").write_text(json.dumps(descriptor, indent=2), encoding="utf-8")
    return folder


@pytest.fixture
def edit(package: Path) -> Callable[[str, str, str], None]:
    """Function that replaces a text, which must stand there once, in a file of the package; bytes, so nothing else."""

    def replace(file: str, old: str, new: str) -> None:
        path = package / file
        content = path.read_bytes()
        assert content.count(old.encode()) == 1, f"{old!r} does not stand in {file} once"
        path.write_bytes(content.replace(old.encode(), new.encode()))

    return replace


@pytest.fixture
def describe(package: Path) -> Callable[[Callable[[dict], object]], None]:
    """Function that changes the description of the package by a function of its content."""

    def change(by: Callable[[dict], object]) -> None:
        path = package / "datapackage.json"
        descriptor = json.loads(path.read_text(encoding="utf-8"))
        by(descriptor)
        path.write_text(json.dumps(descriptor, indent=2), encoding="utf-8")

    return change


def prints(folder: Path) -> dict[str, str]:
    """Fingerprint of every file in a folder, by path."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }

"""Make all outputs again in a folder of their own and tell which differ from the manifest."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from packaging.requirements import Requirement

from compendium.execution.manifest import COMMITTED, LOCK, SITE, differences, fingerprints, read
from compendium.execution.run import run
from compendium.site import build


def verify(project: Path) -> list[str]:
    """What is not as the manifest of a project says, one line each: files as they stand, and files as made anew.

    Executes everything on a copy in `project`/build/verify, which stays, to be looked at, if what it made differs.
    Raises CommandError if the manifest cannot be read, or the run or the site fails.
    """
    said = read(project)
    committed = {name: sha256 for name, sha256 in said.items() if name.startswith(("notebooks/", "figures/"))}
    standing = differences(committed, fingerprints(project, *COMMITTED))
    folder = project / "build" / "verify"
    shutil.rmtree(folder, ignore_errors=True)
    copy(project, folder)
    made = list(differences(said, make(folder)))
    if not made:
        shutil.rmtree(folder)
    return [*(f"in place: {line}" for line in standing), *(f"made now: {line}" for line in made)]


def make(project: Path, workers: int = 2) -> dict[str, str]:
    """Make all outputs of a project, as the command `run` does; their fingerprints."""
    run(project, workers=workers)
    build(project)
    return fingerprints(project, *COMMITTED, SITE)


def copy(project: Path, target: Path) -> None:
    """Copy what a run and the site read, and none of what they make, to a new folder."""
    target.mkdir(parents=True)
    for entry in project.iterdir():
        if entry.is_file():
            shutil.copyfile(entry, target / entry.name)
        elif entry.name in ("data", "examples", "notebooks"):
            shutil.copytree(entry, target / entry.name, ignore=shutil.ignore_patterns("__pycache__", ".*"))


def other_versions(project: Path) -> Iterator[str]:
    """Libraries of this environment with another version than the locked one: what most often makes outputs differ."""
    lock = (project / LOCK).read_text(encoding="utf-8")
    for line in re.findall(r"^([a-zA-Z0-9][^\\\n]*?) \\$", lock, re.MULTILINE):
        locked = Requirement(line)
        if locked.marker is None or locked.marker.evaluate():
            with suppress(PackageNotFoundError):
                has = version(locked.name)
                if not locked.specifier.contains(has):
                    yield f"{locked.name} is {has}, but {locked.specifier} is locked"

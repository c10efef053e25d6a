"""Make all outputs again in a folder of their own and tell which differ from the manifest."""

from __future__ import annotations

import shutil
from pathlib import Path

from compendium import outputs
from compendium.run import run
from compendium.site import build

FOLDER = "verify"


def verify(project: Path, workers: int = 2) -> list[str]:
    """What is not as the manifest of a project says, one line each: files as they stand, and files as made anew.

    Executes everything on a copy in `project`/build/verify, which stays, to be looked at, if what it made differs.
    Raises ValueError if the manifest cannot be read, RunError or SiteError if the run or the site fails.
    """
    said = outputs.read(project)
    committed = {name: sha256 for name, sha256 in said.items() if name.partition("/")[0] in outputs.COMMITTED}
    standing = outputs.differences(committed, outputs.fingerprints(project, outputs.COMMITTED))
    copy = project / "build" / FOLDER
    shutil.rmtree(copy, ignore_errors=True)
    outputs.copy(project, copy)
    made = list(outputs.differences(said, make(copy, workers)))
    if not made:
        shutil.rmtree(copy)
    return [*(f"in place: {line}" for line in standing), *(f"made now: {line}" for line in made)]


def make(project: Path, workers: int = 2) -> dict[str, str]:
    """Make all outputs of a project, as the command `run` does; their fingerprints."""
    run(project, workers=workers)
    build(project)
    return outputs.fingerprints(project)

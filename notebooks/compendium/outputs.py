"""The manifest of outputs: which files a run makes, with their fingerprints, so that anyone can tell that theirs agree.

`OUTPUTS.sha256` stands beside what it describes and is an output itself: a run on the project's own data writes it when
the site stands, as `make site` does, so that a change of any output shows in it. Its form is that of `sha256sum`.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from packaging.requirements import Requirement

FILE = "OUTPUTS.sha256"
COMMITTED = {"notebooks": "[0-9][0-9]-*.ipynb", "figures": "[0-9][0-9]-*"}
PATTERNS = {**COMMITTED, "build/site": "**/*"}
READ = ("data", "notebooks")  # the folders that a run and the site are made from
LOCK = "requirements.lock"


def fingerprints(folder: Path, patterns: Mapping[str, str] = PATTERNS) -> dict[str, str]:
    """SHA-256 of each output in a project, by its path in it, sorted."""
    found = [
        path for part, pattern in patterns.items() for path in (folder / part).glob(pattern) if path.is_file()
    ]
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(found)
    }


def write(project: Path) -> None:
    """Write the manifest of a project's outputs as they are; leave the file alone if it says so already."""
    lines = [f"{sha256}  {name}\n" for name, sha256 in fingerprints(project).items()]
    content, path = "".join(lines).encode(), project / FILE
    if not path.is_file() or path.read_bytes() != content:
        new = path.with_suffix(".new")
        new.write_bytes(content)
        os.replace(new, path)


def read(project: Path) -> dict[str, str]:
    """What the manifest of a project says: SHA-256 by path. Raises ValueError if there is none or it is not one."""
    path = project / FILE
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError(f"{FILE} cannot be read ({error}). `make` writes it anew.") from None
    said: dict[str, str] = {}
    for number, line in enumerate(lines, 1):
        if not re.fullmatch(r"[0-9a-f]{64}  \S.*", line):
            raise ValueError(
                f"{FILE}, line {number} is not a fingerprint and a path. `make` writes the file anew."
            )
        said[line[66:]] = line[:64]
    return said


def differences(said: Mapping[str, str], found: Mapping[str, str]) -> Iterator[str]:
    """One line for each file in which what was found is not what a manifest said."""
    for name in sorted({*said, *found}):
        if name not in found:
            yield f"{name}  is in {FILE} but missing"
        elif name not in said:
            yield f"{name}  is not in {FILE}"
        elif said[name] != found[name]:
            yield f"{name}  differs"


def copy(project: Path, target: Path) -> None:
    """Copy what a run reads, and none of what it makes, to a new folder."""
    target.mkdir(parents=True)
    for entry in project.iterdir():
        if entry.is_file():
            shutil.copyfile(entry, target / entry.name)
        elif entry.name in READ:
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

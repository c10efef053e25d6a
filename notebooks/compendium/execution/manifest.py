"""The outputs of a run by their fingerprints: which they are, whether they agree, whether there is anything to do.

`OUTPUTS.sha256` stands beside what it describes and is an output itself: a run on the project's own data writes it when
the site stands, as `make site` does, so that a change of any output shows in it. Its form is that of `sha256sum`.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import sys
import sysconfig
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from compendium.execution.run import FIGURE, PATTERN
from compendium.problems import CommandError

FILE = "OUTPUTS.sha256"
COMMITTED = (f"notebooks/{PATTERN}", f"figures/{FIGURE}")
SITE = "build/site/**/*"

# What each step is made from, and what it makes.
LOCK, TEXTS = "requirements.lock", ("*.md", "*.cff", "LICENSE*")
STEPS = {
    "run": (("data/**/*", "notebooks/compendium/**/*", LOCK), COMMITTED),
    "site": (("data/**/*", "notebooks/**/*", "figures/*", LOCK, *TEXTS), (SITE, FILE)),
}
STAMP = "build/made.json"


def fingerprints(project: Path, *patterns: str) -> dict[str, str]:
    """SHA-256 of each file of a project that is named by the patterns, by its path in it, sorted."""
    found = {path for pattern in patterns for path in project.glob(pattern) if path.is_file()}
    return {
        path.relative_to(project).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(found)
    }


def write(project: Path) -> None:
    """Write the manifest of a project's outputs as they are; leave the file alone if it says so already."""
    lines = [f"{sha256}  {name}\n" for name, sha256 in fingerprints(project, *COMMITTED, SITE).items()]
    content, path = "".join(lines).encode(), project / FILE
    if not path.is_file() or path.read_bytes() != content:
        new = project / "build" / FILE
        new.write_bytes(content)
        os.replace(new, path)


def read(project: Path) -> dict[str, str]:
    """What the manifest of a project says: SHA-256 by path. Raises CommandError if there is none or it is not one."""
    try:
        lines = (project / FILE).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{FILE} cannot be read ({error}). `make` writes it anew.") from None
    for number, line in enumerate(lines, 1):
        if not re.fullmatch(r"[0-9a-f]{64}  \S.*", line):
            raise CommandError(
                f"{FILE}, line {number} is not a fingerprint and a path. `make` writes the file anew."
            )
    return {line[66:]: line[:64] for line in lines}


def differences(said: Mapping[str, str], found: Mapping[str, str]) -> Iterator[str]:
    """One line for each file in which what was found is not what a manifest said."""
    for name in sorted({*said, *found}):
        if name not in found:
            yield f"{name}  is in {FILE} but missing"
        elif name not in said:
            yield f"{name}  is not in {FILE}"
        elif said[name] != found[name]:
            yield f"{name}  differs"


# --- nothing to do ---


def unchanged(project: Path, step: str) -> bool:
    """Whether all that a step is made from and all that it makes are, byte for byte, as it left them."""
    return _remembered(project).get(step) == _state(project, *STEPS[step][0], *STEPS[step][1])


@contextmanager
def remembered(project: Path, step: str) -> Iterator[None]:
    """Remember a step that succeeds within this context, unless what it is made from changed meanwhile."""
    sources, made = STEPS[step]
    before = _state(project, *sources)
    yield
    if _state(project, *sources) == before:
        steps = _remembered(project) | {step: _state(project, *sources, *made)}
        (project / STAMP).write_text(json.dumps(steps), encoding="utf-8")


def _remembered(project: Path) -> dict[str, str]:
    try:
        return dict(json.loads((project / STAMP).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return {}


def _state(project: Path, *patterns: str) -> str:
    """One fingerprint of Python, its libraries and files of a project, but for what editors and Python leave there."""
    libraries = sorted(path.name for path in Path(sysconfig.get_path("purelib")).glob("*.dist-info"))
    found = fingerprints(project, *patterns)
    kept = {name: it for name, it in found.items() if not re.search(r"(^|/)(\.|__pycache__/)", name)}
    return hashlib.sha256(json.dumps([sys.version, libraries, kept]).encode()).hexdigest()

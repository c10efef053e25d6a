"""Execute all notebooks: what was there before stays until every one has succeeded; each file is replaced whole."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

from compendium import periods
from compendium.execute import Failure, begin, execute
from compendium.surroundings import surroundings

PATTERN = "[0-9][0-9]-*.ipynb"
FIGURE = "[0-9][0-9]-*"
WRITTEN = ("notebooks", "figures")
OWN = (*WRITTEN, "data", "build")  # folders of the project in which there is no place for other outputs
LOCK, TEMPORARY = ".lock", ".run-"
MARK = ".compendium"  # stands in a folder that a run made, other than the project: what it wrote there it may replace


class RunError(Exception):
    """The run stopped and changed nothing; the message is for people."""


class RefusedError(RunError):
    """The run was not begun, because what was asked for makes no sense or would do harm."""


def run(
    project: Path,
    data_dir: Path | None = None,
    out: Path | None = None,
    as_of: str | None = None,
    workers: int = 2,
    context: Any = None,
) -> list[Path]:
    """Execute the project's notebooks on data that `compendium.check` finds sound; write notebooks and figures.

    Reads `project`/data and writes to `project`, or reads `data_dir` and writes to `out`: a new or an empty folder, or
    one that an earlier run made. papermill gives each notebook `data_dir`, `figures_dir` and, if there is one, `as_of`
    (ISO date), by which it leaves out what is dated later. `workers` notebooks execute at a time, each in a process of
    its own, started by `context` (from `execute.begin`); a line for each start and end goes to standard error.

    Returns the files of the target that were written or removed: those whose bytes differ from before.
    Raises RefusedError if the request is refused; RunError if a notebook fails.
    """
    project = project.resolve()
    target = wanted(project, data_dir, out, as_of)
    build = project / "build" if target == project else target
    if target != project:
        _mark(target)
    with alone(build) as temporary, _surroundings(project, temporary):
        staging = temporary / "stage"
        for part in WRITTEN:
            (staging / part).mkdir(parents=True)
        for notebook in _notebooks(project):
            shutil.copyfile(notebook, staging / "notebooks" / notebook.name)
        before = _contents(staging)
        parameters = {"data_dir": str((data_dir or project / "data").resolve()), "figures_dir": "../figures"}
        parameters |= {"as_of": as_of} if as_of else {}
        failures = execute(context or begin(), _notebooks(staging), parameters, workers)
        if failures:
            raise RunError(_keep(failures, staging, build / "failed"))
        if target == project and _contents(project) != before:
            raise RunError("A notebook was edited while they ran. Nothing was changed: please run again.")
        return _publish(staging, target)


# --- what is asked for ---


def wanted(project: Path, data_dir: Path | None, out: Path | None, as_of: str | None) -> Path:
    """The folder to write to; RefusedError if what is asked for makes no sense or would overwrite what no run made."""
    if as_of is not None:
        try:
            periods.parse(as_of)
        except ValueError as error:
            raise RefusedError(f"AS_OF: {error}.") from None
    if out is None:
        if data_dir is not None or as_of is not None:
            raise RefusedError(
                "Other data or another date need a folder of their own for the outputs: name one with OUT=... (--out)."
            )
        target = project
    else:
        target = out.resolve()
        if target == project:
            raise RefusedError(
                "OUT is the project itself, whose outputs would be overwritten. Please name another folder."
            )
        for taken in (data_dir or project / "data", *(project / name for name in OWN)):
            if target.is_relative_to(taken.resolve()):
                raise RefusedError(
                    f"OUT is or lies in {taken}, which is no place for outputs. Please name another folder."
                )
    for folder in (
        target / "notebooks",
        target / "figures",
        target / "build" if target == project else target,
    ):
        existing = next(path for path in (folder, *folder.parents) if path.exists())
        if not existing.is_dir():
            raise RefusedError(f"{existing} is a file, not a folder.")
        if not os.access(existing, os.W_OK):
            raise RefusedError(f"You have no permission to write to {existing}.")
    if out is not None and not (target / MARK).is_file() and not _is_empty(target):
        raise RefusedError(
            f"There is something in {target} already, and nothing says that a run made it. "
            "Please name a new or an empty folder."
        )
    return target


def _notebooks(folder: Path) -> list[Path]:
    """The notebooks of a project or a stage, in order of their numbers."""
    found = sorted((folder / "notebooks").glob(PATTERN))
    if not found:
        raise RefusedError(f"There are no notebooks named like 01-name.ipynb in {folder / 'notebooks'}.")
    return found


def _contents(folder: Path) -> dict[str, bytes]:
    """What the notebooks of a project or a stage hold, by name."""
    return {notebook.name: notebook.read_bytes() for notebook in _notebooks(folder)}


# --- the target ---


def _surroundings(project: Path, otherwise: Path) -> AbstractContextManager[None]:
    """`surroundings` with the project's cache; with one in `otherwise` if the project cannot be written."""
    cache = project / "build" / "cache"
    try:
        cache.mkdir(parents=True, exist_ok=True)
    except OSError:
        cache = otherwise / "cache"
    return surroundings(cache)


@contextmanager
def alone(build: Path) -> Iterator[Path]:
    """Be the only one that writes to a target. `build` is a project's folder `build`, or a run's folder elsewhere.

    Yields a temporary folder on the same file system, gone afterwards. Raises RefusedError if another run writes there.
    """
    build.mkdir(parents=True, exist_ok=True)
    with (build / LOCK).open("a+b") as lock:
        if not _locked(lock.fileno()):
            where = build.parent if build.name == "build" else build
            raise RefusedError(
                f"Another run is writing to {where}. Please wait until it has ended, or stop it, and run again."
            )
        for left in build.glob(f"{TEMPORARY}*"):  # of a run that was killed
            shutil.rmtree(left, ignore_errors=True)
        with tempfile.TemporaryDirectory(
            prefix=TEMPORARY, dir=build, ignore_cleanup_errors=True
        ) as temporary:
            yield Path(temporary)


def _locked(file: int) -> bool:
    """Lock an open file until it is closed, or the process is gone; whether nobody else has it."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _is_empty(folder: Path) -> bool:
    """Whether there is nothing in a folder, or no such folder."""
    return not folder.exists() or not any(folder.iterdir())


def _mark(folder: Path) -> None:
    """Make a folder one of a run, unless it is."""
    if not (folder / MARK).is_file():
        folder.mkdir(parents=True, exist_ok=True)
        (folder / MARK).write_text(
            "Made by the compendium. Each run replaces the notebooks, figures and site in this folder.\n"
        )


def _publish(staging: Path, target: Path) -> list[Path]:
    """Put what differs from the stage in its place in the target, each file whole; remove figures no longer made."""
    made = [path.relative_to(staging) for part in WRITTEN for path in sorted((staging / part).iterdir())]
    changed = [name for name in made if not _same(staging / name, target / name)]
    figures = [path.relative_to(target) for path in sorted((target / "figures").glob(FIGURE))]
    stale = [name for name in figures if name not in made]
    for name in changed:
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        os.replace(staging / name, target / name)
    for name in stale:
        (target / name).unlink()
    return [target / name for name in (*changed, *stale)]


def _same(one: Path, other: Path) -> bool:
    """Whether two files have the same bytes; not so if the other does not exist."""
    return other.is_file() and one.read_bytes() == other.read_bytes()


def _keep(failures: Sequence[Failure], staging: Path, folder: Path) -> str:
    """Keep the notebooks that failed, as far as they got, in a folder of the target; what to tell the user."""
    folder.mkdir(parents=True, exist_ok=True)
    for earlier in folder.glob(PATTERN):
        earlier.unlink()
    lines = []
    for failure in failures:
        kept = folder / failure.notebook
        os.replace(staging / "notebooks" / failure.notebook, kept)
        lines.append(f"{failure.notebook} failed. {failure.why}\n  As far as it got: {kept}")
    return "\n".join([*lines, "Nothing else was changed."])

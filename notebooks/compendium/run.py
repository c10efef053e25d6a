"""Execute all notebooks, all or nothing: what was there before stays whole until every one has succeeded."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from compendium import descriptor, journal, kernels
from compendium.execute import Failure, begin, execute
from compendium.problems import Problems, report

PATTERN = "[0-9][0-9]-*.ipynb"
FIGURE = "[0-9][0-9]-*"
WRITTEN = ("notebooks", "figures")
PARTS = (*WRITTEN, "data")


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
) -> list[Path]:
    """Check the data, execute the project's notebooks on them and write notebooks and figures.

    Reads `project`/data and writes to `project`, or reads `data_dir` and writes to `out`. With `as_of` (ISO date)
    each notebook leaves out what is dated later. `workers` notebooks execute at a time, each in a process of its own;
    a line for each start and end goes to standard error.

    Returns the files of the target that were written or removed: those whose bytes differ from before.
    Raises RefusedError if the request is refused; RunError if the data have problems or a notebook fails.
    """
    project = project.resolve()
    target = _target(project, data_dir, out, as_of)
    _refuse_bad_date(as_of)
    build = project / "build" if target == project else target
    with _alone(build), _temporary(build) as temporary, _surroundings(project, temporary):
        context = begin()  # loads while the data are checked
        _refuse_bad_data(data_dir or project / "data")
        staging = temporary / "stage"
        stage(project, staging, data_dir)
        before = _contents(staging)
        failures = execute(context, _notebooks(staging), as_of, workers)
        if failures:
            raise RunError(_keep(failures, staging, build / "failed"))
        if target == project and _contents(project) != before:
            raise RunError("A notebook was edited while they ran. Nothing was changed: please run again.")
        return _publish(staging, target, build)


def stage(project: Path, target: Path, data_dir: Path | None = None) -> None:
    """Copy the notebooks and a data package to a folder in which they can execute without touching the originals.

    The folder gets `notebooks/`, `data/` (only what the package describes) and an empty `figures/`; those of an earlier
    stage are replaced. Raises RefusedError if the folder holds anything else, or if there is nothing to copy.
    """
    if target.exists() and not (target.is_dir() and {entry.name for entry in target.iterdir()} <= {*PARTS}):
        raise RefusedError(f"{target} is in use for something else. Please name a new or an empty folder.")
    journal.complete(project / "build")
    notebooks = _notebooks(project)
    for part in PARTS:
        shutil.rmtree(target / part, ignore_errors=True)
        (target / part).mkdir(parents=True)
    for notebook in notebooks:
        shutil.copyfile(notebook, target / "notebooks" / notebook.name)
    source = data_dir or project / "data"
    description = descriptor.read(source)
    if description.problems:
        raise RefusedError(report(Problems(description.problems)))
    for name in (descriptor.FILE, *(table["path"] for table in description.tables.values())):
        copy = target / "data" / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source / name, copy)


# --- what is asked for ---


def _target(project: Path, data_dir: Path | None, out: Path | None, as_of: str | None) -> Path:
    """The folder to write to; RefusedError if that would overwrite the project's own outputs or is not possible."""
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
    return target


def _refuse_bad_date(as_of: str | None) -> None:
    """RefusedError if `as_of` is not a date."""
    if as_of is not None:
        from compendium import periods  # loads pandas

        try:
            periods.parse(as_of)
        except ValueError as error:
            raise RefusedError(f"AS_OF: {error}.") from None


def _refuse_bad_data(data_dir: Path) -> None:
    """RunError with every problem of a data package."""
    from compendium.check import check  # loads frictionless

    problems = check(data_dir)
    print(report(problems), file=sys.stderr, flush=True)
    if problems:
        raise RunError("The notebooks did not run, because the data have problems.")


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
    """`kernels.surroundings` with the project's cache; with one in `otherwise` if the project cannot be written."""
    cache = project / "build" / "cache"
    try:
        cache.mkdir(parents=True, exist_ok=True)
    except OSError:
        cache = otherwise / "cache"
    return kernels.surroundings(cache)


@contextmanager
def _alone(build: Path) -> Iterator[None]:
    """Be the only run that writes to a target, and finish first what an earlier one was stopped at."""
    try:
        with journal.alone(build):
            journal.complete(build)
            yield
    except journal.LockedError:
        raise RefusedError(
            f"Another run is writing to {build.parent if build.name == 'build' else build}. "
            "Please wait until it has ended, or stop it, and run again."
        ) from None


@contextmanager
def _temporary(parent: Path) -> Iterator[Path]:
    """A folder for one run, on the file system of the target, gone afterwards."""
    parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(
        prefix=journal.TEMPORARY, dir=parent, ignore_cleanup_errors=True
    ) as folder:
        yield Path(folder)


def _publish(staging: Path, target: Path, build: Path) -> list[Path]:
    """Put what differs from the stage in its place in the target, all at once; remove figures no longer made."""
    made = [
        path.relative_to(staging)
        for part in WRITTEN
        for path in sorted((staging / part).rglob("*"))
        if path.is_file()
    ]
    changed = [name for name in made if not _same(staging / name, target / name)]
    figures = [path.relative_to(target) for path in sorted((target / "figures").glob(FIGURE))]
    stale = [name for name in figures if name not in made]
    if changed or stale:
        journal.replace(staging, target, changed, stale, build)
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

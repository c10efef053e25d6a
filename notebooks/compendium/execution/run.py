"""Execute all notebooks: what was there before stays until every one has succeeded; each file is replaced whole."""

from __future__ import annotations

import logging
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from compendium.execution.surroundings import surroundings
from compendium.problems import CommandError, printable

PATTERN = "[0-9][0-9]-*.ipynb"
FIGURE = "[0-9][0-9]-*"
WRITTEN = ("notebooks", "figures")
OWN = (*WRITTEN, "data", "build")  # folders of the project in which there is no place for other outputs
EXAMPLES = "build/examples"  # but for the runs on the packages in examples/
PARAMETERS = ("data_dir", "figures_dir", "as_of")
MARK = ".compendium"  # stands in a folder that a run made, which may replace what is there; who writes there locks it
TEMPORARY = ".run-"


class RunError(CommandError):
    """The run stopped and changed nothing."""


class RefusedError(RunError):
    """The run was not begun, because what was asked for makes no sense or would do harm."""

    status = 2


def run(
    project: Path,
    data_dir: Path | None = None,
    out: Path | None = None,
    as_of: str | None = None,
    workers: int = 2,
) -> list[Path]:
    """Execute the project's notebooks on data that `compendium.editing.check` finds sound; write notebooks and figures.

    Reads `project`/data and writes to `project`, or reads `data_dir` and writes to `out`: a new or an empty folder, or
    one that an earlier run made. papermill gives each notebook `data_dir`, `figures_dir` and `as_of` (ISO date or
    None), by which it leaves out what is dated later. `workers` notebooks execute at a time; a line for each goes to
    standard error.

    Returns the files of the target that were written or removed: those whose bytes differ from before.
    Raises RefusedError if the request is refused; RunError if a notebook fails.
    """
    project = project.resolve()
    target = wanted(project, data_dir, out, as_of)
    home = project / "build" if target == project else target
    parameters = (str((data_dir or project / "data").resolve()), "../figures", as_of)
    with alone(home) as temporary, surroundings(_cache(project, temporary)):
        stage = temporary / "stage"
        for part in WRITTEN:
            (stage / part).mkdir(parents=True)
        before = _contents(project)
        for name, content in before.items():
            (stage / "notebooks" / name).write_bytes(content)
        failed = _execute_all(stage, dict(zip(PARAMETERS, parameters, strict=True)), workers)
        if failed:
            raise RunError(_keep(failed, home / "failed"))
        if target == project and _contents(project) != before:
            raise RunError("A notebook was edited while they ran. Nothing was changed: please run again.")
        return _replace(stage, target)


def begin(project: Path) -> None:
    """Let the libraries of the notebooks load, in a process of their own, while this one does something else."""
    from compendium.execution import kernels

    with suppress(OSError), surroundings(project / "build" / "cache"):
        kernels.preload()


# --- what is asked for ---


def wanted(project: Path, data_dir: Path | None, out: Path | None, as_of: str | None) -> Path:
    """The folder to write to; RefusedError if what is asked for makes no sense or would overwrite what no run made."""
    if as_of is not None:
        from compendium import periods  # loads pandas

        try:
            periods.parse(as_of)
        except ValueError as error:
            raise RefusedError(f"AS_OF: {error}.") from None
    if out is None and (data_dir or as_of):
        raise RefusedError(
            "Other data or another date need a folder of their own for the outputs: name one with OUT=... (--out)."
        )
    target = (out or project).resolve()
    if out and target == project:
        raise RefusedError(
            "OUT is the project itself, whose outputs would be overwritten. Please name another folder."
        )
    for taken in (data_dir or project / "data", *(project / name for name in OWN)):
        if target.is_relative_to(taken.resolve()) and not target.is_relative_to(project / EXAMPLES):
            raise RefusedError(
                f"OUT is or lies in {taken}, which is no place for outputs. Please name another folder."
            )
    for folder in (target / "build" if target == project else target, *(target / name for name in WRITTEN)):
        existing = next(path for path in (folder, *folder.parents) if path.exists())
        if not existing.is_dir():
            raise RefusedError(f"{existing} is a file, not a folder.")
        if not os.access(existing, os.W_OK):
            raise RefusedError(f"You have no permission to write to {existing}.")
    if out and target.exists() and any(target.iterdir()) and not (target / MARK).is_file():
        raise RefusedError(
            f"There is something in {target} already, and nothing says that a run made it. "
            "Please name a new or an empty folder."
        )
    return target


def _contents(project: Path) -> dict[str, bytes]:
    """What the notebooks of a project hold, by the names of their files."""
    found = sorted((project / "notebooks").glob(PATTERN))
    if not found:
        raise RefusedError(f"There are no notebooks named like 01-name.ipynb in {project / 'notebooks'}.")
    return {path.name: path.read_bytes() for path in found}


# --- the notebooks ---


def _execute_all(stage: Path, parameters: Mapping[str, str | None], workers: int) -> dict[Path, str]:
    """Execute the notebooks of a stage in place; those that failed, and why. No new one starts after a failure."""
    import papermill  # noqa: F401 (here, and not by two threads at once)

    from compendium.execution import kernels

    kernels.preload()
    logging.getLogger("papermill").addHandler(logging.NullHandler())  # what it says is told below
    # The largest first: its size is that of its outputs, and one long notebook left for the end is waited for alone.
    notebooks = sorted(
        (stage / "notebooks").glob(PATTERN), key=lambda path: path.stat().st_size, reverse=True
    )
    done: list[Path] = []
    failed: dict[Path, str] = {}

    def execute(notebook: Path) -> None:
        if failed:
            return
        start = time.monotonic()
        try:
            why = _failure(notebook, parameters)
        except ValueError as error:  # a file that is no notebook
            why = first_line(str(error))
        except Exception as error:  # such as a full disk
            why = first_line(f"{type(error).__name__}: {error}")
        if why:
            failed[notebook] = why
        done.append(notebook)
        told = f"{notebook.stem}  {'failed' if why else 'done'}  {time.monotonic() - start:.1f} s"
        print(f"{told}  ({len(done)} of {len(notebooks)})", file=sys.stderr, flush=True)

    with ThreadPoolExecutor(workers) as pool:
        tasks = [pool.submit(execute, notebook) for notebook in notebooks]
        try:
            for task in tasks:
                task.result()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            while not all(task.done() for task in tasks):
                kernels.stop()
                time.sleep(0.1)
            raise
    return failed


def _failure(notebook: Path, parameters: Mapping[str, str | None]) -> str:
    """Execute a notebook in place and clean it; why it failed, or an empty text."""
    import papermill
    from nbclient.exceptions import DeadKernelError

    from compendium.execution import hygiene, kernels

    source = hygiene.clean(hygiene.read(notebook))
    if missing := [name for name in parameters if name not in papermill.inspect_notebook(source)]:
        return f"It has no cell tagged `parameters` that sets {', '.join(missing)}."
    at: dict[str, Any] = {"notebook": source}  # how far it got
    died = ""
    try:
        papermill.execute_notebook(
            source,
            None,
            parameters,
            kernel_name="python3",
            progress_bar=False,
            kernel_manager_class=kernels.Kernels,
            resources={"metadata": {"path": str(notebook.parent)}},
            extra_arguments=["--IPKernelApp.log_level=50"],  # no talk of kernels on the user's screen
            coalesce_streams=True,  # or the number of outputs depends on timing
            on_notebook_start=lambda notebook: at.update(notebook=notebook),
            on_cell_execute=lambda cell, cell_index: at.update(cell=cell),
        )
    except papermill.PapermillExecutionError:
        pass  # the notebook shows it
    except DeadKernelError:
        died = "Its kernel died. That happens when a cell ends its own process, or when memory runs out."
        at["cell"].execution_count = at["cell"].get("execution_count") or 1  # `clean` counts anew
    executed = hygiene.clean(at["notebook"], parameters["as_of"])
    notebook.write_bytes(hygiene.to_bytes(executed))
    return _stopped(at["cell"], died) if died else next(_faults(executed), "")


def _faults(notebook: Any) -> Iterator[str]:
    """The errors that stopped a notebook, and what it wrote to standard error: a reader would meet it."""
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            if output.output_type == "error":
                yield _stopped(cell, f"{output.ename}: {output.evalue}")
            elif output.get("name") == "stderr":
                yield _stopped(cell, f"It printed a warning: {output.text.strip()}")


def _stopped(cell: Any, why: str) -> str:
    """In which cell a notebook stopped, and why."""
    return (
        f"Cell [{cell.execution_count or ' '}], which begins `{first_line(cell.source)}`\n  {first_line(why)}"
    )


def first_line(text: str) -> str:
    """The first line of a text that is not blank, cut where it is long."""
    line = next((line.strip() for line in text.splitlines() if line.strip()), "")
    return printable(line if len(line) <= 200 else line[:200] + "…")


# --- the target ---


@contextmanager
def alone(home: Path) -> Iterator[Path]:
    """Be the only one that writes to a target. `home` is a project's folder `build`, or a run's folder elsewhere.

    Yields a temporary folder on the same file system, gone afterwards. Raises RefusedError if another run writes there.
    """
    home.mkdir(parents=True, exist_ok=True)
    with (home / MARK).open("a+b") as mark:
        if not _locked(mark.fileno()):
            where = home.parent if home.name == "build" else home
            raise RefusedError(
                f"Another run is writing to {where}. Please wait until it has ended, or stop it, and run again."
            )
        for left in home.glob(f"{TEMPORARY}*"):  # of a run that was killed
            shutil.rmtree(left, ignore_errors=True)
        with tempfile.TemporaryDirectory(prefix=TEMPORARY, dir=home, ignore_cleanup_errors=True) as temporary:
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


def _cache(project: Path, otherwise: Path) -> Path:
    """Where Jupyter and matplotlib write for themselves: in the project, or `otherwise` if it cannot be written."""
    cache = project / "build" / "cache"
    try:
        cache.mkdir(parents=True, exist_ok=True)
    except OSError:
        cache = otherwise / "cache"
    return cache


def _replace(stage: Path, target: Path) -> list[Path]:
    """Put what differs from the stage in its place in the target, each file whole; remove figures no longer made."""
    made = [path.relative_to(stage) for part in WRITTEN for path in sorted((stage / part).iterdir())]
    changed = [name for name in made if not _same(stage / name, target / name)]
    figures = [path.relative_to(target) for path in sorted((target / "figures").glob(FIGURE))]
    stale = [name for name in figures if name not in made]
    for name in changed:
        (target / name).parent.mkdir(exist_ok=True)
        os.replace(stage / name, target / name)
    for name in stale:
        (target / name).unlink()
    return [target / name for name in (*changed, *stale)]


def _same(one: Path, other: Path) -> bool:
    """Whether two files have the same bytes; not so if the other does not exist."""
    return other.is_file() and one.read_bytes() == other.read_bytes()


def _keep(failed: Mapping[Path, str], folder: Path) -> str:
    """Keep the notebooks that failed, as far as they got, in a folder of the target; what to tell the user."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for notebook in failed:
        os.replace(notebook, folder / notebook.name)
    told = [
        f"{one.name} failed. {why}\n  As far as it got: {folder / one.name}" for one, why in failed.items()
    ]
    return "\n".join([*told, "Nothing else was changed."])

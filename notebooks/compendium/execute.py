"""Execute notebooks in place, some at a time, each in a process of its own."""

from __future__ import annotations

import ast
import multiprocessing
import os
import signal
import sys
import threading
import time
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from multiprocessing import connection, forkserver
from pathlib import Path
from typing import TYPE_CHECKING, Any

from compendium import kernels
from compendium.problems import printable

if TYPE_CHECKING:
    from nbformat import NotebookNode

# Papermill and Jupyter take seconds to load: they are, once, in the process that those of the notebooks fork from.
WORK = ("compendium.hygiene", "papermill", "compendium.kernels")
# Jupyter looks for free ports before the kernel takes them. If another program is quicker, the kernel ends before its
# first answer, which Jupyter says so; nothing has been executed then, and it can start again.
STARTS, NO_START = 3, "died before replying"


@dataclass(frozen=True)
class Failure:
    """A notebook (name of its file) that did not succeed, and why: lines for people."""

    notebook: str
    why: str


def begin() -> Any:
    """How processes start: forked, where the system can, from one that has papermill and the libraries loaded.

    Loading begins at once, so that it goes on while the data are checked.
    """
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    forkserver.set_forkserver_preload([*WORK, *(kernels.LIBRARIES if kernels.FORKED else ())])
    forkserver.ensure_running()
    return multiprocessing.get_context("forkserver")


def execute(
    context: Any, notebooks: Sequence[Path], parameters: Mapping[str, str], workers: int
) -> list[Failure]:
    """Execute notebooks in place with these parameters, `workers` at a time; no new one starts after a failure.

    `context` comes from `begin`. Lines of progress go to standard error. Executed notebooks are cleaned: of the
    parameters only `as_of` stays in them. Returns the notebooks that failed; one that writes to standard error has
    failed, too.
    """
    # The largest first: its size is that of its outputs, and one long notebook left for the end is waited for alone.
    waiting = deque(sorted(notebooks, key=lambda path: path.stat().st_size, reverse=True))
    done = 0
    running: dict[Any, tuple[Any, Path, float]] = {}
    failures: list[Failure] = []
    try:
        while running or (waiting and not failures):
            while waiting and len(running) < workers and not failures:
                notebook = waiting.popleft()
                receiver, sender = context.Pipe(duplex=False)
                process = context.Process(target=_work, args=(notebook, dict(parameters), sender))
                process.start()
                sender.close()
                running[receiver] = process, notebook, time.monotonic()
                _say(f"{notebook.stem}  started")
            ready: list[Any] = connection.wait(list(running))
            for receiver in ready:
                process, notebook, start = running.pop(receiver)
                try:
                    why = receiver.recv()
                except EOFError:
                    process.join()
                    why = _died(process.exitcode)
                process.join()
                done += 1
                if why:
                    failures.append(Failure(notebook.name, why))
                verb = "failed" if why else "done"
                _say(
                    f"{notebook.stem}  {verb}  {time.monotonic() - start:.1f} s  ({done} of {len(notebooks)})"
                )
    finally:
        for process, *_ in running.values():
            process.terminate()
        for process, *_ in running.values():
            process.join(10)
            process.kill()
    return failures


def _died(code: int | None) -> str:
    """Why a process ended without an answer."""
    if code is not None and code < 0:
        return f"Its process was ended from outside, by signal {-code}. Is there enough memory?"
    return f"Its process ended with status {code} before the notebook was done; what it said stands above."


def _say(line: str) -> None:
    """A line of progress."""
    print(line, file=sys.stderr, flush=True)


def _work(notebook: Path, values: dict[str, str], sender: connection.Connection) -> None:
    """Process of one notebook: execute it in place, in its own folder, and send why it failed, or an empty text."""
    if hasattr(os, "setsid"):
        os.setsid()  # Ctrl-C goes to the parent alone, which ends this process
    os.chdir(notebook.parent)
    kernels.prepare()
    threading.Thread(target=_end_with_parent, daemon=True).start()
    try:
        why = _failure(Path(notebook.name), values)
    except Exception as error:  # such as a full disk, when the notebook is written
        why = first_line(f"{type(error).__name__}: {error}")
    sender.send(why)


def _end_with_parent() -> None:
    """End this process and its kernel when the run that started it is gone, be it killed."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        if hasattr(os, "killpg"):
            os.killpg(os.getpgrp(), signal.SIGKILL)
        os._exit(1)


def _failure(notebook: Path, values: dict[str, str]) -> str:
    """Execute a notebook of the current folder in place with these parameters; why it failed, or an empty text."""
    import papermill

    from compendium import hygiene

    try:
        source = hygiene.read(notebook)
        known = parameters(source)
    except SyntaxError as error:
        return f"Its cell tagged `parameters` is not Python: line {error.lineno}, {first_line(error.msg)}."
    except ValueError as error:
        return str(error)
    if missing := sorted(set(values) - set(known)):
        return f"It has no cell tagged `parameters` that sets {', '.join(missing)}."
    os.environ["JUPYTER_DEFAULT_PROVISIONER_NAME"] = kernels.PROVISIONER
    why = ""
    for start in range(1, STARTS + 1):
        try:
            papermill.execute_notebook(
                source,
                notebook,
                values,
                kernel_name="python3",
                language="python",
                progress_bar=False,
                request_save_on_cell_execute=False,
                extra_arguments=["--IPKernelApp.log_level=50"],  # no talk of kernels on the user's screen
                coalesce_streams=True,  # or the number of outputs depends on timing
            )
        except papermill.PapermillExecutionError as error:
            why = _stopped(error.exec_count, error.source, f"{error.ename}: {error.evalue}")
        except Exception as error:  # a kernel can die in many ways
            if NO_START in str(error) and start < STARTS:
                continue
            return first_line(f"{type(error).__name__}: {error}")
        break
    executed = hygiene.clean(hygiene.read(notebook), values.get("as_of"))
    notebook.write_bytes(hygiene.to_bytes(executed))
    return why or next(_warnings(executed), "")


def _warnings(notebook: NotebookNode) -> Iterator[str]:
    """What cells wrote to standard error: a reader would meet it in the notebook."""
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            if output.get("name") == "stderr":
                yield _stopped(
                    cell.execution_count, cell.source, f"It printed a warning: {output.text.strip()}"
                )


def _stopped(count: int | None, source: str, why: str) -> str:
    """In which cell a notebook stopped, and why."""
    return f"Cell [{count}], which begins `{first_line(source)}`\n  {first_line(why)}"


def first_line(text: str) -> str:
    """The first line of a text that is not blank, cut where it is long."""
    line = next((line.strip() for line in text.splitlines() if line.strip()), "")
    return printable(line if len(line) <= 200 else line[:200] + "…")


def parameters(notebook: NotebookNode) -> list[str]:
    """Names that the cells tagged `parameters` give a value, in order; none if there is no such cell."""
    tagged = [cell.source for cell in notebook.cells if "parameters" in cell.metadata.get("tags", [])]
    statements = [statement for source in tagged for statement in ast.parse(source).body]
    targets = [target for one in statements if isinstance(one, ast.Assign) for target in one.targets]
    targets += [one.target for one in statements if isinstance(one, ast.AnnAssign)]
    return [target.id for target in targets if isinstance(target, ast.Name)]

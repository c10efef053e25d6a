"""Plug-in of pytest for `make test`: nbval in the same surroundings as a run, and failures that a person can read."""

from __future__ import annotations

import difflib
import json
from collections.abc import Generator, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from nbval.plugin import IPyNbCell, coalesce_streams

from compendium.execute import first_line
from compendium.kernels import surroundings

CACHE = Path(__file__).resolve().parents[2] / "build" / "cache"
LINES, WIDTH = 6, 160  # of a difference that are shown

Wrapper = Generator[None, pytest.TestReport, pytest.TestReport]


def pytest_configure(config: pytest.Config) -> None:
    """Give kernels what a run gives them, before nbval or a worker process starts any."""
    stack = ExitStack()
    stack.enter_context(surroundings(CACHE))
    config.add_cleanup(stack.close)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Wrapper:
    """Tell what a cell shows now and what is committed, instead of how nbval found out."""
    report = yield
    if isinstance(item, IPyNbCell) and report.failed and item.test_outputs is not None:
        if getattr(item.parent, "stopped", False):
            report.longrepr = f"{item.path.name}: follows from the cell that stopped."
        else:
            report.longrepr = explain(item.path.name, item.cell, coalesce_streams(item.test_outputs))
            item.parent.stopped = any(output.output_type == "error" for output in item.test_outputs)
    elif isinstance(item, IPyNbCell) and call.when == "call" and not item.cell.execution_count:
        # nbval compares nothing in a notebook without counts: it would pass with no output at all.
        report.outcome = "failed"
        report.longrepr = (
            f"{item.path.name}, the cell which begins `{first_line(item.cell.source)}`, stands there as not executed, "
            "so that nothing can be compared. Run `make` and commit the notebook."
        )
    return report


def explain(name: str, cell: Any, now: Sequence[Any]) -> str:
    """How the outputs of a cell of the notebook `name` differ `now` from the committed ones, in a few lines."""
    heading = f"{name}, cell [{cell.execution_count or ' '}], which begins `{first_line(cell.source)}`"
    raised = [
        f"  stopped with {one.ename}: {first_line(one.evalue)}" for one in now if one.output_type == "error"
    ]
    committed, made = _flat(cell.outputs), _flat(now)
    differences = raised or [
        line
        for kind in sorted({*committed, *made})
        if committed.get(kind) != made.get(kind)
        for line in _difference(kind, committed.get(kind, ""), made.get(kind, ""))
    ]
    advice = "  If the change is meant: run `make`, look at the notebook, commit it."
    return "\n".join([heading, *differences, advice])


def _flat(outputs: Sequence[Any]) -> dict[str, str]:
    """Everything that a cell shows, as text by kind."""
    shown: dict[str, str] = {}
    for output in outputs:
        data = output.get("data", {f"printed ({output.get('name')})": output.get("text", "")})
        for kind, value in data.items():
            text = value if isinstance(value, str) else json.dumps(value, indent=1, sort_keys=True)
            shown[kind] = shown.get(kind, "") + text.rstrip("\n") + "\n"
    return shown


def _difference(kind: str, committed: str, now: str) -> Iterator[str]:
    """The first lines that differ."""
    yield f"  {kind}: - committed, + now"
    lines = [
        line
        for line in difflib.unified_diff(committed.splitlines(), now.splitlines(), n=0, lineterm="")
        if not line.startswith(("---", "+++", "@@"))
    ]
    for line in lines[:LINES]:
        yield "    " + (line if len(line) <= WIDTH else line[:WIDTH] + "…")
    if len(lines) > LINES:
        yield f"    … and {len(lines) - LINES} more lines"

"""Plug-in of pytest for `make test`: nbval in the same surroundings as a run, and failures that a person can read."""

from __future__ import annotations

import difflib
import json
from collections.abc import Generator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from nbval.plugin import IPyNbCell, coalesce_streams

from compendium.execution.run import first_line
from compendium.execution.surroundings import surroundings

CACHE = Path(__file__).resolve().parents[1] / "build" / "cache"
LINES, WIDTH = 6, 160  # of a difference that are shown
ADVICE = "  If the change is meant: run `make`, look at the notebook, commit it."


def pytest_configure(config: pytest.Config) -> None:
    """Give kernels what a run gives them, before nbval or a worker process starts any."""
    stack = ExitStack()
    stack.enter_context(surroundings(CACHE))
    config.add_cleanup(stack.close)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: Any) -> Generator[None, Any, Any]:
    """Tell what a cell shows now and what is committed, instead of how nbval found out."""
    report = yield
    if not isinstance(item, IPyNbCell):
        return report
    cell = item.cell
    where = (
        f"{item.path.name}, cell [{cell.execution_count or ' '}], which begins `{first_line(cell.source)}`"
    )
    if report.failed and item.test_outputs is not None:
        now = coalesce_streams(item.test_outputs)
        stopped = [one for one in now if one.output_type == "error"]
        if getattr(item.parent, "stopped", False):
            report.longrepr = f"{item.path.name}: follows from the cell that stopped."
        elif stopped:
            item.parent.stopped = True
            report.longrepr = (
                f"{where}\n  stopped with {stopped[0].ename}: {first_line(stopped[0].evalue)}\n{ADVICE}"
            )
        else:
            report.longrepr = "\n".join([where, *differences(cell.outputs, now), ADVICE])
    elif call.when == "call" and not cell.execution_count:
        # nbval compares nothing in a notebook without counts: it would pass with no output at all.
        report.outcome = "failed"
        report.longrepr = f"{where}, stands there as not executed, so that nothing can be compared.\n{ADVICE}"
    return report


def differences(committed: Sequence[Any], now: Sequence[Any]) -> list[str]:
    """The first lines in which what a cell shows now is not what is committed, for each kind of output."""
    before, after = _flat(committed), _flat(now)
    told = []
    for kind in sorted({*before, *after}):
        pair = (shown.get(kind, "").splitlines() for shown in (before, after))
        lines = [line for line in difflib.unified_diff(*pair, n=0, lineterm="") if not line.startswith("@@")][
            2:
        ]
        told += [f"  {kind}: - committed, + now"] * bool(lines)
        told += [f"    {line if len(line) <= WIDTH else line[:WIDTH] + '…'}" for line in lines[:LINES]]
        told += [f"    … and {len(lines) - LINES} more lines"] * (len(lines) > LINES)
    return told


def _flat(outputs: Sequence[Any]) -> dict[str, str]:
    """Everything that a cell shows, as text by kind."""
    shown: dict[str, str] = {}
    for output in outputs:
        data = output.get("data", {f"printed ({output.get('name')})": output.get("text", "")})
        for kind, value in data.items():
            text = value if isinstance(value, str) else json.dumps(value, indent=1, sort_keys=True)
            shown[kind] = shown.get(kind, "") + text.rstrip("\n") + "\n"
    return shown

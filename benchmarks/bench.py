"""How fast is it? Times a run of all notebooks against other ways to execute them, and the other commands alone.

`make bench` runs it. Machines differ and are shared, so what counts are ratios: all ways take turns, round after round,
and each ratio is that of the medians. What is made goes to a temporary folder; only the cache of
all runs is written in the project.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import psutil

from compendium.execution.surroundings import settings

PROJECT = Path(__file__).resolve().parents[1]
PLAIN = Path(__file__).with_name("plain.py")
PYTHON = [sys.executable, "-m"]
COMPENDIUM = [*PYTHON, "compendium"]
RUN = """
import sys
from pathlib import Path
from compendium.__main__ import load_jsonschema
load_jsonschema()
from compendium.execution.run import run
run(Path.cwd(), out=Path(sys.argv[1]))
"""  # as the command does, but without the site, which is no part of what the others do
IMPORTS = """
from compendium.__main__ import load_jsonschema
load_jsonschema()
import compendium.editing.check, frictionless
"""  # as the command loads them
OUT = "out"  # where that run writes to, in the folder of the benchmark
AIMS = {"papermill": 0.35, "nbconvert": 0.4, "one process": 1.5}  # of the run, as a share of each


@dataclass(frozen=True)
class Call:
    """A command in a folder, with an environment; raises CalledProcessError if it fails."""

    command: list[str]
    folder: Path = PROJECT
    environment: dict[str, str] = field(default_factory=lambda: dict(os.environ))

    def run(self) -> None:
        """Run the command to its end."""
        subprocess.run(
            self.command, cwd=self.folder, env=self.environment, check=True, capture_output=True, text=True
        )


def main() -> int:
    """Measure, print, and return 0; 1 if something that was timed failed."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=5, help="how often each way is timed (5)")
    parser.add_argument(
        "--no-clone", action="store_true", help="leave out what begins with a clone and needs the network"
    )
    parser.add_argument("--tests", action="store_true", help="time make test and make test-all, too")
    asked = parser.parse_args()
    try:
        with tempfile.TemporaryDirectory(prefix="compendium-bench-") as name:
            _compare(Path(name), asked.rounds)
            _others(Path(name), asked.rounds)
        if not asked.no_clone:
            _from_a_clone(asked.tests)
    except subprocess.CalledProcessError as error:
        print(
            f"{' '.join(map(str, error.cmd))}\n{error.stderr}\nended with status {error.returncode}.",
            file=sys.stderr,
        )
        return 1
    return 0


def _compare(folder: Path, rounds: int) -> None:
    """Print the medians of all ways to execute the notebooks, and those of the run as a share of the others."""
    staged = folder / "stage"
    for part in ("data", "notebooks"):
        shutil.copytree(PROJECT / part, staged / part, ignore=shutil.ignore_patterns("compendium"))
    here, to = staged / "notebooks", str(folder / "executed.ipynb")
    names = [path.name for path in sorted(here.glob("*.ipynb"))]
    papermill = [*PYTHON, "papermill", "--no-progress-bar", "-k", "python3"]
    nbconvert = [*PYTHON, "jupyter", "nbconvert", "--execute", "--to", "notebook", "--output", to]
    same = os.environ | settings(PROJECT / "build" / "cache")
    ways = {
        "run": [Call([sys.executable, "-c", RUN, str(folder / OUT)])],
        "papermill": [Call([*papermill, name, to], here, same) for name in names],
        "nbconvert": [Call([*nbconvert, name], here, same) for name in names],
        "one process": [Call([sys.executable, str(PLAIN), *names], here, same)],
    }
    print(f"All {len(names)} notebooks, median of {rounds} runs taking turns:", flush=True)
    seconds = _in_turn(ways, rounds)
    print(f"  {'run':12} {seconds['run']:6.1f} s")
    for way, aim in AIMS.items():
        share = seconds["run"] / seconds[way]
        print(f"  {way:12} {seconds[way]:6.1f} s   the run takes {share:.2f} of it (aim: at most {aim})")
    print(f"Peak memory of the run, all its processes: {_peak(ways['run'][0]) / 2**20:.0f} MiB", flush=True)


def _others(folder: Path, rounds: int) -> None:
    """Print the medians of the other commands that a user waits for; the site is that of the run in the folder."""
    ways = {
        "check": [Call([*COMPENDIUM, "check"])],
        "imports": [Call([sys.executable, "-c", IMPORTS])],
        "site": [Call([*COMPENDIUM, "site", "--out", str(folder / OUT)])],
    }
    seconds = _in_turn(ways, rounds)
    own = seconds["check"] - seconds["imports"]
    print(f"check: {seconds['check']:.1f} s, of which {own:.1f} s beside the interpreter and its imports")
    print(f"site: {seconds['site']:.1f} s", flush=True)


def _from_a_clone(tests: bool) -> None:
    """Print how long it takes a newcomer: a clone of the last commit, each step once, beside its aim in seconds."""
    with tempfile.TemporaryDirectory(prefix="compendium-clone-") as name:
        clone, caches = Path(name, "clone"), Path(name, "caches")
        same = {key: value for key, value in os.environ.items() if not key.startswith(("MAKE", "MFLAGS"))}
        empty = same | {"PIP_CACHE_DIR": str(caches / "pip"), "UV_CACHE_DIR": str(caches / "uv")}
        make = ["make", f"PYTHON={sys.executable}"]
        countries = clone / "data" / "record" / "countries.csv"
        row = ["sed", "-i", "s/^ALB,Albania/ALB,Republic of Albania/", str(countries)]
        steps = {
            "clone": ([["git", "clone", "--quiet", str(PROJECT), str(clone)]], Path(name), same, None),
            "set-up with pip alone, empty caches": ([[*make, "set-up"]], clone, empty | {"UV_OFFLINE": "1"}, None),
            "set-up, empty caches": ([["rm", "-rf", ".venv"], [*make, "set-up"]], clone, empty, 10),
            "from clone to site, empty caches": (
                [["git", "clean", "-dfxq"], ["rm", "-rf", str(caches)], make], clone, empty, 45
            ),
            "make, nothing changed": ([make], clone, same, 1),
            "make, one row changed": ([row, make], clone, same, 18),
        }  # fmt: skip
        if tests:
            undo = ["git", "checkout", "--quiet", "."]
            steps |= {
                "make test": ([undo, [*make, "test"]], clone, same, 180),
                "make test-all": ([undo, [*make, "test-all"]], clone, same, 1200),
            }
        for step, (commands, folder, environment, aim) in steps.items():
            start = time.perf_counter()
            for command in commands:
                Call(command, folder, environment).run()
            told = f"   (aim: at most {aim} s)" if aim else ""
            print(f"{step}: {time.perf_counter() - start:.1f} s{told}", flush=True)


def _in_turn(ways: dict[str, list[Call]], rounds: int) -> dict[str, float]:
    """Median seconds of each way; in each round each of them is taken once."""
    taken: dict[str, list[float]] = {way: [] for way in ways}
    for _ in range(rounds):
        for way, calls in ways.items():
            start = time.perf_counter()
            for call in calls:
                call.run()
            taken[way].append(time.perf_counter() - start)
    return {way: median(times) for way, times in taken.items()}


def _peak(call: Call) -> int:
    """Most memory, in bytes, that this process's children held at a time during a call; shared pages count once."""
    peak, ended = 0, threading.Event()

    def watch() -> None:
        nonlocal peak
        while not ended.wait(0.1):
            peak = max(peak, sum(map(_memory, psutil.Process().children(recursive=True))))

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        call.run()
    finally:
        ended.set()
        watcher.join()
    return peak


def _memory(process: psutil.Process) -> int:
    """Memory of a process in bytes: its share where the system tells (Linux), else all that it holds."""
    try:
        full = process.memory_full_info()
        return int(getattr(full, "pss", full.uss))
    except psutil.Error:
        return 0


if __name__ == "__main__":
    sys.exit(main())

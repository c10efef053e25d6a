"""Time and memory of a check and of a run on packages of growing size: `python tests/scale.py [FACTOR ...]`.

The factor one is about the size of the real data; a hundred has 10,000 documents, 5,000 visits and 1,000 terms.
"""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil

import synthetic

PROJECT = Path(__file__).resolve().parents[1]


def measured(*arguments: object) -> tuple[float, float]:
    """Seconds of a command, and the most megabytes that it and all its processes had at a time."""
    start, most = time.monotonic(), 0.0
    process = psutil.Popen(
        [sys.executable, "-m", "compendium", *map(str, arguments)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    while process.poll() is None:
        most = max(most, sum(map(memory, [process, *children(process)])))
        time.sleep(0.1)
    if process.returncode:
        raise RuntimeError(f"{arguments} failed")
    return time.monotonic() - start, most


def children(process: psutil.Process) -> list[psutil.Process]:
    """The processes that one has started, and those that they have."""
    try:
        return process.children(recursive=True)
    except psutil.NoSuchProcess:
        return []


def memory(process: psutil.Process) -> float:
    """Megabytes of a process; what several share counts for each of them."""
    try:
        return process.memory_info().rss / 2**20
    except (psutil.NoSuchProcess, psutil.ZombieProcess):
        return 0.0


def main(factors: list[int]) -> None:
    """Print a line for each factor."""
    print(f"{'size':>6} {'rows':>8} {'check':>9} {'':>9} {'run':>9} {'':>9}")
    with tempfile.TemporaryDirectory() as name:
        for factor in factors:
            folder = Path(name) / str(factor)
            synthetic.write(folder / "data", factor)
            rows = sum(path.read_bytes().count(b"\n") - 1 for path in folder.rglob("*.csv"))
            check = measured("check", "--data", folder / "data")
            run = measured("run", "--data", folder / "data", "--out", folder / "out")
            print(
                f"{factor:>5}x {rows:>8,} {check[0]:>7.1f} s {check[1]:>6.0f} MB {run[0]:>7.1f} s {run[1]:>6.0f} MB",
                flush=True,
            )


if __name__ == "__main__":
    main([int(factor) for factor in sys.argv[1:]] or [1, 10, 100])

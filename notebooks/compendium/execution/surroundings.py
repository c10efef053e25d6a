"""Where notebooks execute: the same surroundings for every kernel on every machine."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

# Settings of a user or a system that would reach the outputs of a notebook.
UNWANTED = ("COLUMNS", "LANGUAGE", "LINES", "MATPLOTLIBRC", "PYTHONSTARTUP")


def settings(cache: Path) -> dict[str, str]:
    """Environment variables that make kernels alike on every machine.

    What Jupyter and matplotlib write for themselves goes to the folder `cache`, and their settings in the user's home
    are not read. `JUPYTER_PATH` makes "python3" the kernel of this very interpreter.
    """
    return {
        "IPYTHONDIR": str(cache / "ipython"),
        "JUPYTER_PATH": str(Path(sys.prefix, "share", "jupyter")),
        "JUPYTER_RUNTIME_DIR": str(cache / "jupyter"),
        "LANG": "C.UTF-8",
        "LC_ALL": "C.UTF-8",
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "MPLCONFIGDIR": str(cache / f"matplotlib-{version('matplotlib')}"),
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",  # no threads of its own in a process that is forked
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",  # the debugger would warn of what it does not do here
        "PYTHONHASHSEED": "0",
        "TZ": "UTC",
    }


@contextmanager
def surroundings(cache: Path) -> Iterator[None]:
    """Within this context, every process that starts has the `settings` and nothing `UNWANTED`."""
    before = dict(os.environ)
    for name in UNWANTED:
        os.environ.pop(name, None)
        os.unsetenv(name)  # the readline library sets COLUMNS behind Python's back
    os.environ.update(settings(cache))
    try:
        _find_fonts(Path(os.environ["MPLCONFIGDIR"]))
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def _find_fonts(folder: Path) -> None:
    """Let matplotlib list the system's fonts once: in a kernel it would take seconds and say so in the notebook."""
    folder.mkdir(parents=True, exist_ok=True)
    if not any(folder.glob("fontlist-*.json")):
        subprocess.run([sys.executable, "-c", "import matplotlib.font_manager"], stderr=subprocess.DEVNULL)

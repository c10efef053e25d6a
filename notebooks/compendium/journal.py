"""Putting many files in place as if they were one, and one run at a time: what a stop breaks off, the next run ends."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

LOCK = ".lock"
PENDING = ".pending"  # new files, waiting to be moved into place, and a plan of where they go
PLAN = "plan.json"
TEMPORARY = ".run-"  # how the temporary folder of a run begins


class LockedError(Exception):
    """Another run works in the same folder."""


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Work in a folder while no other process does; raises LockedError if one does.

    The system gives the lock back when a process ends, however it ends, so that no lock is ever left behind.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / LOCK
    file = path.open("a")
    try:
        _lock(file)
        if not path.exists() or os.fstat(file.fileno()).st_ino != path.stat().st_ino:
            raise LockedError  # its owner was just ending; very rare, and trying again helps
        try:
            for left in folder.glob(f"{TEMPORARY}*"):  # of a run that was killed
                shutil.rmtree(left, ignore_errors=True)
            yield
        finally:
            with suppress(OSError):  # Windows removes no open file
                path.unlink()
    finally:
        file.close()


def _lock(file: IO[str]) -> None:
    """Lock an open file for this process; LockedError if another one has."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        raise LockedError from None


def replace(staging: Path, target: Path, new: Sequence[Path], old: Sequence[Path], folder: Path) -> None:
    """Move the files `new` (paths below `staging`) to their places below `target`, and remove `old` from there.

    All are first brought to `folder`, which is on the file system of the target, with a plan. From the moment that
    the plan is written the change is decided: what then stops it, be it the power, is made good by `complete`.
    """
    pending = folder / PENDING
    shutil.rmtree(pending, ignore_errors=True)
    try:
        pending.mkdir(parents=True)
        plan: dict[str, Any] = {"target": str(target), "new": {}, "old": {}}
        for number, name in enumerate(new):
            os.replace(staging / name, pending / str(number))
            plan["new"][name.as_posix()] = [_print(target / name), _print(pending / str(number))]
        plan["old"] = {name.as_posix(): _print(target / name) for name in old}
        with (pending / "draft").open("w", encoding="utf-8") as file:
            json.dump(plan, file)
            file.flush()
            os.fsync(file.fileno())
        os.replace(pending / "draft", pending / PLAN)
    except BaseException:
        shutil.rmtree(pending, ignore_errors=True)
        raise
    while True:
        try:
            complete(folder)
            return
        except KeyboardInterrupt:
            continue  # it is decided already, and takes a moment only


def complete(folder: Path) -> None:
    """Finish what `replace` had decided when it was stopped, if anything.

    If somebody has changed one of the files since, theirs stands: what was left to do is dropped. Raises OSError if a
    file cannot be put in its place; the plan stays for the next time.
    """
    pending = folder / PENDING
    if (pending / PLAN).is_file():
        plan = json.loads((pending / PLAN).read_text(encoding="utf-8"))
        target = Path(plan["target"])
        states = [(_print(target / name), prints) for name, prints in plan["new"].items()]
        states += [(_print(target / name), [before, None]) for name, before in plan["old"].items()]
        if all(now in allowed for now, allowed in states):
            for number, name in enumerate(plan["new"]):
                with suppress(FileNotFoundError):  # moved already
                    (target / name).parent.mkdir(parents=True, exist_ok=True)
                    os.replace(pending / str(number), target / name)
            for name in plan["old"]:
                (target / name).unlink(missing_ok=True)
    shutil.rmtree(pending, ignore_errors=True)


def _print(path: Path) -> str | None:
    """Fingerprint of a file; None if it does not exist."""
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else None

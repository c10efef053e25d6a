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


class BrokenError(Exception):
    """What an earlier run had decided cannot be completed, because a part of it is lost; the message is for people."""


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Work in a folder while no other process does, with what an earlier one was stopped at finished first.

    Raises LockedError if another process works there, and what `complete` raises. The system gives the lock back when a
    process ends, however it ends, so that no lock is ever left behind.
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
            complete(folder)
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
    To be called under `alone`.
    """
    pending = folder / PENDING
    shutil.rmtree(pending, ignore_errors=True)
    try:
        pending.mkdir(parents=True)
        plan: dict[str, Any] = {"target": str(target), "new": {}, "old": {}}
        for number, name in enumerate(new):
            os.replace(staging / name, pending / str(number))
            _sync(pending / str(number))
            plan["new"][name.as_posix()] = [_print(target / name), _print(pending / str(number))]
        plan["old"] = {name.as_posix(): _print(target / name) for name in old}
        with (pending / "draft").open("w", encoding="utf-8") as file:
            json.dump(plan, file)
        _sync(pending / "draft")
        _sync(pending)  # no plan is on the disk before all that it names
        os.replace(pending / "draft", pending / PLAN)
        for changed in (pending, folder):
            _sync(changed)  # and nothing moves before the plan is
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
    """Finish what `replace` had decided when it was stopped, if anything. To be called under `alone`.

    If somebody has changed one of the files since, theirs stands: what was left to do is dropped. Raises OSError if a
    file cannot be put in its place (the plan stays for the next time), and BrokenError, before anything is moved, if
    one that waits is not what was planned.
    """
    pending = folder / PENDING
    if (pending / PLAN).is_file():
        plan = json.loads((pending / PLAN).read_text(encoding="utf-8"))
        target = Path(plan["target"])
        states = [(_print(target / name), prints) for name, prints in plan["new"].items()]
        states += [(_print(target / name), [before, None]) for name, before in plan["old"].items()]
        if all(now in allowed for now, allowed in states):
            _move(plan, pending, target)
        (pending / PLAN).unlink()  # first, for it must not outlive what it names
    shutil.rmtree(pending, ignore_errors=True)


def _move(plan: dict[str, Any], pending: Path, target: Path) -> None:
    """Do what a plan says and is not yet done, and have it on the disk; BrokenError if a file of it is lost."""
    waiting = [
        (pending / str(number), target / name, after)
        for number, (name, (_, after)) in enumerate(plan["new"].items())
        if _print(target / name) != after
    ]
    if lost := [place for file, place, after in waiting if _print(file) != after]:
        raise BrokenError(
            f"A run was stopped while it put its files in place, and {lost[0]} as it made it is lost. "
            f"Please delete the folder {pending} and run again: make."
        )
    for file, place, _ in waiting:
        place.parent.mkdir(parents=True, exist_ok=True)
        os.replace(file, place)
    for name in plan["old"]:
        (target / name).unlink(missing_ok=True)
    for folder in {target, *((target / name).parent for name in (*plan["new"], *plan["old"]))}:
        if folder.is_dir():
            _sync(folder)


def _sync(path: Path) -> None:
    """Have a file, or the list of what is in a folder, written to the disk now, so that no power cut can undo it."""
    folder = path.is_dir()
    if folder and sys.platform == "win32":
        return  # it opens no folder
    handle = os.open(path, os.O_RDWR if sys.platform == "win32" else os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError:
        if not folder:  # which not every file system can be asked for
            raise
    finally:
        os.close(handle)


def _print(path: Path) -> str | None:
    """Fingerprint of a file; None if it does not exist."""
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else None

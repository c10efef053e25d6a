"""Many files put in place as if they were one, whenever and however it is stopped."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from compendium import journal
from conftest import prints

NEW, OLD = [Path("notebooks/a"), Path("notebooks/b"), Path("figures/c")], [Path("figures/gone")]
KILLED = """
import os, sys
from pathlib import Path
from compendium import journal
at = int(sys.argv[2])
calls = 0
def counting(function):
    def call(*arguments, **more):
        global calls
        calls += 1
        if calls == at:
            os._exit(9)
        return function(*arguments, **more)
    return call
os.replace, os.fsync, Path.unlink = counting(os.replace), counting(os.fsync), counting(Path.unlink)
base = Path(sys.argv[1])
new = [Path("notebooks/a"), Path("notebooks/b"), Path("figures/c")]
journal.replace(base / "stage", base / "target", new, [Path("figures/gone")], base / "target" / "build")
print("done")
"""


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """A stage with new files, and a target with older ones."""
    for part, names in (("stage", NEW), ("target", [*NEW[:2], *OLD, Path("notebooks/mine")])):
        for name in names:
            (tmp_path / part / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / part / name).write_text(f"{part} {name}")
    return tmp_path


def replace(base: Path) -> None:
    journal.replace(base / "stage", base / "target", NEW, OLD, base / "target" / "build")


def shown(base: Path) -> dict[str, str]:
    """The files of the target that a reader sees."""
    return {name: p for name, p in prints(base / "target").items() if not name.startswith("build/")}


@pytest.fixture
def after(base: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What the target shows after an undisturbed change."""
    other = tmp_path_factory.mktemp("other")
    shutil.copytree(base, other, dirs_exist_ok=True)
    replace(other)
    return shown(other)


def test_new_files_come_old_ones_go_and_others_stay(base: Path, after: dict[str, str]):
    assert set(after) == {"notebooks/a", "notebooks/b", "figures/c", "notebooks/mine"}
    replace(base)
    assert shown(base) == after and (base / "target" / "notebooks" / "a").read_text() == "stage notebooks/a"
    assert list((base / "target" / "build").iterdir()) == []


@pytest.mark.parametrize("at", range(1, 21))
def test_killed_at_any_moment_it_is_all_old_or_all_new_after_the_next_run(base: Path, after, at: int):
    before = shown(base)
    result = subprocess.run(
        [sys.executable, "-c", KILLED, base, str(at)], capture_output=True, text=True, check=False
    )
    assert result.returncode == (0 if result.stdout else 9), result.stderr
    journal.complete(base / "target" / "build")
    assert shown(base) == (before if at <= 9 else after)  # the ninth is the move that makes the draft a plan
    assert list((base / "target" / "build").iterdir()) == []


def test_there_is_a_moment_for_each_way_it_can_be_stopped(base: Path):
    result = subprocess.run(
        [sys.executable, "-c", KILLED, base, "20"], capture_output=True, text=True, check=True
    )
    assert result.stdout == "done\n"  # so that the moments above are all there are


def test_a_file_edited_since_is_kept_and_the_rest_dropped(base: Path):
    subprocess.run([sys.executable, "-c", KILLED, base, "13"], check=False)
    (base / "target" / "notebooks" / "b").write_text("my own words")
    before = shown(base)
    journal.complete(base / "target" / "build")
    assert shown(base) == before and list((base / "target" / "build").iterdir()) == []


@pytest.mark.parametrize("content", [b"", b"other", None])
def test_a_waiting_file_that_is_not_what_was_planned_stops_it_before_anything_is_moved(
    base: Path, content: bytes | None
):
    subprocess.run([sys.executable, "-c", KILLED, base, "13"], check=False)  # one is moved, two wait
    waiting = base / "target" / "build" / journal.PENDING / "2"
    waiting.unlink() if content is None else waiting.write_bytes(content)
    before = prints(base)
    with pytest.raises(journal.BrokenError, match=r"figures/c .*is lost.*delete the folder .*pending"):
        journal.complete(base / "target" / "build")
    assert prints(base) == before


def test_nothing_is_decided_before_it_is_on_the_disk(base: Path, monkeypatch):
    """A power cut keeps what was synced: so all that a plan names is, and then the plan, before the first move."""
    synced: set[int] = set()
    sync, move = os.fsync, os.replace

    def note(handle):
        synced.add(os.fstat(handle).st_ino)
        sync(handle)

    def checked(one, other):
        if Path(other).name == journal.PLAN:
            assert {path.stat().st_ino for path in [one, one.parent, *one.parent.iterdir()]} <= synced
            synced.clear()
        elif one.parent.name == journal.PENDING:
            assert {one.parent.stat().st_ino, one.parent.parent.stat().st_ino} <= synced
        move(one, other)

    monkeypatch.setattr(os, "fsync", note)
    monkeypatch.setattr(os, "replace", checked)
    replace(base)
    for folder in ("notebooks", "figures"):
        assert (base / "target" / folder).stat().st_ino in synced


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_what_fails_before_it_is_decided_changes_nothing(base: Path, monkeypatch, error):
    def fail(*_):
        raise error

    monkeypatch.setattr(os, "fsync", fail)
    before = shown(base)
    with pytest.raises(type(error)):
        replace(base)
    assert shown(base) == before and list((base / "target" / "build").iterdir()) == []


def test_what_is_decided_is_done_though_somebody_stops_it(base: Path, after, monkeypatch):
    move, stopped = os.replace, []

    def once(one, other):
        if not stopped and Path(other).parent.name == "figures":
            stopped.append(True)
            raise KeyboardInterrupt
        move(one, other)

    monkeypatch.setattr(os, "replace", once)
    replace(base)
    assert stopped and shown(base) == after


def test_what_cannot_be_put_in_place_waits_for_the_next_time(base: Path, after, monkeypatch):
    move = os.replace

    def refuse(one, other):
        if Path(other).parent.name == "figures":
            raise PermissionError(13, "Permission denied")
        move(one, other)

    with monkeypatch.context() as patch, pytest.raises(PermissionError):
        patch.setattr(os, "replace", refuse)
        replace(base)
    journal.complete(base / "target" / "build")
    assert shown(base) == after


def test_only_one_works_in_a_folder_and_a_lock_dies_with_its_owner(tmp_path: Path):
    hold = (
        "import sys, time; from pathlib import Path; from compendium import journal\n"
        "with journal.alone(Path(sys.argv[1])):\n    print('held', flush=True)\n    time.sleep(120)"
    )
    owner = subprocess.Popen([sys.executable, "-c", hold, tmp_path], stdout=subprocess.PIPE, text=True)
    assert owner.stdout and owner.stdout.readline() == "held\n"
    with pytest.raises(journal.LockedError), journal.alone(tmp_path):
        pass
    owner.kill()
    owner.wait()
    owner.stdout.close()
    for left in (
        f"{journal.TEMPORARY}left",
        journal.PENDING,
    ):  # of a run that was killed before it had a plan
        (tmp_path / left).mkdir()
    with journal.alone(tmp_path):
        assert [path.name for path in tmp_path.iterdir()] == [journal.LOCK]
    assert list(tmp_path.iterdir()) == []

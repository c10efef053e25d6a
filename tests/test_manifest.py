"""The manifest of outputs: its form, that it is in step with what is committed, and what `verify` tells."""

import hashlib
import os
from collections.abc import Callable
from pathlib import Path

import pytest

import compendium.__main__ as command
from compendium import verify
from compendium.execution import manifest
from compendium.problems import CommandError
from conftest import PROJECT

BUDGET = 15 * 2**20  # bytes of outputs that the repository may hold
OUTPUTS = (*manifest.COMMITTED, manifest.SITE)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder with outputs and their manifest."""
    own = ("notebooks/01-one.ipynb", "figures/01-one.svg", "build/site/a/index.html")
    for name in (*own, "notebooks/Untitled.ipynb", "figures/README.md"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    (tmp_path / "requirements.lock").write_text("pytest==0.1 \\\n    --hash=sha256:0\nabsent==1 \\\n")
    manifest.write(tmp_path)
    return tmp_path


def test_the_manifest_names_what_a_run_makes_in_the_form_of_sha256sum(project: Path):
    names = ["build/site/a/index.html", "figures/01-one.svg", "notebooks/01-one.ipynb"]
    lines = [f"{hashlib.sha256(name.encode()).hexdigest()}  {name}\n" for name in names]
    path = project / manifest.FILE
    assert path.read_bytes() == "".join(lines).encode()
    assert manifest.read(project) == manifest.fingerprints(project, *OUTPUTS)
    before = path.stat().st_mtime_ns
    manifest.write(project)
    assert path.stat().st_mtime_ns == before  # one that holds is not written again
    (project / "figures/01-one.svg").write_text("other")
    manifest.write(project)
    assert manifest.read(project) == manifest.fingerprints(project, *OUTPUTS)


@pytest.mark.parametrize("content", [None, b"\xff", b"nonsense\n"])
def test_a_manifest_that_cannot_be_read_is_told_with_what_to_do(project: Path, content: bytes | None):
    (project / manifest.FILE).unlink()
    if content is not None:
        (project / manifest.FILE).write_bytes(content)
    with pytest.raises(CommandError, match=rf"{manifest.FILE}.*`make`"):
        manifest.read(project)


def test_each_way_to_differ_is_named():
    said, found = {"a": "1", "b": "2", "c": "3"}, {"a": "1", "b": "0", "d": "4"}
    assert list(manifest.differences(said, found)) == [
        "b  differs",
        f"c  is in {manifest.FILE} but missing",
        f"d  is not in {manifest.FILE}",
    ]


# --- nothing to do ---


def add(name: str) -> Callable[[Path], None]:
    """Change a file of a project, or make it."""

    def change(project: Path) -> None:
        path = project / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text((path.read_text() if path.exists() else "") + "x")

    return change


CHANGES = {  # and which steps are then to be done again
    "nothing": (lambda p: None, []),
    "the time of a file": (lambda p: os.utime(p / "data" / "a.csv", (0, 0)), []),
    "what editors and Python leave": (
        lambda p: (add("data/.~lock.a.csv#")(p), add("notebooks/compendium/__pycache__/a.pyc")(p)),
        [],
    ),
    "a row": (add("data/a.csv"), ["run", "site"]),
    "a new table": (add("data/record/b.csv"), ["run", "site"]),
    "a row of the same length": (lambda p: (p / "data" / "a.csv").write_text("2"), ["run", "site"]),
    "code": (add("notebooks/compendium/site/a.py"), ["run", "site"]),
    "the lock": (add("requirements.lock"), ["run", "site"]),
    "a notebook": (add("notebooks/01-one.ipynb"), ["run", "site"]),
    "a figure": (add("figures/01-one.svg"), ["run", "site"]),
    "a figure that is gone": (lambda p: (p / "figures/01-one.svg").unlink(), ["run", "site"]),
    "a figure that no notebook makes": (add("figures/01-two.svg"), ["run", "site"]),
    "a text": (add("README.md"), ["site"]),
    "a page": (add("build/site/a/index.html"), ["site"]),
    "a page that nobody made": (add("build/site/b.html"), ["site"]),
    "the manifest": (lambda p: (p / manifest.FILE).unlink(), ["site"]),
    "what is remembered": (lambda p: (p / manifest.STAMP).write_text("[1]"), ["run", "site"]),
}


@pytest.fixture
def done(project: Path) -> Path:
    """A project in which both steps have been done."""
    (project / "data").mkdir()
    (project / "data" / "a.csv").write_text("1")
    for step in manifest.STEPS:
        assert not manifest.unchanged(project, step)
        with manifest.remembered(project, step):
            pass
    return project


@pytest.mark.parametrize("change", CHANGES)
def test_a_step_is_done_again_if_anything_that_it_reads_or_makes_is_otherwise(done: Path, change: str):
    spoil, steps = CHANGES[change]
    spoil(done)
    assert [step for step in manifest.STEPS if not manifest.unchanged(done, step)] == steps


def test_a_step_is_not_taken_for_done_if_it_failed_its_data_changed_meanwhile_or_a_library_is_another(
    done: Path, monkeypatch
):
    add("data/a.csv")(done)
    with pytest.raises(ZeroDivisionError), manifest.remembered(done, "run"):
        raise ZeroDivisionError
    assert not manifest.unchanged(done, "run")
    with manifest.remembered(done, "run"):
        add("data/a.csv")(done)
    assert not manifest.unchanged(done, "run")
    with manifest.remembered(done, "run"):
        add("figures/01-one.svg")(done)  # which it makes
    assert manifest.unchanged(done, "run")
    monkeypatch.setattr(manifest.sysconfig, "get_path", lambda _: str(done))
    assert not manifest.unchanged(done, "run")


# --- the command, with a stand-in for what it makes ---


@pytest.mark.parametrize("tampered", [None, "in place", "made", "manifest"])
def test_verify_names_what_was_edited_and_what_came_out_otherwise(
    project: Path, monkeypatch, capsys, tampered: str | None
):
    said = manifest.read(project)

    def make(folder: Path) -> None:
        """Stand in for the run and the site."""
        assert not (folder / "figures").exists(), "what is to be made was copied"
        for name in said:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text("other" if tampered == "made" and name.startswith("note") else name)

    monkeypatch.setattr(verify, "run", lambda folder, workers: make(folder))
    monkeypatch.setattr(verify, "build", lambda folder: None)
    monkeypatch.setattr(command, "PROJECT", project)
    monkeypatch.setattr(command.signal, "signal", lambda *_: None)
    if tampered == "in place":
        (project / "figures" / "01-one.svg").write_text("edited by hand")
    if tampered == "manifest":
        (project / manifest.FILE).unlink()
    assert command.main(["verify"]) == (tampered is not None)
    told, error = capsys.readouterr()
    if tampered is None:
        assert "3 outputs: all came out the same" in told and not (project / "build" / "verify").exists()
    elif tampered == "manifest":
        assert "`make` writes it" in error
    else:
        at, name = {
            "in place": ("in place", "figures/01-one.svg"),
            "made": ("made now", "notebooks/01-one.ipynb"),
        }[tampered]
        lines = error.splitlines()
        assert (
            lines[0] == f"{at}: {name}  differs" and len([line for line in lines if "differs" in line]) == 1
        )
        assert (
            lines[2] == f"  pytest is {pytest.__version__}, but ==0.1 is locked" and "run `make`" in lines[-1]
        )
        assert (
            (project / "build" / "verify").exists() == (tampered == "made") == ("build/verify" in lines[-1])
        )


# --- the project ---


@pytest.mark.form
def test_the_manifest_is_in_step_with_the_committed_outputs():
    said = {name: it for name, it in manifest.read(PROJECT).items() if not name.startswith("build/")}
    found = manifest.fingerprints(PROJECT, *manifest.COMMITTED)
    assert found and list(manifest.differences(said, found)) == [], "run `make` and commit what it made"


def test_what_is_made_anew_is_what_the_manifest_says(made: Path):
    found = manifest.fingerprints(made, *OUTPUTS)
    assert list(manifest.differences(manifest.read(PROJECT), found)) == [], (
        "run `make` and commit what it made"
    )


def test_the_outputs_are_a_small_part_of_what_is_cloned():
    size = sum(
        (PROJECT / name).stat().st_size for name in manifest.fingerprints(PROJECT, *manifest.COMMITTED)
    )
    assert 0 < size <= BUDGET, f"{size / 2**20:.1f} MiB of notebooks and figures"

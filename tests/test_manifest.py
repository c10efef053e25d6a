"""The manifest of outputs: its form, that it is in step with what is committed, and what `verify` tells."""

import hashlib
from pathlib import Path

import pytest

import compendium.__main__ as command
from compendium import manifest, verify
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

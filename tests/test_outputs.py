"""The manifest of outputs: its form, that it is in step with what is committed, and what `verify` tells."""

import hashlib
from pathlib import Path

import pytest

import compendium.__main__ as command
from compendium import outputs, verify

PROJECT = Path(__file__).resolve().parents[1]
BUDGET = 15 * 2**20  # bytes of outputs that the repository may hold


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder with outputs and their manifest."""
    for name in (
        "notebooks/01-one.ipynb",
        "notebooks/Untitled.ipynb",
        "figures/01-one.svg",
        "figures/README.md",
        "build/site/a/index.html",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    (tmp_path / "requirements.lock").write_text("pytest==0.1 \\\n    --hash=sha256:0\nabsent==1 \\\n")
    outputs.write(tmp_path)
    return tmp_path


def test_the_manifest_names_what_a_run_makes_in_the_form_of_sha256sum(project: Path):
    names = ["build/site/a/index.html", "figures/01-one.svg", "notebooks/01-one.ipynb"]
    lines = [f"{hashlib.sha256(name.encode()).hexdigest()}  {name}\n" for name in names]
    assert (project / outputs.FILE).read_bytes() == "".join(lines).encode()
    assert outputs.read(project) == outputs.fingerprints(project)


def test_a_manifest_that_holds_is_not_written_again(project: Path):
    before = (project / outputs.FILE).stat().st_mtime_ns
    outputs.write(project)
    assert (project / outputs.FILE).stat().st_mtime_ns == before
    (project / "figures/01-one.svg").write_text("other")
    outputs.write(project)
    assert outputs.read(project) == outputs.fingerprints(project)


@pytest.mark.parametrize("content", [None, b"\xff", b"nonsense\n"])
def test_a_manifest_that_cannot_be_read_is_told_with_what_to_do(project: Path, content: bytes | None):
    (project / outputs.FILE).unlink()
    if content is not None:
        (project / outputs.FILE).write_bytes(content)
    with pytest.raises(ValueError, match=rf"{outputs.FILE}.*`make`"):
        outputs.read(project)


def test_each_way_to_differ_is_named():
    said, found = {"a": "1", "b": "2", "c": "3"}, {"a": "1", "b": "0", "d": "4"}
    assert list(outputs.differences(said, found)) == [
        "b  differs",
        f"c  is in {outputs.FILE} but missing",
        f"d  is not in {outputs.FILE}",
    ]


def test_versions_other_than_the_locked_ones_are_named(project: Path):
    assert list(outputs.other_versions(project)) == [f"pytest is {pytest.__version__}, but ==0.1 is locked"]


# --- the command, with a stand-in for the run ---


@pytest.fixture
def made(project: Path, monkeypatch) -> dict[str, str]:
    """What the stand-in writes, by path; the project's own outputs at first."""
    made = {name: name for name in outputs.read(project)}

    def run(folder: Path, workers: int):
        assert not (folder / "figures").exists(), "what is to be made was copied"
        write(folder, [name for name in made if "site" not in name])

    def build(folder: Path):
        write(folder, [name for name in made if "site" in name])

    def write(folder: Path, names: list[str]):
        for name in names:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(made[name])

    monkeypatch.setattr(verify, "run", run)
    monkeypatch.setattr(verify, "build", build)
    monkeypatch.setattr(command, "PROJECT", project)
    return made


def test_verify_says_that_all_came_out_the_same(made, project: Path, capsys):
    assert command.main(["verify"]) == 0
    assert "3 outputs: all came out the same" in capsys.readouterr().out
    assert not (project / "build" / "verify").exists()


def test_verify_names_what_was_edited_and_what_came_out_otherwise(made, project: Path, capsys):
    (project / "figures" / "01-one.svg").write_text("edited by hand")
    made["notebooks/01-one.ipynb"] = "other"
    assert command.main(["verify"]) == 1
    lines = capsys.readouterr().err.splitlines()
    assert lines[:2] == ["in place: figures/01-one.svg  differs", "made now: notebooks/01-one.ipynb  differs"]
    assert "pytest" in lines[3] and "run `make`" in lines[-1] and "build/verify" in lines[-1]
    assert (project / "build" / "verify" / "notebooks" / "01-one.ipynb").read_text() == "other"


def test_verify_without_a_manifest_says_what_to_do(made, project: Path, capsys):
    (project / outputs.FILE).unlink()
    assert command.main(["verify"]) == 1 and "`make` writes it" in capsys.readouterr().err


# --- the project ---


@pytest.mark.form
def test_the_manifest_is_in_step_with_the_committed_outputs():
    said = {
        name: it for name, it in outputs.read(PROJECT).items() if name.partition("/")[0] in outputs.COMMITTED
    }
    found = outputs.fingerprints(PROJECT, outputs.COMMITTED)
    assert found and list(outputs.differences(said, found)) == [], "run `make` and commit what it made"


def test_the_outputs_are_a_small_part_of_what_is_cloned():
    size = sum((PROJECT / name).stat().st_size for name in outputs.fingerprints(PROJECT, outputs.COMMITTED))
    assert 0 < size <= BUDGET, f"{size / 2**20:.1f} MiB of notebooks and figures"

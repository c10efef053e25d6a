"""The picture in CONTRIBUTING.md shows which part of the package uses which, and the hook asks what it should."""

import ast
import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[1]
PACKAGE = PROJECT / "notebooks" / "compendium"
ROOM = re.compile(r'^ +(\w+)\["<b>[^<]+</b><br/>([^"]+)"\](?: --> (.+))?$', re.MULTILINE)


def picture() -> tuple[dict[str, str], dict[str, set[str]]]:
    """The room of each module, and the rooms that each room leads to, as drawn."""
    text = (PROJECT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    (drawing,) = re.findall(r"```mermaid\nflowchart TD\n(.*?)```", text, re.DOTALL)
    rooms = ROOM.findall(drawing)
    assert len(rooms) == len(drawing.splitlines()), "a line of the picture is not understood"
    arrows = {room: set(leads.split(" & ")) if leads else set() for room, _, leads in rooms}
    homes = [
        (module, room) for room, modules, _ in rooms for module in modules.split(" · ") if room != "notebooks"
    ]
    assert len(dict(homes)) == len(homes), "a module stands in two rooms"
    return dict(homes), arrows


def imported(code: str) -> Iterator[str]:
    """The modules of the package that a piece of code imports, wherever in it."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.ImportFrom) and node.module == "compendium":
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("compendium."):
            yield node.module.split(".")[1]
        elif isinstance(node, ast.Import):
            yield from (
                alias.name.split(".")[1] for alias in node.names if alias.name.startswith("compendium.")
            )


def uses() -> set[tuple[str, str]]:
    """Which room uses which, as the imports say."""
    homes, _ = picture()
    found = set()
    for path in PACKAGE.rglob("*.py"):
        module = path.stem if path.parent == PACKAGE else path.relative_to(PACKAGE).parts[0]
        if module != "__init__":
            found |= {(homes[module], homes[other]) for other in imported(path.read_text(encoding="utf-8"))}
    for path in (PROJECT / "notebooks").glob("*.ipynb"):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            if cell["cell_type"] == "code":
                found |= {("notebooks", homes[other]) for other in imported("".join(cell["source"]))}
    return {(one, other) for one, other in found if one != other}


def reached(arrows: dict[str, set[str]], room: str) -> set[str]:
    """The rooms to which a way leads from a room."""
    found: set[str] = set()
    waiting = [room]
    while waiting:
        for following in arrows[waiting.pop()] - found:
            found.add(following)
            waiting.append(following)
    return found


def test_every_module_stands_in_the_picture_once_and_no_other():
    modules = {path.stem for path in PACKAGE.glob("*.py")} - {"__init__"}
    modules |= {path.name for path in PACKAGE.iterdir() if (path / "__init__.py").is_file()}
    assert set(picture()[0]) == modules


def test_a_way_leads_from_each_room_to_every_room_that_it_uses():
    _, arrows = picture()
    assert {(one, other) for one, other in uses() if other not in reached(arrows, one)} == set()


def test_each_arrow_stands_for_an_import():
    _, arrows = picture()
    assert {(one, other) for one, others in arrows.items() for other in others} - uses() == set()


def test_there_are_no_circles():
    _, arrows = picture()
    assert [room for room in arrows if room in reached(arrows, room)] == []


def floors(arrows: dict[str, set[str]], room: str) -> int:
    """How many rooms the longest way down from a room passes, itself included."""
    return 1 + max((floors(arrows, other) for other in arrows[room]), default=0)


def test_the_house_has_at_most_six_floors():
    _, arrows = picture()
    assert max(floors(arrows, room) for room in arrows) <= 6


def test_no_module_is_longer_than_can_be_held_in_mind():
    lengths = {
        path.name: len(path.read_text(encoding="utf-8").splitlines()) for path in PACKAGE.rglob("*.py")
    }
    assert {name: length for name, length in lengths.items() if length > 350} == {}


def test_each_room_says_what_it_does():
    faces = [path for path in PACKAGE.rglob("__init__.py") if path.parent != PACKAGE]
    assert [
        path for path in faces if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    ] == []


# --- before each commit ---


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A git repository with the hook turned on, and a stand-in for Python that tells what it is asked."""
    for name in ("Makefile", ".githooks/pre-commit"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(PROJECT / name, tmp_path / name)
    subprocess.run(["git", "init", "--quiet"], cwd=tmp_path, check=True)
    subprocess.run(["make", "hooks"], cwd=tmp_path, check=True, capture_output=True)
    python = tmp_path / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text('#!/bin/sh\necho "$*" >> asked\ncase "$*" in *"$BREAK"*) exit 1 ;; esac\n')
    python.chmod(0o755)
    return tmp_path


def commit(repository: Path, monkeypatch: pytest.MonkeyPatch, fault: str) -> int:
    monkeypatch.setenv("BREAK", fault)
    who = ["-c", "user.name=x", "-c", "user.email=x@example.org"]
    command = ["git", *who, "commit", "--allow-empty", "--quiet", "--message", "x"]
    return subprocess.run(command, cwd=repository, capture_output=True).returncode


def test_a_commit_asks_for_the_data_and_the_form(repository: Path, monkeypatch):
    assert commit(repository, monkeypatch, "nothing that is asked") == 0
    assert (repository / "asked").read_text().splitlines() == [
        "-m compendium check",
        "-m pytest -m form --quiet",
    ]


@pytest.mark.parametrize("fault", ["check", "form"])
def test_a_fault_stops_the_commit(repository: Path, monkeypatch, fault: str):
    assert commit(repository, monkeypatch, fault) != 0

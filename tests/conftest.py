"""What tests share: a made-up package of another mandate, one run and one site of the project, played notebooks."""

import contextlib
import csv
import fcntl
import functools
import hashlib
import io
import json
import os
import shutil
import warnings
from collections.abc import Callable
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
PROJECT = TESTS.parent
SCHEMA = PROJECT / "data" / "datapackage.json"
MANDATE_M = TESTS / "data" / "mandate-m"


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A folder with the tables of Mandate M, described by that part of the project's schema that concerns them."""
    return mandate_m(tmp_path / "package")


def mandate_m(folder: Path) -> Path:
    """Make the package of Mandate M in a new folder."""
    shutil.copytree(MANDATE_M, folder)
    descriptor = json.loads(SCHEMA.read_text(encoding="utf-8"))
    descriptor |= {"name": "mandate-m", "title": "Mandate M", "mandate": {"title": "Mandate M"}}
    descriptor["resources"] = [
        table for table in descriptor["resources"] if (folder / table["path"]).exists()
    ]
    (folder / "datapackage.json").write_text(json.dumps(descriptor, indent=2), encoding="utf-8")
    return folder


@pytest.fixture
def edit(package: Path) -> Callable[[str, str, str], None]:
    """Function that replaces a text, which must stand there once, in a file of the package; bytes, so nothing else."""

    def replace(file: str, old: str, new: str) -> None:
        path = package / file
        content = path.read_bytes()
        assert content.count(old.encode()) == 1, f"{old!r} does not stand in {file} once"
        path.write_bytes(content.replace(old.encode(), new.encode()))

    return replace


@pytest.fixture
def describe(package: Path) -> Callable[[Callable[[dict], object]], None]:
    """Function that changes the description of the package by a function of its content."""

    def change(by: Callable[[dict], object]) -> None:
        path = package / "datapackage.json"
        descriptor = json.loads(path.read_text(encoding="utf-8"))
        by(descriptor)
        path.write_text(json.dumps(descriptor, indent=2), encoding="utf-8")

    return change


def prints(folder: Path) -> dict[str, str]:
    """Fingerprint of every file in a folder, by path."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


# --- what is made once for all tests ---


def once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """A folder that `make` fills, once a session, whichever process of the tests asks first."""
    base = factory.getbasetemp()
    shared = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    with (shared / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (shared / f"{name}.made").exists():
            shutil.rmtree(shared / name, ignore_errors=True)
            make(shared / name)
            (shared / f"{name}.made").touch()
    return shared / name


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project with all that a run and the site make, made anew. To be read, not to be changed."""
    from compendium import verify

    def make(folder: Path) -> None:
        verify.copy(PROJECT, folder)
        verify.make(folder)

    return once(tmp_path_factory, "made", make)


@pytest.fixture(scope="session")
def site(made: Path) -> Path:
    """The site of the project."""
    return made / "build" / "site"


# --- notebooks, without a kernel ---

NOTEBOOKS = sorted((PROJECT / "notebooks").glob("[0-9]*.ipynb"))
PAGES: list[tuple[str, str]] = []  # what played notebooks put on their page: html or markdown, and its text


class Played:
    """A notebook whose cells ran in this process: its figures, and what each cell put on the page.

    `figures` and `phones` hold the figures at both widths and `data` the numbers behind them, by name; `said` the
    sentences, tables and alternatives of figures that each code cell shows, as text; `complaints` what would have stood
    on standard error.
    """

    def __init__(self, path: Path, as_of: str | None = None, data_dir: Path | None = None) -> None:
        """Run the code cells of the notebook at `path`, in its own folder, with these parameters."""
        from compendium import charts, page, words
        from compendium.charts import publishing

        self.figures: dict = {}
        self.phones: dict = {}
        self.data: dict = {}
        self.said: list[list[str]] = []
        shown: list[str] = []

        def publish(draw, name, data, told, figures_dir, credit):
            self.figures[name], self.phones[name] = (
                publishing.sign(draw(width), credit) for width in (publishing.PAGE, publishing.PHONE)
            )
            self.data[name] = data.map(words.text_of)
            shown.append(f"Figure {name}: {publishing.alternative(told)}")

        def display(output, **_):
            html = output.get("text/html") if isinstance(output, dict) else None
            PAGES.append(("html", html) if html else ("markdown", getattr(output, "data", "")))
            shown.append(output["text/plain"] if isinstance(output, dict) else output.data)

        names: dict = {}
        printed = io.StringIO()
        with (
            pytest.MonkeyPatch.context() as patch,
            warnings.catch_warnings(record=True) as warned,
            contextlib.redirect_stderr(printed),
        ):
            warnings.simplefilter("default")
            patch.setattr(charts, "publish", publish)
            for module in (page, words):
                patch.setattr(module, "display", display)
            patch.chdir(path.parent)
            for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
                if cell["cell_type"] != "code":
                    continue
                exec(compile("".join(cell["source"]), path.name, "exec"), names)
                if "parameters" in cell["metadata"].get("tags", []):
                    names["as_of"] = as_of
                    names["data_dir"] = data_dir or names["data_dir"]
                self.said.append(shown.copy())
                shown.clear()
        self.complaints = printed.getvalue() + "".join(str(warning.message) for warning in warned)

    @property
    def text(self) -> str:
        """All that it put on the page."""
        return "\n".join(text for cell in self.said for text in cell)


@pytest.fixture(scope="session")
def play() -> Callable[..., Played]:
    """Function that runs a notebook in this process, once for each date and data package."""
    return functools.cache(Played)


# --- the site ---

# Everything that could become markup somewhere on the way: HTML, Markdown, TeX, mathematics, tables.
HOSTILE = (
    """<script>window.broken=1</script><img src=x onerror="window.broken=1"> "quoted" & 'single' """
    """| *bold* **x** $a_b$ `tick` [link](javascript:window.broken=1) {braces} \\alpha ~ ^ # % _x_ </table> <!-- -->"""
)


def linked_project(folder: Path) -> Path:
    """A folder in which the project seems to stand, so that a site can be built beside the real one."""
    folder.mkdir(exist_ok=True)
    for name in (
        "data",
        "examples",
        "notebooks",
        "figures",
        "README.md",
        "CITATION.cff",
        "CHANGELOG.md",
        "CONTRIBUTING.md",
        "LICENSE",
        "LICENSE-DATA",
    ):
        (folder / name).symlink_to(TESTS.parent / name)
    return folder


@pytest.fixture(scope="session")
def hostile_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of Mandate M, which lacks optional tables; a document, a source and the description are hostile."""
    from compendium.execution.run import run
    from compendium.site import build

    out = tmp_path_factory.mktemp("out")
    data = hostile_package(tmp_path_factory.mktemp("hostile") / "data")
    run(PROJECT, data, out)
    return build(PROJECT, data, out)


def hostile_package(folder: Path) -> Path:
    """The package of Mandate M with markup of every kind in its texts."""
    data = mandate_m(folder)
    for file, key, columns in (
        ("record/documents.csv", "a-hrc-1-1", {"title": HOSTILE}),
        (
            "record/sources.csv",
            "un-a-hrc-1-1",
            {"title": HOSTILE, "url": 'https://example.org/?"onclick="window.broken=1'},
        ),
    ):
        with (data / file).open(encoding="utf-8", newline="") as stream:
            rows = list(csv.DictReader(stream))
        for row in rows:
            if key in row.values():
                row.update(columns)
        with (data / file).open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, rows[0], lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
    path = data / "datapackage.json"
    described = json.loads(path.read_text(encoding="utf-8"))
    places = [notebook.stem[:2] for notebook in NOTEBOOKS]
    (data / "notes").mkdir()
    for place in (*places, "coding", "words"):
        (data / "notes" / f"{place}.md").write_text(HOSTILE, encoding="utf-8")
    described["mandate"] |= {"title": HOSTILE}
    described |= dict.fromkeys(("title", "description", "version"), HOSTILE)
    described |= {
        "keywords": [HOSTILE],
        "licenses": [{"name": HOSTILE}],
        "contributors": [{"title": HOSTILE}],
    }
    for table in described["resources"]:
        table |= {"title": HOSTILE, "description": HOSTILE}
        for field in table["schema"]["fields"]:
            field |= {"title": HOSTILE, "description": HOSTILE, "obtained": HOSTILE}
            field |= {"example": HOSTILE} if field["type"] == "string" and "rdfType" not in field else {}
    path.write_text(json.dumps(described), encoding="utf-8")
    return data

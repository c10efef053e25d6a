"""The environment: one list of dependencies in three forms, the set-up, the commands and how to cite."""

import ast
import csv
import os
import re
import shutil
import stat
import subprocess
import sys
import tomllib
from importlib.metadata import distributions, packages_distributions
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from conftest import PROJECT

CONDA_NAMES = {
    "matplotlib": "matplotlib-base",
    "jupyter-client": "jupyter_client",
}  # -base: without a Qt window
PIP_ONLY = {"roc-validator"}  # not known to conda-forge; `-e .` brings it
SYSTEMS = [("linux", "Linux"), ("darwin", "Darwin"), ("win32", "Windows")]


def declared() -> dict[str, Requirement]:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return {one.name: one for one in map(Requirement, project["dependencies"])}


def conda() -> dict:
    return yaml.safe_load((PROJECT / "environment.yml").read_text(encoding="utf-8"))


def lock() -> str:
    return (PROJECT / "requirements.lock").read_text(encoding="utf-8")


def locked() -> list[Requirement]:
    lines = re.findall(r"^([a-zA-Z0-9][^\\\n]*?) \\$", lock(), re.MULTILINE)
    return [Requirement(line) for line in lines]


# --- one list ---


def test_environment_yml_names_what_pyproject_declares_with_the_same_bounds():
    listed = [one for one in conda()["dependencies"] if isinstance(one, str)]
    bounds = {name: SpecifierSet(spec) for name, _, spec in (one.partition(" ") for one in listed)}
    tools = {name: bounds.pop(name) for name in ("python", "make", "pip")}
    of_conda = {name: one.specifier for name, one in declared().items() if name not in PIP_ONLY}
    assert bounds == {CONDA_NAMES.get(name, name): bound for name, bound in of_conda.items()}
    assert tools["python"].contains("3.11") and not tools["python"].contains("3.10")
    assert conda()["channels"] == ["conda-forge", "nodefaults"]
    assert conda()["dependencies"][-1] == {"pip": ["-e ."]}


def imported(path: Path) -> set[str]:
    """Names of the modules, from their first dot on, that a file imports from elsewhere."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.partition(".")[0])
    return found - set(sys.stdlib_module_names)


def test_every_library_that_code_names_is_declared():
    folders = [PROJECT / "notebooks" / "compendium", PROJECT / "benchmarks", PROJECT / "tests"]
    files = [path for folder in folders for path in folder.rglob("*.py")]
    own = {path.stem for path in files} | {"compendium"}
    providers = packages_distributions()
    names = {canonicalize_name(name) for name in declared()}
    for module in sorted(set().union(*map(imported, files)) - own):
        assert names & {canonicalize_name(name) for name in providers[module]}, module


def test_every_locked_version_of_a_dependency_is_within_its_bounds():
    unbounded_above = {"packaging"}  # counts by the year
    for name, one in declared().items():
        operators = {part.operator for part in one.specifier}
        assert operators == ({">="} if name in unbounded_above else {">=", "<"}), name
    bounds = {canonicalize_name(name): one.specifier for name, one in declared().items()}
    versions = [(one.name, next(iter(one.specifier)).version) for one in locked() if one.name in bounds]
    assert {name for name, _ in versions} == set(bounds)
    assert [f"{name} {version}" for name, version in versions if not bounds[name].contains(version)] == []


@pytest.mark.parametrize("python", ["3.11", "3.12", "3.13"])
@pytest.mark.parametrize(("platform", "system"), SYSTEMS)
def test_the_lock_gives_each_system_one_version_of_every_dependency(python: str, platform: str, system: str):
    machine = {
        **{"python_version": python, "python_full_version": f"{python}.9", "implementation_name": "cpython"},
        **{"sys_platform": platform, "platform_system": system, "platform_python_implementation": "CPython"},
        "os_name": "nt" if platform == "win32" else "posix",
    }
    chosen = [one.name for one in locked() if one.marker is None or one.marker.evaluate(machine)]
    assert sorted(chosen) == sorted(set(chosen))
    assert set(map(canonicalize_name, declared())) <= set(chosen)


def test_everything_in_the_lock_is_one_version_with_hashes_from_no_certain_machine_or_index():
    blocks = re.split(r"^(?=[a-zA-Z0-9])", lock(), flags=re.MULTILINE)[1:]
    assert len(blocks) == len(locked()) > 100
    for block in blocks:
        assert re.match(r"[\w.-]+(\[[\w,-]+\])?==\S+", block) and "--hash=sha256:" in block, block
    places = r"://|--(extra-)?index-url|--find-links|(^|[\s@=])[/~]|[A-Z]:\\"
    assert not re.search(places, lock(), re.MULTILINE)
    assert "make lock" in lock().splitlines()[1]


def test_the_lock_keeps_the_extras_by_which_packages_ask_for_others():
    """Without them pip asks for the newest release of such a package, of which the lock has no hash."""
    extras = {canonicalize_name(one.name): one.extras for one in locked()}
    asked = [
        (canonicalize_name(needed.name), needed.extras)
        for distribution in distributions()
        for needed in map(Requirement, distribution.requires or [])
        if needed.extras and (needed.marker is None or needed.marker.evaluate({"extra": ""}))
    ]
    assert any(name == "coverage" for name, _ in asked)
    assert [(name, wanted) for name, wanted in asked if not wanted <= extras.get(name, wanted)] == []


# --- the set-up, with a stand-in for Python that runs start.py and tells what that would run ---

STAND_IN = f"""#!{sys.executable}
import os, runpy, shutil, subprocess, sys
from pathlib import Path

def asked(command, env, **more):
    line = " ".join(map(str, command[1:]))
    settings = " ".join(f"{{name}}={{env[name]}}" for name in os.environ.get("WATCH", "").split() if name in env)
    with open(os.environ["LOG"], "a") as log:
        log.write(line + (" with " + settings if settings else "") + chr(10))
    broken = os.environ["BREAK"] and os.environ["BREAK"] in line
    if "-m venv" in line and not broken:
        (Path(command[-1]) / "bin").mkdir(parents=True)
        (Path(command[-1]) / "lib").mkdir()
        shutil.copy(sys.executable, Path(command[-1]) / "bin" / "python")
    if broken and more.get("check"):
        raise subprocess.CalledProcessError(1, "pip")
    told = os.environ["PIP"] if "pip config" in line else str(Path(command[0]).parent.parent / "lib")
    return subprocess.CompletedProcess(command, int(bool(broken)), told)

subprocess.run = asked
subprocess.call = lambda command, env, **more: asked(command, env, **more).returncode
os.execve = lambda name, command, env: sys.exit(asked(command, env).returncode)
sys.argv = sys.argv[1:]
sys.path.insert(0, "")
runpy.run_path("start.py", run_name="__main__")
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of what the set-up needs, in a folder whose name has blanks and letters beyond ASCII."""
    folder = tmp_path / "Ein Büro für Ähnliches, наш"
    folder.mkdir()
    for name in ("Makefile", "start.py", "pyproject.toml", "requirements.lock"):
        shutil.copy(PROJECT / name, folder)
    (folder / "python").write_text(STAND_IN, encoding="utf-8")
    (folder / "python").chmod(0o755)
    return folder


OF_THIS_MACHINE = ("MAKE", "MFLAGS", "PIP_", "UV_", "SSL_")


def make(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """`make` with the stand-in; the log tells what it was asked."""
    defaults = {"LOG": str(folder / "log"), "BREAK": "", "PIP": ""}
    clean = {name: value for name, value in os.environ.items() if not name.startswith(OF_THIS_MACHINE)}
    return subprocess.run(
        ["make", "PYTHON=./python", *arguments],
        cwd=folder,
        env=clean | defaults | environment,
        capture_output=True,
        text=True,
    )


def asked(folder: Path) -> list[str]:
    """What was run since the last time, without the interpreters and without where they stand."""
    log = folder / "log"
    text = log.read_text(encoding="utf-8") if log.exists() else ""
    log.unlink(missing_ok=True)
    return text.replace(f"{folder}/", "").splitlines()


QUICK = (
    "-P -m uv pip install --quiet --python .venv/bin/python --no-deps --require-hashes -r requirements.lock"
)
SLOW = "-P -m pip install -qq --no-deps --require-hashes -r requirements.lock"
SET_UP = [
    "-I -m venv .venv",
    "-P -m pip config list",
    "-P -m pip install -qq --no-deps --require-hashes -r .venv/uv.lock",
    QUICK,
]
COMMANDS = {
    (): "-P -m compendium run",
    ("all",): "-P -m compendium run",
    ("check",): "-P -m compendium check",
    ("check", "DATA=other data"): "-P -m compendium check --data other data",
    ("DATA=d", "OUT=o", "AS_OF=2015-05-31"): "-P -m compendium run --data d --out o --as-of 2015-05-31",
    ("verify",): "-P -m compendium verify",
    ("bench",): "benchmarks/bench.py",
    (
        "lock",
    ): "-m uv pip compile --quiet --universal --generate-hashes --no-strip-extras --python-version 3.11"
    " --custom-compile-command make lock pyproject.toml -o requirements.lock",
    ("format", "DATA=my data"): "-P -m compendium format --data my data",
    ("new", "OUT=my data"): "-P -m compendium new my data",
    ("site",): "-P -m compendium site",
    ("example",): "-P -m compendium run --data examples/trafficking --out build/examples/trafficking",
    ("diff", "SINCE=v0.7.0"): "-P -m compendium diff --since v0.7.0",
    ("site", "DATA=d", "OUT=o"): "-P -m compendium site --data d --out o",
    ("verify-source", "SOURCE=my copy.txt"): "-P -m compendium verify-source my copy.txt",
}


def test_the_first_command_sets_up_and_the_next_does_not_until_something_changed(folder: Path):
    assert make(folder, "check").returncode == 0
    first = asked(folder)
    assert first[:4] == SET_UP and first[-1] == "-P -m compendium check" and SLOW not in first
    (line,) = (folder / ".venv").rglob("*.pth")
    assert line.read_text(encoding="ascii") == "../../notebooks\n"  # which every locale can read
    assert re.match(r"uv==\S+ \\\n.*--hash=sha256:", (folder / ".venv" / "uv.lock").read_text("utf-8"))
    assert make(folder, "check").returncode == 0
    assert asked(folder) == ["-P -m compendium check"]
    for name in ("requirements.lock", "pyproject.toml"):
        newer = (folder / ".venv").stat().st_mtime + 100_000  # of another time zone
        os.utime(folder / name, (newer, newer))
        make(folder, "check")
        assert SET_UP[0] not in asked(folder)
        (folder / name).write_text((folder / name).read_text(encoding="utf-8") + "\n", encoding="utf-8")
        make(folder, "check")
        assert SET_UP[0] in asked(folder)
        make(folder, "check")
        assert SET_UP[0] not in asked(folder)
    link = folder.parent / "the same by another name"
    link.symlink_to(folder)
    make(link, "check", PWD=str(link))
    assert SET_UP[0] not in asked(folder)
    moved = folder.rename(folder.parent / "moved")
    make(moved, "check", LOG=str(moved / "log"))
    assert SET_UP[0] in asked(moved)


def test_where_uv_cannot_pip_installs_the_same(folder: Path):
    for step in ("uv.lock", "-m uv"):
        result = make(folder, "check", BREAK=step)
        assert result.returncode == 0 and "pip does" in result.stderr
        assert SLOW in asked(folder)
        shutil.rmtree(folder / ".venv")


def test_an_interpreter_that_is_gone_is_set_up_anew(folder: Path):
    make(folder, "check")
    asked(folder)
    python = folder / ".venv" / "bin" / "python"
    python.unlink()
    python.symlink_to("/opt/gone/python3")
    assert make(folder, "check").returncode == 0 and SET_UP[0] in asked(folder)


def test_a_set_up_that_fails_leaves_what_worked(folder: Path):
    make(folder, "check")
    (folder / ".venv" / "mine").touch()
    lock = folder / "requirements.lock"
    lock.write_text(lock.read_text("utf-8") + "\n", "utf-8")
    failed = make(folder, "check", BREAK="--require-hashes")
    assert failed.returncode != 0 and "as it was" in failed.stderr and "Traceback" not in failed.stderr
    assert (folder / ".venv" / "mine").exists() and not (folder / ".venv.before").exists()


def test_settings_of_the_user_do_not_lead_past_the_private_environment(folder: Path):
    unwanted = dict.fromkeys(
        ["PIP_TARGET", "PIP_CONSTRAINT", "UV_PYTHON", "UV_CONSTRAINT", "PYTHONOPTIMIZE", "PYTHONSTARTUP"], "1"
    )
    kept = {"PIP_INDEX_URL": "mine", "UV_CACHE_DIR": "elsewhere", "PIP_USER": "1"}
    settings = unwanted | kept
    told = "global.index-url='https://here/simple'\nglobal.cert='mine.pem'\n:env:.timeout='9'"
    watch = " ".join([*settings, "UV_DEFAULT_INDEX", "SSL_CERT_FILE"])
    assert make(folder, "check", WATCH=watch, PIP=told, **settings).returncode == 0
    of_uv = "PIP_INDEX_URL=mine UV_CACHE_DIR=elsewhere PIP_USER=0"
    seen = [line.partition(" with ")[2] for line in asked(folder)]
    assert set(seen) == {of_uv, f"{of_uv} UV_DEFAULT_INDEX=https://here/simple SSL_CERT_FILE=mine.pem"}


def test_a_file_of_the_users_is_not_taken_for_one_of_pythons(folder: Path):
    for name in ("random", "hashlib", "subprocess", "compendium"):
        (folder / f"{name}.py").write_text("raise ImportError(0)", "utf-8")
    (folder / "requirements.lock").unlink()  # so that it comes no further
    told = subprocess.run([sys.executable, "start.py"], cwd=folder, capture_output=True, text=True).stderr
    assert "ImportError" not in told and "requirements.lock" in told


@pytest.mark.parametrize("step", ["-m pip install", "sysconfig"])
def test_an_interrupted_set_up_starts_afresh(folder: Path, step: str):
    assert make(folder, "check", BREAK=step).returncode != 0
    assert "-P -m compendium check" not in asked(folder) and not (folder / ".venv").exists()
    (folder / ".venv").mkdir()
    (folder / ".venv" / "left behind").touch()
    assert make(folder, "check").returncode == 0
    assert not (folder / ".venv" / "left behind").exists()


def test_what_a_machine_lacks_is_named_with_what_to_do(folder: Path):
    colon = folder.parent / "a:b"
    shutil.copytree(folder, colon)
    for told, result in (
        ("make PYTHON=", make(folder, "check", "PYTHON=no-such-python")),
        ("python3-venv", make(folder, "check", BREAK="-m venv")),
        ("has `:`", make(colon, "check")),
    ):
        assert result.returncode != 0 and told in result.stderr and "Traceback" not in result.stderr
        assert not (folder / ".venv").exists()


def test_an_older_python_is_told_so_before_anything_that_it_could_not_read():
    tree = ast.parse((PROJECT / "start.py").read_text("utf-8"))
    imported_first, guard = tree.body[1:3]
    assert ast.unparse(imported_first) == "import sys" and "sys.version_info < (3, 11)" in ast.unparse(guard)
    ast.parse((PROJECT / "start.py").read_text("utf-8"), feature_version=(3, 7))


# --- the commands ---


@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_a_command_is_a_thin_call_of_the_package(folder: Path, arguments: tuple[str, ...]):
    assert make(folder, *arguments, DATA="elsewhere", OUT="elsewhere", AS_OF="1999").returncode == 0
    assert asked(folder)[-1] == COMMANDS[arguments]


def test_verify_source_asks_for_the_file(folder: Path):
    result = make(folder, "verify-source", SOURCE="elsewhere")
    assert result.returncode != 0 and "SOURCE=file" in result.stderr


def test_make_test_runs_what_is_quick_test_all_everything_and_both_compare_a_copy(folder: Path):
    for name in ("data/a.csv", "notebooks/01-one.ipynb", "build/nbval/left"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()
    assert make(folder, "test").returncode == 0
    tests, compare = asked(folder)[-2:]
    assert tests.endswith("-m not long")
    assert {"--nbval", "--nbval-current-env", "build/nbval/notebooks", "tests.comparing"} <= set(
        compare.split()
    )
    copied = {path.relative_to(folder / "build").as_posix() for path in (folder / "build").rglob("*.*")}
    assert copied == {"nbval/data/a.csv", "nbval/notebooks/01-one.ipynb"}
    assert make(folder, "test-all").returncode == 0
    everything, again = asked(folder)
    assert "-m pytest" in everything and "long" not in everything and again == compare
    for _ in range(2):
        assert make(folder, "test-latest").returncode == 0
        lines = asked(folder)
        assert "-I -m venv .venv-latest" in lines
        assert any("-m uv" in line and line.endswith(" -e .") for line in lines)
        assert not any("requirements.lock" in line for line in lines) and lines[-2:] == [everything, again]


def test_another_interpreter_can_have_an_environment_of_its_own(folder: Path):
    make(folder, "check")
    asked(folder)
    assert make(folder, "verify", "ENV=.venv-3.13").returncode == 0
    assert "-I -m venv .venv-3.13" in asked(folder) and (folder / ".venv" / "bin" / "python").exists()


def test_help_lists_every_command_without_setting_up(folder: Path):
    listed = re.findall(r"^make (\S+) +\S", make(folder, "help").stdout, re.MULTILINE)
    (phony,) = re.findall(r"^\.PHONY: (.*)", (folder / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert set(listed) == set(phony.split()) and asked(folder) == []


def test_clean_keeps_what_git_keeps(folder: Path):
    make(folder, "check")
    kept = {path for path in folder.iterdir() if path.is_file()} | {
        folder / "notebooks/keep",
        folder / "tests/keep",
    }
    for path in (*(folder / name for name in ("build/x", "notebooks/__pycache__/x")), *kept):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    assert make(folder, "clean").returncode == 0
    assert {path for path in folder.rglob("*") if path.is_file()} == kept


def test_ci_gets_a_browser_and_runs_all_tests():
    script = PROJECT / ".ci" / "run"
    assert script.stat().st_mode & stat.S_IXUSR
    commands = [line for line in script.read_text(encoding="utf-8").splitlines() if line and line[0] != "#"]
    assert commands[:2] == ["set -e", 'cd "$(dirname "$0")/.."'] and commands[-1] == "make test-all"
    assert len(commands) == 4 and "install -y -qq chromium" in commands[2]


# --- licences and how to cite ---


def test_the_citation_names_compendium_and_assessment_and_code_and_data_have_licences():
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    citation = yaml.safe_load((PROJECT / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["cff-version"] == "1.2.0" and citation["version"] == project["version"]
    assert {"message", "title", "authors", "version", "license", "type"} <= set(citation)
    assert citation["authors"] == [{"name": "The editors of the mandate compendium"}]
    (assessment,) = citation["references"]
    assert assessment["type"] == "report" and assessment["year"] == 2015
    assert "Department of Child Law" in assessment["authors"][0]["name"]
    with (PROJECT / "data" / "record" / "sources.csv").open(encoding="utf-8", newline="") as file:
        (row,) = (row for row in csv.DictReader(file) if row["kind"] == "assessment")
    assert assessment["title"] == row["title"]
    assert (PROJECT / "LICENSE").read_text(encoding="utf-8").startswith("MIT License")
    assert "https://creativecommons.org/licenses/by/4.0/" in (PROJECT / "LICENSE-DATA").read_text("utf-8")


@pytest.mark.parametrize("name", ["PYTHONOPTIMIZE", "PYTHONDEVMODE"])
def test_a_setting_under_which_nothing_can_work_is_named(name: str):
    told = subprocess.run(
        [sys.executable, "-m", "compendium", "check"],
        env=os.environ | {name: "1"},
        capture_output=True,
        text=True,
    )
    assert told.returncode == 2 and told.stderr.startswith(f"{name} is set") and not told.stdout

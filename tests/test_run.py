"""Executing notebooks: nothing is replaced before all succeeded, and plain words when something is wrong."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

import compendium.__main__ as command
from compendium.execution import hygiene, kernels, manifest
from compendium.execution.run import MARK, RefusedError, RunError, alone, run
from compendium.site import SiteError
from conftest import prints

PARAMETERS = 'data_dir = "../data"\nfigures_dir = "../figures"\nas_of = None'
DRAW = "from pathlib import Path\nPath(figures_dir, '{name}').write_text('drawn')\nprint('drawn')"

Write = Callable[..., Path]


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One list of fonts for all projects that the tests make."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def project(tmp_path: Path, package: Path, cache: Path) -> Path:
    """A project without notebooks yet, in a folder whose name has a blank, a brace and letters beyond ASCII."""
    project = tmp_path / "Büro {x} наш"
    for name in ("notebooks", "figures", "build"):
        (project / name).mkdir(parents=True)
    package.rename(project / "data")
    (project / "build" / "cache").symlink_to(cache)
    return project


@pytest.fixture
def write(project: Path) -> Write:
    """Function that writes a notebook: a cell of parameters, then a cell for each source."""

    def write(name: str, *sources: str, parameters: str = PARAMETERS) -> Path:
        first = new_code_cell(parameters, metadata={"tags": ["parameters"]})
        cells = [new_markdown_cell("# Title"), first, *map(new_code_cell, sources)]
        path = project / "notebooks" / f"{name}.ipynb"
        nbformat.write(new_notebook(cells=cells), path)
        return path

    return write


def printed(notebook: Path) -> list[str]:
    """What the cells of an executed notebook printed."""
    cells = nbformat.read(notebook, as_version=4).cells
    return [
        output.text for cell in cells for output in cell.get("outputs", ()) if output.output_type == "stream"
    ]


def state(project: Path) -> dict[str, str]:
    """Fingerprints of everything in the project that git would keep."""
    return {name: it for name, it in prints(project).items() if not name.startswith("build/")}


# --- a run that succeeds ---


def test_a_run_writes_what_differs_removes_stale_figures_and_does_not_touch_the_rest(
    project: Path, write: Write
):
    notebook = write("01-one", DRAW.format(name="01-new.svg"))
    stray = write("Untitled", "1 / 0")
    for name in ("01-old.svg", "01-old.csv", "README.md"):
        (project / "figures" / name).touch()
    before = stray.read_bytes()
    changed = {path.relative_to(project).as_posix() for path in run(project)}
    assert changed == {
        "notebooks/01-one.ipynb",
        *(f"figures/{name}" for name in ("01-new.svg", "01-old.csv", "01-old.svg")),
    }
    assert {path.name for path in (project / "figures").iterdir()} == {"01-new.svg", "README.md"}
    assert stray.read_bytes() == before
    cells = [cell for cell in nbformat.read(notebook, as_version=4).cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in cells] == [1, 2] and printed(notebook) == ["drawn\n"]
    assert {path.name for path in (project / "build").iterdir()} == {"cache", MARK}
    times = {path: path.stat().st_mtime_ns for path in project.rglob("*") if "build" not in path.parts}
    assert run(project) == []
    assert {path: path.stat().st_mtime_ns for path in times} == times


def test_papermill_gives_the_folders_and_the_notebook_keeps_nothing_of_them(project: Path, write: Write):
    notebook = write(
        "01-one", f"data_dir == {str(project / 'data')!r}, figures_dir, as_of, 1 / (data_dir[0] == '/')"
    )
    run(project)
    text = notebook.read_text()
    assert "(True, '../figures', None, 1.0)" in text.replace("\\n", "")
    assert hygiene.INJECTED not in text and PARAMETERS.splitlines()[0].replace('"', '\\"') in text


def test_other_data_and_another_date_go_to_a_folder_of_their_own(project: Path, write: Write, tmp_path: Path):
    write(
        "01-one",
        DRAW.format(name="01-one.svg"),
        "print(as_of, sorted(p.name for p in Path(data_dir).iterdir()))",
    )
    other = shutil.copytree(project / "data", tmp_path / "other data")
    (other / "mine.txt").touch()
    before = state(project)
    for out in ("a", "b"):
        run(project, other, tmp_path / "new" / out, "2015-05-31")
    assert state(project) == before
    made = tmp_path / "new" / "a"
    assert sorted(prints(made)) == [MARK, "figures/01-one.svg", "notebooks/01-one.ipynb"]
    assert sorted(path.name for path in made.iterdir()) == [MARK, "figures", "notebooks"]
    assert prints(made) == prints(tmp_path / "new" / "b")
    notebook = made / "notebooks" / "01-one.ipynb"
    assert "mine.txt" in printed(notebook)[1] and printed(notebook)[1].startswith("2015-05-31")
    [told] = [
        cell
        for cell in nbformat.read(notebook, as_version=4).cells
        if hygiene.INJECTED in cell.metadata.get("tags", [])
    ]
    assert told.source == 'as_of = "2015-05-31"'
    assert run(project, other, made, "2015-05-31") == []


def test_two_notebooks_run_at_a_time_and_each_is_told_as_it_ends(
    project: Path, write: Write, tmp_path: Path, capsys
):
    meet = (
        "import os, time\nfrom pathlib import Path\nPath({own!r}).write_text(str(os.getpid()))\n"
        "end = time.monotonic() + 30\n"
        "while not Path({other!r}).exists():\n    assert time.monotonic() < end\n    time.sleep(0.05)"
    )
    one, two = str(tmp_path / "one"), str(tmp_path / "two")
    write("01-one", meet.format(own=one, other=two))
    write("02-two", meet.format(own=two, other=one))
    run(project)
    assert Path(one).read_text() != Path(two).read_text()
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 2 and lines[0].endswith(" s  (1 of 2)") and lines[1].endswith(" s  (2 of 2)")
    assert all("  done  " in line for line in lines)


# --- the same bytes ---


def test_settings_of_the_user_do_not_reach_the_notebooks_and_stay_as_they_were(
    project: Path, write: Write, monkeypatch
):
    names = ("TZ", "LC_ALL", "MPLBACKEND", "COLUMNS", "PYTHONHASHSEED", "JUPYTER_PATH", "MATPLOTLIBRC")
    notebook = write(
        "01-one", f"import os, time\nprint(*map(os.environ.get, {names}), time.tzname, hash('a'))"
    )
    run(project)
    for name in names:
        monkeypatch.setenv(name, "7")
    before = dict(os.environ)
    assert run(project) == [] and dict(os.environ) == before
    assert printed(notebook)[0].startswith("UTC C.UTF-8 module://matplotlib_inline.backend_inline None 0 /")


def test_a_forked_kernel_and_one_started_afresh_give_the_same_bytes(project: Path, write: Write, monkeypatch):
    draw = "import matplotlib.pyplot as plt\nplt.plot([1, 2], [2, 1])\nplt.show()\nimport pandas\npandas.Series([1])"
    # one output, however it comes
    slow = "import time\nfor i in range(5):\n    print(i, flush=True)\n    time.sleep(0.15)"
    notebook = write("01-one", draw, slow, "%matplotlib --list", "import os\nos.system('echo said')")
    monkeypatch.setattr(kernels, "FORKED", False)
    run(project)
    assert "image/png" in notebook.read_text() and "0\n1\n2\n3\n4\n" in printed(notebook)
    monkeypatch.undo()
    assert run(project) == []
    loaded = write("02-two", "import sys\nprint('matplotlib.figure' in sys.modules)")
    run(project)
    assert printed(loaded) == [f"{kernels.FORKED}\n"]


def test_cleaning_keeps_what_is_meant_and_nothing_that_an_editor_left():
    left = {
        "vscode": {"languageId": "python"},
        "outputId": "x",
        "papermill": {"duration": 1},
        "a.b": 1,
        "scrolled": True,
    }
    output = new_output(
        "execute_result", {"text/plain": "1"}, metadata={"text/plain": {"alt": "x"}}, execution_count=3
    )
    notebook = new_notebook(
        metadata={
            "vscode": {"interpreter": {"hash": "31f2"}},
            "colab": {},
            "kernelspec": hygiene.KERNEL | {"name": "mine"},
        },
        cells=[
            new_markdown_cell(
                "# Title", metadata={"tags": ["keep"], "jupyter": {"source_hidden": True}} | left
            ),
            new_code_cell("# Parameters", metadata={"tags": [hygiene.INJECTED]}, execution_count=2),
            new_code_cell("1", execution_count=3, outputs=[output], metadata={"tags": []} | left),
        ],
    )
    title, cell = hygiene.clean(notebook).cells
    assert notebook.metadata == {"kernelspec": hygiene.KERNEL, "language_info": hygiene.LANGUAGE}
    assert title.metadata == {"tags": ["keep"], "jupyter": {"source_hidden": True}} and cell.metadata == {}
    assert cell.execution_count == cell.outputs[0].execution_count == 1
    assert cell.outputs[0].metadata == {"text/plain": {"alt": "x"}}
    once = hygiene.to_bytes(notebook)
    assert hygiene.to_bytes(hygiene.clean(nbformat.reads(once.decode(), as_version=4))) == once


def test_cells_from_before_the_format_had_ids_get_the_same_ones_each_time(tmp_path: Path):
    old = new_notebook(cells=[new_markdown_cell("a"), new_code_cell("b")])
    for cell in old.cells:
        del cell["id"]
    old.nbformat_minor = 4
    (tmp_path / "old.ipynb").write_text(json.dumps(old))
    assert [cell.id for cell in hygiene.read(tmp_path / "old.ipynb").cells] == ["cell-0", "cell-1"]


# --- requests that are refused ---


def other(project: Path, out: str) -> tuple:
    shutil.copytree(project / "data", project / "package")
    return project / "package", project / out


REFUSED = {
    "data without a folder": (lambda p: (p / "data",), "OUT"),
    "a date without a folder": (lambda p: (None, None, "2015"), "OUT"),
    "no date": (lambda p: (None, p / "out", "2015-02-30"), "AS_OF: 2015-02-30"),
    "the project": (lambda p: (None, p / "notebooks" / ".."), "the project itself"),
    "a file": (lambda p: (None, p / "data" / "datapackage.json"), "no place for outputs"),
    "another file": (lambda p: (None, p / "notebooks.txt"), "is a file"),
    "below a file": (lambda p: (None, p / "notebooks.txt" / "out"), "is a file"),
    "what no run made": (
        lambda p: (None, p / "thesis"),
        r"something in .*thesis already.*new or an empty folder",
    ),
    **{
        out: (
            lambda p, out=out: other(p, out),
            rf"OUT is or lies in .*{out.partition('/')[0]}, which is no place",
        )
        for out in ("data", "data/record", "notebooks", "figures/new", "build", "build/site", "package/out")
    },
}


@pytest.mark.parametrize(("request_", "told"), REFUSED.values(), ids=REFUSED)
def test_a_request_that_makes_no_sense_or_would_do_harm_is_refused(
    project: Path, write: Write, request_, told: str
):
    write("01-one", "1 / 0")
    (project / "thesis" / "figures").mkdir(parents=True)
    (project / "thesis" / "figures" / "12-my-own.png").touch()
    (project / "notebooks.txt").touch()
    arguments = request_(project)
    before = prints(project)
    with pytest.raises(RefusedError, match=told):
        run(project, *arguments)
    assert prints(project) == before


def test_a_folder_without_permission_and_a_project_without_notebooks_are_told(project: Path, monkeypatch):
    with pytest.raises(RefusedError, match=r"no notebooks named like 01-name\.ipynb"):
        run(project)
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path).name != "figures")
    with pytest.raises(RefusedError, match=r"no permission to write to .*figures"):
        run(project)


def test_one_run_at_a_time_writes_to_a_folder_and_another_folder_is_free(
    project: Path, write: Write, tmp_path: Path
):
    write("01-one")
    (project / "build" / ".run-killed").mkdir()
    with alone(project / "build"):
        assert not (project / "build" / ".run-killed").exists()
        with pytest.raises(RefusedError, match=r"Another run is writing to .*Büro"):
            run(project)
        run(project, None, tmp_path / "out")
    assert len(run(project)) == 1


def test_a_project_that_cannot_be_written_still_serves_another_folder(
    project: Path, write: Write, tmp_path: Path
):
    write("01-one")
    (project / "build" / "cache").unlink()
    (project / "build").rmdir()
    (project / "build").touch()  # so that no cache can be made there
    run(project, None, tmp_path / "out")
    assert sorted(prints(tmp_path / "out")) == [MARK, "notebooks/01-one.ipynb"]


# --- a run that fails ---


def test_a_failing_notebook_is_told_with_its_cell_kept_and_nothing_else_changes(
    project: Path, write: Write, tmp_path: Path
):
    write("01-good", DRAW.format(name="01-good.svg"))
    run(project)
    write("01-good", DRAW.format(name="01-other.svg"))
    write("02-bad", "print('so far')", "\n# divide\n1 / 0", "print('never')")
    before = state(project)
    with pytest.raises(RunError) as told:
        run(project)
    kept = project / "build" / "failed" / "02-bad.ipynb"
    for part in ("02-bad.ipynb", "Cell [3]", "`# divide`", "ZeroDivisionError: division by zero", str(kept)):
        assert part in str(told.value)
    assert "Traceback" not in str(told.value)
    assert state(project) == before
    assert printed(kept) == ["so far\n"]
    with pytest.raises(RunError):
        run(project, None, tmp_path / "out")
    assert sorted(prints(tmp_path / "out")) == [MARK, "failed/02-bad.ipynb"]


@pytest.mark.parametrize(
    ("sources", "told"),
    [
        (
            ["import warnings", "warnings.warn('old way')"],
            r"Cell \[3\].*printed a warning: .*UserWarning: old way",
        ),
        (
            ["print(1)", "import sys\nsys.exit(0)", "print(2)"],
            r"Cell \[3\], which begins `import sys`.*SystemExit",
        ),
        (["print('so far')", "import os\nos._exit(3)"], r"Cell \[3\], which begins `import os`.*kernel died"),
        (["import os, signal\nos.kill(os.getpid(), signal.SIGKILL)"], r"Cell \[2\].*kernel died"),
        (["if"], r"Cell \[2\], which begins `if`.*SyntaxError"),
    ],
    ids=["warning", "exit", "end", "kill", "slip"],
)
def test_whatever_stops_a_notebook_is_told_with_its_cell(
    project: Path, write: Write, sources: list[str], told: str
):
    write("01-one", *sources)
    with pytest.raises(RunError, match=rf"(?s)01-one\.ipynb failed\. {told}"):
        run(project)
    kept = project / "build" / "failed" / "01-one.ipynb"
    assert sources[0] != "print('so far')" or printed(kept) == ["so far\n"]


@pytest.mark.parametrize("lacking", ["data_dir", "figures_dir", "as_of"])
def test_a_notebook_that_does_not_take_a_parameter_is_told(project: Path, write: Write, lacking: str):
    taken = "\n".join(line for line in PARAMETERS.splitlines() if not line.startswith(lacking))
    write("01-one", parameters=f"{taken}\nmine = 1")
    with pytest.raises(RunError, match=rf"no cell tagged `parameters` that sets {lacking}\."):
        run(project)


def test_a_file_that_is_no_notebook_is_named_and_no_notebook_starts_after_it(
    project: Path, write: Write, capsys
):
    write("02-next")
    (project / "notebooks" / "01-one.ipynb").write_text("{}" + " " * 10_000)
    with pytest.raises(RunError, match=r"01-one\.ipynb is not a notebook"):
        run(project, workers=1)
    assert "02-next" not in capsys.readouterr().err


def test_a_notebook_edited_meanwhile_is_not_overwritten(project: Path, write: Write):
    path = project / "notebooks" / "01-one.ipynb"
    write("01-one", f"from pathlib import Path\np = Path({str(path)!r})\np.write_text(p.read_text() + ' ')")
    with pytest.raises(RunError, match="edited while"):
        run(project)
    assert path.read_text().endswith(" ")


COMMAND = (
    "import resource, sys; from pathlib import Path; import compendium.__main__ as command\n"
    "command.PROJECT = Path(sys.argv[1]); limit = int(sys.argv[2])\n"
    "limit and resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))\n"
    "sys.exit(command.main(['run']))"
)


@pytest.mark.long
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_run_that_is_stopped_leaves_everything_as_it_was_and_nothing_in_the_way(
    project: Path, write: Write, tmp_path: Path, how: int
):
    pid = tmp_path / "pid"
    write("01-slow", f"import os, time\nopen({str(pid)!r}, 'w').write(str(os.getpid()))\ntime.sleep(120)")
    before = state(project)
    process = subprocess.Popen(
        [sys.executable, "-c", COMMAND, project, "0"],
        stderr=subprocess.PIPE,
        text=True,
        # A shell lets what it starts in the background ignore Ctrl-C, and the tests may be started so.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    until(lambda: pid.exists() and pid.read_text())
    process.send_signal(how)
    told = process.communicate(timeout=60)[1]
    assert state(project) == before
    until(lambda: not alive(int(pid.read_text())))  # the kernel does not outlive the run
    if how != signal.SIGKILL:
        assert process.returncode == 1 and "Traceback" not in told
        assert told.splitlines()[-1].startswith("Stopped. Notebooks and figures are as they were;")
    write("01-slow")
    assert len(run(project)) == 1
    assert {path.name for path in (project / "build").iterdir()} == {"cache", MARK}


@pytest.mark.long
@pytest.mark.parametrize(
    ("source", "where"),
    [
        ("open(figures_dir + '/01-one.svg', 'w').write('x' * 200_000)", "Cell [2], which begins `open("),
        ("print('x\\n' * 100_000)", "01-one.ipynb failed. OSError"),
    ],
    ids=["figure", "notebook"],
)
def test_a_full_disk_leaves_everything_as_it_was(project: Path, write: Write, source: str, where: str):
    """A limit to the size of files stands for the disk: the system refuses to write in the same way."""
    write("01-one", source)
    before = state(project)
    result = subprocess.run(
        [sys.executable, "-c", COMMAND, project, "100000"], capture_output=True, text=True
    )
    assert result.returncode == 1 and "Traceback" not in result.stderr, result.stderr
    assert where in result.stderr and "File too large" in result.stderr
    assert state(project) == before
    assert len(run(project)) >= 1


def until(condition: Callable[[], object]) -> None:
    """Wait for something that happens soon."""
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


def alive(pid: int) -> bool:
    """Whether a process exists and is not merely unburied."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


# --- the commands ---


@pytest.fixture
def main(project: Path, monkeypatch) -> Callable[..., int]:
    monkeypatch.setattr(command, "PROJECT", project)
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    return lambda *arguments: command.main([str(argument) for argument in arguments])


def test_a_run_checks_executes_builds_the_site_and_says_so(
    main, write: Write, project: Path, tmp_path: Path, capsys
):
    write("01-one", "print('seen on the site', as_of)")
    assert main("run") == 0
    said, progress = capsys.readouterr()
    front = project / "build" / "site" / "index.html"
    assert said.startswith("1 file changed.\n") and str(front) in said
    assert progress.startswith("No problems: ") and "01-one  done" in progress
    assert "seen on the site None" in (front.parent / "01-one.html").read_text(encoding="utf-8")
    assert manifest.read(project) == manifest.fingerprints(project, *manifest.COMMITTED, manifest.SITE)
    times = {path: path.stat().st_mtime_ns for path in project.rglob("*") if path.is_file()}
    assert main("run") == 0
    said, progress = capsys.readouterr()
    assert said.startswith("Nothing has changed") and "The site is as it has to be" in said and progress == ""
    assert {path: path.stat().st_mtime_ns for path in times} == times
    front.write_text("old")
    assert main("run") == 0 and "no notebook had to be executed.\nThe site is in" in capsys.readouterr().out
    out, before = tmp_path / "out", prints(project)
    assert main("run", "--data", project / "data", "--out", out, "--as-of", "2003-05") == 0
    assert "as of May 2003" in (out / "site" / "index.html").read_text(encoding="utf-8")
    (out / "site" / "index.html").write_text("old")
    assert main("site", "--data", project / "data") == 2 and "OUT" in capsys.readouterr().err
    assert main("site", "--data", project / "data", "--out", out) == 0
    assert "as of May 2003" in (out / "site" / "index.html").read_text(encoding="utf-8")
    assert prints(project) == before


def test_a_site_that_fails_or_is_stopped_tells_what_is_done(
    main, write: Write, project: Path, monkeypatch, capsys
):
    write("01-one", DRAW.format(name="01-one.svg"))
    for raised, told in (
        (SiteError("No site."), "No site.\n"),
        (KeyboardInterrupt(), "Stopped. "),
        (FULL, "No space left"),
    ):
        monkeypatch.setattr("compendium.site.build", failing(raised))
        assert main("run") == 1
        shown = capsys.readouterr().err
        assert (
            told in shown
            and "The notebooks and figures of this run are in place. The site is as it was" in shown
        )
    assert (project / "figures" / "01-one.svg").exists() and not (project / manifest.FILE).exists()


FULL = OSError(28, "No space left on device", "plan")


def failing(error: BaseException) -> Callable[..., None]:
    def fail(*_: object) -> None:
        raise error

    return fail


def test_nothing_is_executed_and_no_site_built_from_data_with_problems(
    main, write: Write, project: Path, monkeypatch, capsys
):
    write("01-one", "1 / 0")
    (project / "data" / "vocabularies.csv").write_text("nonsense")
    monkeypatch.setattr("compendium.site.build", failing(AssertionError()))
    for name in ("run", "site"):
        assert main(name) == 1
        told = capsys.readouterr().err
        assert "vocabularies.csv" in told and "because the data have problems" in told


def test_the_status_tells_what_is_wrong_from_a_wrong_request(main, write: Write, project: Path, capsys):
    write("01-one", "1 / 0")
    assert main("run") == 1 and "Cell [2]" in capsys.readouterr().err
    assert main("run", "--as-of", "2015") == 2 and "OUT" in capsys.readouterr().err
    assert main("check", "--data", project / "data") == 0 and "No problems" in capsys.readouterr().out
    assert main("check", "--data", project / "nowhere") == 1 and "no folder" in capsys.readouterr().out
    for arguments in ([], ["nonsense"], ["run", "--nonsense"], ["verify-source"]):
        with pytest.raises(SystemExit) as ended:
            command.main(arguments)
        assert ended.value.code == 2 and "usage" in capsys.readouterr().err


def test_verify_source_tells_what_differs_how_many_agree_or_why_it_cannot(
    main, tmp_path: Path, monkeypatch, capsys
):
    assert main("verify-source", tmp_path / "no.txt") == 1
    assert capsys.readouterr().err == f"No such file or directory: {tmp_path / 'no.txt'}\n"
    (tmp_path / "a.doc").write_bytes(b"\xd0\xcf\x11\xe0")
    assert main("verify-source", tmp_path / "a.doc") == 1 and "text in UTF-8" in capsys.readouterr().err
    for differs, told in ((["intro-p1: differs"], "intro-p1: differs\n"), ([], "All ")):
        monkeypatch.setattr("compendium.coding.verify_source", lambda source, data, differs=differs: differs)
        assert main("verify-source", tmp_path) == len(differs)
        assert capsys.readouterr().out.startswith(told)


def test_help_is_quick_and_the_package_hides_no_library_from_others():
    code = (
        "import sys, compendium, compendium.__main__ as command\nassert 'rfc3987_syntax' not in sys.modules\n"
        "try:\n    command.main(['--help'])\nfinally:\n    print(*sys.modules, file=sys.stderr)"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert "verify-source" in result.stdout
    heavy = {"pandas", "nbformat", "papermill", "frictionless", "matplotlib", "sphinx", "jsonschema"}
    assert not heavy & set(result.stderr.split())

"""Executing notebooks: all or nothing, the same bytes every time, and plain words when something is wrong."""

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
from compendium import comparing, hygiene, journal, kernels
from compendium import outputs as manifest
from compendium.execute import parameters
from compendium.run import MARK, RefusedError, RunError, run, stage
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

    def write(name: str, *sources: str, tagged: bool = True) -> Path:
        first = new_code_cell(PARAMETERS, metadata={"tags": ["parameters"]} if tagged else {})
        cells = [new_markdown_cell("# Title"), first, *map(new_code_cell, sources)]
        path = project / "notebooks" / f"{name}.ipynb"
        nbformat.write(new_notebook(cells=cells), path)
        return path

    return write


def outputs(notebook: Path) -> list[str]:
    """What the cells of an executed notebook printed."""
    return [
        output.text
        for cell in nbformat.read(notebook, as_version=4).cells
        for output in cell.get("outputs", ())
        if output.output_type == "stream"
    ]


def state(project: Path) -> dict[str, str]:
    """Fingerprints of everything in the project that git would keep."""
    return {name: print_ for name, print_ in prints(project).items() if not name.startswith("build/")}


# --- a run that succeeds ---


def test_a_run_writes_executed_notebooks_and_their_figures(project: Path, write: Write):
    notebook = write("01-one", DRAW.format(name="01-one.svg"))
    changed = run(project)
    assert {path.relative_to(project).as_posix() for path in changed} == {
        "notebooks/01-one.ipynb",
        "figures/01-one.svg",
    }
    assert (project / "figures" / "01-one.svg").read_text() == "drawn"
    cells = [cell for cell in nbformat.read(notebook, as_version=4).cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in cells] == [1, 2] and outputs(notebook) == ["drawn\n"]
    assert [path.name for path in (project / "build").iterdir()] == ["cache"]


def test_a_second_run_touches_nothing(project: Path, write: Write):
    write("01-one", DRAW.format(name="01-one.svg"))
    run(project)
    before = {path: path.stat().st_mtime_ns for path in project.rglob("*") if "build" not in path.parts}
    assert run(project) == []
    assert {
        path: path.stat().st_mtime_ns for path in project.rglob("*") if "build" not in path.parts
    } == before


def test_figures_that_no_notebook_makes_any_more_are_removed_and_other_files_stay(
    project: Path, write: Write
):
    write("01-one", DRAW.format(name="01-new.svg"))
    for name in ("01-old.svg", "01-old.csv", "README.md"):
        (project / "figures" / name).touch()
    changed = run(project)
    assert {path.name for path in (project / "figures").iterdir()} == {"01-new.svg", "README.md"}
    assert project / "figures" / "01-old.svg" in changed


def test_only_numbered_notebooks_run(project: Path, write: Write):
    write("01-one")
    stray = write("Untitled", "1 / 0")
    before = stray.read_bytes()
    run(project)
    assert stray.read_bytes() == before


def test_two_notebooks_run_at_a_time_in_processes_of_their_own(project: Path, write: Write, tmp_path: Path):
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


def test_progress_is_told_line_by_line_the_largest_notebook_first(project: Path, write: Write, capsys):
    write("01-small")
    write("02-large", "# " + "long " * 500)
    run(project, workers=1)
    lines = capsys.readouterr().err.splitlines()
    assert lines[1] == "02-large  started" and lines[3] == "01-small  started"
    assert lines[2].startswith("02-large  done  ") and lines[2].endswith(" s  (1 of 2)")
    assert lines[4].endswith(" s  (2 of 2)")


# --- the same bytes ---

SURROUNDINGS = """
import os, sys, time
print(os.getcwd().split(os.sep)[-1], sys.executable, time.tzname, hash("a"), sys.getfilesystemencoding())
print(os.environ.get("MPLBACKEND"), os.environ.get("COLUMNS"), "HOSTILE" in globals())
import matplotlib
print(matplotlib.get_backend(), matplotlib.rcParams["lines.linewidth"])
"""


def test_settings_of_the_user_do_not_reach_the_notebooks(project: Path, write: Write, tmp_path: Path):
    notebook = write("01-one", SURROUNDINGS)
    run(project)
    calm = notebook.read_bytes()
    home = tmp_path / "home"
    (home / ".config" / "matplotlib").mkdir(parents=True)
    (home / ".config" / "matplotlib" / "matplotlibrc").write_text("lines.linewidth: 9")
    (home / ".ipython" / "profile_default" / "startup").mkdir(parents=True)
    for script in (home / "startup.py", home / ".ipython" / "profile_default" / "startup" / "00.py"):
        script.write_text("HOSTILE = True")
    kernel = home / "jupyter" / "kernels" / "python3"
    kernel.mkdir(parents=True)
    (kernel / "kernel.json").write_text(
        json.dumps({"argv": ["false"], "display_name": "no", "language": "python"})
    )
    hostile = {
        "HOME": str(home),
        "TZ": "Asia/Tokyo",
        "LANG": "tr_TR.UTF-8",
        "LC_ALL": "POSIX",
        "PYTHONHASHSEED": "7",
        "MPLBACKEND": "TkAgg",
        "MATPLOTLIBRC": str(home / ".config" / "matplotlib"),
        "MPLCONFIGDIR": str(home / ".config" / "matplotlib"),
        "IPYTHONDIR": str(home / ".ipython"),
        "PYTHONSTARTUP": str(home / "startup.py"),
        "JUPYTER_PATH": str(home / "jupyter"),
        "COLUMNS": "20",
    }
    code = (
        "import sys; from pathlib import Path; from compendium.run import run; print(run(Path(sys.argv[1])))"
    )
    result = subprocess.run(
        [sys.executable, "-c", code, project], env=os.environ | hostile, capture_output=True, text=True
    )
    assert result.stdout == "[]\n", result.stderr
    assert notebook.read_bytes() == calm
    assert str(sys.executable) in outputs(notebook)[0] and "UTC" in outputs(notebook)[0]


def test_the_users_environment_is_as_before(project: Path, write: Write, monkeypatch):
    monkeypatch.setenv("MPLBACKEND", "TkAgg")
    before = dict(os.environ)
    write("01-one")
    run(project)
    assert dict(os.environ) == before


def test_a_forked_kernel_and_one_started_afresh_give_the_same_bytes(
    project: Path, write: Write, tmp_path: Path
):
    draw = (
        "import matplotlib.pyplot as plt\nimport pandas as pd\nplt.plot([1, 2], [2, 1])\nplt.show()\n"
        "pd.DataFrame({'a': [1]})"
    )
    notebook = write("01-one", draw, "'pandas' in __import__('sys').modules", "%matplotlib --list")
    fresh = tmp_path / "fresh.ipynb"
    fresh.write_bytes(notebook.read_bytes())
    run(project)
    code = (
        "import os, sys; from pathlib import Path; from compendium import execute, kernels\n"
        "with kernels.surroundings(Path(sys.argv[1])):\n    sys.exit(execute._failure(Path('fresh.ipynb'), {}) or 0)"
    )
    subprocess.run([sys.executable, "-c", code, project / "build" / "cache"], cwd=tmp_path, check=True)
    assert "image/png" in fresh.read_text()
    assert fresh.read_bytes() == notebook.read_bytes()


def test_kernels_are_forked_with_the_libraries_loaded_where_that_is_safe(project: Path, write: Write):
    notebook = write("01-one", "import sys\nprint('matplotlib.figure' in sys.modules)")
    run(project)
    assert outputs(notebook) == [f"{kernels.FORKED}\n"]


def test_what_a_cell_prints_is_one_output_however_it_arrives(project: Path, write: Write):
    notebook = write(
        "01-one", "import time\nfor i in range(5):\n    print(i, flush=True)\n    time.sleep(0.15)"
    )
    run(project)
    assert outputs(notebook) == ["0\n1\n2\n3\n4\n"]


def noisy() -> nbformat.NotebookNode:
    """A notebook as JupyterLab and papermill leave it."""
    timing = {"iopub.execute_input": "2026-01-01T00:00:00Z"}
    cell = new_code_cell(
        "1", execution_count=1, outputs=[new_output("execute_result", {"text/plain": "1"}, execution_count=1)]
    )
    cell.metadata.update({"tags": [], "papermill": {"duration": 1.5}, "execution": timing, "scrolled": True})
    injected = new_code_cell("# Parameters", metadata={"tags": ["injected-parameters"]})
    notebook = new_notebook(cells=[new_markdown_cell("# Title", metadata={"tags": ["keep"]}), injected, cell])
    notebook.metadata.update(
        {
            "kernelspec": {"name": "conda-env-mine", "display_name": "Mine", "language": "python"},
            "language_info": {"name": "python", "version": "3.11.7"},
            "papermill": {"input_path": "/home/me/x.ipynb"},
            "title": "kept",
        }
    )
    return nbformat.from_dict(notebook)


def test_cleaning_keeps_outputs_counts_and_meant_metadata_and_nothing_else():
    notebook = hygiene.clean(noisy())
    title, injected, cell = notebook.cells
    assert notebook.metadata == {
        "kernelspec": hygiene.KERNEL,
        "language_info": hygiene.LANGUAGE,
        "title": "kept",
    }
    assert title.metadata == {"tags": ["keep"]} and cell.metadata == {}
    assert injected.id == "injected-parameters"
    assert cell.execution_count == 1 and cell.outputs[0].data == {"text/plain": "1"}


def test_cleaning_twice_is_cleaning_once():
    once = hygiene.to_bytes(hygiene.clean(noisy()))
    assert hygiene.to_bytes(hygiene.clean(nbformat.reads(once.decode(), as_version=4))) == once.replace(
        b"\r", b""
    )


def test_cells_from_before_the_format_had_ids_get_the_same_ones_each_time(tmp_path: Path):
    old = new_notebook(cells=[new_markdown_cell("a"), new_code_cell("b")])
    for cell in old.cells:
        del cell["id"]
    old.nbformat_minor = 4
    (tmp_path / "old.ipynb").write_text(json.dumps(old))
    assert [cell.id for cell in hygiene.read(tmp_path / "old.ipynb").cells] == ["cell-0", "cell-1"]


# --- other data and dates ---


def test_other_data_go_to_another_folder_and_the_project_stays(project: Path, write: Write, tmp_path: Path):
    write(
        "01-one", DRAW.format(name="01-one.svg") + "\nprint(sorted(p.name for p in Path(data_dir).iterdir()))"
    )
    other, out = tmp_path / "other data", tmp_path / "new" / "out"
    (project / "data").rename(other)
    before = state(project)
    run(project, other, out)
    assert state(project) == before
    assert sorted(prints(out)) == [MARK, "figures/01-one.svg", "notebooks/01-one.ipynb"]
    assert sorted(path.name for path in out.iterdir()) == [MARK, "figures", "notebooks"]
    assert run(project, other, out) == []


def test_as_of_is_given_to_each_notebook_and_leaves_no_trace_of_the_moment(
    project: Path, write: Write, tmp_path: Path
):
    write("01-one", "print(as_of)")
    for out in ("a", "b"):
        run(project, None, tmp_path / out, "2015-05-31")
    notebook = tmp_path / "a" / "notebooks" / "01-one.ipynb"
    assert outputs(notebook) == ["2015-05-31\n"]
    assert notebook.read_bytes() == (tmp_path / "b" / "notebooks" / "01-one.ipynb").read_bytes()


def test_a_notebook_without_the_parameter_is_named(project: Path, write: Write, tmp_path: Path):
    write("01-one", tagged=False)
    with pytest.raises(RunError, match=r"(?s)01-one.*no cell tagged `parameters` that sets as_of"):
        run(project, None, tmp_path / "out", "2015")


def test_parameters_are_what_the_tagged_cell_assigns():
    tagged = new_code_cell("a = 1\nb: int = 2\nc.d = 3\nprint(a)", metadata={"tags": ["parameters"]})
    assert parameters(new_notebook(cells=[new_code_cell("x = 1"), tagged])) == ["a", "b"]


# --- requests that are refused ---


def test_other_data_or_another_date_without_a_folder_are_refused(project: Path, write: Write):
    write("01-one")
    before = prints(project)
    for arguments in ((project / "data", None, None), (None, None, "2015")):
        with pytest.raises(RefusedError, match="OUT"):
            run(project, *arguments)
    assert prints(project) == before


def test_the_project_itself_is_refused_as_folder(project: Path, write: Write):
    write("01-one")
    with pytest.raises(RefusedError, match="the project itself"):
        run(project, project / "data", project / "notebooks" / "..")


@pytest.mark.parametrize(
    "out",
    ["data", "data/record", "notebooks", "figures/new", "build", "build/site", "package", "package/out"],
)
def test_a_folder_of_the_project_or_of_the_data_is_refused(project: Path, write: Write, out: str):
    write("01-one")
    shutil.copytree(project / "data", project / "package")
    before = prints(project)
    with pytest.raises(
        RefusedError, match=rf"OUT is or lies in .*{out.partition('/')[0]}, which is no place"
    ):
        run(project, project / "package", project / out)
    assert prints(project) == before


def test_a_folder_that_no_run_made_is_refused_and_keeps_what_is_in_it(
    project: Path, write: Write, tmp_path: Path
):
    write("01-one")
    mine = tmp_path / "thesis"
    for name in ("notebooks/01-one.ipynb", "figures/12-my-own.png"):
        (mine / name).parent.mkdir(parents=True)
        (mine / name).touch()
    before = prints(mine)
    with pytest.raises(RefusedError, match=r"something in .*thesis already.*name a new or an empty folder"):
        run(project, None, mine)
    assert prints(mine) == before


def test_a_date_that_does_not_exist_is_refused(project: Path, write: Write, tmp_path: Path):
    write("01-one")
    with pytest.raises(RefusedError, match="AS_OF: 2015-02-30"):
        run(project, None, tmp_path / "out", "2015-02-30")
    assert not (tmp_path / "out").exists()


def test_a_file_is_refused_as_folder(project: Path, write: Write, tmp_path: Path):
    write("01-one")
    (tmp_path / "out").touch()
    with pytest.raises(RefusedError, match="is a file"):
        run(project, None, tmp_path / "out")


def test_a_folder_without_permission_is_refused_at_once(
    project: Path, write: Write, tmp_path: Path, monkeypatch
):
    write("01-one")
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path).name != "figures")
    with pytest.raises(RefusedError, match=r"no permission to write to .*figures"):
        run(project)


def test_a_project_without_notebooks_is_told_so(project: Path):
    with pytest.raises(RefusedError, match=r"no notebooks named like 01-name\.ipynb"):
        run(project)


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


def test_bad_data_stop_the_run_before_any_notebook(project: Path, write: Write, capsys):
    write("01-one", DRAW.format(name="01-one.svg"))
    (project / "data" / "record" / "holders.csv").write_text("nonsense\n")
    before = state(project)
    with pytest.raises(RunError, match="the data have problems"):
        run(project)
    told = capsys.readouterr().err
    assert "holders.csv" in told and "started" not in told
    assert state(project) == before


def test_a_failing_notebook_leaves_everything_as_it_was_and_says_where_it_stopped(
    project: Path, write: Write
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
    assert outputs(kept) == ["so far\n"]


def test_the_notebook_that_failed_is_kept_beside_the_other_outputs(
    project: Path, write: Write, tmp_path: Path
):
    write("01-bad", "1 / 0")
    with pytest.raises(RunError):
        run(project, None, tmp_path / "out")
    assert sorted(prints(tmp_path / "out")) == [MARK, "failed/01-bad.ipynb"]


def test_a_warning_fails_the_run(project: Path, write: Write):
    write("01-one", "import warnings", "warnings.warn('old way')")
    with pytest.raises(RunError, match=r"(?s)Cell \[3\].*printed a warning: .*UserWarning: old way"):
        run(project)


def test_no_notebook_starts_after_one_failed(project: Path, write: Write, capsys):
    write("01-bad", "# " + "long " * 500, "1 / 0")
    write("02-next")
    with pytest.raises(RunError):
        run(project, workers=1)
    assert "02-next" not in capsys.readouterr().err


@pytest.mark.parametrize("victim", ["os.getpid()", "os.getppid()"])
def test_a_process_that_is_killed_fails_the_run_instead_of_hanging(project: Path, write: Write, victim: str):
    write("01-one", f"import os, signal, time\nos.kill({victim}, signal.SIGKILL)\ntime.sleep(60)")
    with pytest.raises(RunError, match=r"01-one\.ipynb failed"):
        run(project)


def test_a_file_that_is_no_notebook_is_named(project: Path):
    (project / "notebooks" / "01-one.ipynb").write_text("{}")
    with pytest.raises(RunError, match=r"01-one\.ipynb is not a notebook"):
        run(project)


def test_a_notebook_edited_meanwhile_is_not_overwritten(project: Path, write: Write):
    path = project / "notebooks" / "01-one.ipynb"
    write("01-one", f"from pathlib import Path\np = Path({str(path)!r})\np.write_text(p.read_text() + ' ')")
    with pytest.raises(RunError, match="edited while"):
        run(project)
    assert path.read_text().endswith(" ")


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_a_run_that_is_stopped_leaves_everything_as_it_was(
    project: Path, write: Write, tmp_path: Path, how: int
):
    write(
        "01-slow",
        f"import os, time\nopen({str(tmp_path / 'pid')!r}, 'w').write(str(os.getpid()))\ntime.sleep(120)",
    )
    before = state(project)
    code = (
        "import sys; from pathlib import Path; import compendium.__main__ as command\n"
        "command.PROJECT = Path(sys.argv[1]); sys.exit(command.main(['run']))"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code, project],
        stderr=subprocess.PIPE,
        text=True,
        # A shell lets what it starts in the background ignore Ctrl-C, and the tests may be started so.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    pid = tmp_path / "pid"
    until(lambda: pid.exists() and pid.read_text())
    process.send_signal(how)
    told = process.communicate(timeout=60)[1]
    assert process.returncode == 1
    assert told.splitlines()[-1].startswith("Stopped. Notebooks and figures are as they were;")
    assert "Traceback" not in told
    assert state(project) == before
    assert [path.name for path in (project / "build").iterdir()] == ["cache"]
    until(lambda: not alive(int(pid.read_text())))


COMMAND = (
    "import resource, sys; from pathlib import Path; import compendium.__main__ as command\n"
    "command.PROJECT = Path(sys.argv[1]); limit = int(sys.argv[2])\n"
    "limit and resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))\n"
    "sys.exit(command.main(['run']))"
)
SLEEPING = "import os, time\nopen({!r}, 'w').write(str(os.getpid()))\ntime.sleep(120)"


def test_a_run_that_is_killed_leaves_everything_as_it_was_and_nothing_in_the_way(
    project: Path, write: Write, tmp_path: Path
):
    pid = tmp_path / "pid"
    notebook = write("01-slow", SLEEPING.format(str(pid)))
    before = state(project)
    process = subprocess.Popen([sys.executable, "-c", COMMAND, project, "0"], stderr=subprocess.DEVNULL)
    until(lambda: pid.exists() and pid.read_text())
    with pytest.raises(RefusedError, match=r"Another run is writing to .*Büro"):
        run(project)
    process.kill()
    process.wait()
    assert state(project) == before
    until(lambda: not alive(int(pid.read_text())))  # the kernel does not outlive the run
    notebook.unlink()
    write("01-quick")
    assert len(run(project)) == 1
    assert [path.name for path in (project / "build").iterdir()] == ["cache"]


def test_two_runs_into_different_folders_do_not_meet(project: Path, write: Write, tmp_path: Path):
    pid = tmp_path / "pid"
    write("01-slow", SLEEPING.format(str(pid)).replace("120", "3"))
    process = subprocess.Popen([sys.executable, "-c", COMMAND, project, "0"], stderr=subprocess.DEVNULL)
    until(lambda: pid.exists() and pid.read_text())
    run(project, None, tmp_path / "out")
    assert process.wait() == 0


@pytest.mark.parametrize(
    ("source", "where"),
    [
        ("open(figures_dir + '/01-one.svg', 'w').write('x' * 200_000)", "Cell [2], which begins `open("),
        ("print('x' * 200_000)", "01-one.ipynb failed. OSError"),
    ],
    ids=["figure", "notebook"],
)
def test_a_full_disk_leaves_everything_as_it_was(project: Path, write: Write, source: str, where: str):
    """A limit to the size of files stands for the disk: the system refuses to write in the same way."""
    write("01-one", source)
    before = state(project)
    result = subprocess.run(
        [sys.executable, "-c", COMMAND, project, "100000"], capture_output=True, text=True, check=False
    )
    assert result.returncode == 1 and "Traceback" not in result.stderr, result.stderr
    assert where in result.stderr and "File too large" in result.stderr
    assert state(project) == before
    assert {path.name for path in (project / "build").iterdir()} <= {"cache", "failed"}
    run(project)
    assert state(project) != before


def test_a_disk_that_is_full_at_the_end_is_told_and_changes_nothing(
    main, project: Path, write: Write, monkeypatch, capsys
):
    write("01-one", DRAW.format(name="01-one.svg"))
    before = state(project)

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        assert main("run") == 1
    told = capsys.readouterr().err
    assert "No space left on device: plan" in told and "as they were" in told and "Traceback" not in told
    assert state(project) == before
    assert main("run") == 0


def full(*_):
    raise OSError(28, "No space left on device", "plan")


def stop(*_):
    raise KeyboardInterrupt


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


# --- a stage, and what nbval says of it ---


def test_a_stage_has_copies_of_notebooks_and_described_data(project: Path, write: Write, tmp_path: Path):
    notebook = write("01-one")
    (project / "data" / "letter.txt").touch()
    stage(project, tmp_path / "stage")
    assert (tmp_path / "stage" / "notebooks" / "01-one.ipynb").read_bytes() == notebook.read_bytes()
    described = {name for name in prints(project / "data") if name.endswith((".csv", "datapackage.json"))}
    assert set(prints(tmp_path / "stage" / "data")) == described
    assert list((tmp_path / "stage" / "figures").iterdir()) == []


def test_a_stage_takes_no_folder_that_has_something_in_it(project: Path, write: Write, tmp_path: Path):
    write("01-one")
    (tmp_path / "mine" / "data").mkdir(parents=True)
    (tmp_path / "mine" / "data" / "my.csv").touch()
    with pytest.raises(RefusedError, match=r"something in .*mine already"):
        stage(project, tmp_path / "mine")
    assert list(prints(tmp_path / "mine")) == ["data/my.csv"]


def test_a_stage_of_what_cannot_be_read_is_refused_before_anything_is_written(
    project: Path, write: Write, tmp_path: Path
):
    write("01-one")
    (project / "data" / "datapackage.json").write_text("nonsense")
    with pytest.raises(RefusedError, match=r"datapackage\.json"):
        stage(project, tmp_path / "stage")
    assert not (tmp_path / "stage").exists()


def test_a_stage_keeps_away_from_what_a_run_is_writing_and_ends_what_one_was_stopped_at(
    project: Path, write: Write, tmp_path: Path, monkeypatch
):
    notebook = write("01-one")
    pending = project / "build" / journal.PENDING
    with journal.alone(project / "build"):
        pending.mkdir()
        (pending / "0").touch()
        with pytest.raises(RefusedError, match="Another run is writing to"):
            stage(project, tmp_path / "early")
        assert (pending / "0").exists() and not (tmp_path / "early").exists()
        new = tmp_path / "new" / "notebooks" / notebook.name
        new.parent.mkdir(parents=True)
        new.write_text("new")
        with monkeypatch.context() as patch:
            patch.setattr(journal, "complete", lambda _: None)  # as if the power were cut
            journal.replace(
                tmp_path / "new", project, [new.relative_to(tmp_path / "new")], [], project / "build"
            )
    stage(project, tmp_path / "late")
    assert (tmp_path / "late" / "notebooks" / notebook.name).read_text() == "new"


def test_what_is_lost_of_an_earlier_run_is_told(main, project: Path, write: Write, tmp_path: Path, capsys):
    write("01-one")
    pending = project / "build" / journal.PENDING
    pending.mkdir()
    plan = {"target": str(project), "new": {"figures/01-one.svg": [None, "0" * 64]}, "old": {}}
    (pending / journal.PLAN).write_text(json.dumps(plan))
    for command_ in (["run"], ["site"], ["stage", tmp_path / "stage"]):
        assert main(*command_) == 2
        assert f"delete the folder {pending} and run again" in capsys.readouterr().err


def nbval(folder: Path) -> subprocess.CompletedProcess[str]:
    options = ["-p", "compendium.comparing", "--nbval", "--nbval-current-env", "-p", "no:cacheprovider", "-q"]
    return subprocess.run(
        [sys.executable, "-m", "pytest", *options, folder / "notebooks"],
        capture_output=True,
        text=True,
        cwd=folder,
    )


def test_nbval_passes_after_a_run_and_says_plainly_what_differs_after_a_change(
    project: Path, write: Write, tmp_path: Path
):
    notebook = write("01-one", "print('13 documents')", "as_of")
    run(project)
    folder = tmp_path / "stage"
    stage(project, folder)
    assert nbval(folder).returncode == 0
    staged = folder / "notebooks" / notebook.name
    staged.write_text(staged.read_text().replace("13 documents\\n", "14 documents\\n"))
    result = nbval(folder)
    assert result.returncode == 1
    for line in (
        "01-one.ipynb, cell [2], which begins `print('13 documents')`",
        "    -14 documents",
        "    +13 documents",
    ):
        assert line in result.stdout.splitlines()
    assert "Traceback" not in result.stdout


def test_a_difference_is_cut_where_it_is_long():
    cell = new_code_cell(
        "show()", outputs=[new_output("display_data", {"image/svg+xml": "<svg>\n" + "a\n" * 50})]
    )
    now = [new_output("display_data", {"image/svg+xml": "<svg>\n" + "b" * 1000 + "\n" + "b\n" * 49})]
    told = comparing.explain("01-one.ipynb", cell, now).splitlines()
    assert len(told) < 12 and max(map(len, told)) < 200 and "more lines" in told[-2]


def test_a_cell_that_stops_is_told_by_its_error():
    cell = new_code_cell("x", execution_count=4)
    told = comparing.explain(
        "01-one.ipynb", cell, [new_output("error", ename="NameError", evalue="no x", traceback=[])]
    )
    assert "cell [4]" in told and "stopped with NameError: no x" in told


# --- the commands ---


@pytest.fixture
def main(project: Path, monkeypatch) -> Callable[..., int]:
    monkeypatch.setattr(command, "PROJECT", project)
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    return lambda *arguments: command.main([str(argument) for argument in arguments])


def test_run_says_how_much_changed(main, write: Write, capsys):
    write("01-one")
    assert main("run") == 0 and capsys.readouterr().out.startswith("1 file changed.\n")
    assert main("run") == 0 and capsys.readouterr().out.startswith("All notebooks ran; nothing changed.\n")


def test_a_run_builds_the_site_and_says_where_it_is(main, write: Write, project: Path, capsys):
    write("01-one", "print('seen on the site')")
    assert main("run") == 0
    front = project / "build" / "site" / "index.html"
    assert str(front) in capsys.readouterr().out and front.is_file()
    assert "seen on the site" in (front.parent / "01-one.html").read_text(encoding="utf-8")


def test_a_run_whose_site_fails_tells_what_is_done(main, write: Write, project: Path, monkeypatch, capsys):
    def fail(*_):
        raise SiteError("No site.")

    monkeypatch.setattr("compendium.site.build", fail)
    write("01-one", DRAW.format(name="01-one.svg"))
    assert main("run") == 1 and (project / "figures" / "01-one.svg").exists()
    told = capsys.readouterr().err
    assert "No site." in told and "notebooks and figures of this run are in place" in told
    monkeypatch.setattr("compendium.site.build", stop)
    assert main("site") == 1
    assert capsys.readouterr().err == f"Stopped. {command.SITE}\n"
    assert main("run") == 1
    assert (
        capsys.readouterr().err.splitlines()[-1].startswith("Stopped. The notebooks and figures of this run")
    )


@pytest.mark.parametrize("stopped", [stop, full], ids=["stopped", "full disk"])
def test_the_manifest_is_written_with_the_site_by_a_run_or_alone(
    main, write: Write, project: Path, monkeypatch, capsys, stopped
):
    write("01-one")
    with monkeypatch.context() as patch:
        patch.setattr("compendium.site.build", stopped)
        assert main("run") == 1 and not (project / manifest.FILE).exists()
    with monkeypatch.context() as patch:
        patch.setattr(manifest, "write", stopped)
        assert main("site") == 1
    assert f"All outputs are in place, but {manifest.FILE} may not name them yet" in capsys.readouterr().err
    assert main("site") == 0
    assert {"notebooks/01-one.ipynb", "build/site/index.html"} <= set(manifest.read(project))
    assert manifest.read(project) == manifest.fingerprints(project)


def test_the_site_of_other_data_stands_beside_their_notebooks(
    main, write: Write, project: Path, tmp_path: Path, capsys
):
    write("01-one", "print(as_of)")
    data, out = project / "data", tmp_path / "out"
    assert main("run", "--data", data, "--out", out, "--as-of", "2003-05") == 0
    assert "as of May 2003" in (out / "site" / "index.html").read_text(encoding="utf-8")
    (out / "site" / "index.html").write_text("old")
    assert main("site", "--data", data) == 2 and "OUT" in capsys.readouterr().err
    assert main("site", "--data", data, "--out", out) == 0
    assert "as of May 2003" in (out / "site" / "index.html").read_text(encoding="utf-8")
    assert not (project / manifest.FILE).exists()


def test_the_site_of_another_date_can_be_built_anew(main, write: Write, project: Path, tmp_path: Path):
    write("01-one", "print(as_of)")
    out = tmp_path / "out"
    assert main("run", "--out", out, "--as-of", "2003-05") == 0
    (out / "site" / "index.html").write_text("old")
    assert main("site", "--out", out) == 0
    assert "as of May 2003" in (out / "site" / "index.html").read_text(encoding="utf-8")
    assert not (project / manifest.FILE).exists() and not (project / "build" / "site").exists()


def test_no_site_is_built_from_data_with_problems(main, write: Write, project: Path, capsys):
    write("01-one")
    assert main("run") == 0
    (project / "data" / "vocabularies.csv").write_text("nonsense")
    assert main("site") == 1 and "vocabularies.csv" in capsys.readouterr().err
    assert (project / "build" / "site" / "index.html").exists()


def test_a_failed_run_has_status_1_and_a_refused_one_2(main, write: Write, capsys):
    write("01-one", "1 / 0")
    assert main("run") == 1 and "Cell [2]" in capsys.readouterr().err
    assert main("run", "--as-of", "2015") == 2 and "OUT" in capsys.readouterr().err


def test_check_has_status_1_if_there_are_problems(main, project: Path, capsys):
    assert main("check", "--data", project / "data") == 0 and "No problems" in capsys.readouterr().out
    assert main("check", "--data", project / "nowhere") == 1 and "no folder" in capsys.readouterr().out


def test_stage_copies_or_refuses(main, write: Write, tmp_path: Path, project: Path, capsys):
    write("01-one")
    assert main("stage", tmp_path / "stage") == 0 and (tmp_path / "stage" / "data").is_dir()
    assert main("stage", project) == 2 and "something in" in capsys.readouterr().err


def test_verify_source_tells_what_differs_or_how_many_passages_agree(
    main, tmp_path: Path, monkeypatch, capsys
):
    copy = tmp_path / "copy.txt"
    monkeypatch.setattr("compendium.coding.verify_source", lambda source, data: ["intro-p1: differs"])
    assert main("verify-source", copy) == 1 and capsys.readouterr().out == "intro-p1: differs\n"
    monkeypatch.setattr("compendium.coding.verify_source", lambda source, data: [])
    monkeypatch.setattr("compendium.legacy_tables.load", lambda data: {"passages": range(61)})
    assert (
        main("verify-source", copy) == 0
        and capsys.readouterr().out == f"All 61 passages agree with {copy}.\n"
    )


def test_verify_source_tells_of_a_copy_that_cannot_be_read(main, tmp_path: Path, capsys):
    assert main("verify-source", tmp_path / "no.txt") == 1
    assert capsys.readouterr().err == f"No such file or directory: {tmp_path / 'no.txt'}\n"
    (tmp_path / "word.doc").write_bytes(b"\xd0\xcf\x11\xe0")
    assert (
        main("verify-source", tmp_path / "word.doc") == 1 and "plain text in UTF-8" in capsys.readouterr().err
    )


@pytest.mark.parametrize(
    "arguments", [[], ["nonsense"], ["run", "--nonsense"], ["verify-source"]], ids=" ".join
)
def test_a_request_that_is_not_understood_has_status_2(arguments: list[str], capsys):
    with pytest.raises(SystemExit) as ended:
        command.main(arguments)
    assert ended.value.code == 2 and "usage" in capsys.readouterr().err


def test_help_needs_none_of_the_heavy_libraries():
    code = (
        "import sys, compendium.__main__ as command\n"
        "try:\n    command.main(['--help'])\nfinally:\n    print(*sys.modules, file=sys.stderr)"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert "verify-source" in result.stdout
    assert not {"pandas", "nbformat", "papermill", "frictionless", "matplotlib", "sphinx"} & set(
        result.stderr.split()
    )

"""Every output comes out byte for byte as the manifest says, whatever the user, the folder and the settings are."""

import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from compendium import outputs
from compendium.run import run as run_notebooks

PROJECT = Path(__file__).resolve().parents[1]
NOBODY = 65534
MAKE = """
import sys
from pathlib import Path
from compendium import outputs, verify
project, workers = Path(sys.argv[1]), int(sys.argv[2])
assert outputs.__file__.startswith(str(project)), outputs.__file__
made = verify.make(project, workers)
assert made, "nothing was made"
(project / "differences").write_text("\\n".join(outputs.differences(outputs.read(project), made)))
"""
# Becomes Python's own start-up script: refuses what is not on this machine, here and in every process that starts.
GUARD = """
import ipaddress, socket
def refuse(address):
    host = address[0] if isinstance(address, tuple) else "localhost"
    if host not in ("", "localhost") and not ipaddress.ip_address(host).is_loopback:
        raise OSError(f"the network was asked for: {host}")
class Guarded(socket.socket):
    def connect(self, address):
        refuse(address)
        return super().connect(address)
    def connect_ex(self, address):
        refuse(address)
        return super().connect_ex(address)
socket.socket = Guarded
"""
# Brings up the loopback interface of a new network namespace, then becomes the command.
LOOPBACK = """
import fcntl, os, socket, struct, sys
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
    fcntl.ioctl(one, 0x8914, struct.pack("16sh", b"lo", 1))  # SIOCSIFFLAGS, IFF_UP
os.execvp(sys.argv[1], sys.argv[1:])
"""
# A datagram socket that connects sends nothing; 192.0.2.1 is an address of documentation.
PROBE = """
import socket
local = socket.create_server(("127.0.0.1", 0))
socket.create_connection(local.getsockname(), 5)
try:
    socket.socket(socket.AF_INET, socket.SOCK_DGRAM).connect(("192.0.2.1", 9))
except OSError:
    print("cut off")
"""


def kept() -> list[Path]:
    """The files that a source archive holds: those that git keeps; without git, all but what tools made."""
    if (PROJECT / ".git").exists() and shutil.which("git"):
        listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        names = subprocess.run(listed, cwd=PROJECT, capture_output=True, check=True).stdout.decode()
        return [path for name in names.split("\0") if name and (path := PROJECT / name).is_file()]
    made = {"build", "__pycache__"}
    return [
        path
        for path in PROJECT.rglob("*")
        if path.is_file()
        and not any(part in made or part.startswith(".") for part in path.relative_to(PROJECT).parts[:-1])
    ]


def unpack(folder: Path) -> Path:
    """The project as a source archive gives it, without any figure."""
    for path in kept():
        if path.relative_to(PROJECT).parts[0] != "figures":
            copy = folder / path.relative_to(PROJECT)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, copy)
    return folder


def hostile(home: Path) -> dict[str, str]:
    """An environment full of settings that change what Python, matplotlib, IPython and Jupyter do."""
    for path, content in {
        ".config/matplotlib/matplotlibrc": "lines.linewidth: 9\nfont.size: 30\nsavefig.dpi: 33\nsvg.fonttype: none",
        ".ipython/profile_default/startup/00.py": "raise SystemExit('the profile of the user was read')",
        ".ipython/profile_default/ipython_config.py": "c.InteractiveShell.ast_node_interactivity = 'all'",
        ".jupyter/jupyter_config.py": "c.KernelManager.shutdown_wait_time = 0",
        "startup.py": "raise SystemExit('the startup file of the user was read')",
    }.items():
        (home / path).parent.mkdir(parents=True, exist_ok=True)
        (home / path).write_text(content)
    return {
        "HOME": str(home),
        "MATPLOTLIBRC": str(home / ".config" / "matplotlib"),
        "MPLCONFIGDIR": str(home / ".config" / "matplotlib"),
        "IPYTHONDIR": str(home / ".ipython"),
        "JUPYTER_CONFIG_DIR": str(home / ".jupyter"),
        "PYTHONSTARTUP": str(home / "startup.py"),
        "SOURCE_DATE_EPOCH": "1",
    }


def run(project: Path, workers: int, prefix: list[str], environment: dict[str, str]) -> list[str]:
    """The command that makes all outputs of a project with the code in that folder."""
    path = os.pathsep.join([str(project / "notebooks"), *environment.pop("PYTHONPATH", "").split(os.pathsep)])
    environment |= {"PYTHONPATH": path.rstrip(os.pathsep), "PYTHONDONTWRITEBYTECODE": "1"}
    settings = [f"{name}={value}" for name, value in environment.items()]
    return [*prefix, "env", *settings, sys.executable, "-c", MAKE, str(project), str(workers)]


def differences(project: Path, result: subprocess.CompletedProcess[str]) -> list[str]:
    """What differs from the manifest after a run that succeeded."""
    assert result.returncode == 0, result.stdout + result.stderr
    return (project / "differences").read_text().splitlines()


def works(*command: str) -> bool:
    """Whether the system has and allows a command."""
    return bool(shutil.which(command[0])) and subprocess.run(command, capture_output=True).returncode == 0


def namespace() -> list[str]:
    """What to put before a command so that it is in a network of its own; nothing if the system does not allow that."""
    command = [
        "unshare",
        *([] if os.geteuid() == 0 else ["--map-root-user"]),
        "--net",
        sys.executable,
        "-c",
        LOOPBACK,
    ]
    return command if works(*command, "true") else []


def guard(folder: Path) -> dict[str, str]:
    """Settings with which Python refuses to leave this machine."""
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(GUARD)
    return {"PYTHONPATH": str(folder)}


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that any user may enter, whose name has blanks, a quote, a percent sign and letters beyond ASCII."""
    with tempfile.TemporaryDirectory(prefix="Büro für 'наш' 100 % ") as name:
        os.chmod(name, 0o755)
        yield Path(name)


def other_user() -> list[str]:
    """What root puts before a command so that another user runs it, who reads what root reads: Python may be root's."""
    command = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
    command += ["--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search"]
    return command if os.geteuid() == 0 and works(*command, "env", sys.executable, "-c", "") else []


@pytest.mark.parametrize("way", ["namespace", "guard"])
def test_the_network_is_cut_off_and_this_machine_is_not(folder: Path, way: str):
    prefix, settings = (namespace(), {}) if way == "namespace" else ([], guard(folder / "guard"))
    if way == "namespace" and not prefix:
        pytest.skip("this system allows no network namespace; the guard takes its place")
    command = [*prefix, sys.executable, "-c", PROBE]
    result = subprocess.run(command, env=os.environ | settings, capture_output=True, text=True)
    assert result.stdout == "cut off\n", result.stderr


def test_from_a_source_archive_by_another_user_with_one_worker_and_no_terminal(folder: Path):
    project, home = unpack(folder / "archive"), folder / "home"
    environment = hostile(home) | {
        "TZ": "Pacific/Kiritimati",
        "LANG": "tr_TR.UTF-8",
        "LC_ALL": "C",
        "PYTHONHASHSEED": "7",
        "MPLBACKEND": "TkAgg",
        "COLUMNS": "20",
    }
    prefix = other_user()
    if prefix:
        for path in (folder, *folder.rglob("*")):
            os.chown(path, NOBODY, NOBODY)
    result = subprocess.run(
        run(project, 1, prefix, environment),
        cwd=folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        start_new_session=True,
    )
    assert differences(project, result) == []


def test_at_a_terminal_with_two_workers_and_no_network(folder: Path):
    project, home = unpack(folder / "offline"), folder / "home"
    environment = hostile(home) | {
        "TZ": "America/St_Johns",
        "LC_ALL": "en_US.ISO-8859-1",
        "PYTHONHASHSEED": "random",
        "MPLBACKEND": "svg",
        "LINES": "5",
        "TERM": "xterm-256color",
        "FORCE_COLOR": "1",
    }
    prefix = namespace()
    environment |= {} if prefix else guard(folder / "guard")
    pty = pytest.importorskip("pty")
    master, slave = pty.openpty()
    told: list[bytes] = []
    reader = threading.Thread(target=drain, args=(master, told.append), daemon=True)
    reader.start()
    try:
        ended = subprocess.run(
            run(project, 2, prefix, environment), cwd="/", stdin=slave, stdout=slave, stderr=slave
        )
    finally:
        os.close(slave)
        reader.join(10)
        os.close(master)
    shown = b"".join(told).decode(errors="replace")
    assert differences(project, subprocess.CompletedProcess("", ended.returncode, shown, "")) == []


def drain(terminal: int, keep: Callable[[bytes], None]) -> None:
    """Read what a program shows at a terminal until it is closed."""
    try:
        while shown := os.read(terminal, 65536):
            keep(shown)
    except OSError:  # how Linux says that the other end is closed
        pass


# --- no more than what changed ---


def test_a_changed_row_changes_only_what_it_concerns(tmp_path: Path):
    project = tmp_path / "copy"
    outputs.copy(PROJECT, project)
    shutil.copytree(PROJECT / "figures", project / "figures")
    parties = project / "data" / "record" / "treaty_parties.csv"
    before = parties.read_bytes()
    parties.write_bytes(before.replace(b"\nCRC,1991,105,", b"\nCRC,1991,106,"))
    assert parties.read_bytes() != before
    changed = {path.relative_to(project.resolve()).as_posix() for path in run_notebooks(project)}
    figure = {f"figures/06-parties.{kind}" for kind in ("svg", "png", "csv")}
    assert changed == {"notebooks/06-since-2015.ipynb", *figure}

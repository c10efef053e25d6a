"""Every output comes out byte for byte as the manifest says, whatever the user, the folder and the settings are."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from compendium import verify
from compendium.execution.run import run
from conftest import PROJECT

pytestmark = pytest.mark.long

MAKE = """
import sys
from pathlib import Path
from compendium import verify
from compendium.execution import manifest
project, workers = Path(sys.argv[1]), int(sys.argv[2])
assert manifest.__file__.startswith(str(project)), manifest.__file__
made = verify.make(project, workers)
assert made, "nothing was made"
print(*manifest.differences(manifest.read(project), made), sep="\\n", end="")
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
# What a user may have set that changes what Python, matplotlib, IPython and Jupyter do.
FILES = {
    ".config/matplotlib/matplotlibrc": "lines.linewidth: 9\nfont.size: 30\nsavefig.dpi: 33\nsvg.fonttype: none",
    ".ipython/profile_default/startup/00.py": "raise SystemExit('the profile of the user was read')",
    ".ipython/profile_default/ipython_config.py": "c.InteractiveShell.ast_node_interactivity = 'all'",
    ".jupyter/jupyter_config.py": "c.KernelManager.shutdown_wait_time = 0",
    "startup.py": "raise SystemExit('the startup file of the user was read')",
    "guard/sitecustomize.py": GUARD,
}
PLACES = {
    "HOME": "",
    "MATPLOTLIBRC": ".config/matplotlib",
    "MPLCONFIGDIR": ".config/matplotlib",
    "IPYTHONDIR": ".ipython",
    "JUPYTER_CONFIG_DIR": ".jupyter",
    "PYTHONSTARTUP": "startup.py",
}
SETTINGS = {
    "one worker, far east": {"TZ": "Pacific/Kiritimati", "LANG": "tr_TR.UTF-8", "LC_ALL": "C", "PYTHONHASHSEED": "7",
                             "MPLBACKEND": "TkAgg", "COLUMNS": "20", "SOURCE_DATE_EPOCH": "1"},
    "two workers, far west": {"TZ": "America/St_Johns", "LC_ALL": "en_US.ISO-8859-1", "PYTHONHASHSEED": "random",
                              "MPLBACKEND": "svg", "LINES": "5", "TERM": "xterm-256color", "FORCE_COLOR": "1"},
}  # fmt: skip


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder whose name has blanks, a quote, a brace, a percent sign and letters beyond ASCII."""
    with tempfile.TemporaryDirectory(prefix="Büro für {наш} '100' % ") as name:
        yield Path(name)


@pytest.mark.parametrize("settings", SETTINGS)
def test_all_outputs_come_out_the_same_without_a_network(folder: Path, settings: str):
    project, home = folder / "project", folder / "home"
    verify.copy(PROJECT, project)
    for name, content in FILES.items():
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_text(content)
    environment = (
        os.environ | {name: str(home / place) for name, place in PLACES.items()} | SETTINGS[settings]
    )
    temporary = home / ("temporary " * 8)  # longer than the name of a socket can be
    temporary.mkdir()
    environment["TMPDIR"] = str(temporary)
    environment["PYTHONPATH"] = os.pathsep.join([str(project / "notebooks"), str(home / "guard")])
    result = subprocess.run(
        [sys.executable, "-c", MAKE, str(project), "1" if settings.startswith("one") else "2"],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        start_new_session=True,
    )
    assert (result.returncode, result.stdout) == (0, ""), result.stdout + result.stderr


def test_the_network_is_cut_off_and_this_machine_is_not(tmp_path: Path):
    (tmp_path / "sitecustomize.py").write_text(GUARD)
    probe = (
        "import socket\nlocal = socket.create_server(('127.0.0.1', 0))\n"
        "socket.create_connection(local.getsockname(), 5)\n"
        "try:\n    socket.socket(socket.AF_INET, socket.SOCK_DGRAM).connect(('192.0.2.1', 9))\n"
        "except OSError as error:\n    print(error)"
    )  # a datagram socket that connects sends nothing; 192.0.2.1 is an address of documentation
    result = subprocess.run(
        [sys.executable, "-c", probe],
        env=os.environ | {"PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert result.stdout == "the network was asked for: 192.0.2.1\n", result.stderr


def test_a_changed_row_changes_only_what_it_concerns(made: Path, tmp_path: Path):
    project = shutil.copytree(made, tmp_path / "copy")
    parties = project / "data" / "record" / "treaty_parties.csv"
    before = parties.read_bytes()
    parties.write_bytes(before.replace(b"\nCRC,1991,105,", b"\nCRC,1991,106,"))
    assert parties.read_bytes() != before
    changed = {path.relative_to(project.resolve()).as_posix() for path in run(project)}
    assert "notebooks/06-since-2015.ipynb" in changed
    assert {name for name in changed if not name.startswith("figures/06-parties")} == {
        "notebooks/06-since-2015.ipynb"
    }

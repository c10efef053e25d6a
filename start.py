"""Sets up the private environment of the compendium where that is needed, and runs a command in it.

    python start.py                  what `make` does: set up, check, execute, build the site
    python start.py check            any command of the package (python start.py --help lists them)
    python start.py -m jupyterlab    anything else that Python can run there

The same on Windows, macOS and Linux, with nothing but Python 3.11 or newer.
"""

import sys

if sys.version_info < (3, 11):  # before anything that an older Python could not read
    sys.exit(
        "The compendium needs Python 3.11 or newer, and this one is older. Install one from"
        " https://www.python.org/downloads/ or name one: make PYTHON=python3.12"
    )

sys.path[:] = sys.path[1:]  # a file `random.py` in this folder is not Python's own

import hashlib
import os
import shutil
import subprocess
from pathlib import Path

HERE = Path(__file__).resolve().parent
LOCK = "requirements.lock"
# Settings that would lead past the private environment; those of index, proxy and cache stay in force.
ASTRAY = """PYTHONPATH PYTHONHOME PYTHONSTARTUP PYTHONOPTIMIZE PYTHONDEVMODE PIP_TARGET PIP_PREFIX PIP_ROOT
    PIP_CONSTRAINT PIP_REQUIREMENT PIP_USER UV_TARGET UV_PREFIX UV_CONSTRAINT UV_OVERRIDE UV_EXCLUDE_NEWER UV_PYTHON
    UV_SYSTEM_PYTHON VIRTUAL_ENV CONDA_PREFIX"""


def main(arguments: list[str]) -> int:
    """Set up where that is needed and run what `arguments` ask; its exit status."""
    folder, latest = HERE / ".venv", False
    while arguments[:1] in (["--env"], ["--latest"]):
        latest |= arguments[0] == "--latest"
        folder = HERE / arguments[1] if arguments[0] == "--env" else folder
        arguments = arguments[2 if arguments[0] == "--env" else 1 :]
    env = {name: value for name, value in os.environ.items() if name not in ASTRAY.split()}
    env |= {"PIP_USER": "0", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    if not ready(folder, latest):
        set_up(folder, latest, env)
    if arguments == ["set-up"]:
        print(f"The environment in {folder.name} is ready.")
        return 0
    if not (arguments[:1] == ["-m"] or "".join(arguments[:1]).endswith(".py")):
        # The package is read from the environment alone, not from a file of the same name in this folder.
        arguments = ["-P", "-m", "compendium", *(arguments or ["run"])]
    command = [str(python(folder)), *arguments]
    if os.name == "posix":
        sys.stdout.flush()
        os.execve(command[0], command, env)  # so that it gets the signals itself
    return subprocess.call(command, env=env)


def python(folder: Path) -> Path:
    """The interpreter of an environment."""
    return folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def state(latest: bool) -> str:
    """What an environment is made from and where, whatever name leads to the folder and whatever the clock says."""
    parts = [
        str(HERE),
        "latest" if latest else "",
        *((HERE / name).read_text("utf-8") for name in (LOCK, "pyproject.toml")),
    ]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def ready(folder: Path, latest: bool) -> bool:
    """Whether the environment is there, with its interpreter, and made from what stands here now."""
    stamp = folder / "ready"
    return os.access(python(folder), os.X_OK) and stamp.exists() and stamp.read_text("utf-8") == state(latest)


def set_up(folder: Path, latest: bool, env: dict[str, str]) -> None:
    """Make the environment anew; what was there before comes back where that fails, such as without a network."""
    if os.pathsep in str(HERE):
        sys.exit(
            f"Python makes no environment in a folder whose name has `{os.pathsep}`: {HERE}. Rename or move it."
        )
    before = folder.with_name(folder.name + ".before")
    try:
        if folder.exists() and not before.exists():
            folder.rename(before)
    except OSError as why:
        sys.exit(f"{why}\nThe environment cannot be made there. Work in a copy of the folder that is yours.")
    shutil.rmtree(folder, ignore_errors=True)
    print(f"Setting up {folder.name} (once; this needs the network) ...", file=sys.stderr, flush=True)
    try:
        make(folder, latest, env)
        (folder / "ready").write_text(state(latest), "utf-8")
    except BaseException as why:
        shutil.rmtree(folder, ignore_errors=True)
        if before.exists():
            before.rename(folder)
        sys.exit(f"{why}\nThe set-up did not come to its end; what was there before is as it was.")
    shutil.rmtree(before, ignore_errors=True)


def make(folder: Path, latest: bool, env: dict[str, str]) -> None:
    """Make an environment with what the lock names or, for `latest`, with the newest versions that are allowed."""
    if subprocess.call([sys.executable, "-I", "-m", "venv", str(folder)], env=env):
        raise OSError(
            "Python could not make an environment. On Debian and Ubuntu: sudo apt install python3-venv"
        )
    run = [str(python(folder)), "-P", "-m"]
    what = ["-e", "."] if latest else ["--no-deps", "--require-hashes", "-r", LOCK]
    # uv takes seconds, pip a minute: pip brings uv by its hash and does the rest itself where uv cannot.
    uv = folder / "uv.lock"
    uv.write_text(block("uv"), "utf-8")
    quick = [
        [*run, "pip", "install", "-qq", "--no-deps", "--require-hashes", "-r", str(uv)],
        [*run, "uv", "pip", "install", "--quiet", "--python", str(python(folder)), *what],
    ]
    for_uv = env | indexes(run, env)
    if any(subprocess.call(one, cwd=HERE, env=for_uv) for one in quick):
        print("uv could not do it; pip does, which takes a minute or two ...", file=sys.stderr, flush=True)
        subprocess.run([*run, "pip", "install", "-qq", *what], cwd=HERE, env=env, check=True)
    # Told from where it is read: Python 3.11 cannot start in every locale if that line has letters beyond ASCII.
    asked = [str(python(folder)), "-P", "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    told = subprocess.run(asked, env=env, check=True, capture_output=True, encoding="utf-8")
    packages = Path(told.stdout.strip())
    (packages / "_compendium.pth").write_text(os.path.relpath(HERE / "notebooks", packages) + "\n", "ascii")


def block(name: str) -> str:
    """The lines of the lock on one package: its version and the hashes."""
    lines = (HERE / LOCK).read_text("utf-8").splitlines()
    first = next(n for n, line in enumerate(lines) if line.startswith(f"{name}=="))
    last = next(n for n in range(first, len(lines)) if not lines[n].endswith("\\"))
    return "\n".join(lines[first : last + 1]) + "\n"


def indexes(run: list[str], env: dict[str, str]) -> dict[str, str]:
    """Where the user's pip looks for packages, for uv, which does not read pip's settings."""
    names = {"index-url": "UV_DEFAULT_INDEX", "extra-index-url": "UV_INDEX", "cert": "SSL_CERT_FILE"}
    told = subprocess.run([*run, "pip", "config", "list"], env=env, capture_output=True, text=True).stdout
    found = {
        "UV_INDEX_STRATEGY": "unsafe-best-match"
    }  # of several, as pip does; the hashes say what is right
    for line in told.splitlines():
        key, _, value = line.partition("=")
        name = names.get(key.rpartition(".")[2])
        if name and name not in env:
            found[name] = value.strip("'")
    return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

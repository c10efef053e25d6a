"""Kernels that start at once: forked from a process that has loaded the libraries already."""

from __future__ import annotations

import errno
import multiprocessing
import os
import sys
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Any, cast

from jupyter_client.provisioning.local_provisioner import LocalProvisioner

PROVISIONER = "compendium-warm"  # its name in pyproject.toml
# Forking a process that has loaded pandas is safe where no system library holds threads of its own: on Linux.
FORKED = sys.platform == "linux"
# What a forked kernel finds loaded; not pyplot nor the inline backend, which look for their kernel when imported.
LIBRARIES = (
    "pandas",
    "matplotlib.figure",
    "matplotlib.font_manager",
    "matplotlib.backends.backend_agg",
    "matplotlib.backends.backend_svg",
    "ipykernel.kernelapp",
)


class _Forked:
    """A forked process that waits to be told which kernel to become. Looks to Jupyter like a `subprocess.Popen`."""

    stdin = stdout = stderr = None

    def __init__(self) -> None:
        context = multiprocessing.get_context("fork")
        orders, self._orders = context.Pipe(duplex=False)
        self._process = context.Process(target=_become_kernel, args=(orders, self._orders), daemon=True)
        self._process.start()
        orders.close()

    def launch(self, arguments: list[str], cwd: str | None, env: dict[str, str]) -> None:
        """Become a kernel with these arguments of `ipykernel_launcher`."""
        self._orders.send((arguments, cwd, env))

    @property
    def pid(self) -> int | None:
        return self._process.pid

    def poll(self) -> int | None:
        return self._process.exitcode

    def wait(self) -> int | None:
        self._process.join()
        return self._process.exitcode

    def send_signal(self, number: int) -> None:
        if self._process.pid and self._process.is_alive():
            os.kill(self._process.pid, number)

    def kill(self) -> None:
        self._process.kill()

    def terminate(self) -> None:
        self._process.terminate()


def _become_kernel(orders: Connection, other_end: Connection) -> None:
    """Wait for orders, then be a kernel until told to stop."""
    other_end.close()  # or the end of the waiting parent would go unnoticed
    with suppress(EOFError):
        arguments, cwd, env = orders.recv()
        os.environ.clear()
        os.environ.update(env)
        if cwd:
            os.chdir(cwd)
        from ipykernel.kernelapp import launch_new_instance

        try:
            # Told here, since ipykernel read the variable for it when it was loaded: a kernel ends with its parent.
            launch_new_instance(argv=[*arguments, f"--IPKernelApp.parent_handle={os.getppid()}"])
        except Exception as error:
            if getattr(error, "errno", None) == errno.EADDRINUSE:
                raise SystemExit(1) from None  # another program was quicker; another kernel is started
            raise


_waiting: _Forked | None = None


def prepare() -> None:
    """Fork the process that will be the next kernel; to be called while this process has no threads."""
    global _waiting
    if FORKED:
        _waiting = _Forked()


class WarmProvisioner(LocalProvisioner):
    """Makes the process forked by `prepare` the kernel; without one, starts a kernel as Jupyter always does.

    Registered with Jupyter in pyproject.toml and chosen by `JUPYTER_DEFAULT_PROVISIONER_NAME`.
    """

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
        """Start the kernel and return its connection information."""
        global _waiting
        if _waiting is None:
            return await super().launch_kernel(cmd, **kwargs)
        kernel, _waiting = _waiting, None
        kernel.launch(cmd[cmd.index("ipykernel_launcher") + 1 :], kwargs.get("cwd"), kwargs["env"])
        self.process, self.pid = cast(Any, kernel), kernel.pid
        return self.connection_info

"""Kernels that start at once, forked from a process that has loaded the libraries; to Jupyter, kernels like others."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import tempfile
import threading
import uuid
from multiprocessing import connection, forkserver
from typing import Any

from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

# Forking a process that has loaded pandas is safe where no system library holds threads of its own: on Linux. Elsewhere
# kernels start as they always do.
FORKED = sys.platform == "linux"
# What a forked kernel finds loaded; not pyplot nor the inline backend, which look for their kernel when imported.
LIBRARIES = ["pandas", "matplotlib.figure", "matplotlib.font_manager", "matplotlib.backends.backend_agg"]
LIBRARIES += ["matplotlib.backends.backend_svg", "ipykernel.kernelapp", __name__]
_started: list[Any] = []  # processes of kernels


def preload() -> None:
    """Let the process that kernels are forked from load the libraries, while this one goes on."""
    if FORKED:
        if len(tempfile.gettempdir()) > 60:  # the name of a socket has 107 letters at most
            tempfile.tempdir = "/tmp"
        forkserver.set_forkserver_preload(LIBRARIES)
        forkserver.ensure_running()


def stop() -> None:
    """End all kernels, whatever they do."""
    for process in _started:
        process.kill()


class Kernels(AsyncKernelManager):
    """What papermill starts its kernels with (`kernel_manager_class`)."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        if FORKED:  # by names of their own in place of ports, which other programs could take in between
            self.transport, self.ip = "ipc", f"@compendium-{uuid.uuid4()}"
        self.provisioner = _Provisioner(kernel_spec=self.kernel_spec, parent=self)


class _Provisioner(LocalProvisioner):
    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
        """Start the kernel and return its connection information."""
        if FORKED:
            arguments = cmd[cmd.index("ipykernel_launcher") + 1 :]
            self.process: Any = _Forked(arguments, kwargs.get("cwd"), kwargs["env"])
        else:
            await super().launch_kernel(cmd, **kwargs)
        _started.append(self.process)
        return self.connection_info


class _Forked:
    """The process of a forked kernel, which looks to Jupyter like a `subprocess.Popen`."""

    stdin = stdout = stderr = None

    def __init__(self, *orders: Any) -> None:
        process = multiprocessing.get_context("forkserver").Process
        self._process: Any = process(target=_become_kernel, args=orders, daemon=True)
        self._process.start()
        self.kill, self.terminate = self._process.kill, self._process.terminate

    def poll(self) -> int | None:
        code: int | None = self._process.exitcode
        return code

    def wait(self) -> int | None:
        self._process.join()
        return self.poll()

    def send_signal(self, number: int) -> None:
        if self._process.is_alive():
            os.kill(self._process.pid, number)


def _become_kernel(arguments: list[str], folder: str | None, environment: dict[str, str]) -> None:
    """Be a kernel until told to stop."""
    os.setsid()  # Ctrl-C goes to the run alone, which ends its kernels
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder or ".")
    threading.Thread(target=_end_with_parent, daemon=True).start()
    from ipykernel.kernelapp import launch_new_instance

    launch_new_instance(argv=arguments)


def _end_with_parent() -> None:
    """End this kernel and what it started when the run is gone, be it killed."""
    connection.wait([multiprocessing.parent_process().sentinel])  # type: ignore[union-attr]
    os.killpg(os.getpgrp(), signal.SIGKILL)

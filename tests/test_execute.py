"""Why a notebook failed, told so that a person finds the place."""

from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from compendium import execute


def test_a_slip_among_the_parameters_is_told_with_its_cell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    parameters = new_code_cell('data_dir = "../data"\nas_of = 2015-05-31', metadata={"tags": ["parameters"]})
    nbformat.write(new_notebook(cells=[parameters]), "01-one.ipynb")
    why = execute._failure(Path("01-one.ipynb"), {})
    assert why.startswith("Its cell tagged `parameters` is not Python: line 2, ")
    assert "<unknown>" not in why and "\n" not in why


@pytest.fixture
def kernels(monkeypatch, tmp_path):
    """A notebook, and a papermill whose kernels die at their start as often as told; how often it was asked."""
    import papermill

    nbformat.write(new_notebook(cells=[new_code_cell("1")]), tmp_path / "01-one.ipynb")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("JUPYTER_DEFAULT_PROVISIONER_NAME", "local-provisioner")
    asked = []

    def use(deaths: int, words: str = "Kernel died before replying to kernel_info"):
        def fake(source, target, values, **_):
            asked.append(target)
            if len(asked) <= deaths:
                raise RuntimeError(words)
            nbformat.write(source, target)

        monkeypatch.setattr(papermill, "execute_notebook", fake)
        return asked

    return use


def test_a_kernel_that_another_program_took_a_port_from_is_started_again(kernels):
    asked = kernels(deaths=2)
    assert execute._failure(Path("01-one.ipynb"), {}) == "" and len(asked) == 3


def test_a_kernel_that_never_starts_is_told(kernels):
    asked = kernels(deaths=9)
    assert "Kernel died" in execute._failure(Path("01-one.ipynb"), {}) and len(asked) == 3


def test_another_failure_is_told_at_once(kernels):
    asked = kernels(deaths=9, words="no more memory")
    assert "no more memory" in execute._failure(Path("01-one.ipynb"), {}) and len(asked) == 1

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

"""What takes long to load and concerns nobody here is not loaded."""

import subprocess
import sys

import pytest


@pytest.mark.parametrize(
    "use",
    [
        "from compendium.check import check; check('data')",
        "from compendium import execute; [__import__(name) for name in execute.WORK]",
    ],
    ids=["check", "run"],
)
def test_the_grammars_of_internationalised_addresses_are_not_built(use: str, pytestconfig: pytest.Config):
    code = f"{use}\nimport sys\nassert 'jsonschema' in sys.modules\nprint('lark' in sys.modules)"
    result = subprocess.run(
        [sys.executable, "-c", code], cwd=pytestconfig.rootpath, capture_output=True, text=True
    )
    assert result.stdout == "False\n", result.stderr

"""What tells which of several meanings a cell has: the file as it was committed last, and its other cells."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from compendium import periods
from compendium.cells import meanings
from compendium.characters import FOREIGN, readings

NUMBERS = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d\d)(?:[T ]\d{1,2}:\d\d.*)?", re.ASCII)
ORDERS = {"the day first": (1, 0), "the month first": (0, 1)}  # places of month and day
BEFORE = "as in the last committed version"

Cells = Mapping[Any, tuple[str, str]]  # by place: what stands there, and what was there in the last commit

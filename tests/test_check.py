"""Checking a data package: each kind of bad input is told with file, line, key, rule and what to do.

`spoilt.csv` has a row for each: in a file of Mandate M a text that stands there once, what is put in its place (`\\u200b`
for a character that does not show), and what must be told: line, key, rule, and words of the problem, parted by ` … `.
A row without a rule is a package that is sound.
"""

import csv
import re

import pytest

from compendium.check import check, report
from conftest import TESTS, prints

# What follows from one of these elsewhere is told as well: what refers to a lost row, an order that is lost.
WITH_CONSEQUENCES = {"key", "order", "package", "format", "column"}


def table() -> list[dict[str, str]]:
    with (TESTS / "spoilt.csv").open(encoding="utf-8", newline="") as file:
        text = re.sub(r"\\u([0-9a-f]{4})", lambda code: chr(int(code[1], 16)), file.read())
        return list(csv.DictReader(text.splitlines(keepends=True)))


@pytest.mark.parametrize("row", table(), ids=lambda row: f"{row['rule'] or 'sound'}: {row['new'] or row['old']}")
def test_what_is_spoilt_is_told_and_nothing_else(package, row):
    path, old, new = package / row["file"], row["old"].encode(), row["new"].encode("utf-8", "surrogateescape")
    assert path.read_bytes().count(old) == 1, f"{row['old']!r} does not stand in {row['file']} once"
    path.write_bytes(path.read_bytes().replace(old, new))
    before = prints(package)
    found = check(package)
    assert prints(package) == before
    told = found or found.warnings
    if not row["rule"]:
        assert not told, report(found)
        return
    place = row["line"], row["key"], row["rule"]
    fitting = [one for one in told if place == (row["line"] and str(one.line), one.id, one.rule)]
    assert len(fitting) == 1, report(found)
    assert [words for words in row["words"].split(" … ") if words not in str(fitting[0])] == [], str(fitting[0])
    assert told == fitting or row["rule"] in WITH_CONSEQUENCES, report(found)

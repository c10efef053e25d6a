"""What `datapackage.json` may not say, told with its line; and the ways in which a person names a package."""

import json
import socket
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from compendium.editing.check import check, report
from compendium.tables import load
from conftest import prints

UNREADABLE = [
    (None, 0, "this file is missing"),
    (b"", 1, "it is not JSON"),
    (b'{\n"name": "m",\n}', 3, "it is not JSON"),
    (b"\x89PNG\r\n\x1a\n\x00\xff", 1, "it is not UTF-8 text"),
    (b"[" * 100_000, 1, "it is not the description"),
    (b"1" * 10_000, 1, "it is not the description"),
    (b"[]", 1, "it cannot be `[]`"),
    (b'{"created": "2026-11-23"}', 1, "`resources` is missing"),
    (b'{"created": "2026-11-23",\n"resources": []}', 2, "`resources`: it cannot be `[]`"),
]


@pytest.mark.parametrize(("content", "line", "message"), UNREADABLE)
def test_a_description_that_cannot_be_read_is_told(package, content, line, message):
    (package / "datapackage.json").unlink()
    if content is not None:
        (package / "datapackage.json").write_bytes(content)
    [problem] = check(package)
    assert (problem.file, problem.line, problem.rule) == ("datapackage.json", line, "package")
    assert message in problem.message and problem.todo


def tab(d, name="themes"):
    return next(one for one in d["resources"] if one["name"] == name)


def col(d, name="label", of="themes"):
    return next(one for one in tab(d, of)["schema"]["fields"] if one["name"] == name)


# How a description is spoilt, a text on the line that is told, and words of the one problem.
DESCRIBED_BADLY = {
    "no description": (lambda d: tab(d).pop("description"), '"themes"', "table `themes`: `description` is missing"),
    "column without one": (lambda d: col(d).pop("description"), '"label"', "`label`: `description` is missing"),
    "no path": (lambda d: tab(d).pop("path"), '"themes"', "`path` is missing … give each table a `name`, a `path`"),
    "several paths": (lambda d: tab(d).update(path=["a.csv"]), '"path": [', "`path`: it cannot be `[\"a.csv\"]`"),
    "an address": (lambda d: tab(d).update(path="http://x/a.csv"), "http:", "`http://x/a.csv` is an address"),
    "absolute path": (lambda d: tab(d).update(path="/etc/passwd"), "/etc/", "`/etc/passwd` leaves the folder"),
    "path of Windows": (lambda d: tab(d).update(path="..\\x.csv"), "..", "`..\\x.csv` leaves the folder"),
    "schema by reference": (lambda d: tab(d).update(schema="s.json"), "s.json", "`schema`: it cannot be"),
    "column by reference": (lambda d: tab(d)["schema"].update(fields=["x"]), '"x"', "column number 1: it cannot be"),
    "column twice": (lambda d: tab(d)["schema"]["fields"].append(col(d)), '"fields": [', "same name"),
    "reserved name": (lambda d: col(d).update(name="line"), '"line"', "`name`: it cannot be `\"line\"`"),
    "no key": (lambda d: tab(d)["schema"].pop("primaryKey"), '"schema": {', "`primaryKey` is missing"),
    "unknown key": (lambda d: tab(d)["schema"].update(foreignKeys=[{"fields": "x", "reference": {"fields": "x"}}]),
                    "{", "`themes` has no column `x`"),
    "other key": (lambda d: tab(d)["schema"].update(primaryKey="label"), '"primaryKey"', 'expect ["theme_id"]'),
    "half a foreign key": (lambda d: tab(d)["schema"].update(foreignKeys=[{"fields": "label"}]), "{", "is missing"),
    "reference to no column": (lambda d: tab(d, "terms")["schema"]["foreignKeys"][0]["reference"].update(fields=["x"]),
                               "{", "`foreignKeys.0`: the table `holders` has no column `x`"),
    "unknown type": (lambda d: col(d).update(type="text"), '"text"', "`type`: it cannot be `\"text\"`"),
    "other type": (lambda d: col(d).update(type="integer"), '"label"', 'the notebooks expect `type`: "string"'),
    "dates as text": (lambda d: col(d, "date", "terms").pop("rdfType"), '"date"', "the notebooks expect `rdfType`"),
    "other vocabulary": (lambda d: col(d, "outcome", "visits").update(vocabulary="body"), '"outcome"', "`vocabulary`"),
    "lists as text": (lambda d: col(d, "source_ids", "terms").update(type="string"), '"source_ids"', "expect `type`"),
    "required of a wrong form": (lambda d: col(d)["constraints"].update(required="x"), '"x"', "`constraints.required`"),
    "broken pattern": (lambda d: col(d).update(constraints={"pattern": "("}), '"("', "`constraints.pattern`"),
    "a limit of letters": (lambda d: col(d, "ordinal").update(constraints={"minimum": "x"}), '"minimum"', "cannot be"),
    "a list of a wrong form": (lambda d: col(d).update(reference="x"), '"x"', "`reference`: it cannot be"),
    "empty delimiter": (lambda d: col(d).update(delimiter=""), '"delimiter"', "`delimiter`: it cannot be"),
    "asOf that is no date": (lambda d: tab(d).update(asOf="label"), '"asOf"', "`asOf`: it does not name"),
    "asOfThrough": (lambda d: tab(d, "holders").update(asOfThrough="terms"), "asOfThrough", "it cannot be `\"terms\"`"),
    "naming": (lambda d: tab(d).update(naming={"label": "x"}), '"x"', "`naming.label` … has no column `x`"),
    "in the order of a text": (lambda d: tab(d).update(naming={"label": "label", "order": "label"}), '"order"',
                               "`naming.order`: it does not name a column of whole numbers"),
    "notes": (lambda d: d.update(mandate={"notes": {"01": ["x"]}}), '"notes"', "a file of its own in the folder"),
    "no day": (lambda d: d.pop("created"), "{", "`created` is missing … 2026-11-23T00:00:00Z"),
    "a day that does not exist": (lambda d: d.update(created="2026-02-30"), "2026-02-30", "2026-02-30 does not exist"),
    "a month": (lambda d: d.update(created="2026-02"), '"2026-02"', "2026-02 is no day"),
    "a mandate that is a text": (lambda d: d.update(mandate="M"), '"mandate": "M"', "`mandate`: it cannot be `\"M\"`"),
    "a treaty that is a list": (lambda d: d.update(mandate={"treaty": ["T"]}), '"treaty"', "`mandate.treaty`"),
    "holders as text": (lambda d: d.update(mandate={"holders_at_a_time": "1"}), "holders_at", "write a whole number"),
    "an unknown part": (lambda d: d.update(mandate={"index": {"us": "b"}}), '"index"', "a part that nothing knows"),
    "a treaty of no vocabulary": (lambda d: d.update(mandate={"treaty": "TM"}), "{", "has no value `TM`"),
    "a body of no vocabulary": (lambda d: d.update(mandate={"index": {"others": ["b"]}}), "{", "no value `b`"),
    "a name twice": (lambda d: tab(d).update(name="terms"), '"name": "terms"', "another table has the same name"),
    "a table that is none": (lambda d: d["resources"].append("x"), '"x"', "it cannot be `\"x\"`"),
    "half of a character": (lambda d: tab(d).update(title="a\ud83d"), "ud83d", "`a\\ud83d` has half of a character"),
    "an invisible character": (lambda d: d.update(title="Man\u200bdate"), "u200b", "ZERO WIDTH SPACE"),
}  # fmt: skip


@pytest.mark.parametrize("name", DESCRIBED_BADLY)
def test_what_is_described_badly_is_told_with_its_line(package, describe, name):
    spoil, on_line, words = DESCRIBED_BADLY[name]
    describe(spoil)
    before = prints(package)
    told = [one for one in check(package) if one.file == "datapackage.json"]
    assert prints(package) == before and len(told) == 1, report(check(package))
    assert told[0].rule == "package" and all(part in str(told[0]) for part in words.split(" … ")), told[0]
    assert on_line in (package / "datapackage.json").read_text().splitlines()[told[0].line - 1], told[0]


def test_no_address_in_a_description_is_fetched(package, describe, monkeypatch):
    def refuse(*_):
        raise AssertionError("the network was used")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    address = "https://example.org/x.json"
    describe(lambda d: d.update({"$schema": address, "profile": address}))
    describe(lambda d: tab(d).update({"profile": address, "$schema": address, "dialect": address}))
    describe(lambda d: tab(d)["schema"].update({"$schema": address, "missingValues": address}))
    assert check(package) == []


# --- how a package is named ---


def test_a_package_may_be_named_by_its_folder_its_description_or_its_zip(package, tmp_path, monkeypatch):
    with zipfile.ZipFile(tmp_path / "p.zip", "w") as packed:
        for path in package.rglob("*.*"):
            packed.write(path, path.relative_to(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    sound = report(check(package))
    assert sound.startswith("No problems: 23 tables")
    for named in (
        package / "datapackage.json",
        tmp_path / "p.zip",
        "~/package",
        f"~/{package.name}/datapackage.json",
    ):
        assert report(check(named)) == sound and len(load(named).documents) == 5


def test_what_is_no_package_is_told(tmp_path):
    (tmp_path / "x.csv").write_text("a,b\n")
    with zipfile.ZipFile(tmp_path / "p.zip", "w") as packed:
        packed.writestr("x.csv", "a,b\n")
    for name, words in {
        "nowhere": "there is no folder",
        "x.csv": "Not a directory",
        "p.zip": "this file is missing",
    }.items():
        [problem] = check(tmp_path / name)
        assert words in problem.message and "name a folder with a data package" in problem.todo


VALUES = st.sampled_from(
    [None, 0, "", "x", "../x", [], ["x"], {}, {"x": "y"}, [{}], True, "https://example.org/x"]
)


@settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_whatever_stands_in_the_description_there_is_no_exception(package, data):
    path = package / "datapackage.json"
    whole = path.read_text()
    descriptor = json.loads(whole)
    place = data.draw(st.sampled_from([descriptor, *descriptor["resources"]]))
    while data.draw(st.booleans()):  # walk down into the description
        inner = [
            one
            for one in (place.values() if isinstance(place, dict) else place)
            if one and isinstance(one, dict | list)
        ]
        if not inner:
            break
        place = data.draw(st.sampled_from(inner))
    key = data.draw(st.sampled_from(list(place) if isinstance(place, dict) else range(len(place))))
    place[key] = data.draw(VALUES)
    path.write_text(json.dumps(descriptor, indent=2))
    try:
        assert all(one.file and one.rule and one.message and one.todo for one in check(package))
    finally:
        path.write_text(whole)

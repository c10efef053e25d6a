"""Whether `datapackage.json` describes tables that the compendium can work with, told to the person who edits it."""

from __future__ import annotations

import codecs
import json
import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any

from compendium import periods
from compendium.description import (
    FILE,
    Meta,
    fields,
    foreign_keys,
    is_date,
    links,
    primary_key,
    schema,
    table_path,
)
from compendium.problems import Problem, quoted

ALIKE = ("type", "rdfType", "vocabulary")  # what a column must have as the project's own package has it
STANDARD = "describe the table as https://datapackage.org/standard says"


@dataclass
class Description:
    """What a package says of itself: `content`, and of its `tables`, by name, those that can be worked with.

    `files` are all that it describes, well or not; `problems` is what is wrong.
    """

    content: Meta = field(default_factory=dict)
    tables: dict[str, Meta] = field(default_factory=dict)
    files: set[str] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)


def read(data_dir: Path) -> Description:
    """Read and judge the description of the package in a folder."""

    def broken(line: int, message: str, todo: str) -> Description:
        return Description(problems=[Problem(FILE, line, "", "package", message, todo)])

    try:
        raw = (data_dir / FILE).read_bytes()
        text = raw.decode("utf-8-sig")
        content = json.loads(text)
    except FileNotFoundError:
        missing = (
            "this file is missing" if data_dir.is_dir() else f"there is no folder {quoted(str(data_dir))}"
        )
        return broken(0, missing, "name a folder that holds a data package with its datapackage.json")
    except OSError as error:
        return broken(0, f"it cannot be read: {error.strerror}", "put a file that you may read in its place")
    except UnicodeDecodeError as error:
        return broken(raw.count(b"\n", 0, error.start) + 1, "it is not UTF-8 text", "save it as UTF-8 text")
    except json.JSONDecodeError as error:
        return broken(error.lineno, f"it is not JSON: {error.msg}", "correct this line or the one before")
    except (RecursionError, ValueError):  # nested a thousand deep, or a number of thousands of digits
        return broken(1, "it is not the description of a data package", STANDARD)
    found = Description(content if isinstance(content, dict) else {})
    if raw.startswith(codecs.BOM_UTF8):
        mark = "it begins with an invisible mark (BOM)"
        found.problems.append(Problem(FILE, 1, "", "encoding", mark, "save it as UTF-8 without BOM"))
    faulty: set[int | None] = set()
    if isinstance(found.content.get("created"), str) and not _is_day(found.content["created"][:10]):
        todo = "give the day on which the data were last worked over, such as 2026-11-23T00:00:00Z"
        found.problems.append(Problem(FILE, 1, "", "package", "`created` is no date", todo))
    for place, message, todo in _against_schema(content):
        faulty.add(place)
        found.problems.append(_problem(content, place, text, message, todo))
    resources = found.content.get("resources")
    for place, resource in enumerate(resources if isinstance(resources, list) else []):
        if isinstance(resource, dict) and isinstance(resource.get("path"), str):
            found.files.add(posixpath.normpath(resource["path"]))
        if place not in faulty:
            faults = list(_faults(resource, data_dir, found.tables))
            found.problems += [_problem(content, place, text, *fault) for fault in faults]
            if not faults:
                found.tables[resource["name"]] = resource
    for place, resource in enumerate(resources if isinstance(resources, list) else []):
        if any(resource is known for known in found.tables.values()):
            dangling = _dangling(resource, found.tables)
            found.problems += [_problem(content, place, text, *fault) for fault in dangling]
    return found


def _is_day(text: str) -> bool:
    try:
        return len(text) == 10 and bool(periods.parse(text))
    except ValueError:
        return False


def _against_schema(content: Any) -> Iterator[tuple[int | None, str, str]]:
    """What `datapackage.schema.json` finds: number of the table (None: the package), what is wrong, what to do."""
    from jsonschema import Draft202012Validator  # slow to import

    rules = json.loads((files("compendium") / "datapackage.schema.json").read_text(encoding="utf-8"))
    for error in Draft202012Validator(rules).iter_errors(content):
        path = list(error.absolute_path)
        place = path[1] if path[:1] == ["resources"] and len(path) > 1 else None
        what = ", ".join(
            f"`{part}`" for part in (path if place is None else path[2:]) if isinstance(part, str)
        )
        missing = error.validator == "required"
        column = _column(content, path)
        where = f"column {quoted(column)}: " if column else ""
        names = re.findall(r"'(.+?)' is a required", error.message)
        said = f"`{names[0]}` is missing" if missing and names else f"{what or 'it'} is ill-formed"
        yield place, where + said, str(error.schema.get("todo", STANDARD))


def _column(content: Any, path: list[Any]) -> str:
    """Name of the column that a path in the description leads to; empty if it leads to none or to one without."""
    if path[2:4] != ["schema", "fields"] or len(path) < 5:
        return ""
    described = content["resources"][path[1]]["schema"]["fields"][path[4]]
    name = described.get("name") if isinstance(described, dict) else None
    return name if isinstance(name, str) else ""


def _problem(content: Any, place: int | None, text: str, message: str, todo: str) -> Problem:
    """A problem of a table by its number, at the line where its name stands, or of the whole description."""
    if place is None:
        return Problem(FILE, 1, "", "package", message, todo)
    resource = content["resources"][place]
    name = resource.get("name") if isinstance(resource, dict) else None
    if not isinstance(name, str):
        return Problem(FILE, 1, "", "package", f"table number {place + 1}: {message}", todo)
    found = re.search(rf'"name"\s*:\s*{re.escape(json.dumps(name))}', text)
    line = text.count("\n", 0, found.start()) + 1 if found else 1
    return Problem(FILE, line, "", "package", f"table {quoted(name)}: {message}", todo)


def _faults(resource: Meta, data_dir: Path, earlier: dict[str, Meta]) -> Iterator[tuple[str, str]]:
    """What is wrong with a well-formed description of a table, each with what to do."""
    if resource["name"] in earlier:
        yield "another table has the same name", "give each table a name of its own"
    try:
        table_path(data_dir, resource["path"])
    except ValueError as error:
        yield str(error), "put the file into the folder of the package and correct its `path`"
    columns = fields(resource)
    if len(columns) < len(resource["schema"]["fields"]):
        yield "two of its columns have the same name", "give each column a name of its own"
    keys = [*primary_key(resource), *(name for own, _, _ in foreign_keys(resource) for name in own)]
    keys += list(resource.get("naming", {}).values())
    for name in dict.fromkeys(keys):
        if name not in columns:
            yield (
                f"it names a column {quoted(name)}, which is not described",
                "describe it, or correct the name",
            )
    for role in ("asOf", "asOfElse"):
        if role in resource and not is_date(columns.get(resource[role], {})):
            yield f"`{role}` does not name a column of dates", "name a column that holds dates, or remove it"
    if ("asOfThrough" in resource or "naming" in resource) and len(primary_key(resource)) > 1:
        yield "`asOfThrough` and `naming` need a key of one column", "remove it, or give the table such a key"
    own = {one["name"]: one for one in schema()["resources"]}.get(
        resource["name"], {"schema": {"fields": []}}
    )
    for name, known in fields(own).items():
        differing = [part for part in ALIKE if name in columns and columns[name].get(part) != known.get(part)]
        if differing:
            expected = ", ".join(f"`{part}`: {quoted(str(known.get(part, 'none')))}" for part in differing)
            yield f"column {quoted(name)} is not what the notebooks expect", f"describe it with {expected}"


def _dangling(resource: Meta, tables: dict[str, Meta]) -> Iterator[tuple[str, str]]:
    """References to columns that a described table does not have, each with what to do."""
    pointers = [(target, columns) for _, target, columns in foreign_keys(resource)]
    pointers += [(link.target, [link.target_column]) for link in links(resource) if link.many]
    if "asOfThrough" in resource:
        pointers.append((resource["asOfThrough"]["resource"], [resource["asOfThrough"]["field"]]))
    for target, columns in pointers:
        for column in columns:
            if target in tables and column not in fields(tables[target]):
                wrong = f"it refers to a column {quoted(column)} of {quoted(target)}, which has none"
                yield wrong, "name a column that this table has"

"""Whether `datapackage.json` describes tables that the compendium can work with, told to the person who edits it."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Collection, Iterator, Mapping
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
from compendium.editing.characters import strange
from compendium.problems import Problem, quoted

ALIKE = ("type", "rdfType", "vocabulary", "delimiter", "reference")  # as the project's own package has them
MARK = "\ufeff"
LONE = re.compile(r"\\u[dD][89a-fA-F][0-9a-fA-F]{2}")
STANDARD = "describe the tables as https://datapackage.org/standard says"

Place = tuple[
    str | int, ...
]  # where something stands in the description: names and numbers, from the outside in
Fault = tuple[Place, str, str]  # where, what is wrong, what to do


@dataclass
class Description:
    """What a package says of itself: `content`, and of its `tables`, by name, those that can be worked with.

    `files` are all that it describes, well or not; `problems` is what is wrong.
    """

    content: Meta = field(default_factory=dict)
    tables: dict[str, Meta] = field(default_factory=dict)
    files: set[str] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)


def read(folder: Path) -> Description:
    """Read and judge the description of the package in a folder."""
    loaded = _loaded(folder)
    if isinstance(loaded, Problem):
        return Description(problems=[loaded])
    text, content = loaded
    found = Description(content if isinstance(content, dict) else {})
    faults = [*_in_package(text, content), *_against_schema(content)]
    faulty = {place[1] for place, _, _ in faults if place[:1] == ("resources",) and len(place) > 1}
    resources = content.get("resources") if isinstance(content, dict) else None
    numbered = dict(enumerate(resources if isinstance(resources, list) else []))
    sound = {number: resource for number, resource in numbered.items() if number not in faulty}
    columns = {resource["name"]: fields(resource).keys() for resource in reversed(sound.values())}
    own = {resource["name"]: resource for resource in schema()["resources"]}
    for number, resource in numbered.items():
        if isinstance(resource, dict) and isinstance(resource.get("path"), str):
            found.files.add(posixpath.normpath(resource["path"]))
        if number in sound:
            inside = [*_against_own(resource, own)] or [*_in_table(resource, folder, columns)]
            if resource["name"] in found.tables:
                inside = [(("name",), "another table has the same name", "give each table a name of its own")]
            faults += [(("resources", number, *place), message, todo) for place, message, todo in inside]
            found.tables |= {} if inside else {resource["name"]: resource}
    tree = _tree(text) if faults else None
    for place, message, todo in dict.fromkeys(faults):
        line, where = _where(content, tree, place)
        found.problems.append(Problem(FILE, line, "", "package", where + message, todo))
    return found


def _loaded(folder: Path) -> tuple[str, Any] | Problem:
    """The text of the description and what it says, or why it cannot be read."""

    def broken(line: int, message: str, todo: str) -> Problem:
        return Problem(FILE, line, "", "package", message, todo)

    named = f"name a folder with a data package, its {FILE}, or the zip of one"
    try:
        raw = (folder / FILE).read_bytes()
        text = raw.decode("utf-8")
        return text, json.loads(text.removeprefix(MARK))
    except FileNotFoundError:
        missing = "this file is missing" if folder.is_dir() else f"there is no folder {quoted(str(folder))}"
        return broken(0, missing, named)
    except OSError as error:
        return broken(0, f"it cannot be read: {error.strerror}", named)
    except UnicodeDecodeError as error:
        return broken(raw.count(b"\n", 0, error.start) + 1, "it is not UTF-8 text", "save it as UTF-8 text")
    except json.JSONDecodeError as error:
        return broken(error.lineno, f"it is not JSON: {error.msg}", "correct this line or the one before")
    except (RecursionError, ValueError):  # nested a thousand deep, or a number of thousands of digits
        return broken(1, "it is not the description of a data package", STANDARD)


def _in_package(text: str, content: Any) -> Iterator[Fault]:
    """What no schema can tell of the package as a whole."""
    if text.startswith(MARK):
        yield (), "it begins with an invisible mark (BOM)", "save it as UTF-8 without BOM"
    day = content.get("created") if isinstance(content, dict) else None
    try:
        if isinstance(day, str) and periods.parse(day[:10]).freqstr != "D":
            raise ValueError(f"{day} is no day")
    except ValueError as error:
        yield ("created",), str(error), "write it as in 2026-11-23T00:00:00Z"
    yield from _in_texts(content, ())


def _in_texts(content: Any, place: Place) -> Iterator[Fault]:
    """Texts with characters that do not show, or that cannot be written."""
    if isinstance(content, str):
        if odd := strange(content.replace("\n", " ")):
            yield place, *odd
    elif isinstance(content, dict | list):
        for part, inner in content.items() if isinstance(content, dict) else enumerate(content):
            yield from _in_texts(inner, (*place, part))


def _against_schema(content: Any) -> Iterator[Fault]:
    """What `datapackage.schema.json` finds."""
    from jsonschema import Draft202012Validator, FormatChecker  # slow to import

    rules = json.loads((files("compendium.editing") / "datapackage.schema.json").read_text(encoding="utf-8"))
    for error in Draft202012Validator(rules, format_checker=FormatChecker(["regex"])).iter_errors(content):
        place: Place = tuple(error.absolute_path)
        todo = str(error.schema.get("todo", STANDARD))
        if error.validator == "required":
            [*_, name] = re.findall(r"'(.+?)' is a required", error.message)
            yield place, f"`{name}` is missing", todo
        elif error.validator == "additionalProperties":
            yield place, "it has a part that nothing knows", todo
        else:
            yield place, f"it cannot be {quoted(json.dumps(error.instance))}", todo


def _in_table(resource: Meta, folder: Path, columns: Mapping[str, Collection[str]]) -> Iterator[Fault]:
    """What is wrong with a well-formed description of a table; `columns` are those of all tables."""
    name, described, key = resource["name"], fields(resource), primary_key(resource)
    try:
        table_path(folder, resource["path"])
    except ValueError as error:
        yield ("path",), str(error), "put the file into the folder of the package and correct its `path`"
    if len(described) < len(resource["schema"]["fields"]):
        yield ("schema", "fields"), "two columns have the same name", "give each column a name of its own"
    pointers: list[tuple[Place, str, list[str]]] = [(("schema", "primaryKey"), name, key)]
    pointers += [(("naming", part), name, [column]) for part, column in resource.get("naming", {}).items()]
    for number, (names, target, there) in enumerate(foreign_keys(resource)):
        place: Place = ("schema", "foreignKeys", number)
        pointers += [(place, name, names), (place, target, there)]
    pointers += [
        (("schema", "fields"), link.target, [link.target_column]) for link in links(resource) if link.many
    ]
    if through := resource.get("asOfThrough"):
        pointers.append((("asOfThrough",), through["resource"], [through["field"]]))
    for place, table, names in pointers:
        for column in names:
            if column not in columns.get(table, names):  # a table that is not described at all is no fault
                wrong = f"the table {quoted(table)} has no column {quoted(column)}"
                yield place, wrong, "describe it, or correct the name"
    for role in ("asOf", "asOfElse"):
        if role in resource and not is_date(described.get(resource[role], {})):
            yield (
                (role,),
                "it does not name a column of dates",
                "name a column that holds dates, or remove it",
            )
    order = resource.get("naming", {}).get("order")
    if order in described and described[order].get("type") != "integer":
        yield ("naming", "order"), "it does not name a column of whole numbers", "name one, or remove it"
    for role in ("asOfThrough", "naming"):
        if role in resource and len(key) > 1:
            yield (role,), "it needs a key of one column", "remove it, or give the table such a key"


def _against_own(resource: Meta, own: dict[str, Meta]) -> Iterator[Fault]:
    """Where a table that the project has, too, is described so that notebooks and rules would read it otherwise."""
    known_table = own.get(resource["name"], resource)
    if primary_key(resource) != primary_key(known_table):
        expected = json.dumps(primary_key(known_table))
        yield (
            ("schema", "primaryKey"),
            f"the notebooks expect {expected}",
            "take that key, or name the table otherwise",
        )
    for number, column in enumerate(resource["schema"]["fields"]):
        known = fields(known_table).get(column["name"], column)
        for part in ALIKE:
            if column.get(part) != known.get(part):
                expected = json.dumps(known[part]) if part in known else "none"
                message = f"the notebooks expect `{part}`: {expected}"
                yield ("schema", "fields", number), message, "describe it so, or name the column otherwise"


def _tree(text: str) -> Any:
    """A JSON text as a tree that knows its lines: JSON is YAML, too. None if there is something that YAML refuses."""
    import yaml

    try:
        whole = LONE.sub(r"\\ufffd", text).replace("\t", " ").removeprefix(MARK)
        return yaml.compose(whole, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except yaml.YAMLError:
        return None


def _where(content: Any, tree: Any, place: Place) -> tuple[int, str]:
    """The line on which what stands at a place begins, and the place in words: table and column by their names."""
    line, words = 1, ""
    inside: list[str] = []
    for at, step in enumerate(place):
        content = content[step]
        line, tree = _part(tree, step, line)
        if isinstance(step, int) and (
            of := {"resources": "table", "fields": "column"}.get(str(place[at - 1]))
        ):
            name = content.get("name") if isinstance(content, dict) else None
            words += f"{of} {quoted(name)}: " if isinstance(name, str) else f"{of} number {step + 1}: "
            line, inside = _part(tree, "name", line)[0], []
        else:
            inside.append(str(step))
    inner = ".".join(part for part in inside if part != "schema" or len(inside) == 1)
    return line, words + (f"`{inner}`: " if inner else "")


def _part(tree: Any, step: str | int, line: int) -> tuple[int, Any]:
    """Line and tree of a part of a tree; the line given, and None, where there is no such part."""
    if isinstance(step, int) and tree is not None:
        return tree.value[step].start_mark.line + 1, tree.value[step]
    parts = tree.value if tree is not None and tree.id == "mapping" else ()
    return next(((key.start_mark.line + 1, value) for key, value in parts if key.value == step), (line, None))

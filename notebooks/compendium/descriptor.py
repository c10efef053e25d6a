"""The description of a data package, `datapackage.json`: what it says, and what is wrong with it."""

from __future__ import annotations

import codecs
import errno
import json
import os
import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PureWindowsPath
from typing import Any

from compendium import periods
from compendium.problems import Problem, quoted

FILE = "datapackage.json"
EDTF = "http://id.loc.gov/datatypes/edtf"
ANYWHERE = {"resource": "any", "field": "any"}  # stands for a pointer that a description need not have
TYPES = (
    *("string", "integer", "number", "boolean", "list", "date", "time", "datetime", "year", "yearmonth"),
    *("duration", "array", "object", "geopoint", "geojson", "any"),
)
STANDARD = "describe the table as https://datapackage.org/standard says"


MANDATE = (
    "write `title`, `assessment`, `protocol` and `treaty` as text, `holders_at_a_time` as a number, `named_events` and "
    "each of `notes` as a list of texts, each of `landmarks` as a pair of texts, and in `index` the bodies `mandate` "
    "and `treaty` as text, `committee` and `others` as lists of texts"
)


Meta = dict[str, Any]  # the description of a table or of a column, as datapackage.json has it


@dataclass(frozen=True)
class Link:
    """A column whose value, or each of whose values (`many`), stands in a column of the table `target`."""

    column: str
    target: str
    target_column: str
    many: bool


def fields(resource: Meta) -> dict[str, Meta]:
    """Descriptions of a table's columns by name, in order."""
    return {field["name"]: field for field in resource["schema"]["fields"]}


def _names(value: str | list[str]) -> list[str]:
    """Names of columns; the standard lets a single one stand without its list."""
    return [value] if isinstance(value, str) else value


def is_date(field: Meta) -> bool:
    """Whether a column holds dates of reduced precision."""
    return field.get("rdfType") == EDTF


def split(cell: str, field: Meta) -> list[str]:
    """The values of a cell of type list; none where it is empty."""
    return cell.split(field.get("delimiter", ",")) if cell else []


def primary_key(resource: Meta) -> list[str]:
    """Columns that make up a table's key."""
    return _names(resource["schema"]["primaryKey"])


def foreign_keys(resource: Meta) -> list[tuple[list[str], str, list[str]]]:
    """Foreign keys of a table: its own columns, the table that they point at, and the columns there."""
    return [
        (
            _names(key["fields"]),
            key["reference"].get("resource") or resource["name"],
            _names(key["reference"]["fields"]),
        )
        for key in resource["schema"].get("foreignKeys", [])
    ]


def links(resource: Meta) -> list[Link]:
    """Foreign keys of a single column, and lists whose items refer to another table."""
    keys = [
        Link(own[0], target, there[0], many=False)
        for own, target, there in foreign_keys(resource)
        if len(own) == 1
    ]
    lists = [
        Link(name, field["reference"]["resource"], field["reference"]["field"], many=True)
        for name, field in fields(resource).items()
        if "reference" in field
    ]
    return keys + lists


def table_path(data_dir: Path, path: str) -> Path:
    """Where the file of a table stands.

    Raises ValueError, with a sentence for the reader, if `path` is an address or leads out of the folder.
    """
    if "://" in path:
        raise ValueError(f"{quoted(path)} is an address, not a file of this folder")
    windows = PureWindowsPath(path)  # sees the ways out of a folder that each system knows
    folder = os.path.realpath(data_dir)
    try:
        inside = os.path.commonpath([folder, os.path.realpath(data_dir / path)]) == folder
    except ValueError:  # a character that no file name can have
        inside = False
    if windows.drive or windows.root or ".." in windows.parts or not inside:
        raise ValueError(f"{quoted(path)} leaves the folder of the package")
    return data_dir / path


@dataclass
class Description:
    """What a package says of itself.

    `tables` holds the descriptions that can be worked with, by name; `files` every file that is described at all,
    well or not; `problems` what is wrong.
    """

    tables: dict[str, Meta] = field(default_factory=dict)
    files: set[str] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)


def read(data_dir: Path) -> Description:
    """Read and judge the description of the package in a folder."""
    try:
        raw = file_bytes(data_dir / FILE)
        text = raw.decode("utf-8-sig")
        content = json.loads(text)
    except FileNotFoundError:
        missing = (
            "this file is missing" if data_dir.is_dir() else f"there is no folder {quoted(str(data_dir))}"
        )
        return _unreadable(0, missing, "name a folder that holds a data package with its datapackage.json")
    except OSError as error:
        return _unreadable(
            0, f"it cannot be read: {error.strerror}", "put a file that you may read in its place"
        )
    except UnicodeDecodeError as error:
        return _unreadable(
            raw.count(b"\n", 0, error.start) + 1, "it is not UTF-8 text", "save it as UTF-8 text"
        )
    except json.JSONDecodeError as error:
        return _unreadable(
            error.lineno, f"it is not JSON: {error.msg}", "correct this line or the one before"
        )
    except (RecursionError, ValueError):  # nested a thousand deep, or a number of thousands of digits
        return _unreadable(1, "it is not the description of a data package", STANDARD)
    resources = content.get("resources") if isinstance(content, dict) else None
    if not isinstance(resources, list) or not resources:
        return _unreadable(1, "it describes no tables", STANDARD)

    description = Description()
    if raw.startswith(codecs.BOM_UTF8):
        mark = "it begins with an invisible mark (BOM)"
        description.problems.append(Problem(FILE, 1, "", "encoding", mark, "save it as UTF-8 without BOM"))
    description.problems += [Problem(FILE, 1, "", "package", *fault) for fault in _package_faults(content)]
    tables = description.tables
    for number, resource in enumerate(resources, 1):
        faults = list(_form_faults(resource)) or list(_faults(resource, data_dir, tables))
        if not faults:
            tables[resource["name"]] = resource
        if isinstance(resource, dict) and isinstance(resource.get("path"), str):
            description.files.add(posixpath.normpath(resource["path"]))
        description.problems += [_table_problem(resource, number, text, *fault) for fault in faults]
    for number, resource in enumerate(tables.values(), 1):
        gaps = [*_gaps(resource), *_link_faults(resource, tables)]
        description.problems += [_table_problem(resource, number, text, *gap) for gap in gaps]
    return description


def _package_faults(content: Meta) -> Iterator[tuple[str, str]]:
    """What is wrong with what a package says of itself as a whole, each with what to do."""
    if not _is_day(content.get("created")):
        yield (
            "`created` is missing or no date",
            "give the day on which the data were last worked over, such as 2026-11-23T00:00:00Z",
        )
    mandate = content.get("mandate", {})
    if not isinstance(mandate, dict) or not isinstance(content.get("title", ""), str):
        yield "`mandate` or `title` is ill-formed", MANDATE
        return
    texts = [mandate.get(name, "any") for name in ("title", "assessment", "protocol", "treaty")]
    together = mandate.get("holders_at_a_time", 1)
    notes = mandate.get("notes", {})
    lists = [mandate.get("named_events", []), *(notes.values() if isinstance(notes, dict) else [None])]
    landmarks = mandate.get("landmarks", [])
    pairs = isinstance(landmarks, list) and all(_are_texts(pair) and len(pair) == 2 for pair in landmarks)
    index = mandate.get("index", {})
    bodies = isinstance(index, dict) and all(
        _are_texts(named)
        if part in ("committee", "others")
        else _is_text(named) and part in ("mandate", "treaty")
        for part, named in index.items()
    )
    well_formed = pairs and bodies and type(together) is int
    if not (all(map(_is_text, texts)) and all(map(_are_texts, lists)) and well_formed):
        yield "`mandate` is ill-formed", MANDATE


def file_bytes(path: Path) -> bytes:
    """Content of an ordinary file. Raises OSError for anything else, such as a pipe, which would keep us waiting."""
    if path.exists() and not path.is_file() and not path.is_dir():
        raise OSError(errno.EINVAL, "it is not an ordinary file")
    return path.read_bytes()


def _unreadable(line: int, message: str, todo: str) -> Description:
    return Description(problems=[Problem(FILE, line, "", "package", message, todo)])


def _table_problem(resource: Any, number: int, text: str, message: str, todo: str) -> Problem:
    name = resource.get("name") if isinstance(resource, dict) else None
    if not isinstance(name, str):
        return Problem(FILE, 1, "", "package", f"table number {number}: {message}", todo)
    found = re.search(rf'"name"\s*:\s*{re.escape(json.dumps(name))}', text)
    line = text.count("\n", 0, found.start()) + 1 if found else 1
    return Problem(FILE, line, "", "package", f"table {quoted(name)}: {message}", todo)


def _form_faults(resource: Any) -> Iterator[tuple[str, str]]:
    """Where a description lacks the form that every reader of it relies on, each with what to do."""
    if not isinstance(resource, dict):
        yield "it is not described", STANDARD
        return
    if not _is_text(resource.get("name")):
        yield "it has no name", "give it a `name`"
    if not _is_text(resource.get("path")):
        yield "it has no file", "give it a `path`, the name of one CSV file in this folder"
    schema = resource.get("schema")
    columns = schema.get("fields") if isinstance(schema, dict) else None
    if not isinstance(schema, dict) or not isinstance(columns, list) or not columns:
        yield "its columns are not described", "describe each column under `schema` and `fields`"
        return
    if not all(isinstance(column, dict) and _is_text(column.get("name")) for column in columns):
        yield "a column has no name", "give each of its `fields` a `name`"
        return
    for column in columns:
        if column.get("type", "any") not in TYPES:
            yield (
                f"column {quoted(column['name'])} has an unknown type",
                f"give it one of: {', '.join(TYPES)}",
            )
        texts = [column.get("vocabulary", "any"), column.get("delimiter", "any")]
        if not all(map(_is_text, texts)) or not _is_pointer(column.get("reference", ANYWHERE)):
            yield (
                f"column {quoted(column['name'])} has an ill-formed `vocabulary`, `delimiter` or `reference`",
                "write `vocabulary` and `delimiter` as text, `reference` as a `resource` and a `field`",
            )
    if not _is_pointer(resource.get("asOfThrough", ANYWHERE)):
        yield (
            "`asOfThrough` is ill-formed",
            "give it the `resource` and the `field` that hold the key of this table",
        )
    if not _are_names(schema.get("primaryKey")):
        yield "it has no key", "name in `primaryKey` the columns that tell its rows apart"
    keys = schema.get("foreignKeys", [])
    if not isinstance(keys, list) or not all(map(_is_foreign_key, keys)):
        yield (
            "a foreign key is ill-formed",
            "give each of `foreignKeys` its `fields`, and a `reference` with `fields`",
        )


def _is_day(value: Any) -> bool:
    """Whether a value begins with a date that `Tables.until` can read."""
    try:
        return isinstance(value, str) and bool(periods.parse(value[:10]))
    except ValueError:
        return False


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and value != ""


def _are_texts(value: Any) -> bool:
    return isinstance(value, list) and all(map(_is_text, value))


def _are_names(value: Any) -> bool:
    return _is_text(value) or (isinstance(value, list) and value != [] and all(map(_is_text, value)))


def _is_pointer(value: Any) -> bool:
    return isinstance(value, dict) and _is_text(value.get("resource")) and _is_text(value.get("field"))


def _is_foreign_key(key: Any) -> bool:
    reference = key.get("reference") if isinstance(key, dict) else None
    if not isinstance(reference, dict) or not isinstance(reference.get("resource", ""), str):
        return False
    return _are_names(key.get("fields")) and _are_names(reference.get("fields"))


def _faults(resource: Meta, data_dir: Path, earlier: dict[str, dict]) -> Iterator[tuple[str, str]]:
    """What is wrong with a well-formed description, each with what to do."""
    if resource["name"] in earlier:
        yield "another table has the same name", "give each table a name of its own"
    try:
        table_path(data_dir, resource["path"])
    except ValueError as error:
        yield str(error), "put the file into the folder of the package and correct its `path`"
    columns = fields(resource)
    if len(columns) < len(resource["schema"]["fields"]):
        yield "two of its columns have the same name", "give each column a name of its own"
    for name in [*primary_key(resource), *(name for own, _, _ in foreign_keys(resource) for name in own)]:
        if name not in columns:
            yield (
                f"a key names the column {quoted(name)}, which is not described",
                "describe it, or correct the key",
            )


def _gaps(resource: Meta) -> Iterator[tuple[str, str]]:
    """What a description leaves unsaid or says wrongly, while its table can be checked all the same."""
    columns = fields(resource)
    for name, column in columns.items():
        if not _is_text(column.get("description")):
            yield f"column {quoted(name)} has no description", "say in `description` what its values mean"
    if not _is_text(resource.get("description")):
        yield "it has no description", "say in `description` what one row of it means"
    for role in ("asOf", "asOfElse"):
        if role in resource and not (_is_text(resource[role]) and is_date(columns.get(resource[role], {}))):
            yield f"`{role}` does not name a column of dates", "name a column that holds dates, or remove it"
    if "asOfThrough" in resource and len(primary_key(resource)) > 1:
        yield (
            "`asOfThrough` needs a key of one column",
            "remove it, or give the table a `primaryKey` of one column",
        )


def _link_faults(resource: Meta, tables: dict[str, Meta]) -> Iterator[tuple[str, str]]:
    """References to columns that a described table does not have, each with what to do."""
    pointers = [(target, columns) for _, target, columns in foreign_keys(resource)]
    pointers += [(link.target, [link.target_column]) for link in links(resource) if link.many]
    if "asOfThrough" in resource:
        pointers.append((resource["asOfThrough"]["resource"], [resource["asOfThrough"]["field"]]))
    for target, columns in pointers:
        for column in columns:
            if target in tables and column not in fields(tables[target]):
                yield (
                    f"it refers to a column {quoted(column)} of {quoted(target)}, which has none",
                    "name a column that this table has",
                )

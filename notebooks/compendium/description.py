"""What `datapackage.json` says of tables and columns: the one place that knows its form."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PureWindowsPath
from typing import Any

from compendium.problems import quoted

FILE = "datapackage.json"
EDTF = "http://id.loc.gov/datatypes/edtf"
PROJECT = Path(__file__).resolve().parents[2]
NOTES = "notes"  # the folder with what a package itself says, a Markdown file for each place of a notebook
VOCABULARIES = "vocabularies"  # the table with the codes of all coded columns

Meta = dict[str, Any]  # the description of a package, of a table or of a column, as datapackage.json has it


@dataclass(frozen=True)
class Link:
    """A column whose value, or each of whose values (`many`), stands in a column of the table `target`."""

    column: str
    target: str
    target_column: str
    many: bool


def read(data_dir: Path) -> Meta:
    """The description of the package in a folder; OSError if there is none, ValueError if it is not JSON."""
    content: Meta = json.loads((data_dir / FILE).read_text(encoding="utf-8"))
    return content


@cache
def schema() -> Meta:
    """The description of the project's own package: the tables and columns that the notebooks know."""
    return read(PROJECT / "data")


def fields(resource: Meta) -> dict[str, Meta]:
    """Descriptions of a table's columns by name, in order."""
    return {field["name"]: field for field in resource["schema"]["fields"]}


def is_date(field: Meta) -> bool:
    """Whether a column holds dates of reduced precision."""
    return field.get("rdfType") == EDTF


def is_list(field: Meta) -> bool:
    """Whether a cell of the column holds several values."""
    return field.get("type") == "list"


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


def layer(resource: Meta) -> str:
    """Whether a table is of the "record" or the "coding", by its folder, or a "vocabulary" beside them."""
    folder = Path(resource["path"]).parent.name
    return folder if folder in ("record", "coding") else "vocabulary"


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


def _names(value: str | list[str]) -> list[str]:
    """Names of columns; the standard lets a single one stand without its list."""
    return [value] if isinstance(value, str) else value

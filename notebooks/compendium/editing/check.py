"""Checking a data package: every problem in one pass, in words for the person who edits the tables.

One way: the description, the files, their cells and keys, the rules. A cell of which a step tells something is empty
for the steps after it, and no rule speaks of its row, so that nothing is told twice.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from compendium import rules
from compendium.description import FILE, VOCABULARIES, foreign_keys, is_list, links, package, split
from compendium.editing import cells, describing, files
from compendium.editing.files import Table
from compendium.problems import MOST, Problem, Problems, count, did_you_mean, quoted, report
from compendium.tables import Tables, typed

__all__ = ["Problem", "Problems", "check", "report"]

CONSTRAINT = re.compile(r'constraint "(\w+)"')  # frictionless names a broken constraint in its sentence only
LIMITS = {
    "minimum": "at least",
    "maximum": "at most",
    "minLength": "at the shortest",
    "maxLength": "at the longest",
}


def check(data_dir: str | Path) -> Problems:
    """Every problem of a data package, named as for `description.package`, by file and line; none if it is sound.

    Nothing is written and no address is fetched. Whatever the folder holds is told as a problem, never as an exception.
    """
    folder = package(data_dir)
    described = describing.read(folder)
    if not described.files:
        return Problems(sorted(described.problems))
    problems = [
        *described.problems,
        *files.undescribed(folder, described.files),
        *files.unreadable_notes(folder),
    ]
    tables = {name: Table(resource) for name, resource in described.tables.items()}
    for table in tables.values():
        problems += [*files.read(folder, table), *_forms(table), *_standard(table)]
    for table in tables.values():
        problems += [*_unknown(table, tables), *_order(table)]
    warnings: list[Problem] = []
    # A row, column or table that could not be read might be the one that a rule would miss.
    if not described.problems and all(table.whole for table in tables.values()):
        t = typed(described.content, {name: table.text() for name, table in tables.items()})
        problems += [*_unknown_codes(t), *rules.problems(t)]
        problems += rules.problems(t, rules.SOUND) if not problems else []
        warnings = rules.warnings(t) if not problems else []
    rows = sum(len(table.lines) for table in tables.values())
    return Problems(sorted(problems), len(tables), rows, warnings)


# --- cells and keys ---


def _forms(table: Table) -> Iterator[Problem]:
    """Cells that hold what no cell of their column may hold, whatever else the package has; empty ones among them."""
    for name, column in table.columns.items():
        described = table.fields[name]
        faults = {cell: cells.fault(cell, name, described) for cell in {*column}}
        if name in table.key:
            faults[""] = "key", "the key is empty", "type a key that no other row has"
        elif described.get("constraints", {}).get("required"):
            faults[""] = "required", "the cell is empty", _like(table, name)
        for row, (cell,) in table.untold([name]):
            if fault := faults[cell]:
                yield table.tell(row, [name], *fault)


def _standard(table: Table) -> Iterator[Problem]:
    """Types, constraints and keys, judged by frictionless and told in the words of this project."""
    from frictionless import FrictionlessException, Schema  # slow to import
    from frictionless.resources import TableResource

    asked = {}
    for name in table.columns:
        described = table.fields[name]
        # What is required was asked for already: a cell that was emptied since is not missing.
        limits = {
            part: limit for part, limit in described.get("constraints", {}).items() if part != "required"
        }
        if limits or name in table.key or described.get("type", "string") != "string":
            asked[name] = {"name": name, "type": described.get("type", "any"), "constraints": limits}
    key = table.key if asked.keys() >= {*table.key} else []
    rows = [
        ["" if (row, name) in table.told else table.columns[name][row] for name in asked]
        for row in range(len(table.lines))
    ]
    try:
        schema = Schema.from_descriptor({"fields": [*asked.values()], "primaryKey": key})
        with TableResource(data=[[*asked], *rows], schema=schema) as resource:
            # Row 1 is the header, and rows here count from 0.
            errors = [(row.row_number - 2, error) for row in resource.row_stream for error in row.errors]
    except FrictionlessException as failure:
        reasons = "; ".join(reason.note for reason in failure.reasons or [failure.error])
        message = f"table {quoted(table.name)}: its columns cannot be checked as described: {reasons}"
        yield Problem(FILE, 1, "", "package", message, describing.STANDARD)
        return
    for row, error in errors:
        name = getattr(error, "field_name", "")
        constraint = CONSTRAINT.search(error.note)
        if error.type == "primary-key" or (error.type == "unique-error" and key == [name]):
            if error.type == "primary-key" and not table.told.intersection((row, name) for name in key):
                twin = _twin(table, key, row)
                todo = "give one of the two rows another key, or delete it"
                yield table.tell(row, key, "key", f"line {twin} has the same key", todo)
        elif error.type == "unique-error":
            stands = f"{quoted(error.cell)} stands in line {_twin(table, [name], row)} already"
            yield table.tell(row, [name], "unique", stands, "give one of the two rows another value")
        elif constraint and constraint[1] in LIMITS:
            limit = f"is not {LIMITS[constraint[1]]} {table.fields[name]['constraints'][constraint[1]]}"
            yield table.tell(row, [name], "range", f"{quoted(error.cell)} {limit}", _like(table, name))
        elif constraint:
            message = f"{quoted(error.cell)} has not the form that this column asks for"
            yield table.tell(row, [name], "pattern", message, _like(table, name))
        elif name:
            message = f"{quoted(error.cell)} is not of the type {quoted(table.fields[name]['type'])}"
            yield table.tell(row, [name], "type", message, _like(table, name))


def _twin(table: Table, names: list[str], row: int) -> int:
    """Line of the first row that has the same in these columns."""
    cells = list(zip(*(table.columns[name] for name in names), strict=True))
    return table.lines[cells.index(cells[row])]


def _like(table: Table, name: str) -> str:
    """What to do about a cell that its column cannot hold: an example shows what it can."""
    example = str(table.fields[name].get("example", ""))
    return f"type a value, such as {quoted(example)}" if example else "type a value as the codebook has it"


class Reference(NamedTuple):
    """Columns of a table, what they can hold together, and the rule, the message and the advice where they do not."""

    columns: list[str]
    known: Collection[tuple[str, ...]]
    rule: str
    message: str
    todo: str


def _references(table: Table, tables: Mapping[str, Table]) -> Iterator[Reference]:
    """What a table refers to: codes of vocabularies, rows of other tables, its own columns; as far as that is known."""
    words = tables.get(VOCABULARIES)
    codes = words.values(["vocabulary", "code"]) if words else None
    for name in table.columns:
        vocabulary = table.fields[name].get("vocabulary")
        if vocabulary and codes is not None:
            known = {(code,): code for of, code in codes if of == vocabulary}
            message = f"is not in the vocabulary {quoted(vocabulary)}"
            todo = f"take one of: {', '.join(known.values()) or 'none yet'}"
            yield Reference([name], known, "vocabulary", message, todo)
        elif name == "unverified_fields":
            own = [(one,) for one in table.columns]
            yield Reference([name], own, "unverified", "is not a column of this table", "name a column")
    lists = [link for link in links(table.resource) if link.many]
    pointers = [([link.column], link.target, [link.target_column]) for link in lists]
    for own_columns, target, there in [*foreign_keys(table.resource), *pointers]:
        values = tables[target].values(there) if target in tables else None
        if values is not None and table.columns.keys() >= {*own_columns}:
            message = f"is not a {quoted('/'.join(there))} of the table {quoted(target)}"
            yield Reference(own_columns, values, "reference", message, f"add it to {quoted(target)}")


def _unknown(table: Table, tables: Mapping[str, Table]) -> Iterator[Problem]:
    """Cells that refer to what is not there."""
    for names, known, rule, message, todo in _references(table, tables):
        described = table.fields[names[0]]
        hints = MOST  # beyond so many problems of a kind none is shown
        for row, found in table.untold(names):
            items = [(item,) for item in split(found[0], described)] if is_list(described) else [found]
            for item in items:
                if any(item) and item not in known:
                    value, hints = "/".join(item), hints - 1
                    do = did_you_mean(value, map("/".join, known), todo) if hints >= 0 else todo
                    yield table.tell(row, names, rule, f"{quoted(value)} {message}", do)


def _order(table: Table) -> Iterator[Problem]:
    """The first row that comes too late in a table that is not sorted, and how many more do."""
    by = cells.sorted_by(table.resource)
    if not table.columns.keys() >= {*by}:
        return
    rows = dict(table.untold(by))
    found = cells.sort_keys((dict(zip(by, row, strict=True)) for row in rows.values()), table.resource)
    keys: list[tuple[int, Any]] = [
        (row, key) for row, key in zip(rows, found, strict=True) if key is not None
    ]
    late = [here for before, here in pairwise(keys) if here[1] < before[1]]
    if late:
        row, key = late[0]
        follower = next(other for other, other_key in keys if other_key > key)
        more = f"; so do {count(len(late) - 1, 'more row')}" if len(late) > 1 else ""
        message = f"the row comes too late: it belongs before line {table.lines[follower]}{more}"
        yield table.problem(row, "order", message, f"sort the table by {', then '.join(by)}")


def _unknown_codes(t: Tables) -> Iterator[Problem]:
    """Values that the package names for its mandate and that its tables do not have."""
    named = [("treaty", t.about("treaty"))]
    for part in t.about("index", {}).values():
        named += [("uhri_body", body) for body in ([part] if isinstance(part, str) else part)]
    for vocabulary, code in dict.fromkeys(named):
        if code and len(t[VOCABULARIES]) and code not in rules.words(t, vocabulary):
            message = f"`mandate` names {quoted(code)}; the vocabulary {quoted(vocabulary)} has no value {quoted(code)}"
            todo = "correct it there, or add the value to the vocabularies"
            yield Problem(FILE, 1, "", "package", message, todo)

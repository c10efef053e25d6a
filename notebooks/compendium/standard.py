"""What the Data Package standard asks of tables, judged by frictionless and told in the words of this project."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from compendium.cells import Neighbours, Table, unknown_reference
from compendium.describing import STANDARD
from compendium.description import FILE, foreign_keys
from compendium.problems import Problem, quoted

if TYPE_CHECKING:  # frictionless is slow to import: only a check needs it
    from frictionless import Package
    from frictionless.resources import TableResource

Key = tuple[str, tuple[str, ...]]  # a table, and the columns in it that others refer to
CONSTRAINT = re.compile(r'constraint "(\w+)"')  # frictionless names a broken constraint in its sentence only
LIMITS = {
    "minimum": "at least",
    "maximum": "at most",
    "minLength": "no shorter than",
    "maxLength": "no longer than",
    "enum": "one of",
}


def problems(tables: Mapping[str, Table], neighbours: Neighbours) -> Iterator[Problem]:
    """Wrong types, broken constraints, missing and repeated keys, unknown references."""
    from frictionless import Package

    package = Package()
    keys: dict[Key, str] = {}
    for table in tables.values():
        for _, key in _references(table, tables):
            keys.setdefault(key, f"keys-{len(keys)}")
    # Frictionless reads a table again for each reference to it, so it gets the keys by themselves. They are not
    # judged here: an ill-formed one is told where it stands, and not once more in each row that refers to it.
    for (target, columns), name in keys.items():
        rows = dict.fromkeys(tuple(row[column] for column in columns) for row in tables[target].rows)
        types = [
            {"name": column, "type": tables[target].fields[column].get("type", "any")} for column in columns
        ]
        _add(package, name, [columns, *rows], {"fields": types})

    pointed = {name: key for key, name in keys.items()}
    for number, table in enumerate(tables.values()):
        names = table.columns or list(table.fields)
        schema = {
            "fields": [table.fields[name] for name in names],
            "primaryKey": table.key if table.has(*table.key) else [],
            "foreignKeys": [
                {"fields": own, "reference": {"resource": keys[key], "fields": list(key[1])}}
                for own, key in _references(table, tables)
            ],
        }
        try:
            with _add(package, f"table-{number}", [names, *map(dict.values, table.rows)], schema) as resource:
                # Row 1 is the header, and rows here count from 0.
                errors = [(row.row_number - 2, error) for row in resource.row_stream for error in row.errors]
        # A description may ask for what nothing can apply, such as a broken pattern.
        except Exception as failure:
            for reason in [fault.note for fault in getattr(failure, "reasons", [])] or [str(failure)]:
                message = f"table {quoted(table.name)}: its columns cannot be checked as described: {reason}"
                yield Problem(FILE, 1, "", "package", message, STANDARD)
            continue
        for row, error in errors:
            if error.type == "primary-key":
                yield from _key_problems(table, row)
            elif error.type == "foreign-key":
                target, there = pointed[error.reference_name]
                yield from _reference_problems(
                    table, row, error.field_names, tables[target], there, neighbours
                )
            elif (row, error.field_name) not in table.faulty:
                found = list(_cell_problems(table, row, error))
                yield from found
                table.faulty.update((row, error.field_name) for one in found if one.rule == "type")


def _references(table: Table, tables: Mapping[str, Table]) -> Iterator[tuple[list[str], Key]]:
    """Foreign keys of a table that can be followed: its own columns, and the columns that they point at."""
    for own, target, there in foreign_keys(table.resource):
        if table.has(*own) and target in tables and tables[target].complete_in(*there):
            yield own, (target, tuple(there))


def _add(package: Package, name: str, rows: Iterable[Iterable[str]], schema: dict[str, Any]) -> TableResource:
    """Add rows as they were read, the header first: what else a description says, such as an address, is left out."""
    from frictionless import Schema
    from frictionless.resources import TableResource

    data = [list(row) for row in rows]
    resource = TableResource(name=name, data=data, schema=Schema.from_descriptor(schema))
    package.add_resource(resource)
    return resource


def _key_problems(table: Table, row: int) -> Iterator[Problem]:
    if any((row, name) in table.faulty for name in table.key):
        return
    key = table.id(row)
    if not key:
        yield from (_empty_key(table, row, name) for name in table.key)
        return
    todo = "give one of the two rows another key, or delete it"
    yield table.problem(
        row, "key", f"{'/'.join(table.key)}: line {table.line_of(key)} has the same key", todo
    )


def _empty_key(table: Table, row: int, name: str) -> Problem:
    return table.problem(row, "key", f"{name}: the key is empty", "type a key that no other row has")


def _reference_problems(
    table: Table, row: int, own: list[str], target: Table, there: tuple[str, ...], neighbours: Neighbours
) -> Iterator[Problem]:
    if any((row, name) in table.faulty for name in own):
        return
    value = "/".join(table.rows[row][name] for name in own)
    rule, message, todo = unknown_reference(target.name, "/".join(there))
    if len(there) == 1:
        todo = neighbours.hint(value, target.values(there[0]), todo)
    yield table.problem(row, rule, f"{'/'.join(own)}: {quoted(value)} {message}", todo)


def _cell_problems(table: Table, row: int, error: Any) -> Iterator[Problem]:
    name = error.field_name
    described = table.fields[name]
    cell = quoted(table.rows[row][name])
    example = str(described.get("example", ""))
    like = f"such as {quoted(example)}" if example else "as the codebook says"
    constraint = CONSTRAINT.search(error.note)
    broken = constraint[1] if constraint else ""
    if error.type == "unique-error":
        if table.key != [name]:  # or it is told as a key
            twin = table.lines[table.values(name)[table.rows[row][name]]]
            message = f"{name}: {cell} stands in line {twin} already"
            yield table.problem(row, "unique", message, "give one of the two rows another value")
    elif broken == "required" and name in table.key:
        yield _empty_key(table, row, name)
    elif broken == "required":
        yield table.problem(row, "required", f"{name}: the cell is empty", f"type a value, {like}")
    elif broken == "pattern":
        message = f"{name}: {cell} has not the form that this column asks for"
        yield table.problem(row, "pattern", message, f"type a value {like}")
    elif broken in LIMITS:
        limit = described["constraints"][broken]
        allowed = ", ".join(map(str, limit)) if isinstance(limit, list) else limit
        message = f"{name}: {cell} is not {LIMITS[broken]} {allowed}"
        yield table.problem(row, "range", message, f"type a value {like}")
    else:
        message = f"{name}: {cell} is not of the type {quoted(str(described.get('type')))}"
        yield table.problem(row, "type", message, f"type a value {like}")

"""What must hold in and between the tables of a package, and what a person should look at.

A rule is a predicate: a function of the typed tables, and of the rows of one table, that returns the faulty rows. Its
docstring is the message, with the values of the row in it; what to do is said beside it, or in a column `todo` of the
rows. The modules here hold the rules, by subject.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pandas as pd

from compendium.description import fields, primary_key
from compendium.periods import show
from compendium.problems import Problem, quoted
from compendium.tables import Tables

Find = Callable[[Tables, pd.DataFrame], pd.DataFrame]


class Rule(NamedTuple):
    """A rule on a table, or on every table that has some columns; `needs` says of what package it can judge."""

    on: str | tuple[str, ...]
    name: str
    todo: str
    needs: str
    find: Find


RULES: list[Rule] = []
TABLES_READ, SOUND, WARNS = "tables that can be read", "a sound package", "a sound package; it is a warning"


def rule(
    on: str | tuple[str, ...], name: str, todo: str = "", needs: str = TABLES_READ
) -> Callable[[Find], Find]:
    """Register a function as a rule on a table, or on every table that has these columns."""

    def register(find: Find) -> Find:
        RULES.append(Rule(on, name, todo, needs, find))
        return find

    return register


def problems(t: Tables, needs: str = TABLES_READ) -> list[Problem]:
    """What rules find in tables of which faulty cells are emptied, and rows with such cells have no `line`.

    With `SOUND`, what those find that need a package without problems; with `WARNS`, what only deserves a look.
    """
    from compendium.rules import coding, differences, every, record  # noqa: F401  (they register their rules)

    return sorted(problem for one in RULES if one.needs == needs for problem in _found(t, one))


def warnings(t: Tables) -> list[Problem]:
    """What may be right but deserves a look, in a package that is sound; sorted. Notebooks can show these."""
    return problems(t, WARNS)


def words(t: Tables, vocabulary: str) -> list[str]:
    """The codes that a vocabulary of the package has, without those that are used alone."""
    return list(t.vocabularies.loc[t.vocabularies["vocabulary"] == vocabulary, "code"])


def _found(t: Tables, one: Rule) -> Iterator[Problem]:
    columns = {one.on} if isinstance(one.on, str) else {*one.on}
    for table in [one.on] if isinstance(one.on, str) else [name for name in t if columns <= {*t[name]}]:
        resource, found = t.resource(table), one.find(t, t[table]) if len(t[table]) else t[table]
        for row in found[found["line"].notna()].to_dict("records") if len(found) else ():
            values = {str(name): _told(value, name in fields(resource)) for name, value in row.items()}
            message = " ".join((one.find.__doc__ or "").split()).format(**values)
            key = "/".join(str(row[column]) for column in primary_key(resource) if not pd.isna(row[column]))
            todo = row.get("todo") or one.todo
            yield Problem(
                posixpath.normpath(resource["path"]), int(row["line"]), key, one.name, message, todo
            )


def _told(value: Any, is_cell: bool) -> str:
    """A value as a message has it: dates in words, cells marked."""
    if isinstance(value, pd.Period):
        return show(value)
    text = ", ".join(value) if isinstance(value, list) else "" if pd.isna(value) else str(value)
    return quoted(text) if is_cell else text

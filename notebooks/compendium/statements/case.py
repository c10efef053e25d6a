"""What every check works with: a statement and the record, without what the assessment alone says in it."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from itertools import pairwise, product
from typing import Any, NamedTuple, TypeVar

import pandas as pd

from compendium.description import fields
from compendium.periods import parse, show
from compendium.tables import Tables
from compendium.words import counted, text_of

HOLDS, NOTE, CONFLICTS, OPEN = "holds", "holds_with_note", "conflicts", "cannot_be_checked"
Row = Any  # a row of a table, its columns as attributes, its key first
Rows = TypeVar("Rows", bound=Collection)


class Outcome(NamedTuple):
    """What a check found: verdict (code of the vocabulary `verdict`), reason (a sentence) and sources (their keys)."""

    verdict: str
    reason: str
    source_ids: tuple[str, ...] = ()


class UndecidedError(Exception):
    """The record cannot decide; the message says why, in a sentence."""


class UnfitError(Exception):
    """The check cannot work on what the statement gives it; the message says why."""


class Given(list):
    """What a statement gives its check, in order; UnfitError where a value is missing."""

    def __getitem__(self, place: Any) -> Any:
        try:
            return super().__getitem__(place)
        except IndexError:
            raise UnfitError("a value is missing") from None


@dataclass(frozen=True)
class Case:
    """A statement before the record: keys of the rows that it is `about`, and what is `stated` of them."""

    t: Tables
    about: Given = field(default_factory=Given)
    stated: Given = field(default_factory=Given)
    read: dict[str, list[Row]] = field(default_factory=dict)  # rows of tables, once for all statements

    def rows(self, table: str) -> list[Row]:
        """All rows of a table."""
        if table not in self.read:
            self.read[table] = list(self.t[table].itertuples(index=False))
        return self.read[table]

    def confirmed(self, table: str) -> list[Row]:
        """Confirmed rows of a table that a source other than the assessment attests."""
        return [row for row in self.rows(table) if row.sure and self.sources(row)]

    def by_then(self, table: str) -> list[Row]:
        """Confirmed rows of which the date, to its last day, lies by the assessment, in order of time."""
        then = self.t.assessed
        if pd.isna(then):
            raise UndecidedError("The data package does not date the assessment.")
        return sorted(
            (row for row in self.confirmed(table) if row.known_to <= then), key=lambda row: row.known_to
        )

    def row(self, table: str, key: str, *columns: str) -> Row:
        """A row by its key, of which a source other than the assessment states these columns; or UndecidedError."""
        row = next((row for row in self.rows(table) if row[0] == key), None)
        if row is None and len(self.t[table]) and self.t.as_of is None:
            raise UnfitError(f"`{key}` is no row of {table}")
        if row is None:
            raise UndecidedError(f"The table {table} has no row {key}, or none by this date.")
        if not row.sure:
            raise UndecidedError(f"The row {text_of(row[0])} of the table {table} is unverified.")
        for column in columns:
            what = f"the {column.removesuffix('_id').replace('_', ' ')} of {text_of(row[0])}"
            if column in row.unverified_fields or not self.sources(row):
                raise UndecidedError(f"No source other than the assessment states {what}.")
            if not text_of(getattr(row, column)):
                raise UndecidedError(f"No source found states {what}.")
        return row

    def cells(self) -> list[tuple[str, str, str]]:
        """Table, row and column of each cell in `about`: tables, each before rows and columns of it."""
        tables = [name for name, frame in self.t.items() if "sure" in frame]
        known(self.about[0], tables, "table of the record")
        starts, cells = [at for at, item in enumerate(self.about) if item in tables], []
        for start, end in pairwise([*starts, len(self.about)]):
            table, items = self.about[start], self.about[start + 1 : end]
            columns = [item for item in items if item in fields(self.t.resource(table))]
            found = list(product([table], [item for item in items if item not in columns], columns))
            if not found:
                raise UnfitError(f"no row or no column of {table} is named")
            cells += found
        return cells

    def value(self, table: str, key: str, column: str) -> tuple[Row, str, Any]:
        """A row, one of its cells by name, and what it holds, as far as `row` attests it."""
        row, heading = self.row(table, key, column), self.t.heading(column, self.t[table].columns).lower()
        return row, f"{text_of(row[0])}, {heading}", getattr(row, column)

    def dates(self) -> Given:
        """Of each cell the row, the date in it as it is told, and the date itself; UnfitError where it is none."""
        found = Given(self.value(*cell) for cell in self.cells())
        if wrong := [name for _, name, day in found if not isinstance(day, pd.Period)]:
            raise UnfitError(f"no date: {wrong[0]}")
        return Given((row, f"{name}: {show(day)}", day) for row, name, day in found)

    def holder(self, name: str) -> Any:
        """The key of a holder, with its label; UnfitError if there is none."""
        return known(name, self.t.codes("holders"), "holder")

    def sources(self, *rows: Row) -> tuple[str, ...]:
        """Sources of the rows, each once, without the assessment: it cannot confirm what it states."""
        named = dict.fromkeys(source for row in rows for source in row.source_ids)
        return tuple(source for source in named if source != self.t.about("assessment"))

    def judge(self, agree: bool | list[bool], reason: str, *rows: Row, otherwise: str = CONFLICTS) -> Outcome:
        """Holds where all agree, with a note where some do, else `otherwise`; the rows have the sources."""
        each = agree if isinstance(agree, list) else [agree]
        verdict = HOLDS if all(each) else NOTE if any(each) else otherwise
        return Outcome(verdict, reason, self.sources(*rows) if verdict != OPEN else ())

    def each(self, judge: Callable[..., Outcome], *things: tuple[str, ...]) -> Outcome:
        """The worst of what `judge` finds of each thing, with what is stated of it or of all; what is open, a note."""
        stated = list(self.stated) * (len(things) if len(self.stated) == 1 else 1)
        if not stated or len(stated) != len(things):
            numbers = counted(len(things), "cell or row", "cells or rows"), counted(len(stated), "value")
            raise UnfitError("{} in about, but {} in stated".format(*numbers))
        found, undecided = [], []
        for thing, value in zip(things, stated, strict=True):
            try:
                found.append(judge(self, *thing, value))
            except UndecidedError as error:
                undecided.append(str(error))
        verdicts = {one.verdict for one in found} | {NOTE for _ in undecided}
        verdict = next(one for one in (CONFLICTS, NOTE, HOLDS) if one in verdicts) if found else OPEN
        reasons = dict.fromkeys([*(one.reason for one in found), *undecided])
        sources = dict.fromkeys(source for one in found for source in one.source_ids)
        return Outcome(verdict, " ".join(reasons), tuple(sources))


def some(rows: Rows, what: str) -> Rows:
    """The rows; UndecidedError if there are none of what they are."""
    if not len(rows):
        raise UndecidedError(f"The tables have no {what}.")
    return rows


def known(name: str, names: Collection[str], what: str) -> Any:
    """The name, as it stands among these; UnfitError if it does not, UndecidedError if there are none."""
    if name not in some(names, what):
        raise UnfitError(f"`{name}` is no {what}")
    return next(one for one in names if one == name)


def number(text: str) -> int:
    """A whole number of at most four digits; UnfitError if it is none."""
    if not re.fullmatch("[0-9]{1,4}", text):
        raise UnfitError(f"`{text}` is no whole number of at most four digits")
    return int(text)


def date(text: str) -> pd.Period:
    """A date as the tables have it; UnfitError if it is none."""
    try:
        return parse(text)
    except ValueError as error:
        raise UnfitError(str(error)) from None


def folded(text: str) -> str:
    """A text for comparison: capitals are no difference, and no kind of blank is another."""
    return " ".join(text.split()).casefold()


def in_words(items: Iterable[object]) -> str:
    """Items in a sentence, each once: "a, b and c", or "none"; of a pair the second stands in brackets."""
    pairs = [item if isinstance(item, tuple) else (item, "") for item in items]
    texts = [_word(one) + (f" ({_word(other)})" if other else "") for one, other in pairs]
    *others, last = dict.fromkeys(texts) or ["none"]
    return f"{', '.join(others)} and {last}" if others else last


def _word(value: object) -> str:
    return show(value) if isinstance(value, pd.Period) else text_of(value)

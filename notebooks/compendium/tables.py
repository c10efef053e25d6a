"""A data package as typed tables of which none is missing, as a whole or as it was known by a date."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from compendium import description, periods
from compendium.as_of import known_by
from compendium.description import (
    VOCABULARIES,
    Meta,
    fields,
    foreign_keys,
    is_date,
    is_list,
    links,
    primary_key,
)

Frames = dict[str, pd.DataFrame]
BESIDE = ("claim_check",)  # vocabularies whose column takes other values as well


class Code(str):
    """A code, such as `held` or the key of a holder, that knows its words for readers and its place in the order."""

    __slots__ = ("label", "place")
    label: str
    place: int

    def __new__(cls, code: str, label: str, place: int) -> Code:
        """The code with its `label`, at a `place` from 0 on; it compares and sorts as the plain code does."""
        self = super().__new__(cls, code)
        self.label, self.place = label, place
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        """What makes a copy of it."""
        return Code, (str(self), self.label, self.place)


class Tables(Mapping[str, pd.DataFrame]):
    """The tables of a data package, `t.visits` or `t["visits"]`, in the order of its description.

    Each table and column of the project's own package is there: what a package lacks has no rows or is empty. Columns:
    - whole numbers are `Int64`; lists are lists; other text is text, empty where nothing is stated;
    - a date is a Period as precise as it is stated, or None; beside a date `start` stand `start_from` and `start_to`,
      the first and the last day that it can mean (NaT where there is none);
    - coded columns, and keys of tables that have names (holders, themes), are ordered categories of `Code`, in the
      order of the vocabulary or the table, NaN where empty;
    - rows that are dated (`asOf` in their description) have `known_from` and `known_to`, the days of that date;
    - rows of the record have `sure`: whether a source is named that confirms them; every row its `line` in the file.
    """

    def __init__(
        self,
        descriptor: Meta,
        resources: dict[str, Meta],
        frames: Frames,
        types: dict[str, pd.CategoricalDtype],
        as_of: pd.Period | None,
        folder: Path | None,
    ) -> None:
        """Hold what `load` has read; `descriptor` is the package's own, `resources` are those of all tables."""
        self.descriptor = descriptor
        self._resources = resources
        self.as_of = as_of
        self.folder = folder
        self._frames = frames
        self.types = types  # ordered categories by vocabulary or by table that has names

    def __getitem__(self, table: str) -> pd.DataFrame:
        """The table of this name."""
        return self._frames[table]

    def __getattr__(self, table: str) -> pd.DataFrame:
        """The table of this name."""
        if table.startswith("_") or table not in self.__dict__.get("_frames", {}):
            raise AttributeError(f"the data package has no table {table!r}")
        return self._frames[table]

    def __iter__(self) -> Iterator[str]:
        """Names of the tables."""
        return iter(self._frames)

    def __len__(self) -> int:
        """Number of tables."""
        return len(self._frames)

    def about(self, name: str, otherwise: Any = None) -> Any:
        """What the package says of its mandate under this name in datapackage.json, such as `treaty`."""
        return self.descriptor.get("mandate", {}).get(name, otherwise)

    @property
    def mandate(self) -> str:
        """Title of the mandate, as the package gives it."""
        return str(self.about("title") or self.descriptor.get("title") or "mandate")

    @cached_property
    def until(self) -> pd.Period:
        """The date up to which the tables speak: `as_of`, else the day on which the package was last worked over."""
        return self.as_of if self.as_of is not None else periods.parse(self.descriptor["created"][:10])

    @cached_property
    def today(self) -> pd.Timestamp:
        """Last day of `until`."""
        return pd.Timestamp(periods.end_of(self.until))

    @cached_property
    def assessment(self) -> pd.Series | None:
        """The row of `sources` with the assessment that the coding reads; None if the package names none."""
        found = self.sources[self.sources["source_id"] == self.about("assessment")]
        return None if found.empty else found.iloc[0]

    @cached_property
    def assessed(self) -> pd.Timestamp:
        """Last day on which the assessment can have been written; NaT where there is none, or no date of it."""
        return pd.Timestamp("NaT") if self.assessment is None else self.assessment["date_to"]

    @property
    def compared_until(self) -> pd.Timestamp:
        """The day up to which the record is compared with the assessment: that of the assessment, else `today`."""
        return self.today if pd.isna(self.assessed) else self.assessed

    def codes(self, name: str) -> list[Code]:
        """Codes of a vocabulary, or keys of a table that has names, in their order.

        Raises KeyError if there is neither.
        """
        return list(self.types[name].categories)

    def labels(self, name: str) -> dict[str, str]:
        """Labels of what `codes` gives, by code; KeyError as there."""
        return {code: code.label for code in self.codes(name)}

    def exploded(self, frame: pd.DataFrame, column: str, vocabulary: str) -> pd.DataFrame:
        """A row for each item of the lists in a column, which becomes ordered as its vocabulary is."""
        rows = frame.explode(column, ignore_index=True).dropna(subset=column)
        return rows.assign(**{column: rows[column].astype(self.types[vocabulary])})

    def heading(self, column: str, beside: Collection[str] = ()) -> str:
        """Heading of a column as the codebook has it; of one that is not in it, its name in words.

        Where tables head it differently, the one counts that shares most columns with those that stand `beside` it.
        """
        described = [fields(one) for one in self._resources.values() if column in fields(one)]
        if not described:
            return column.replace("_", " ").capitalize()
        nearest = max(described, key=lambda one: len(one.keys() & set(beside)))
        return str(nearest[column].get("title") or column.replace("_", " ").capitalize())

    def field(self, table: str, name: str) -> Meta:
        """What the package says of a column: description, type, example and so on; KeyError if nothing."""
        return fields(self._resources[table])[name]

    def resource(self, table: str) -> Meta:
        """What the package says of a table: title, path, schema and so on."""
        return self._resources[table]

    def layer(self, table: str) -> str:
        """Whether a table is of the "record" or the "coding", or a "vocabulary"."""
        return description.layer(self._resources[table])

    def counts(self) -> pd.DataFrame:
        """One row a table: `table`, `title`, `rows` and `kind` (record, coding or vocabulary)."""
        return pd.DataFrame(
            {
                "table": list(self),
                "title": [self._resources[name].get("title", name) for name in self],
                "rows": [len(frame) for frame in self.values()],
                "kind": [self.layer(name) for name in self],
            }
        )


def includes(lists: pd.Series, item: str) -> pd.Series:
    """For each list of a column, whether it has an item."""
    return lists.map(lambda items: item in items).astype(bool)


def attested(frame: pd.DataFrame, column: str) -> pd.Series:
    """For each row of a table of the record, whether it is confirmed and a source states the value of a column."""
    return frame["sure"] & ~includes(frame["unverified_fields"], column)


def load(data_dir: str | Path, as_of: str | None = None) -> Tables:
    """Read a package that `compendium.editing.check` finds sound, named as for `description.package`.

    With `as_of` (a date such as `2015-05-31`, `2015-05` or `2015`) only what had happened by the end of that date
    is kept: rows dated later are left out, and with them what must refer to them; other references to them are emptied.
    The coding is dated as the assessment that it reads: by a date before that, its tables have no rows.

    Raises ValueError, with a sentence for the reader, if `as_of` is not a date or if a path leaves the folder;
    OSError if there is no package in the folder.
    """
    folder = description.package(data_dir)
    until = periods.parse(as_of) if as_of else None
    descriptor = description.read(folder)
    texts = {}
    for resource in descriptor["resources"]:
        path = description.table_path(folder, resource["path"])
        # Opened here, because pandas would expand `~`, fetch addresses and unpack archives.
        with path.open(encoding="utf-8", newline="") as file:
            texts[resource["name"]] = pd.read_csv(file, dtype=str, keep_default_na=False)
    return typed(descriptor, texts, until, folder)


def typed(
    descriptor: Meta, texts: Frames, until: pd.Period | None = None, folder: Path | None = None
) -> Tables:
    """Tables from frames of text, as their files have it; cells must be in form, or ValueError tells one that is not.

    Frames may have a column `line`, the line of each row in its file; else rows are counted from the second line on.
    """
    resources = {one["name"]: one for one in _with_schema(descriptor["resources"])}
    texts = {name: _whole(texts.get(name), one) for name, one in resources.items()}
    types = _types(resources, texts)
    frames = {}
    for name, frame in texts.items():
        kinds = {column: types[of] for column, of in _coded(resources[name], resources).items()}
        frames[name] = _typed(frame, resources[name], kinds)
    if until is not None:
        frames = known_by(pd.Timestamp(periods.end_of(until)), frames, resources, descriptor)
    return Tables(descriptor, resources, frames, types, until, folder)


def _with_schema(resources: list[Meta]) -> list[Meta]:
    """Descriptions of tables, with all that the project's own package has and they have not."""
    own = {one["name"]: one for one in description.schema()["resources"]}
    found = []
    for resource in resources:
        known = own.pop(resource["name"], None)
        if known is not None:
            here, there = fields(resource), fields(known)
            columns = [there.get(name, {}) | here.get(name, {}) for name in here | there]
            keys = _foreign_keys(known) | _foreign_keys(resource)
            schema = {"fields": columns, "foreignKeys": list(keys.values())}
            resource = resource | {"schema": resource["schema"] | schema}
            resource = {"naming": known["naming"]} | resource if "naming" in known else resource
        found.append(resource)
    return found + list(own.values())


def _foreign_keys(resource: Meta) -> dict[tuple[str, ...], Meta]:
    """Foreign keys of a table as its description has them, by the columns that they are of."""
    keys = resource["schema"].get("foreignKeys", [])
    return {tuple(own): key for (own, _, _), key in zip(foreign_keys(resource), keys, strict=True)}


def _whole(frame: pd.DataFrame | None, resource: Meta) -> pd.DataFrame:
    """A frame of text with every described column, empty where the package has none, and the `line` of each row."""
    frame = pd.DataFrame() if frame is None else frame
    whole = frame.reindex(columns=list(fields(resource)), fill_value="").astype("str")
    return whole.assign(line=frame["line"] if "line" in frame else range(2, len(frame) + 2))


def _types(resources: dict[str, Meta], texts: Frames) -> dict[str, pd.CategoricalDtype]:
    """Ordered categories of each vocabulary, and of the keys of each table that has names.

    Codes that are used but stand in no such table come last and for themselves.
    """
    labels: dict[str, dict[str, str]] = {name: {} for name in BESIDE}
    words = texts[VOCABULARIES].assign(ordinal=pd.to_numeric(texts[VOCABULARIES]["ordinal"]))
    for vocabulary, rows in words.sort_values("ordinal", kind="stable").groupby("vocabulary"):
        labels[str(vocabulary)] = dict(zip(rows["code"], rows["label"], strict=True))
    for name, resource in resources.items():
        if "naming" in resource:
            rows, [key] = texts[name], primary_key(resource)
            if order := resource["naming"].get("order"):
                rows = rows.assign(**{order: pd.to_numeric(rows[order])}).sort_values(order, kind="stable")
            labels[name] = dict(zip(rows[key], rows[resource["naming"]["label"]], strict=True))
    used: dict[str, set[str]] = {}
    for name, resource in resources.items():
        for column, of in _coded(resource, resources).items():
            cells, field = texts[name][column].unique(), fields(resource)[column]
            used.setdefault(of, set()).update(item for cell in cells for item in _items(cell, field))
    for of, codes in used.items():
        others = sorted(codes - {""} - labels.setdefault(of, {}).keys())
        labels[of] |= {code: code if of in resources else code.replace("_", " ") for code in others}
    # Without the dtype, pandas would make plain text of the codes, which has no labels.
    types = {}
    for of, words_of in labels.items():
        values = [Code(code, label or code, place) for place, (code, label) in enumerate(words_of.items())]
        types[of] = pd.CategoricalDtype(pd.Index(values, dtype=object), ordered=True)
    return types


def _items(cell: str, field: Meta) -> list[str]:
    """The values of a cell: its items where the column holds lists, else the cell itself."""
    return description.split(cell, field) if is_list(field) else [cell]


def _coded(resource: Meta, resources: dict[str, Meta]) -> dict[str, str]:
    """By column of a table: the vocabulary of its codes, or the table that has names at whose keys it points."""
    named = {
        link.column: link.target
        for link in links(resource)
        if "naming" in (of := resources.get(link.target, {})) and [link.target_column] == primary_key(of)
    }
    if "naming" in resource:
        named[primary_key(resource)[0]] = resource["name"]
    return named | {
        name: field["vocabulary"] for name, field in fields(resource).items() if "vocabulary" in field
    }


def _typed(frame: pd.DataFrame, resource: Meta, kinds: dict[str, pd.CategoricalDtype]) -> pd.DataFrame:
    """A table with typed columns, from its text; `kinds` has the categories of its coded columns."""
    columns: dict[str, Any] = {}
    for name, field in fields(resource).items():
        text, kind = frame[name], kinds.get(name)
        if is_date(field):
            columns |= _dates(name, text)
        elif is_list(field):
            known = {} if kind is None else {code: code for code in kind.categories}
            items = ([known.get(one, one) for one in description.split(cell, field)] for cell in text)
            columns[name] = pd.Series(list(items), text.index, dtype=object)
        elif field.get("type") == "integer":
            columns[name] = text.mask(text == "").astype("Int64")
        elif kind is not None:
            columns[name] = text.where(text.isin(kind.categories)).astype(kind)
        else:
            columns[name] = text
    columns["line"] = frame["line"]
    for end in ("from", "to") if "asOf" in resource else ():
        dated = columns[f"{resource['asOf']}_{end}"]
        columns[f"known_{end}"] = dated.fillna(columns[f"{resource.get('asOfElse', resource['asOf'])}_{end}"])
    if "status" in columns:
        columns["sure"] = (frame["status"] == "confirmed").astype(bool)
    return pd.DataFrame(columns, index=frame.index)


def _dates(name: str, text: pd.Series) -> dict[str, pd.Series]:
    """A column of dates, and the first and last day that each can mean."""
    dates = {one: periods.parse(one) for one in text.unique() if one}
    read = [dates.get(one) for one in text]
    ends = {"from": periods.start_of, "to": periods.end_of}
    return {name: pd.Series(read, text.index, dtype=object)} | {
        f"{name}_{end}": pd.Series(
            [None if one is None else day(one) for one in read], text.index, dtype="datetime64[s]"
        )
        for end, day in ends.items()
    }

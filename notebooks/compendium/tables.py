"""A data package as typed tables of which none is missing, as a whole or as it was known by a date."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from compendium import description, periods
from compendium.description import VOCABULARIES, Link, Meta, fields, is_date, is_list, links, primary_key

Frames = dict[str, pd.DataFrame]


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
        """What the package says of its mandate under this name in datapackage.json, such as `landmarks`."""
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
    """Read the package in a folder that `compendium.check` finds sound.

    With `as_of` (a date such as `2015-05-31`, `2015-05` or `2015`) only what had happened by the end of that date
    is kept: rows dated later are left out, and with them what must refer to them; other references to them are emptied.
    The coding is dated as the assessment that it reads: by a date before that, its tables have no rows.

    Raises ValueError, with a sentence for the reader, if `as_of` is not a date or if a path leaves the folder;
    OSError if there is no package in the folder.
    """
    folder = Path(data_dir)
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
    frames = {
        name: _typed(frame, resources[name], _kinds(resources[name], resources, types))
        for name, frame in texts.items()
    }
    if until is not None:
        frames = _known_by(pd.Timestamp(periods.end_of(until)), frames, resources, descriptor)
    return Tables(descriptor, resources, frames, types, until, folder)


def _with_schema(resources: list[Meta]) -> list[Meta]:
    """Descriptions of tables, with every table and column of the project's own package; its columns go by its word."""
    own = {one["name"]: one for one in description.schema()["resources"]}
    found = []
    for resource in resources:
        known = own.pop(resource["name"], None)
        if known is not None:
            columns = fields(resource) | fields(known)
            resource = resource | {"schema": resource["schema"] | {"fields": list(columns.values())}}
            resource = {"naming": known["naming"]} | resource if "naming" in known else resource
        found.append(resource)
    return found + list(own.values())


def _whole(frame: pd.DataFrame | None, resource: Meta) -> pd.DataFrame:
    """A frame of text with every described column, empty where the package has none, and the `line` of each row."""
    frame = pd.DataFrame() if frame is None else frame
    whole = frame.reindex(columns=list(fields(resource)), fill_value="").astype("str")
    return whole.assign(line=frame["line"] if "line" in frame else range(2, len(frame) + 2))


def _types(resources: dict[str, Meta], texts: Frames) -> dict[str, pd.CategoricalDtype]:
    """Ordered categories of each vocabulary, and of the keys of each table that has names."""
    codes: dict[str, list[Code]] = {}
    words = texts[VOCABULARIES].assign(ordinal=pd.to_numeric(texts[VOCABULARIES]["ordinal"]))
    for vocabulary, rows in words.sort_values("ordinal", kind="stable").groupby("vocabulary"):
        codes[str(vocabulary)] = _codes(rows["code"], rows["label"])
    for name, resource in resources.items():
        asked = {field["vocabulary"] for field in fields(resource).values() if "vocabulary" in field}
        codes |= {one: _used(one, resources, texts) for one in sorted(asked - codes.keys())}
        if "naming" in resource:
            [key] = primary_key(resource)
            rows = texts[name]
            if order := resource["naming"].get("order"):
                rows = rows.assign(**{order: pd.to_numeric(rows[order])}).sort_values(order, kind="stable")
            codes[name] = _codes(rows[key], rows[resource["naming"]["label"]])
    # Without the dtype, pandas would make plain text of the codes, which has no labels.
    return {
        name: pd.CategoricalDtype(pd.Index(values, dtype=object), ordered=True)
        for name, values in codes.items()
    }


def _used(vocabulary: str, resources: dict[str, Meta], texts: Frames) -> list[Code]:
    """The codes in the columns of a vocabulary that the package does not have: they stand for themselves."""
    used: set[str] = set()
    for name, resource in resources.items():
        for column, field in fields(resource).items():
            if field.get("vocabulary") == vocabulary:
                cells = texts[name][column].unique()
                used.update(item for cell in cells for item in _items(cell, field))
    names = sorted(used - {""})
    return _codes(names, [name.replace("_", " ") for name in names])


def _codes(codes: Iterable[str], labels: Iterable[str]) -> list[Code]:
    """Codes in their order; one without a label stands for itself."""
    label = dict(zip(codes, labels, strict=True))
    return [Code(code, label[code] or code, place) for place, code in enumerate(label)]


def _items(cell: str, field: Meta) -> list[str]:
    """The values of a cell: its items where the column holds lists, else the cell itself."""
    return description.split(cell, field) if is_list(field) else [cell]


def _kinds(
    resource: Meta, resources: dict[str, Meta], types: dict[str, pd.CategoricalDtype]
) -> dict[str, pd.CategoricalDtype]:
    """The ordered categories of the columns of a table that have some: by vocabulary, or by the keys they point at."""
    named = {
        one.column: one.target
        for one in links(resource)
        if [one.target_column] == primary_key(resources[one.target])
    }
    if "naming" in resource:
        named[primary_key(resource)[0]] = resource["name"]
    coded = {name: field["vocabulary"] for name, field in fields(resource).items() if "vocabulary" in field}
    return {name: types[of] for name, of in (named | coded).items() if of in types}


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
            columns[name] = text.mask(text == "").astype(kind)
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


def _known_by(last: pd.Timestamp, whole: Frames, resources: dict[str, Meta], descriptor: Meta) -> Frames:
    """The tables without what is dated after a day, and without rows that refer to what was left out."""
    read = descriptor.get("mandate", {}).get("assessment")
    written = whole["sources"].loc[whole["sources"]["source_id"] == read, "date_from"]
    unread = (written > last).any()
    known = {}
    for name, frame in whole.items():
        if unread and description.layer(resources[name]) == "coding":
            known[name] = frame.iloc[:0]
        else:  # undated rows are always known
            known[name] = frame[~(frame["known_from"] > last)] if "known_from" in frame else frame
    for name, resource in resources.items():
        # A holder of whom all that is stated comes later was not yet in office.
        if through := resource.get("asOfThrough"):
            [key] = primary_key(resource)
            link = Link(key, through["resource"], through["field"], many=False)
            known[name] = known[name][~known[name][key].isin(_left_out(whole, known, link))]

    rows = None
    while rows != (rows := sum(map(len, known.values()))):  # until a pass leaves nothing more out
        for name in known:
            required = {
                name
                for name, field in fields(resources[name]).items()
                if field.get("constraints", {}).get("required")
            }
            for link in links(resources[name]):
                gone = _left_out(whole, known, link)
                known[name] = _without(known[name], link, gone, link.column in required)
    return {name: frame.reset_index(drop=True) for name, frame in known.items()}


def _left_out(whole: Frames, known: Frames, link: Link) -> set[str]:
    """Values of a column to which a link points that the cut has left without a row."""
    return {*whole[link.target][link.target_column]} - {*known[link.target][link.target_column]} - {""}


def _without(frame: pd.DataFrame, link: Link, gone: set[str], required: bool) -> pd.DataFrame:
    """A table without what refers to what is gone: rows where the reference is `required` or was all of a list, else cells.

    So a visit stays, though its report came later.
    """
    refers = frame[link.column].isin(gone) if not link.many else frame[link.column].map(bool)
    if not gone or not refers.any():
        return frame
    if not link.many:
        empty = None if isinstance(frame[link.column].dtype, pd.CategoricalDtype) else ""
        return (
            frame[~refers]
            if required
            else frame.assign(**{link.column: frame[link.column].mask(refers, empty)})
        )
    left = frame[link.column].map(lambda items: [one for one in items if one not in gone])
    return frame.assign(**{link.column: left})[~refers | left.map(bool)]

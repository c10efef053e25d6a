"""Reading a data package into typed tables, as a whole or as it was known by a date."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from compendium import periods
from compendium.descriptor import FILE, Meta, fields, is_date, links, primary_key, split, table_path

VOCABULARIES = "vocabularies"


class Tables(Mapping[str, pd.DataFrame]):
    """The tables of a data package by name, in the order of its description; those without a file are absent.

    Columns: whole numbers are `Int64`; dates are Periods of the frequency that their precision allows (None
    where empty); lists are lists of text; everything else is text, empty where nothing is stated.
    """

    def __init__(
        self, descriptor: Meta, frames: dict[str, pd.DataFrame], as_of: pd.Period | None = None
    ) -> None:
        """Hold what `load` has read."""
        self.descriptor = descriptor
        self.as_of = as_of
        self._frames = frames
        self._resources = {resource["name"]: resource for resource in descriptor["resources"]}
        self._rows: dict[str, list[dict[Any, Any]]] = {}

    def __getitem__(self, table: str) -> pd.DataFrame:
        """The table of this name."""
        return self._frames[table]

    def __iter__(self) -> Iterator[str]:
        """Names of the tables."""
        return iter(self._frames)

    def __len__(self) -> int:
        """Number of tables."""
        return len(self._frames)

    def has(self, *tables: str) -> bool:
        """Whether each of these tables is there and has rows."""
        return all(table in self and len(self[table]) > 0 for table in tables)

    def rows(self, table: str) -> list[dict[Any, Any]]:
        """The rows of a table as dictionaries, made once; none if the package lacks it."""
        if table not in self._rows:
            self._rows[table] = self[table].to_dict("records") if table in self else []
        return self._rows[table]

    def anew(self) -> Tables:
        """The same tables without the rows made of them before, so that what was changed in a frame since is seen."""
        return Tables(self.descriptor, self._frames, self.as_of)

    def about(self, name: str, otherwise: Any = None) -> Any:
        """What the package says of its mandate under this name in datapackage.json, such as `landmarks`."""
        return self.descriptor.get("mandate", {}).get(name, otherwise)

    @property
    def mandate(self) -> str:
        """Title of the mandate, as the package gives it."""
        return str(self.about("title") or self.descriptor.get("title") or "mandate")

    @property
    def until(self) -> pd.Period:
        """The date up to which the tables speak: `as_of`, else the day on which the package was last worked over."""
        return self.as_of or periods.parse(self.descriptor["created"][:10])

    @property
    def assessment(self) -> Meta | None:
        """The row of `sources` with the assessment that the coding reads; None if the package names none."""
        read = self.about("assessment")
        return next((row for row in self.rows("sources") if row["source_id"] == read), None)

    @property
    def assessed(self) -> date | None:
        """Last day on which the assessment can have been written; None where there is none, or no date of it."""
        read = self.assessment
        return periods.end_of(read["date"]) if read and read["date"] else None

    def labels(self, vocabulary: str) -> dict[str, str]:
        """Labels of a vocabulary by code, in the order in which its values are shown.

        Where the package has no such vocabulary, the codes in the columns that go by it stand for themselves.
        Raises KeyError if there is no such column either.
        """
        if VOCABULARIES in self:
            values = self[VOCABULARIES].query("vocabulary == @vocabulary").sort_values("ordinal")
            if len(values):
                return dict(zip(values["code"], values["label"], strict=True))
        columns = [
            frame[column]
            for name, frame in self.items()
            for column, described in fields(self._resources[name]).items()
            if described.get("vocabulary") == vocabulary
        ]
        if not columns:
            raise KeyError(f"there is no vocabulary {vocabulary!r}")
        used = {code for column in columns for code in column.explode().dropna() if code}
        return {code: code.replace("_", " ") for code in sorted(used)}

    def codes(self, vocabulary: str) -> list[str]:
        """Codes of a vocabulary, in the order in which its values are shown; KeyError as for `labels`."""
        return list(self.labels(vocabulary))

    def field(self, table: str, name: str) -> Meta:
        """What the package says of a column: description, type, example and so on; KeyError if nothing."""
        return fields(self._resources[table])[name]

    def path(self, table: str) -> str:
        """The file of a table, from the folder of the package."""
        return str(self._resources[table]["path"])

    def counts(self) -> pd.DataFrame:
        """One row a table: `table`, `title`, `rows` and `kind` (record, coding or vocabulary)."""
        return pd.DataFrame(
            {
                "table": list(self),
                "title": [self._resources[name].get("title", name) for name in self],
                "rows": [len(frame) for frame in self.values()],
                "kind": [_kind(self._resources[name]) for name in self],
            }
        )


def _kind(resource: Meta) -> str:
    """Tables of the record and of the coding stand in folders of these names, vocabularies beside them."""
    folder = Path(resource["path"]).parent.name
    return folder if folder in ("record", "coding") else "vocabulary"


def load(data_dir: str | Path, as_of: str | None = None) -> Tables:
    """Read the package in a folder that `compendium.check` finds sound.

    With `as_of` (a date such as `2015-05-31`, `2015-05` or `2015`) only what had happened by the end of that date
    is kept: rows dated later are left out, and with them the rows that refer to them. The coding is dated as the
    assessment that it reads: by a date before that, its tables have no rows.

    Raises ValueError, with a sentence for the reader, if `as_of` is not a date or if a path leaves the folder;
    OSError if there is no package in the folder.
    """
    data_dir = Path(data_dir)
    until = periods.parse(as_of) if as_of else None
    descriptor = json.loads((data_dir / FILE).read_text(encoding="utf-8"))
    resources = {resource["name"]: resource for resource in descriptor["resources"]}
    paths = {name: table_path(data_dir, resource["path"]) for name, resource in resources.items()}
    frames = {name: _read(path, resources[name]) for name, path in paths.items() if path.is_file()}
    if until is not None:
        frames = _known_by(until, _without_later_reading(until, frames, descriptor), resources)
    return Tables(descriptor, frames, until)


def _read(path: Path, resource: Meta) -> pd.DataFrame:
    frame = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8")
    for name, described in fields(resource).items():
        if is_date(described):
            dates = {text: periods.parse(text) for text in frame[name].unique() if text}
            frame[name] = pd.Series([dates.get(text) for text in frame[name]], frame.index, dtype=object)
        elif described.get("type") == "list":
            frame[name] = pd.Series(
                [split(cell, described) for cell in frame[name]], frame.index, dtype=object
            )
        elif described.get("type") == "integer":
            frame[name] = frame[name].mask(frame[name] == "").astype("Int64")
    return frame


def _known_by(
    until: pd.Period, whole: dict[str, pd.DataFrame], resources: dict[str, Meta]
) -> dict[str, pd.DataFrame]:
    """The tables without what is dated after `until`, and without rows that refer to what was left out."""
    known = {name: frame[_has_begun(frame, resources[name], until)] for name, frame in whole.items()}
    for name, resource in resources.items():
        # A holder of whom all that is stated comes later was not yet in office.
        through = resource.get("asOfThrough")
        if through and name in known and through["resource"] in known:
            [key] = primary_key(resource)
            later = _left_out(whole, known, through["resource"], through["field"])
            known[name] = known[name][~known[name][key].isin(later)]

    rows = None
    while rows != (rows := sum(map(len, known.values()))):  # until a pass leaves nothing more out
        for name, frame in known.items():
            for link in links(resources[name]):
                if link.target not in known:
                    continue
                gone = _left_out(whole, known, link.target, link.target_column)
                if link.many:
                    left = [[item for item in items if item not in gone] for items in frame[link.column]]
                    emptied = [
                        bool(items) and not kept for items, kept in zip(frame[link.column], left, strict=True)
                    ]
                    frame = frame.assign(**{link.column: pd.Series(left, frame.index, dtype=object)})
                    frame = frame[~pd.Series(emptied, frame.index, dtype=bool)]
                else:
                    frame = frame[~frame[link.column].isin(gone)]
            known[name] = frame
    return {name: frame.reset_index(drop=True) for name, frame in known.items()}


def _without_later_reading(
    until: pd.Period, frames: dict[str, pd.DataFrame], descriptor: Meta
) -> dict[str, pd.DataFrame]:
    """The tables, those of the coding without rows if the assessment that they read is dated after `until`."""
    read = descriptor.get("mandate", {}).get("assessment")
    sources = frames.get("sources")
    if not read or sources is None:
        return frames
    dates = [date for date in sources.loc[sources["source_id"] == read, "date"] if date is not None]
    if not dates or periods.start_of(dates[0]) <= periods.end_of(until):
        return frames
    coding = {resource["name"] for resource in descriptor["resources"] if _kind(resource) == "coding"}
    return {name: frame.iloc[:0] if name in coding else frame for name, frame in frames.items()}


def _has_begun(frame: pd.DataFrame, resource: Meta, until: pd.Period) -> pd.Series:
    """For each row, whether its date begins by the end of `until`; undated rows are always known."""
    dated_by = [resource[role] for role in ("asOf", "asOfElse") if role in resource]
    if not dated_by:
        return pd.Series(True, frame.index)
    last = periods.end_of(until)
    dates = (next(filter(None, row), None) for row in frame[dated_by].itertuples(index=False))
    begun = [date is None or periods.start_of(date) <= last for date in dates]
    return pd.Series(begun, frame.index, dtype=bool)


def _left_out(
    whole: dict[str, pd.DataFrame], known: dict[str, pd.DataFrame], table: str, column: str
) -> set[str]:
    """Values of a column that the cut has left without a row."""
    return set(whole[table][column]) - set(known[table][column]) - {""}

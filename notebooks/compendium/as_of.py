"""What of a package was known by a date: nothing dated later, and nothing that rests on it."""

from __future__ import annotations

import pandas as pd

from compendium.description import Link, Meta, fields, layer, links, primary_key

Frames = dict[str, pd.DataFrame]


def known_by(last: pd.Timestamp, whole: Frames, resources: dict[str, Meta], descriptor: Meta) -> Frames:
    """The tables without what is dated after a day, and without rows that refer to what was left out."""
    read = descriptor.get("mandate", {}).get("assessment")
    written = whole["sources"].loc[whole["sources"]["source_id"] == read, "date_from"]
    unread = (written > last).any()
    known = {}
    for name, frame in whole.items():
        if unread and layer(resources[name]) == "coding":
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
        for name, resource in resources.items():
            for link in links(resource):
                if link.target in known:
                    required = fields(resource)[link.column].get("constraints", {}).get("required", False)
                    gone = _left_out(whole, known, link)
                    known[name] = _without(known[name], link, gone, required)
    return {name: frame.reset_index(drop=True) for name, frame in known.items()}


def _left_out(whole: Frames, known: Frames, link: Link) -> set[str]:
    """Values of a column to which a link points that the cut has left without a row."""
    before, after = (set(frames[link.target][link.target_column].dropna()) for frames in (whole, known))
    return before - after - {""}


def _without(frame: pd.DataFrame, link: Link, gone: set[str], required: bool) -> pd.DataFrame:
    """A table without what refers to what is gone: rows if the column is `required` or a list is emptied, else cells.

    So a visit stays, though its report came later.
    """
    column = frame[link.column]
    if not gone or frame.empty:
        return frame
    if link.many:
        left = column.map(lambda items: [one for one in items if one not in gone])
        return frame.assign(**{link.column: left})[left.map(bool) | ~column.map(bool)]
    refers = column.isin(gone)
    if required:
        return frame[~refers]
    empty = None if isinstance(column.dtype, pd.CategoricalDtype) else ""
    return frame.assign(**{link.column: column.mask(refers, empty)})

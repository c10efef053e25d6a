"""Records of the Universal Human Rights Index by body and year, before and after the year of the assessment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from compendium.tables import Code, Tables


@dataclass(frozen=True)
class Index:
    """The records that a package is about, as frames.

    `committee` and `procedures`: a row a body and year, with `records` and `sure` (False for a part of a year).
    `change`: a row a body with the sums, the numbers of years with a row and the means `before` and `after` the year of
    the assessment, the change in per cent, and what it would be if a year without a row had none. `monitor` and
    `mandate` are the bodies of the treaty beside the mandate and of the mandate itself.
    """

    committee: pd.DataFrame
    procedures: pd.DataFrame
    change: pd.DataFrame
    monitor: str
    mandate: str
    without_row: dict[Code, list[int]]

    @property
    def of_treaty(self) -> pd.DataFrame:
        """The rows of `change` on the treaty beside the mandate of which a change is known: one or none."""
        return self.change[self.change["body"] == self.monitor].dropna()

    @property
    def beside(self) -> pd.DataFrame:
        """Those on the other treaties of the Committee."""
        others = self.committee.loc[self.committee["body"] != self.monitor, "body"]
        return self.change[self.change["body"].isin(others)].dropna()


def index(t: Tables) -> Index:
    """The records of the bodies that datapackage.json names under `index`; of whole years alone in `change`."""
    named = t.about("index", {})
    counts = t.uhri_counts.assign(
        year=t.uhri_counts["year_from"].dt.year, sure=t.uhri_counts["partial"] != "yes"
    )
    of = {
        part: counts[counts["body"].isin([named.get(own), *named.get(part, [])])]
        for part, own in (("committee", "treaty"), ("others", "mandate"))
    }
    whole = counts[~counts["year"].isin(counts.loc[~counts["sure"], "year"])]
    a_year = whole.pivot_table(index="year", columns="body", values="records", aggfunc="sum", observed=True)
    years: Any = range(whole["year"].min(), whole["year"].max() + 1) if len(whole) else []
    a_year = a_year.astype(float).reindex(years)  # a year without a row stays empty
    turn = t.compared_until.year
    before, after = a_year[a_year.index < turn], a_year[a_year.index > turn]
    change = pd.DataFrame(
        {
            "records_before": before.sum(),
            "years_before": before.notna().sum(),
            "a_year_before": before.mean(),
            "records_after": after.sum(),
            "years_after": after.notna().sum(),
            "a_year_after": after.mean(),
            "change_in_percent": 100 * (after.mean() / before.mean() - 1),
            "change_if_gaps_are_zero": 100 * (after.fillna(0).mean() / before.fillna(0).mean() - 1),
        }
    )
    none: Any = {body: list(a_year.index[a_year[body].isna()]) for body in a_year}
    named_bodies = named.get("treaty", ""), named.get("mandate", "")
    return Index(of["committee"], of["others"], change.rename_axis("body").reset_index(), *named_bodies, none)

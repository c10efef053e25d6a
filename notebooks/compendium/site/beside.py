"""Mandates side by side: what the record of the project and those of its examples show in the same way."""

from __future__ import annotations

import pandas as pd

from compendium.site.material import Material
from compendium.tables import Tables, includes, load
from compendium.terms import rates, terms
from compendium.words import counted, html_table, listing, md, text_of

MAIN = ("thematic", "annual", "methods", "study")  # kinds of main reports


def folders(material: Material) -> list[str]:
    """Names of the folders in `examples` that have a package."""
    return sorted(path.parent.name for path in (material.project / "examples").glob("*/datapackage.json"))


def packages(material: Material) -> dict[str, Tables]:
    """The project's own package and those in its folder `examples`, by the titles of their mandates; {} if alone."""
    others = [material.project / "examples" / name for name in folders(material)]
    found = [material.t, *map(load, others)] if material.own and others else []
    return {str(t.about("title")): t for t in found}


def mandates(every: dict[str, Tables]) -> str:
    """A table of `packages` as HTML: a row a measure, a column a mandate."""
    rows = zip(*(_measures(t).items() for t in every.values()), strict=True)
    cells = [[md(of[0][0]), *(md(value) for _, value in of)] for of in rows]
    note = (
        "Confirmed rows only. A number says what sources attest, not what was done; the records were not collected "
        "in the same depth."
    )
    return html_table("The mandates, each up to the day of its data", ["Measure", *every], cells, note)


def holders(every: dict[str, Tables]) -> str:
    """A table of the holders in `packages` as HTML, with how often they reported and visited a year in office."""
    cells = []
    for title, t in every.items():
        found, per = terms(t), []
        for rows in (_reports(t), _held(t)):
            per.append(rates(found, t.today, rows["holder_id"]).set_index("holder_id"))
        for holder in per[0].index:
            one, other = per[0].loc[holder], per[1].loc[holder]
            years = _range(one["shortest"], one["longest"])
            cells.append(
                [md(text_of(holder)), md(title), years]
                + [_range(row["a_year_at_least"], row["a_year_at_most"]) for row in (one, other)]
            )
    headings = ["Holder", "Mandate", "Years in office", "Main reports a year", "Visits a year"]
    note = (
        "From the shortest to the longest time in office that sources allow. Holders who served less than a month are "
        "left out."
    )
    return html_table("Holders: main reports and visits per year in office", headings, cells, note)


def _reports(t: Tables) -> pd.DataFrame:
    return t.documents[t.documents["sure"] & t.documents["kind"].isin(MAIN)]


def _held(t: Tables) -> pd.DataFrame:
    return t.visits[t.visits["sure"] & (t.visits["outcome"] == "held")]


def _measures(t: Tables) -> dict[str, str]:
    """What is compared of a mandate, in words."""
    office, held, reports = terms(t), _held(t), _reports(t)
    sure = t.resolutions[t.resolutions["sure"]].sort_values("adopted_from")
    created = sure["adopted_from"].min()
    years = (t.today - created).days / 365.25
    extended = sure[includes(sure["action"], "extended")]
    lengths = extended["term_years"].dropna().value_counts().sort_index()
    places = held.merge(t.countries[["country", "regional_group"]], on="country")
    groups = places["regional_group"].value_counts().sort_index()
    rows = pd.concat([t[name] for name in ("holders", "terms", "resolutions", "documents", "visits")])
    return {
        "Created": f"{created.date()}" if pd.notna(created) else "",
        "Holders so far": str(office["holder_id"].nunique()),
        "Main reports (themes, methods, whole tenures)": f"{len(reports)}, that is {len(reports) / years:.1f} a year",
        "Country visits": f"{len(held)}, that is {len(held) / years:.1f} a year",
        "Countries visited": counted(held["country"].nunique(), "country", "countries"),
        "Visits by regional group": "; ".join(
            f"{text_of(group)} {number}" for group, number in groups.items()
        ),
        "Extensions with a stated length": "; ".join(
            f"{number} of {counted(length, 'year')}"
            for length, number in zip(lengths.index, lengths, strict=True)
        ),
        "Names": "; ".join(
            f"{row.name} (from {row.start})" for row in t.mandate_names.sort_values("start_from").itertuples()
        ),
        "Merged with another mandate": listing(
            f"{row.short} ({row.adopted})" for row in sure[includes(sure["action"], "merged")].itertuples()
        )
        or "no",
        "Rows of holders, terms, resolutions, documents and visits": f"{len(rows)}, "
        f"of which {rows['sure'].mean():.0%} confirmed",
    }


def _range(low: float, high: float) -> str:
    """Two numbers as a range, one where they are the same."""
    low_, high_ = f"{low:.1f}", f"{high:.1f}"
    return low_ if low_ == high_ else f"{low_} to {high_}"

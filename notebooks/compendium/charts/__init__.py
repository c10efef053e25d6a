"""The forms of figures. Each takes a tidy frame and the names of its columns, and looks after everything else.

`bars` (how many of each, in parts), `spans` (from when to when, from how little to how much), `lanes` (marks in time,
row by row), `grid` (what stands where two things meet), `tiles` (where in the world), `columns` (how many a year) and
`lines` (how a number moves).

    from compendium.page import Page
    page = Page("../data", "../figures")
    page.bars(visits, "02-visits", "Most visits went to ...", "Visits. Record.", row="country", value="visits")

A form draws the page and the phone width, explains its marks in a key, says so where there is nothing to draw or more
than a page holds, and writes `<name>.svg`, `<name>-phone.svg`, `<name>.png`, `<name>.pdf` and the numbers behind it,
`<name>.csv`.
What is known less well looks so in every form: rows that are not `sure` are hollow, dates of reduced precision are
drawn as long as what they can mean.
"""

from compendium.charts.bars import bars
from compendium.charts.columns import columns
from compendium.charts.grid import grid
from compendium.charts.lanes import lanes
from compendium.charts.lines import lines
from compendium.charts.publishing import Publish, publish
from compendium.charts.spans import spans
from compendium.charts.tiles import tiles

FORMS = (bars, columns, grid, lanes, lines, spans, tiles)
__all__ = ["FORMS", "Publish", "bars", "columns", "grid", "lanes", "lines", "publish", "spans", "tiles"]

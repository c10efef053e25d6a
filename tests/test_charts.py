"""The forms of figures on small frames of their own: what they draw, leave out, explain and write, at both widths."""

import csv
import re
from functools import partial
from xml.etree import ElementTree

import pandas as pd
import pytest
from matplotlib.colors import to_rgb

from compendium import charts
from compendium.charts import publishing
from compendium.charts.sheet import MOST
from compendium.tables import Code
from layout import layout_faults

PEOPLE = [Code("a", "Ada Long-Name", 0), Code("b", "Bea", 1), Code("c", "Cem", 2)]
KINDS = [Code("x", "first kind", 0), Code("y", "second kind", 1)]


def coded(codes: list[Code], values: list) -> pd.Categorical:
    return pd.Categorical(values, pd.Index(codes, dtype=object), ordered=True)


def dated(frame: pd.DataFrame, column: str, first: list[str], last: list[str]) -> pd.DataFrame:
    days = {f"{column}_from": pd.to_datetime(first), f"{column}_to": pd.to_datetime(last)}
    return frame.assign(**{column: [None if a is None else pd.Period(a, "D") for a in first]}, **days)


def rows(number: int = 3) -> pd.DataFrame:
    frame = pd.DataFrame(
        {
            "who": coded(PEOPLE, [PEOPLE[i % 3] for i in range(number)]),
            "kind": coded(KINDS, [KINDS[i % 2] for i in range(number)]),
            "place": [("FRA", "MEX", "ATA")[i % 3] for i in range(number)],
            "what": [f"thing {i}" for i in range(number)],
            "n": [1 + i % 5 for i in range(number)],
            "all": [7] * number,
            "year": [2000 + i % 20 for i in range(number)],
            "sure": [i % 3 != 1 for i in range(number)],
        }
    )
    days = [f"{2000 + i % 20}-03-0{1 + i % 7}" for i in range(number)]
    frame = dated(frame, "start", days, days)
    return dated(
        frame,
        "end",
        [f"{2003 + i % 20}-01-01" for i in range(number)],
        [f"{2003 + i % 20}-12-31" for i in range(number)],
    )


CALLS = {
    "bars": partial(charts.bars, row="what", value="n", whole="all", hue="who", unit="things"),
    "parts": partial(charts.bars, row="what", value="n", part="kind", looks={"x": "blue", "y": "striped"}),
    "spans": partial(
        charts.spans, row="what", start="start", end="end", hue="who", at={"now": pd.Timestamp("2001-06-01")}
    ),
    "numbers": partial(charts.spans, row="what", low="n", high="all", label="what", unit="things a year"),
    "lanes": partial(charts.lanes, row="kind", x="start", hue="who", label="what", says="what"),
    "grid": partial(
        charts.grid, row="what", column="kind", state="kind", looks={"x": "full", "y": "hatched"}, number="n"
    ),
    "marks": partial(charts.grid, row="who", column="kind", style="kind"),
    "columns": partial(
        charts.columns,
        x="year",
        value="n",
        panel="kind",
        hue="who",
        gaps="no row",
        at={"then": pd.Timestamp("2001-06-01")},
    ),
    "lines": partial(charts.lines, x="start", value="n", style="kind"),
    "tiles": partial(charts.tiles, place="place", unit="thing", says="what"),
}
CREDIT = "A compendium with quite a long title, 1990 to 2026: data and notebooks, version 1.0.0, CC-BY-4.0"


@pytest.fixture
def drawn() -> list:
    """The figures that forms publish, at both widths, each beside the numbers behind it and what is told of it."""
    return []


@pytest.fixture
def kept(drawn: list) -> publishing.Publish:
    def publish(draw, name, data, told):
        figures = [publishing.sign(draw(width), CREDIT) for width in (publishing.PAGE, publishing.PHONE)]
        drawn.append((figures, data, told))

    return publish


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    found: list[str] = []
    monkeypatch.setattr("compendium.words.display", lambda output, **_: found.append(output.data))
    return found


@pytest.mark.parametrize("number", [1, 3, 30])
@pytest.mark.parametrize("call", CALLS)
def test_a_figure_is_whole_at_both_widths(call, number, drawn, kept):
    CALLS[call](rows(number), "f", "A title that says the result", "Unit. Source.", publish=kept)
    [(figures, data, told)] = drawn
    for figure in figures:
        assert layout_faults(figure) == []
    assert figures[1].get_size_inches()[0] < figures[0].get_size_inches()[0]
    assert len(data) == number and told.startswith("A title")


@pytest.mark.parametrize("call", CALLS)
def test_nothing_is_one_sentence(call, drawn, kept, said):
    CALLS[call](rows(3).iloc[:0], "f", "A title", "A note", publish=kept)
    assert drawn == [] and len(said) == 1 and "nothing to draw" in said[0]


@pytest.mark.parametrize("call", CALLS)
def test_ten_thousand_rows_are_summed_up_or_cut_and_it_says_so(call, drawn, kept):
    CALLS[call](rows(10_000), "f", "A title", "A note", publish=kept)
    [(figures, data, told)] = drawn
    assert len(data) == 10_000
    if call in ("bars", "parts", "spans", "numbers", "grid"):
        assert f"The last {MOST} of 10,000 rows" in told
    assert max(figure.get_size_inches()[1] for figure in figures) < 60


def test_what_is_not_sure_is_hollow_and_the_key_says_so(drawn, kept):
    CALLS["lanes"](rows(3), "f", "t", "n", publish=kept, words={"hollow": "hollow: doubted"})
    [figure, _] = drawn[0][0]
    assert "hollow: doubted" in [text.get_text() for text in figure.legends[0].get_texts()]
    faces = [
        line.get_markerfacecolor() for line in figure.axes[0].lines if str(line.get_gid()).startswith("says:")
    ]
    assert faces.count("white") == 1 and len(faces) == 3


def test_marks_of_one_row_keep_their_time_and_stand_one_above_the_other(drawn, kept):
    frame = rows(3).assign(kind=coded(KINDS, ["x", "x", "x"]), what="")
    days = ["2005-06-01"] * 3
    charts.lanes(dated(frame, "start", days, days), "f", "t", "n", publish=kept, row="kind", x="start")
    marks = [line for line in drawn[0][0][0].axes[0].lines if str(line.get_gid()).startswith("says:")]
    assert (
        len({mark.get_xdata()[0] for mark in marks}) == 1
        and len({mark.get_ydata()[0] for mark in marks}) == 3
    )


def test_rows_of_a_tree_are_indented_and_may_say_words_instead_of_marks(drawn, kept):
    tree = pd.DataFrame(
        {
            "what": ["thing 0", "below"],
            "label": ["Top", "Below"],
            "depth": [0, 1],
            "heading": ["Part", "Part"],
            "words": ["", "nothing found"],
        }
    )
    charts.lanes(rows(1), "f", "t", "n", publish=kept, row="what", x="start", rows=tree)
    texts = {text.get_text(): text for text in drawn[0][0][0].axes[0].texts}
    assert {"Top", "Below", "Part", "nothing found"} <= set(texts)
    assert texts["Below"].get_position()[0] > texts["Top"].get_position()[0]
    assert list(drawn[0][1]["what"]) == ["thing 0", "below"]


def test_what_is_written_has_two_widths_real_text_titles_of_marks_and_the_numbers(tmp_path, said):
    publish = partial(publishing.publish, figures_dir=tmp_path, credit=CREDIT)
    draw = partial(CALLS["lanes"], rows(3), "f", "Title of it", "n", publish=publish)
    draw()
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "f-phone.svg",
        "f.csv",
        "f.pdf",
        "f.png",
        "f.svg",
    ]
    svg = (tmp_path / "f.svg").read_text()
    assert svg.count('<g class="mark"><title>thing') == 3 and ">Title of it<" in svg and "says:" not in svg
    with (tmp_path / "f.csv").open(newline="") as file:
        assert [row["who"] for row in csv.DictReader(file)] == ["Ada Long-Name", "Bea", "Cem"]
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    draw()
    assert before == {path.name: path.read_bytes() for path in tmp_path.iterdir()}


def test_a_text_alternative_is_short_whatever_the_title():
    told = publishing.alternative("word " * 200)
    assert len(told) <= 300 and told.endswith(publishing.BEHIND)
    assert re.match(r"(word )+word… ", told)


def test_a_map_counts_what_is_sure_and_names_what_it_has_no_square_for(drawn, kept):
    frame = pd.DataFrame(
        {
            "place": ["FRA", "FRA", "MEX", "TUV", "ATA"],
            "sure": [True, True, True, False, True],
            "what": list("abcde"),
        }
    )
    charts.tiles(frame, "f", "t", "n", publish=kept, place="place", unit="visit", says="what")
    [page, phone] = drawn[0][0]
    said = {str(one.get_gid())[5:] for one in page.axes[0].patches}
    assert {"FRA: a; b", "MEX: c", "TUV: d", "DEU: no visit attested"} <= said
    key = [text.get_text() for text in page.legends[0].get_texts()]
    assert key == ["no visit attested", "one visit", "two visits", "hollow: unverified only"]
    assert any("Not on the map: ATA." in text.get_text().replace("\n", " ") for text in page.texts)
    assert {text.get_text() for text in page.axes[0].texts} == {"FRA", "MEX", "TUV"} and not phone.axes[
        0
    ].texts


def test_each_member_of_the_united_nations_has_a_square_of_its_own():
    squares = charts.tiles.__globals__["world"]()
    assert len(squares) == 195 and len(set(squares.values())) == 195 and "PSE" in squares and "VAT" in squares


def test_bars_lie_behind_the_marks_of_a_lane_and_one_without_an_end_runs_on(drawn, kept):
    days = {
        "start_from": pd.to_datetime(["2000-01-01", "2001-01-01"]),
        "end_to": pd.to_datetime(["2001-01-01", None]),
    }
    behind = pd.DataFrame({"kind": KINDS} | days)
    CALLS["lanes"](rows(3), "f", "t", "n", publish=kept, behind=behind, until=pd.Timestamp("2010-01-01"))
    bars = drawn[0][0][0].axes[0].patches
    assert [round(bar.get_width(), 1) for bar in bars] == [1.0, 9.0] and {
        bar.get_zorder() for bar in bars
    } == {0}


def test_a_state_that_is_blank_says_what_it_is_and_never_a_number(drawn, kept):
    looks = {"x": "full", "y": "blank"}
    charts.grid(
        rows(3), "f", "t", "n", publish=kept, row="what", column="kind", state="kind", looks=looks, number="n"
    )
    [page, phone] = ({text.get_text() for text in one.axes[0].texts} for one in drawn[0][0])
    assert "second kind" in page and "2" not in page and {"1", "3"} <= page
    assert "second kind" in phone or "·" in phone


def test_a_mark_leads_to_its_document_and_says_so(tmp_path, said):
    publish = partial(publishing.publish, figures_dir=tmp_path, credit="Whose it is")
    what = ['a "thing" & <more>', "it's", 'it\'s a "thing"']
    frame = rows(3).assign(at=["https://a.example/1", "", "https://a.example/3"], what=what)
    CALLS["lanes"](frame, "f", "Title of it", "n", publish=publish, link="at")
    svg = (tmp_path / "f.svg").read_text()
    assert re.findall(r'<a xlink:href="([^"]+)" aria-label="([^"]+)">', svg) == [
        ("https://a.example/1", "a &quot;thing&quot; &amp; &lt;more&gt;"),
        ("https://a.example/3", "it&apos;s a &quot;thing&quot;"),
    ]
    root = ElementTree.fromstring(svg)
    assert [one.text for one in root.iter("{http://www.w3.org/2000/svg}title")][1:] == what
    assert ">Whose it is<" in svg and (tmp_path / "f.pdf").read_bytes().startswith(b"%PDF")


def contrast(colour: str) -> float:
    """Contrast of a colour on white, as WCAG 2.2 reckons it."""
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour))
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


@pytest.mark.parametrize("call", ["bars", "spans", "numbers", "lanes", "marks", "columns", "lines"])
def test_marks_stand_out_on_white(call, drawn, kept):
    people = [Code(f"h{i}", f"Holder {i}", i) for i in range(7)]
    frame = rows(7).assign(who=coded(people, people), sure=True)
    CALLS[call](frame, "f", "t", "n", publish=kept, **({} if call in ("marks", "lines") else {"hue": "who"}))
    [ax] = drawn[0][0][0].axes
    lines = [one.get_markeredgecolor() for one in ax.lines if str(one.get_gid()).startswith("says:")]
    edges = [one.get_edgecolor() for one in ax.patches if str(one.get_gid()).startswith("says:")]
    assert lines + edges and min(map(contrast, lines + edges)) >= 3


@pytest.mark.parametrize("call", ["lanes", "columns"])
def test_more_holders_than_a_key_can_explain_are_counted_in_it(call, drawn, kept):
    people = [Code(f"h{i}", f"Holder {i}", i) for i in range(40)]
    CALLS[call](rows(40).assign(who=coded(people, people)), "f", "t", "n", publish=kept, hue="who")
    said = [text.get_text() for text in drawn[0][0][0].legends[0].get_texts()]
    assert "40 colours: see the numbers behind this figure" in said and "Holder 0" not in said

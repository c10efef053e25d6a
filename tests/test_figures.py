"""Figures: equal data give equal files, alternatives are kept, and no text is cut or overlaps."""

import base64

import pandas as pd
import pytest

from compendium import figures
from compendium.periods import parse


def drawn(title="A title"):
    fig, ax = figures.canvas(title, "a line under it", height=2)
    ax.plot([1990, 2020], [1, 2])
    return fig


@pytest.fixture
def shown(monkeypatch):
    outputs = []
    monkeypatch.setattr(figures, "display", lambda output, **more: outputs.append((output, more)))
    return outputs


DATA = pd.DataFrame({"year": [1990, 2020], "value": [1, 2]})


def test_three_files_are_written_and_are_the_same_each_time(tmp_path, shown):
    for folder in ("a", "b"):
        figures.publish(drawn(), "99-x", DATA, "Two points.", tmp_path / folder)
    names = sorted(path.name for path in (tmp_path / "a").iterdir())
    assert names == ["99-x.csv", "99-x.png", "99-x.svg"]
    for name in names:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


def test_the_picture_is_shown_with_its_alternative_and_the_prints_of_its_files(tmp_path, shown):
    figures.publish(drawn(), "99-x", DATA, "Two points.", tmp_path)
    output, more = shown[0]
    assert more["metadata"]["image/png"]["alt"] == "Two points."
    assert base64.b64decode(output["image/png"]) == (tmp_path / "99-x.png").read_bytes()
    figures.publish(drawn("Another title"), "99-x", DATA, "Two points.", tmp_path)
    assert shown[2][0]["text/plain"] != output["text/plain"]


def test_files_carry_the_alternative_and_no_date_or_program(tmp_path, shown):
    figures.publish(drawn(), "99-x", DATA, "Two points.", tmp_path)
    svg = (tmp_path / "99-x.svg").read_text()
    assert "Two points." in svg and "dc:date" not in svg
    assert b"Software" not in (tmp_path / "99-x.png").read_bytes()


def test_cut_and_overlapping_texts_are_found():
    fig = drawn()
    assert figures.layout_faults(fig) == []
    fig.text(0.99, 0.5, "a long label that runs over the edge")
    fig.text(0.3, 0.5, "one label")
    fig.text(0.31, 0.5, "another label")
    faults = figures.layout_faults(fig)
    assert any("is cut" in fault for fault in faults) and any("overlap" in fault for fault in faults)


def test_a_long_title_wraps_and_stays_inside():
    assert figures.layout_faults(drawn("A title that is far too long for a single line " * 4)) == []


def test_holders_keep_colour_and_marker_and_neighbours_differ_in_both():
    assert figures.colour(2) == figures.colour(2)
    assert all(figures.colour(n) != figures.colour(n + 1) for n in range(1, 12))
    pairs = {(figures.colour(n), figures.marker(n)) for n in range(1, 57)}
    assert len(pairs) == 56


def test_a_year_on_the_axis_is_a_fraction_of_its_days():
    from datetime import date

    assert figures.decimal_year(date(2001, 1, 1)) == 2001
    assert figures.decimal_year(date(2001, 7, 2)) == pytest.approx(2001.5, abs=0.01)


def test_a_lattice_centres_its_cells_and_names_columns_on_top():
    fig, ax = figures.canvas("A title", "a line under it", height=2, left=1, top=0.4)
    figures.lattice(ax, ["one", "a rather long name"], ["first", "second", "third"], column=10)
    assert [label.get_text() for label in ax.get_xticklabels()] == ["one", "a rather\nlong name"]
    assert ax.get_ylim() == (2.5, -0.5) and figures.layout_faults(fig) == []


def test_marks_of_a_lane_that_would_touch_are_spread_and_vague_dates_get_a_rule():
    _fig, ax = figures.canvas("A title", "a line under it", height=2, left=1)
    figures.year_axis(ax, 1989, 2021)
    day = parse("2001-05-25")
    figures.lanes(ax, ["treaty"], [(0, day, {}, ""), (0, day, {}, "OPSC"), (0, parse("2010"), {}, "")])
    assert [text.get_text() for text in ax.texts] == ["OPSC"]
    points = [line.get_ydata()[0] for line in ax.lines if line.get_marker() == "o"]
    assert len(set(points[:2])) == 2
    rules = [line.get_xdata() for line in ax.lines if line.get_marker() != "o"]
    assert len(rules) == 1 and 2010 <= rules[0][0] < rules[0][1] <= 2011


def test_the_key_of_holders_has_each_name_with_its_colour_and_marker():
    fig, _ = figures.canvas("A title", "a line under it", height=2, bottom=0.8)
    figures.holder_key(fig, pd.DataFrame({"ordinal": [1, 2], "short_name": ["A", "B"]}))
    [legend] = fig.legends
    assert [text.get_text() for text in legend.get_texts()] == ["A", "B"]
    assert [handle.get_marker() for handle in legend.legend_handles] == [figures.marker(1), figures.marker(2)]

"""Figures: equal data give equal files, alternatives are kept, and no text is cut or overlaps."""

import base64

import pandas as pd
import pytest

from compendium import figures


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

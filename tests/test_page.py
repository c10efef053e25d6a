"""What notebooks put on their page: text from the data stays text."""

import pandas as pd
import pytest

from compendium import legacy_page as page


@pytest.fixture
def shown(monkeypatch):
    """Outputs that would be displayed."""
    outputs = []
    monkeypatch.setattr(page, "display", lambda output, **_: outputs.append(output))
    return outputs


def test_marks_of_markdown_and_html_from_the_data_stay_marks():
    assert page.md("<b>*x*</b> $1 a_b |") == "&lt;b&gt;\\*x\\*&lt;/b&gt; \\$1 a\\_b \\|"


def test_numbers_come_with_their_noun():
    assert page.counted(1, "document") == "1 document"
    assert page.counted(1234, "document") == "1,234 documents"
    assert page.counted(2, "activity", "activities") == "2 activities"


@pytest.mark.parametrize(
    ("items", "text"), [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")]
)
def test_a_listing_reads_as_a_sentence(items, text):
    assert page.listing(items) == text


def test_a_finding_is_set_apart(shown):
    page.finding("Nine of ten.")
    assert shown[0].data == "> **Finding.** Nine of ten."


def test_a_table_has_caption_and_scopes_and_escapes_its_cells(shown):
    frame = pd.DataFrame({"title": ["<script>alert(1)</script>"], "tags": [["a", "b"]], "unused": [1]})
    page.table(frame, {"title": "Title", "tags": "Tags & more"}, "A & B", "note <i>")
    html = shown[0]["text/html"]
    assert "<caption" in html and "A &amp; B</caption>" in html
    assert html.count('scope="col"') == 2 and html.count('scope="row"') == 1
    assert "<script>" not in html and "&lt;script&gt;" in html and "note &lt;i&gt;" in html
    assert "a; b</td>" in html and "Tags &amp; more</th>" in html and "unused" not in html


@pytest.mark.parametrize("missing", [None, pd.NA, float("nan"), pd.NaT])
def test_what_is_missing_is_an_empty_cell(missing):
    assert page.text_of(missing) == ""


def test_what_nobody_would_read_to_the_end_is_cut_and_says_so(shown):
    assert page.listing(range(50)).endswith("38 and 11 more")
    page.table(pd.DataFrame({"a": range(page.ROWS + 5)}), {"a": "A"}, "Caption", "A note.")
    html = shown[0]["text/html"]
    assert (
        html.count("<tr>") == page.ROWS + 1 and "The first 1,000 of 1,005 rows" in html and "A note." in html
    )

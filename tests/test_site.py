"""The site as files: its pages, links and downloads, and that it is built all or nothing, the same each time."""

import csv
import hashlib
import json
import re
import zipfile
from copy import copy
from itertools import pairwise
from pathlib import Path

import jsonschema
import nbformat
import pytest
import yaml
from bs4 import BeautifulSoup
from frictionless import Package
from pybtex.database import parse_file
from pybtex.richtext import Text

from compendium import description as descriptor, hygiene, journal
from compendium.check import check
from compendium.legacy_tables import load
from compendium.run import MARK, RefusedError
from compendium.site import SiteError, bibliography, build, downloads, links, material, pages, rendering
from compendium.site.polish import polish
from conftest import HOSTILE, NOTEBOOKS, TESTS, linked_project, mandate_m, prints

PROJECT = TESTS.parent
pytestmark = pytest.mark.xdist_group("site")


def soup(path: Path) -> BeautifulSoup:
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")


@pytest.fixture(scope="session")
def soups(site: Path) -> dict[str, BeautifulSoup]:
    """All pages of the site by the names of their files."""
    return {path.name: soup(path) for path in sorted(site.glob("*.html"))}


def words(node) -> str:
    return " ".join(node.get_text().split())


# --- pages ---


def test_there_is_a_page_for_each_notebook_and_each_subject(soups):
    subjects = {"index", "codebook", "terms", "sources", "downloads", "how-made", "coding-guide"}
    subjects |= {"extend", "contributing", "cite", "changes", "search"}
    assert set(soups) == {f"{name}.html" for name in subjects | {path.stem for path in NOTEBOOKS}}


def test_every_section_of_the_readme_that_a_page_takes_is_there():
    readme = (PROJECT / "README.md").read_text(encoding="utf-8")
    for heading in (*pages.HOW_MADE, "Add a row", "How to cite"):
        assert material.sections(readme, heading), heading


def test_every_link_and_every_file_inside_the_site_leads_somewhere(site, soups):
    broken = []
    for name, page in soups.items():
        for tag in page.find_all(["a", "img", "link", "script"]):
            target = tag.get("href") or tag.get("src") or ""
            if re.match(r"[a-z]+:", target) or not target or target == "#":
                continue
            file, _, anchor = target.partition("#")
            file = file.partition("?")[0] or name
            missing = not (site / file).is_file()
            if missing or (anchor and file in soups and not soups[file].find(id=anchor)):
                broken.append(f"{name}: {target}")
    assert broken == []


def test_nothing_is_loaded_from_another_host(site, soups):
    for name, page in soups.items():
        loaded = [
            tag.get("src") or tag.get("href") for tag in page.find_all(["img", "script", "link", "iframe"])
        ]
        assert [one for one in loaded if one and re.match(r"(https?:)?//", one)] == [], name
    for style in site.rglob("*.css"):
        assert not re.search(r"url\(['\"]?(https?:)?//|@import", style.read_text(encoding="utf-8")), (
            style.name
        )


def test_each_page_is_below_a_megabyte(site):
    assert {
        path.name: size for path in site.glob("*.html") if (size := path.stat().st_size) > 1_000_000
    } == {}


def test_each_page_has_its_language_one_first_heading_and_headings_in_order(soups):
    for name, page in soups.items():
        assert page.html["lang"] == "en"
        levels = [int(heading.name[1]) for heading in page.find_all(re.compile("^h[1-6]$"))]
        assert levels[0] == 1 and levels.count(1) == 1, name
        assert all(b <= a + 1 for a, b in pairwise(levels)), name


def test_version_and_date_of_the_data_stand_on_every_page(soups):
    version = json.loads((PROJECT / "data" / "datapackage.json").read_text(encoding="utf-8"))["version"]
    for name, page in soups.items():
        assert f"Data version {version}, as of " in words(page.find("footer")), name


def test_the_front_page_shows_three_findings_of_the_notebooks_and_a_figure(soups):
    shown = [words(item).replace("’", "'") for item in soups["index.html"].select("#what-stands-out li")]
    tagged = [
        output.data["text/markdown"]
        for path in NOTEBOOKS
        for cell in nbformat.read(path, as_version=4).cells
        if pages.FINDING_TAG in cell.metadata.get("tags", [])
        for output in cell.outputs
        if "**Finding" in output.get("data", {}).get("text/markdown", "")
    ]
    assert len(shown) == len(tagged) == 3
    for text, finding in zip(shown, tagged, strict=True):
        plain = re.sub(r"\\(.)", r"\1", finding.removeprefix("> **Finding.** ")).replace("*", "")
        assert text.startswith(" ".join(plain.split())), text
    assert len(soups["index.html"].select("figure img")) == 1


def test_the_code_is_folded_and_all_that_a_notebook_shows_is_there(soups):
    for path in NOTEBOOKS:
        page = soups[f"{path.stem}.html"]
        cells = [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
        assert [part["id"] for part in page.select("div.cell")] == [f"cell-{cell.id}" for cell in cells]
        assert all(code.find_parent("details") for code in page.select("div.cell div.highlight"))
        assert not page.select("details[open]")
        shown = [output.get("data", {}).get("text/html", "") for cell in cells for output in cell.outputs]
        assert len(page.select("div.cell table")) == "".join(shown).count("<table")


def test_every_figure_has_its_text_alternative_and_leads_to_its_cell_numbers_and_files(site, soups):
    found = 0
    for path in NOTEBOOKS:
        page = soups[f"{path.stem}.html"]
        for cell in nbformat.read(path, as_version=4).cells:
            for output in cell.get("outputs", ()):
                if "image/png" in output.get("data", {}):
                    name = re.match(r"Figure (\S+):", output.data["text/plain"])[1]
                    figure = page.find(id=f"figure-{name}")
                    assert figure.img["alt"] == output.metadata["image/png"]["alt"]
                    assert figure.img["src"] == f"figures/{name}.svg"
                    targets = [link["href"] for link in figure.select("figcaption a")]
                    assert targets == [
                        f"#cell-{cell.id}",
                        *(f"figures/{name}.{kind}" for kind in ("csv", "svg", "png")),
                    ]
                    found += 1
    assert found == len(list((site / "figures").glob("*.svg"))) > 10


def test_every_table_has_a_caption_and_header_scopes(soups):
    for name, page in soups.items():
        for table in page.find_all("table"):
            assert words(table.caption), name
            assert all(cell.get("scope") in ("col", "row") for cell in table.find_all("th")), name
            assert table.parent["aria-labelledby"] == table.caption["id"]


def test_every_symbol_in_a_table_is_a_link_to_its_document(soups):
    tables = load(PROJECT / "data")
    symbols = {
        symbol for name in ("documents", "resolutions") for symbol in tables[name]["symbol"] if "/" in symbol
    }
    symbols = {symbol for symbol in symbols if " " not in symbol}
    seen = set()
    for name, page in soups.items():
        for cell in map(copy, page.select("table.data tbody :is(th, td)")):
            if cell.find("code"):
                continue
            for link in cell.select("a.symbol"):
                assert link["href"] == f"https://docs.un.org/en/{link.get_text()}"
                seen.add(link.get_text())
                link.replace_with("·")
            left = words(cell)
            assert not {
                symbol for symbol in symbols if re.search(rf"(?<![\w/]){re.escape(symbol)}(?![\w/.])", left)
            }, name
    assert symbols <= seen


def test_every_key_of_a_source_leads_to_the_source_and_every_source_to_its_address(soups):
    sources = load(PROJECT / "data")["sources"]
    rows = {row.th.span["id"]: row for row in soups["sources.html"].select("tbody tr")}
    for row in sources.itertuples():
        found = [link["href"] for link in rows[f"source-{row.source_id}"].select("td a:not(.symbol)")]
        assert found == ([row.url] if row.url else [])
    statements = soups["01-mandate-timeline.html"].find("caption", string=None, id="table-3").parent
    keys = [cell for row in statements.select("tbody tr") for cell in row.find_all("td")[3:4]]
    assert len(keys) == len(load(PROJECT / "data")["terms"])
    for cell in keys:
        assert [f"sources.html#source-{key}" for key in cell.get_text().split("; ")] == [
            a["href"] for a in cell.find_all("a")
        ]


def test_the_codebook_has_every_table_and_every_column_with_all_that_is_described(soups):
    package = json.loads((PROJECT / "data" / "datapackage.json").read_text(encoding="utf-8"))
    for resource in package["resources"]:
        place = soups["codebook.html"].find(id=f"table-{resource['name']}")
        rows = {words(row.th): row for row in place.find_next("table").select("tbody tr")}
        assert list(rows) == list(descriptor.fields(resource))
        for name, field in descriptor.fields(resource).items():
            text = words(rows[name])
            assert " ".join(field["description"].replace("`", "").split()) in text
            assert str(field["example"]).split(";")[0] in text
            assert ("required" in text) >= bool(field.get("constraints", {}).get("required"))
            if vocabulary := field.get("vocabulary"):
                assert rows[name].find("a", href=f"terms.html#vocabulary-{vocabulary}")


def test_long_tables_can_be_sorted_and_short_ones_need_not(soups):
    for page in soups.values():
        for table in page.find_all("table"):
            assert ("sortable" in table.get("class", [])) == (len(table.select("tbody tr")) > 20)


# --- downloads ---


def test_the_zip_does_not_depend_on_who_compresses(site):
    (path,) = (site / "downloads").glob("*.zip")
    with zipfile.ZipFile(path) as made:
        assert {member.compress_type for member in made.infolist()} == {zipfile.ZIP_STORED}


def test_the_zip_is_a_data_package_of_its_own(site, tmp_path):
    (path,) = (site / "downloads").glob("*.zip")
    with zipfile.ZipFile(path) as made:
        assert sorted(made.namelist()) == made.namelist()
        assert {"datapackage.json", "LICENSE.txt", "README.md", "CITATION.cff", "CHANGELOG.md"} <= set(
            made.namelist()
        )
        made.extractall(tmp_path)
    package = json.loads((tmp_path / "datapackage.json").read_text(encoding="utf-8"))
    assert path.name == f"{package['name']}-{package['version']}.zip" and package["licenses"]
    assert not check(tmp_path) and Package(str(path)).validate().valid
    for resource in package["resources"]:
        assert (tmp_path / resource["path"]).read_bytes() == (
            PROJECT / "data" / resource["path"]
        ).read_bytes()


def test_the_manifest_has_every_table_figure_notebook_and_download(site):
    lines = (site / "downloads" / "manifest-sha256.txt").read_text(encoding="utf-8").splitlines()
    listed = dict(reversed(line.split("  ")) for line in lines)
    assert all(
        hashlib.sha256((site / name).read_bytes()).hexdigest() == value for name, value in listed.items()
    )
    kept = {
        name for name in prints(site) if name.split("/")[0] in ("data", "downloads", "figures", "notebooks")
    }
    assert set(listed) == kept - {"downloads/manifest-sha256.txt"}
    assert {f"figures/{path.name}" for path in (PROJECT / "figures").glob("[0-9]*")} <= set(listed)
    assert {f"notebooks/{path.name}" for path in NOTEBOOKS} <= set(listed)


def test_figures_and_notebooks_are_those_of_the_run(site):
    for path in [*NOTEBOOKS, *(PROJECT / "figures").glob("[0-9]*")]:
        assert (site / path.parent.name / path.name).read_bytes() == path.read_bytes()


def test_the_bibliography_has_every_document_in_both_forms(site):
    documents = {row.document_id: row for row in load(PROJECT / "data")["documents"].itertuples()}
    read = parse_file(str(site / "downloads" / "documents.bib"), "bibtex").entries
    items = {
        item["id"]: item for item in json.loads((site / "downloads" / "documents.json").read_text("utf-8"))
    }
    assert set(read) == set(items) == set(documents)
    for key, row in documents.items():
        for number in (read[key].fields.get("number", ""), items[key].get("number", "")):
            assert Text.from_latex(number).render_as("text") == row.symbol
        assert items[key]["title"] == row.title
        year = (row.date if row.date is not None else row.listed_year).year
        assert items[key]["issued"]["date-parts"][0][0] == year == int(read[key].fields["year"])
        assert ("unverified" in items[key]["note"]) == (row.status == "unverified")
    item = items["a-hrc-25-48"]
    assert item["author"] == [{"family": "Maalla M'jid", "given": "Najat"}]
    assert item["issued"] == {"date-parts": [[2013, 12, 23]]} and item["URL"].endswith("/A/HRC/25/48")
    assert str(read["a-hrc-25-48"].persons["author"][0]) == "Maalla M'jid, Najat"


def test_dates_of_the_bibliography_are_no_more_precise_than_the_data():
    tables = load(PROJECT / "data")
    for row, item in zip(tables["documents"].itertuples(), bibliography.entries(tables), strict=True):
        date = row.date if row.date is not None else row.listed_year
        (parts,) = item["issued"]["date-parts"]
        assert "-".join(f"{part:02}" for part in parts) == str(date)


def test_how_to_cite_says_what_the_citation_file_says(soups):
    citation = yaml.safe_load((PROJECT / "CITATION.cff").read_text(encoding="utf-8"))
    text = words(soups["cite.html"].article)
    assert "The text bears no title" in text
    for part in (citation["title"], citation["version"], citation["references"][0]["title"]):
        assert " ".join(part.split()) in text
    assert "CC BY 4.0" in text


def test_the_citation_file_is_valid():
    schema = json.loads(
        (TESTS / "vendored" / "citation-file-format" / "schema-1.2.0.json").read_text(encoding="utf-8")
    )
    citation = yaml.load((PROJECT / "CITATION.cff").read_text(encoding="utf-8"), yaml.BaseLoader)
    citation["references"][0]["year"] = int(citation["references"][0]["year"])
    jsonschema.validate(citation, schema)


def test_what_others_wrote_is_as_it_came():
    static = PROJECT / "notebooks" / "compendium" / "site" / "static"
    for readme, folder in (
        (TESTS / "vendored" / "README.md", TESTS / "vendored"),
        (static / "README.md", static),
    ):
        text = readme.read_text(encoding="utf-8")
        files = [path for path in folder.rglob("*") if path.name.endswith((".min.js", ".json"))]
        assert files and all(hashlib.sha256(path.read_bytes()).hexdigest() in text for path in files)


# --- building ---


def test_a_site_has_the_same_bytes_each_time(site, tmp_path):
    assert prints(build(linked_project(tmp_path))) == prints(site)


@pytest.mark.parametrize("error", [SiteError("No."), KeyboardInterrupt()])
def test_a_site_that_fails_or_is_stopped_leaves_the_one_before(package, tmp_path, monkeypatch, error):
    out = tmp_path / "out"
    before = old_site(out)

    def fail(*_):
        raise error

    monkeypatch.setattr(rendering, "render", fail)
    with pytest.raises(type(error)):
        build(PROJECT, package, out)
    assert prints(out / "site") == before
    assert sorted(path.name for path in out.iterdir()) == [MARK, "notebooks", "site"]


@pytest.mark.parametrize("at", [1, 2])
@pytest.mark.parametrize("done", [True, False])
@pytest.mark.parametrize("error", [PermissionError(13, "Permission denied"), KeyboardInterrupt()])
def test_a_site_that_is_stopped_while_it_is_put_in_place_is_whole(
    package, tmp_path, monkeypatch, at, done, error
):
    before = old_site(tmp_path / "out")
    quick(monkeypatch)
    move, calls = Path.rename, []

    def rename(one, other):
        calls.append(other)
        if len(calls) != at or done:
            move(one, other)
        if len(calls) == at:
            raise error

    monkeypatch.setattr(Path, "rename", rename)
    with pytest.raises(type(error)):
        build(PROJECT, package, tmp_path / "out")
    new = {"index.html": hashlib.sha256(b"new").hexdigest()}
    assert prints(tmp_path / "out" / "site") == (new if at == 2 and done else before)


def test_a_site_keeps_away_from_a_run_and_clears_what_a_killed_one_left(package, tmp_path, monkeypatch):
    out = tmp_path / "out"
    before = old_site(out)
    quick(monkeypatch)
    with journal.alone(out), pytest.raises(RefusedError, match="Another run is writing to"):
        build(PROJECT, package, out)
    assert prints(out / "site") == before
    (out / f"{journal.TEMPORARY}left").mkdir()
    assert (build(PROJECT, package, out) / "index.html").read_text() == "new"
    assert sorted(path.name for path in out.iterdir()) == [MARK, "notebooks", "site"]


def test_a_site_is_built_from_what_a_stopped_run_had_decided(package, tmp_path, monkeypatch):
    out = tmp_path / "out"
    written(tmp_path / "new", "# New")
    written(out)
    with monkeypatch.context() as patch:
        patch.setattr(journal, "complete", lambda _: None)  # as if the power were cut
        journal.replace(tmp_path / "new", out, [Path("notebooks/01-one.ipynb")], [], out)
    assert "<h1>New" in (build(PROJECT, package, out) / "01-one.html").read_text(encoding="utf-8")


def old_site(out: Path) -> dict[str, str]:
    """A run's folder with a site; what is in the site."""
    written(out)
    (out / "site").mkdir()
    (out / "site" / "index.html").write_text("old")
    return prints(out / "site")


def quick(monkeypatch) -> None:
    """Let a site be one file."""
    monkeypatch.setattr(downloads, "write", lambda material, made: (made / "index.html").write_text("new"))
    monkeypatch.setattr(pages, "pages", lambda *_: {})
    monkeypatch.setattr(rendering, "render", lambda *_: None)


def test_what_sphinx_complains_of_is_an_error_that_names_page_and_cell(package, tmp_path):
    written(tmp_path / "out", "# Title\n\n### A heading too deep\n\n{nonsense}`x`")
    with pytest.raises(SiteError, match="nonsense") as told:
        build(PROJECT, package, tmp_path / "out")
    assert "\npage 01-one, cell 1: WARNING: " in str(told.value)
    assert "\x1b" not in str(told.value) and ".site-" not in str(told.value)


def test_a_text_of_the_project_that_is_not_in_utf_8_is_told(tmp_path):
    project = linked_project(tmp_path)
    (project / "CHANGELOG.md").unlink()
    (project / "CHANGELOG.md").write_bytes("# Changes\n\nHaïti\n".encode("cp1252"))
    with pytest.raises(SiteError, match=r"CHANGELOG\.md:3 is not UTF-8 text\. Please save"):
        build(project)


def test_notebooks_that_were_not_executed_are_told(package, tmp_path):
    with pytest.raises(SiteError, match="no executed notebooks"):
        build(tmp_path)
    written(tmp_path / "out", count=None)
    with pytest.raises(SiteError, match=r"01-one\.ipynb has not been executed"):
        build(PROJECT, package, tmp_path / "out")
    (tmp_path / "out" / "notebooks" / "01-one.ipynb").write_text("{}")
    with pytest.raises(SiteError, match="not a notebook"):
        build(PROJECT, package, tmp_path / "out")


def test_a_folder_that_no_run_made_gets_no_site(package, tmp_path):
    with pytest.raises(SiteError, match=r"No run has written to .*out"):
        build(PROJECT, package, tmp_path / "out")
    assert not (tmp_path / "out").exists()
    before = old_site(tmp_path / "mine")
    (tmp_path / "mine" / MARK).unlink()
    with pytest.raises(SiteError, match=r"No run has written to .*mine"):
        build(PROJECT, package, tmp_path / "mine")
    assert prints(tmp_path / "mine" / "site") == before


def written(out: Path, text: str = "# Title", count: int | None = 1) -> None:
    """A run's folder with one notebook."""
    (out / "notebooks").mkdir(parents=True)
    (out / MARK).touch()
    cells = [nbformat.v4.new_markdown_cell(text), nbformat.v4.new_code_cell("1", execution_count=count)]
    notebook = nbformat.v4.new_notebook(cells=cells)
    (out / "notebooks" / "01-one.ipynb").write_bytes(hygiene.to_bytes(hygiene.clean(notebook)))


def test_a_package_with_nothing_but_one_table_has_a_site(tmp_path):
    data = mandate_m(tmp_path / "data")
    package = json.loads((data / "datapackage.json").read_text(encoding="utf-8"))
    package["resources"] = [one for one in package["resources"] if one["name"] == "sources"]
    for key in ("version", "licenses", "description", "mandate", "keywords"):
        package.pop(key, None)
    (data / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    written(tmp_path / "out")
    made = {path.name for path in build(PROJECT, data, tmp_path / "out").glob("*.html")}
    assert {"index.html", "01-one.html", "codebook.html", "sources.html"} <= made and "terms.html" not in made


def test_the_site_of_another_package_has_no_text_on_the_project_s_own_data(package, tmp_path):
    written(tmp_path / "out", "# Title\n\n[guide](../data/coding/GUIDE.md) [extend](../data/README.md)")
    site = build(PROJECT, package, tmp_path / "out")
    soups = {path.stem: soup(path) for path in site.glob("*.html")}
    assert {"how-made", "extend", "contributing"} <= set(soups)
    assert not {"cite", "changes", "coding-guide"} & set(soups)
    assert not soups["how-made"].find(id="what-is-not-covered") and soups["how-made"].find(id="two-commands")
    for name, page in soups.items():
        links = [tag["href"].partition("#")[0] for tag in page.select("article a[href]")]
        inside = {link for link in links if link and not re.match("[a-z]+:", link)}
        assert {link for link in inside if not (site / link).is_file()} == set(), name
    assert soups["01-one"].find("a", href="extend.html")


# --- data are text from strangers ---


def test_markup_in_the_data_stands_as_text_on_every_page(hostile_site):
    whole = " ".join(HOSTILE.split())
    documents = soup(hostile_site / "03-thematic-output.html")
    assert any(words(cell) == whole for cell in documents.select("td"))
    sources = soup(hostile_site / "sources.html")
    assert any(words(cell) == whole for cell in sources.select("td"))
    for path in hostile_site.glob("*.html"):
        page = soup(path)
        assert words(page.find(class_="sidebar-brand-text")) == words(page.find(class_="brand")) == whole
        assert page.title.get_text().endswith(whole)
        assert not page.find_all(attrs={"onerror": True}) and not page.find_all(
            "a", href=re.compile("^javascript:")
        )
        assert not [one for one in page.find_all("script") if "broken" in one.get_text()]
        assert not page.find("img", src="x")


def test_markup_in_the_data_stands_as_text_in_the_notebook_and_the_bibliography(hostile_site):
    whole = " ".join(HOSTILE.split())
    notebook = nbformat.read(hostile_site / "notebooks" / "03-thematic-output.ipynb", as_version=4)
    tables = [
        BeautifulSoup(output.data["text/html"], "html.parser")
        for cell in notebook.cells
        for output in cell.get("outputs", ())
        if "text/html" in output.get("data", {})
    ]
    assert any(words(cell) == whole for table in tables for cell in table.find_all("td"))
    assert not [table for table in tables if table.find(["script", "img"])]
    (item,) = (
        one
        for one in json.loads((hostile_site / "downloads" / "documents.json").read_text("utf-8"))
        if one["id"] == "a-hrc-1-1"
    )
    assert item["title"] == HOSTILE
    entry = parse_file(str(hostile_site / "downloads" / "documents.bib"), "bibtex").entries["a-hrc-1-1"]
    for mark in ("<script>", r"\{braces\}", r"\textbackslash{}alpha", r"\$a\_b\$", r"\&", r"\%", r"\#"):
        assert mark in entry.fields["title"]


# --- links ---


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("A/HRC/25/48", ["A/HRC/25/48"]),
        ("see A/50/456, and E/CN.4/2005/78/Add.1.", ["A/50/456", "E/CN.4/2005/78/Add.1"]),
        ("(A/HRC/43/40); CRC/C/GC/12; A/HRC/19/L.31", ["A/HRC/43/40", "CRC/C/GC/12", "A/HRC/19/L.31"]),
        ("E/CN.4/Sub.2/1993/30 E/CN.4/RES/1990/68", ["E/CN.4/Sub.2/1993/30", "E/CN.4/RES/1990/68"]),
        (
            "CRC/C/15/Add.201 CRC/C/ROM/CO/4 A/C.3/65/SR.13",
            ["CRC/C/15/Add.201", "CRC/C/ROM/CO/4", "A/C.3/65/SR.13"],
        ),
        ("HIV/AIDS, GA/SHC/4201, A/HRC, and/or, E/CN.4/RES.1990/68.E", []),
        ("https://example.org/A/HRC/25/48 and UN/A/50/456", []),
    ],
)
def test_symbols_are_found_and_what_looks_like_one_is_not(text, found):
    known = links.Links(load(PROJECT / "data"))
    assert [text[begin:end] for begin, end, _ in known.symbols(text)] == found


def test_an_address_is_safe_whatever_the_symbol():
    assert links.address('A/1/"><script>') == "https://docs.un.org/en/A/1/%22%3E%3Cscript%3E"
    assert links.web("https://example.org") and not links.web("javascript:alert(1)") and not links.web("")


@pytest.mark.parametrize(
    ("text", "broken"),
    [
        ("special_rapporteur;others", "special_|rapporteur;|others"),
        ("(https://example.org/a?b=c)", "(https://|example.|org/|a?|b=|c)"),
        ("Recommendations, (non-governmental)", "Recommendations, (non-|governmental)"),
        ("de Boer-Buquicchio's", "de Boer-|Buquicchio's"),
        ("a" * 45, "|".join(["a" * 20, "a" * 20, "a" * 5])),
        ("A/HRC/22/54/Add.21", "A/HRC/22/54/Add.21"),
        ("no key", "no key"),
    ],
)
def test_keys_and_addresses_in_a_table_may_go_on_after_their_marks(text, broken):
    known = links.Links(load(PROJECT / "data"))
    table = f"<table><thead><tr><th>Key</th></tr></thead><tbody><tr><td>{text}</td></tr></tbody></table>"
    cell = BeautifulSoup(polish(f"<article>{table}</article>", known, ""), "html.parser").td
    assert cell.get_text() == text
    for place in cell.find_all("wbr"):
        place.replace_with("|")
    assert cell.get_text() == broken


def test_only_a_list_of_sources_is_one():
    known = links.Links(load(PROJECT / "data"))
    assert known.source_ids("leiden-2015; a-50-456") == ["leiden-2015", "a-50-456"]
    assert known.source_ids("leiden-2015; other") == known.source_ids("") == []


def test_texts_lead_to_pages_of_the_site():
    text = "[a](coding/GUIDE.md) [b](../README.md) [c](../notebooks/00-about.ipynb) [d](https://example.org) [e](o.txt)"
    assert (
        pages.linked(text, "data")
        == "[a](coding-guide.html) [b](index.html) [c](00-about.html) [d](https://example.org) [e](o.txt)"
    )


def test_the_tables_of_the_site_say_where_symbols_would_be_missed():
    """Symbols stand in the columns that links.py names: a new column of symbols must be added there."""
    package = json.loads((PROJECT / "data" / "datapackage.json").read_text(encoding="utf-8"))
    named = {
        name
        for resource in package["resources"]
        for name in descriptor.fields(resource)
        if name.endswith("symbol")
    }
    assert named - {"printed_symbol"} == set(links.SYMBOL_COLUMNS)


def test_codes_of_csv_files_are_the_data(site):
    with (site / "data" / "record" / "documents.csv").open(encoding="utf-8", newline="") as stream:
        assert len(list(csv.DictReader(stream))) == len(load(PROJECT / "data")["documents"])

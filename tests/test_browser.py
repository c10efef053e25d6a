"""The site in a browser, opened from the file system: it works for everybody, with and without JavaScript."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from conftest import HOSTILE, TESTS

pytestmark = pytest.mark.xdist_group("site")

SCRIPTS = [TESTS / "vendored" / "axe-core" / "axe.min.js", TESTS / "faults.js"]
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 360, "height": 740}
KINDS = ["index", "03-thematic-output", "codebook", "search"]  # front page, notebook, reference, search
DOCUMENTS = "All documents of the mandate"
PAPER = "getComputedStyle(document.body).backgroundColor"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The Chromium of the system; without one these tests are skipped."""
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if not found:
        pytest.skip("no Chromium on this machine (Debian and Ubuntu: apt-get install chromium)")
    sandbox = [] if os.name == "nt" or os.geteuid() else ["--no-sandbox"]  # root has none
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=sandbox)
        yield browser
        browser.close()


@contextmanager
def opened(browser: Browser, site: Path, **look: object) -> Iterator[Page]:
    """A page of the browser on which nothing may go wrong, and which may ask for nothing from elsewhere."""
    context = browser.new_context(**({"viewport": WIDE} | look))
    page, wrong = context.new_page(), []

    def failed(request):
        if request.failure != "net::ERR_ABORTED":  # the test went on before the page had all it asked for
            wrong.append(f"not loaded: {request.url}")

    def asked(request):
        if not request.url.startswith((site.as_uri(), "data:")):
            wrong.append(f"asks {request.url}")

    page.on("console", lambda told: told.type in ("error", "warning") and wrong.append(told.text))
    page.on("pageerror", lambda error: wrong.append(f"script: {error}"))
    page.on("dialog", lambda dialog: (wrong.append(f"dialog: {dialog.message}"), dialog.dismiss()))
    page.on("request", asked)
    page.on("requestfailed", failed)
    yield page
    context.close()
    assert wrong == []


def show(page: Page, site: Path, name: str) -> None:
    page.goto(f"{site.as_uri()}/{name}.html" + ("?q=visit" if name == "search" else ""))


def names(site: Path, kinds: list[str] | None = None) -> list[str]:
    return kinds or [path.stem for path in sorted(site.glob("*.html"))]


# --- for everybody ---


@pytest.mark.parametrize(
    ("scheme", "viewport", "kinds"),
    [
        pytest.param("dark", NARROW, KINDS, id="four kinds of page, dark and narrow"),
        pytest.param("light", WIDE, None, id="all pages, light and wide", marks=pytest.mark.long),
        pytest.param("dark", NARROW, None, id="all pages, dark and narrow", marks=pytest.mark.long),
    ],
)
def test_a_page_has_no_barrier_for_anybody(browser, site, scheme, viewport, kinds):
    found = []
    with opened(browser, site, color_scheme=scheme, viewport=viewport) as page:
        for name in names(site, kinds):
            show(page, site, name)
            for script in SCRIPTS:
                page.evaluate(script.read_text(encoding="utf-8"))
            found += [
                f"{name}: {kind}: {one}" for kind, ones in page.evaluate("faults()").items() for one in ones
            ]
    assert found == []


@pytest.mark.parametrize("kinds", [KINDS[:-1], pytest.param(None, marks=pytest.mark.long)])
def test_all_is_there_without_javascript(browser, site, kinds):
    rows = "[...document.querySelectorAll('article table')].map(table => table.tBodies[0].rows.length)"
    text = "document.querySelector('article').innerText.length"
    with (
        opened(browser, site) as page,
        opened(browser, site, java_script_enabled=False, color_scheme="dark") as bare,
    ):
        for name in (name for name in names(site, kinds) if name != "search"):
            show(page, site, name)
            show(bare, site, name)
            assert bare.evaluate(rows) == page.evaluate(rows), name
            assert bare.evaluate(text) > 0.9 * page.evaluate(text), name
        assert bare.evaluate(PAPER) != "rgb(255, 255, 255)"


def test_print_leaves_out_what_can_only_be_pressed_and_shows_all_rows_and_notes(browser, site):
    with opened(browser, site) as page:
        show(page, site, "03-thematic-output")
        page.emulate_media(media="print")
        page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
        for part in (
            ".controls",
            ".more",
            ".told",
            ".shortcuts",
            "details.hide",
            ".sidebar-drawer",
            ".picture.phone",
        ):
            expect(page.locator(part).first).to_be_hidden()
        expect(page.locator("figure svg").first).to_be_visible()
        parts = "[...document.querySelectorAll('article tbody tr, article td details')]"
        assert page.evaluate(f"{parts}.filter(one => !one.offsetHeight).length") == 0
        frames = "[...document.querySelectorAll('.scrolls')].map(one => getComputedStyle(one).overflowX)"
        assert {*page.evaluate(frames)} == {"visible"}
        page.set_viewport_size({"width": 718, "height": 1040})  # A4 with usual margins
        assert page.evaluate("document.documentElement.scrollWidth") <= 718
        tall = "[...document.querySelectorAll('figure svg')].map(one => one.getBoundingClientRect().height)"
        assert max(page.evaluate(tall)) < 1040  # of one sheet


# --- finding one's way ---


def test_side_bar_table_of_contents_and_search_lead_to_what_a_reader_looks_for(browser, site):
    with opened(browser, site, viewport={"width": 1600, "height": 900}) as page:
        show(page, site, "index")
        page.locator(".sidebar-tree a", has_text="Codebook").click()
        page.locator(".toc-tree a", has_text="Country visits").click()
        expect(page.locator("#country-visits h2")).to_be_in_viewport()
        page.locator(".sidebar-search").fill("surrogacy")
        page.locator(".sidebar-search").press("Enter")
        page.locator("#found a", has_text="Thematic reports").first.click()
        expect(page.locator("#thematic-reports h2")).to_be_in_viewport()


FOUND = ["A/HRC/25/48", "a/67/291", "1990/68", "Vitit Muntarbhorn", "México", "mexico", "2012 participation"]
NOT_FOUND = ["A/HRC/25/4", "A/HRC/99/48", "1990/6", "Muntarbhornn", "/", "A/HRC/25/48 nowhere"]


def test_search_finds_what_this_field_searches_and_no_symbol_that_does_not_exist(browser, site):
    with opened(browser, site) as page:
        show(page, site, "search")
        for query in FOUND:
            page.locator("#query").fill(query)
            expect(page.locator("#count")).to_contain_text("found.")
            expect(page.locator("#found li mark").first).to_be_visible()
        for query in NOT_FOUND:
            page.locator("#query").fill(query)
            expect(page.locator("#count")).to_contain_text("0 sections found.")
            expect(page.locator("#document a")).to_have_count(0)
        page.locator("#query").fill("a/67/291")
        expect(page.locator("#document a")).to_have_attribute("href", "https://docs.un.org/en/A/67/291")
        page.locator("#query").fill("Mexico")  # a row that is folded away until somebody looks for it
        page.locator("#found a", has_text="Country visits").first.click()
        expect(page.locator("#country-visits tbody th", has_text="Mexico").first).to_be_visible()
        page.go_back()
        page.locator("#query").fill("Vitit Muntarbhorn")
        page.locator("#found a", has_text="The holders").first.click()
        expect(page.locator("#the-holders")).to_contain_text("Vitit Muntarbhorn")


def test_a_long_table_shows_ten_rows_until_a_reader_opens_it(browser, site):
    with opened(browser, site) as page:
        show(page, site, "03-thematic-output")
        documents = page.locator("table", has=page.locator("caption", has_text=DOCUMENTS))
        rows = documents.locator("tbody tr")
        shown = rows.locator("visible=true")
        expect(shown).to_have_count(10)
        page.locator(".more", has_text=f"Show all {rows.count()} rows").press("Enter")
        expect(shown).to_have_count(rows.count())
        head = documents.locator("thead th").first
        frame = page.locator(".scrolls.opened", has=documents)
        frame.evaluate("frame => { frame.scrollIntoView(); frame.scrollTop = frame.scrollHeight; }")
        expect(rows.last).to_be_in_viewport()
        expect(head).to_be_in_viewport()
        note = rows.first.locator("summary")
        expect(rows.first.locator("details")).to_contain_text("Note")
        note.press("Enter")
        expect(rows.first.locator("details b").first).to_be_visible()


def test_a_mark_is_reached_and_read_by_keyboard_and_leads_to_its_document(browser, site):
    with opened(browser, site) as page:
        show(page, site, "02-working-methods")
        figure = page.locator("#figure-02-visits .picture.page")
        marks = figure.locator(".mark")
        marks.first.focus()
        page.keyboard.press("ArrowRight")
        expect(marks.nth(1)).to_be_focused()
        assert figure.locator("[tabindex='0']").count() == 1  # one stop for the whole figure
        said = marks.nth(1).get_attribute("aria-label")
        expect(figure.locator("output")).to_have_text(said)
        assert said and marks.nth(1).get_attribute("role") in ("link", "img")
        linked = figure.locator(".mark[role=link] a").first
        assert linked.get_attribute("xlink:href").startswith("https://docs.un.org/en/")


SMALL = """[...document.querySelectorAll('.picture.phone svg')].flatMap(svg => [...svg.querySelectorAll('text')].map(
    text => parseFloat(getComputedStyle(text).fontSize) * svg.getBoundingClientRect().width
        / svg.viewBox.baseVal.width))"""


@pytest.mark.parametrize("kinds", [["02-working-methods"], pytest.param(None, marks=pytest.mark.long)])
def test_on_a_phone_figures_are_those_made_for_it_and_can_be_read(browser, site, kinds):
    with opened(browser, site, viewport=NARROW) as page:
        for name in (name for name in names(site, kinds) if name != "search"):
            show(page, site, name)
            for picture in page.locator(".picture.page").all():
                expect(picture).to_be_hidden()
            assert min(page.evaluate(SMALL), default=11) >= 11, name
            assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"], name


@pytest.mark.long
def test_no_column_of_a_notebook_is_off_the_screen_of_a_small_laptop(browser, site):
    wide = "[...document.querySelectorAll('.scrolls.table')].filter(one => one.scrollWidth > one.clientWidth + 1)"
    with opened(browser, site) as page:
        for name in (name for name in names(site) if name[0] == "0"):
            show(page, site, name)
            assert page.evaluate(f"{wide}.map(one => one.innerText.slice(0, 60))") == [], name


def test_contents_of_a_page_are_beside_it_on_a_small_laptop(browser, site):
    with opened(browser, site) as page:
        show(page, site, "06-since-2015")
        expect(page.locator(".toc-tree").get_by_text("The Optional Protocol", exact=True)).to_be_in_viewport()
        page.emulate_media(reduced_motion="reduce")
        assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"


def test_a_figure_leads_to_the_cell_that_makes_it(browser, site):
    with opened(browser, site) as page:
        show(page, site, "index")
        page.locator("figcaption a", has_text="how it is made").click()
        cell = page.locator(f"id={page.url.partition('#')[2]}")
        expect(cell.locator("figure")).to_be_visible()
        expect(cell.locator("div.highlight")).to_be_hidden()
        cell.locator("details.hide > summary").press("Enter")
        expect(cell.locator("div.highlight")).to_be_visible()


def test_the_keyboard_opens_the_side_bar_and_a_reader_chooses_light_or_dark(browser, site):
    with opened(browser, site, color_scheme="light", viewport=NARROW) as page:
        show(page, site, "codebook")
        expect(page.locator(".sidebar-search")).not_to_be_visible()
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent.trim()") == "Skip to content"
        page.keyboard.press("Tab")
        page.keyboard.press("Space")
        expect(page.locator(".sidebar-search")).to_be_in_viewport()
        page.keyboard.press("Space")
        expect(page.locator(".sidebar-search")).not_to_be_visible()
        before = page.evaluate(PAPER)
        page.locator(".theme-toggle-header .theme-toggle").click()
        assert page.evaluate(PAPER) != before
        show(page, site, "index")
        assert page.evaluate(PAPER) != before


def test_a_long_table_is_filtered_and_sorted_with_mouse_and_keyboard_and_says_so(browser, site):
    with opened(browser, site) as page:
        show(page, site, "03-thematic-output")
        documents = page.locator("table", has=page.locator("caption", has_text=DOCUMENTS))
        rows, box = documents.locator("tbody tr"), page.get_by_label(f"Filter the rows: {DOCUMENTS}")
        every = rows.count()
        box.fill("surrogacy")
        expect(rows).not_to_have_count(every)
        kept = rows.all_inner_texts()
        assert kept and all("surrogacy" in text.casefold() for text in kept) and every > 100
        told = page.locator(".controls", has=box).locator("[role=status]")
        expect(told).to_have_text(f"{len(kept)} rows of {every}")
        box.fill("docs.un.org")  # an address, which no reader sees
        expect(rows).to_have_text(["No row has this."])
        box.fill("")
        expect(documents.locator("tbody th[scope=row]")).to_have_count(every)
        heading = documents.locator("thead th", has_text="Year of the session")
        place = heading.evaluate("heading => heading.cellIndex") + 1
        years = documents.locator(f"tbody tr > :nth-child({place})")
        in_order = years.all_inner_texts()
        heading.locator("[role=button]").focus()
        page.keyboard.press("Enter")
        expect(heading).to_have_attribute("aria-sort", "ascending")
        assert years.all_inner_texts() == sorted(in_order) != in_order
        heading.click()
        expect(heading).to_have_attribute("aria-sort", "descending")
        assert years.all_inner_texts() == sorted(in_order, reverse=True)


@pytest.mark.long
def test_markup_in_the_data_does_nothing_and_is_read_as_it_stands(browser, hostile_site):
    whole, seen = " ".join(HOSTILE.split()), 0
    with opened(browser, hostile_site) as page:
        for name in names(hostile_site):
            show(page, hostile_site, name)
            texts = page.locator("article table :is(td, th)").all_inner_texts()
            seen += sum(" ".join(text.split()) == whole for text in texts)
            assert page.evaluate("window.broken") is None, name
        page.goto(f"{hostile_site.as_uri()}/search.html?q=quoted")
        expect(page.locator("#found a").first).to_be_visible()
        assert seen >= 2 and page.evaluate("window.broken") is None

"""The site: pages for those who read, files for those who cite, made from the executed notebooks, offline.

`material` gathers what it is made from, `downloads` writes the files, `pages` makes notebooks and, by templates/,
Markdown of it, `rendering` lets Sphinx make HTML of these, and `polish` puts tables and figures into the form that
everybody can read. What is ready takes the place of the site before as a whole.
"""

from __future__ import annotations

from pathlib import Path

from compendium.execution.run import MARK, alone
from compendium.site.material import SiteError, gather

__all__ = ["SiteError", "build"]


def build(project: Path, data_dir: Path | None = None, out: Path | None = None) -> Path:
    """Build the site from the notebooks and figures of a run, all or nothing; return its folder.

    Reads the project's data and outputs and writes to `project`/build/site; with `out` those of a run elsewhere, on
    `data_dir` if that is given, and writes to `out`/site. Raises SiteError if it could not be built, RefusedError if a
    run is writing there; what was there before is then unchanged.
    """
    from compendium.site import crate, downloads, pages, rendering  # Sphinx takes its time to load

    project = project.resolve()
    if out and not (out / MARK).is_file():
        raise SiteError(f"No run has written to {out}. Please run the notebooks first: make OUT={out}")
    home = out.resolve() if out else project / "build"
    with alone(home) as temporary:
        material = gather(project, data_dir, out)
        made = temporary / "site"
        made.mkdir()
        downloads.write(material, made)
        rendering.render(pages.pages(material, made), material, temporary / "work", made)
        _swap(made, home / "site", temporary / "before")
        if not out:
            crate.write(material)
    return home / "site"


def _swap(made: Path, target: Path, aside: Path) -> None:
    """Put the new site in the place of the old one; if that fails or is stopped, the old one comes back."""
    try:
        if target.exists():
            target.rename(aside)
        made.rename(target)
    except BaseException:
        if aside.exists() and not target.exists():
            aside.rename(target)
        raise

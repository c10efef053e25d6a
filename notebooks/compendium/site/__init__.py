"""The site: pages for those who read, files for those who cite, made from the executed notebooks, offline."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from compendium.site.material import SiteError, gather

__all__ = ["SiteError", "build"]


def build(project: Path, data_dir: Path | None = None, out: Path | None = None) -> Path:
    """Build the site from the notebooks and figures of a run, all or nothing; return its folder.

    Reads the project's data and outputs and writes to `project`/build/site; with `data_dir` and `out` those of another
    package, and writes to `out`/site. Raises SiteError if it could not be built; what was there before is then
    unchanged.
    """
    from compendium.site import downloads, pages, rendering  # Sphinx takes its time to load

    project = project.resolve()
    material = gather(project, data_dir, out)
    target = (out.resolve() if out else project / "build") / "site"
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(
        prefix=".site-", dir=target.parent, ignore_cleanup_errors=True
    ) as folder:
        made = Path(folder) / "site"
        made.mkdir()
        downloads.write(material, made)
        rendered = pages.pages(material, made)
        stamp = f"Data version {material.version}, as of {material.as_of}"
        rendering.render(rendered, material.title, stamp, material.links, Path(folder) / "work", made)
        _swap(made, target, Path(folder) / "before")
    return target


def _swap(made: Path, target: Path, aside: Path) -> None:
    """Put the new site in the place of the old one; if that fails, the old one comes back."""
    if target.exists():
        target.rename(aside)
    try:
        made.rename(target)
    except OSError:
        if aside.exists():
            aside.rename(target)
        raise
    shutil.rmtree(aside, ignore_errors=True)

"""An empty data package to begin another mandate with: valid as it is, and explained row by row."""

from __future__ import annotations

import errno
import json
import os
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from compendium.description import FILE, NOTES, VOCABULARIES, Meta, fields, read
from compendium.editing.spreadsheets import written

KEPT = ("$schema", "licenses")

BEGINNING = """# {title}

An empty data package. The notebooks run on it as it is and say what each part needs; they fill as you fill the tables.

1. In `datapackage.json`, set `title`, `created` (the day on which the data were last worked over) and, under `mandate`,
   `title` and `holders_at_a_time` (more than one for a working group). If the coding reads an assessment, add
   `"assessment"` with its `source_id`; for the counts of a treaty beside the mandate, `"treaty"` with its code and
   `"index"` with the codes of bodies: `"mandate"`, `"treaty"` (the Committee under it), `"committee"` (the Committee in
   all, a list) and `"others"` (other special procedures, a list). A table that you do not need can be taken out there
   and deleted. Texts on the mandate that the notebooks show stand in `notes`, whose README says where each appears.
2. Begin with `record/sources.csv`: every other row names its sources. Then `holders`, `terms`, `resolutions` and so on.
3. After each step, `make check DATA=folder` says what is wrong, where, and what to do; `make format DATA=folder` undoes
   what a spreadsheet did to the files. `make DATA=folder OUT=other-folder` runs all notebooks.

Each table below has an example row to copy, its columns explained. The examples are rows of another mandate, so replace
every value. What no source states stays empty.
"""


def new(folder: Path, schema: Path, title: str) -> None:
    """Write an empty package to a new or empty folder: the tables of the data package in the folder `schema`.

    Every table has its header only, but for the vocabularies, which are those of `schema`. A README has an example row
    for each table, and one in the folder `notes` says what may be written there.
    Raises FileExistsError if there is anything in the folder.
    """
    folder = Path(os.path.expanduser(folder)).absolute()
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        taken = "There is something already. Please name a new or an empty folder"
        raise FileExistsError(errno.EEXIST, taken, str(folder))
    described = read(schema)
    texts = {table["path"]: written([fields(table)]) for table in described["resources"]}
    kept = [
        f"{NOTES}/README.md",
        *(one["path"] for one in described["resources"] if one["name"] == VOCABULARIES),
    ]
    texts |= {name: (schema / name).read_text(encoding="utf-8") for name in kept}
    texts[FILE] = json.dumps(_description(described, title), indent=2, ensure_ascii=False) + "\n"
    texts["README.md"] = _guide(described, title)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".new-", dir=folder.parent) as beside:
        made = Path(beside, "package")
        for name, text in texts.items():
            (made / name).parent.mkdir(parents=True, exist_ok=True)
            (made / name).write_text(text, encoding="utf-8", newline="\n")
        if folder.exists():
            folder.rmdir()
        os.replace(made, folder)


def _description(described: Meta, title: str) -> Meta:
    """The description of the new package: the tables of the old one, and nothing of its mandate."""
    return {key: described[key] for key in KEPT if key in described} | {
        "name": "mandate",
        "title": title,
        "version": "0.1.0",
        "created": f"{date.today().isoformat()}T00:00:00Z",
        "mandate": {"title": title, "holders_at_a_time": 1},
        "resources": described["resources"],
    }


def _guide(described: Meta, title: str) -> str:
    """The README: each table with an example row and the meaning of its columns."""
    return "\n".join(
        [BEGINNING.format(title=title), *(part for table in described["resources"] for part in _part(table))]
    )


def _part(table: Meta) -> Iterator[str]:
    columns = fields(table)
    examples = [str(column.get("example", "")) for column in columns.values()]
    yield f"## {table['path']}\n"
    yield f"**{table.get('title', table['name'])}.** {table['description']}\n"
    yield f"```\n{written([columns, examples])}```\n"
    for name, column in columns.items():
        need = " Required." if column.get("constraints", {}).get("required") else ""
        yield f"- `{name}`: {column['description']}{need}"
    yield ""

"""The commands of `python -m compendium`. The Makefile calls nothing else."""

from __future__ import annotations

import argparse
import io
import os
import signal
import sys
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from datetime import date
from pathlib import Path
from typing import Any

from compendium.description import package
from compendium.problems import CommandError, count, report

PROJECT = Path(__file__).resolve().parents[2]


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the arguments say; return the exit status: 0 well, 1 something is wrong, 2 the request is wrong."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(
            stream, io.TextIOWrapper
        ):  # on Windows, a file would get letters that cannot hold every name
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    for name, set_ in {"PYTHONOPTIMIZE": sys.flags.optimize, "PYTHONDEVMODE": sys.flags.dev_mode}.items():
        if set_:  # it takes away what checks say of themselves, or lets libraries talk into the notebooks
            print(
                f"{name} is set (or its option -O or -X dev): please unset it for the compendium.",
                file=sys.stderr,
            )
            return 2
    asked = _parser().parse_args(arguments)
    # A request to end is answered as Ctrl-C is: what was begun is undone, and what holds then is told.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    load_jsonschema()
    try:
        return int(asked.do(asked) or 0)
    except CommandError as error:
        told, status = f"{error}\n{asked.done}", error.status
    except KeyboardInterrupt:
        told, status = f"Stopped. {asked.holds}", 1
    except OSError as error:  # a full disk, a folder that was taken away
        place = f": {error.filename}" if error.filename else ""
        told, status = f"{error.strerror or error}{place}\n{asked.holds}", 1
    print(told.strip(), file=sys.stderr)
    return status


def load_jsonschema() -> None:
    """Load what nbformat and the check use without the grammars of internationalised addresses.

    Building them takes more than a second and nothing here asks for them, but the library for them is there, since
    JupyterLab wants it. It is hidden while jsonschema looks for it, and only where we are the program.
    """
    sys.modules["rfc3987_syntax"] = None  # type: ignore[assignment]
    import jsonschema  # noqa: F401

    del sys.modules["rfc3987_syntax"]


def _parser() -> argparse.ArgumentParser:
    """The commands and their arguments.

    What a command does also sets `done`, what stands in spite of an error, and `holds`, what is true if it is stopped.
    """
    parser = argparse.ArgumentParser(prog="python -m compendium", description="The mandate compendium.")
    parser.set_defaults(done="", holds="")
    commands = parser.add_subparsers(title="commands", required=True, metavar="command")
    folder: dict[str, Any] = {"type": _path, "metavar": "DIR"}
    other: dict[str, Any] = {"type": package, "metavar": "DIR", "help": "another data package; needs --out"}
    own: dict[str, Any] = folder | {"default": PROJECT / "data", "help": "another data package"}

    def command(name: str, do: Callable[[argparse.Namespace], int | None], told: str) -> Callable[..., Any]:
        made = commands.add_parser(name, help=told)
        made.set_defaults(do=do)
        return made.add_argument

    takes = command(
        "run", _run, "check the data, execute all notebooks, write them and their figures, build the site"
    )
    takes("--data", **other)
    takes("--out", **folder, help="a new folder for the outputs, or that of an earlier run")
    takes("--as-of", metavar="DATE", help="leave out what is dated later (2015-05-31); needs --out")
    takes = command("site", _site, "build the site from the notebooks of the last run")
    takes("--data", **other)
    takes("--out", **folder, help="folder of a run with --out; gets the site, too")
    takes = command("check", _check, "say what is wrong with a data package, where, and what to do")
    takes("--data", **own)
    takes = command(
        "format", _format, "bring the tables to the form in which they are kept and say what was changed"
    )
    takes("--data", **own)
    takes = command("new", _new, "write an empty data package to begin another mandate with")
    takes("folder", **folder, help="a new or an empty folder")
    takes("--title", default="Another mandate", help="title of the mandate")
    takes = command("review", _review, "draw rows for people to review: a sheet to fill and a page to print")
    takes("--data", **own)
    takes("--rows", type=int, default=60, metavar="N", help="how many (60)")
    takes(
        "--seed",
        type=int,
        default=int(f"{date.today():%Y%m%d}"),
        metavar="S",
        help="the same seed, the same rows",
    )
    takes("--by", default="", metavar="TABLE", help="rows of one table only")
    takes = command("review-in", _review_in, "take a filled sheet back into the table of reviews")
    takes("sheet", type=_path, metavar="SHEET", help="the sheet, saved as CSV")
    takes("--data", **own)
    takes = command(
        "verify-source", _verify_source, "compare a copy of the assessment with the coded passages"
    )
    takes("source", type=_path, metavar="SOURCE", help="the assessment as plain text")
    takes = command(
        "diff", _diff, "say what changed in the data, the findings and the figures since a commit"
    )
    takes("--since", default="HEAD", metavar="COMMIT", help="a commit, a branch or a tag (the last commit)")
    command(
        "verify", _verify, "make all outputs again and say which differ from those that the project names"
    )
    return parser


def _path(text: str) -> Path:
    """A path as a person types it: `~` is the home of the user, whether the shell says so or not."""
    return Path(os.path.expanduser(text))


# Each command loads what it needs itself, so that help and wrong requests are answered at once.


def _run(asked: argparse.Namespace) -> None:
    from compendium.execution.manifest import remembered, unchanged
    from compendium.execution.run import begin, run, wanted

    asked.holds = (
        "Notebooks and figures are as they were; if their change had begun, some are new, each of them whole, and the "
        "next run makes the rest."
    )
    wanted(PROJECT, asked.data, asked.out, asked.as_of)
    own = asked.out is None
    if own and unchanged(PROJECT, "run"):
        print("Nothing has changed since the last run: no notebook had to be executed.")
    else:
        begin(PROJECT)  # loads while the data are checked
        with remembered(PROJECT, "run") if own else nullcontext():
            _sound(asked.data, "The notebooks did not run")
            changed = run(PROJECT, asked.data, asked.out, asked.as_of)
        said = f"{count(len(changed), 'file')} changed." if changed else "All notebooks ran; nothing changed."
        print(said, flush=True)
    if own and unchanged(PROJECT, "site"):
        print(f"The site is as it has to be. Open {PROJECT / 'build' / 'site' / 'index.html'}")
    else:
        _build_site(asked, "The notebooks and figures of this run are in place. ")


def _sound(data: Path | None, what: str) -> None:
    """Check a data package and tell all of it; CommandError if it has problems: then `what`."""
    from compendium.editing.check import check

    problems = check(data or PROJECT / "data")
    print(report(problems), file=sys.stderr, flush=True)
    if problems:
        raise CommandError(f"{what}, because the data have problems.")


def _site(asked: argparse.Namespace) -> None:
    from compendium.execution.run import RefusedError

    if asked.data and not asked.out:
        raise RefusedError(
            "Other data need the folder of the run on them, too: DATA=... OUT=... (--data, --out)."
        )
    _sound(asked.data, "The site was not built")
    _build_site(asked)


def _build_site(asked: argparse.Namespace, done: str = "") -> None:
    """Build the site and, if it is that of the project, write the manifest: all outputs stand then."""
    from compendium.execution.manifest import FILE, remembered, write
    from compendium.site import build

    asked.done = f"{done}The site is as it was before."
    asked.holds = f"{done}The site is as it was before or, if it was just being put in place, new."
    with nullcontext() if asked.out else remembered(PROJECT, "site"):
        folder = build(PROJECT, asked.data, asked.out)
        print(f"The site is in {folder}. Open {folder / 'index.html'}", flush=True)
        if not asked.out:
            asked.holds = (
                f"All outputs are in place, but {FILE} may not name them yet: `make site` writes it."
            )
            write(PROJECT)


def _check(asked: argparse.Namespace) -> int:
    from compendium.editing.check import check

    problems = check(asked.data)
    print(report(problems))
    return 1 if problems else 0


def _format(asked: argparse.Namespace) -> int:
    from compendium.editing.format import form, report

    asked.holds = "What is told above was changed; every other table is as it was."
    # Each as it is made, so that none goes untold whatever stops the next.
    done = form(asked.data, lambda change: print(change, flush=True))
    print(report(done))
    return 1 if done.left else 0


def _new(asked: argparse.Namespace) -> None:
    from compendium.editing.new import new

    new(asked.folder, PROJECT / "data", asked.title)
    print(f"{asked.folder} is a valid, empty data package. Its README.md says how to fill it.")


def _review(asked: argparse.Namespace) -> None:
    from compendium.editing.review import sheet

    for file in sheet(asked.data, PROJECT / "build" / "review", asked.rows, asked.seed, asked.by):
        print(file)
    print("Fill the sheet, then: make review-in SHEET=file")


def _review_in(asked: argparse.Namespace) -> int:
    from compendium.editing.review import take_back

    asked.holds = "The table of reviews is as it was, or has all judgements of the sheet."
    taken, problems = take_back(asked.sheet, asked.data)
    if problems:
        print("\n".join(map(str, problems)), file=sys.stderr)
        raise CommandError(f"{count(len(problems), 'problem')}. Nothing was taken; the sheet is as it was.")
    print(f"{count(taken, 'judgement')} taken. `make` shows them; the rows themselves are as they were.")
    return 0


def _verify_source(asked: argparse.Namespace) -> int:
    from compendium.coding import verify_source
    from compendium.tables import load

    data = PROJECT / "data"
    try:
        differences = verify_source(asked.source, data)
    except UnicodeDecodeError:
        told = f"{asked.source} is not plain text in UTF-8. Please save the assessment as such."
        raise CommandError(told) from None
    print("\n".join(differences) or f"All {len(load(data)['passages'])} passages agree with {asked.source}.")
    return 1 if differences else 0


def _diff(asked: argparse.Namespace) -> None:
    from tempfile import TemporaryDirectory

    from compendium.editing import diff

    with TemporaryDirectory() as name:
        then = Path(name)
        diff.earlier(PROJECT, asked.since, then)
        found = diff.changes(then / "data", PROJECT / "data")
        said = diff.findings(then / "notebooks", PROJECT / "notebooks")
        drawn = diff.figures(then / "figures", PROJECT / "figures")
    for table in dict.fromkeys(one.table for one in found):
        print(table, *(f"  {one}" for one in found if one.table == table), sep="\n")
    print(*(f"{notebook}  {sign} {sentence}" for notebook, sign, sentence in said), sep="\n")
    print(f"Figures whose numbers changed: {', '.join(drawn) or 'none'}.")
    print("For CHANGELOG.md:", *(diff.draft(found) or ["nothing changed"]), sep="\n")
    file = PROJECT / "build" / "diff.html"
    file.parent.mkdir(exist_ok=True)
    file.write_text(diff.page(found, said, drawn, asked.since), encoding="utf-8")
    print(f"The same as a page: {file}")


def _verify(asked: argparse.Namespace) -> int:
    from compendium.execution import manifest
    from compendium.verify import other_versions, verify

    asked.done = asked.holds = (
        "All outputs are as they were; what was made so far, if anything, is in build/verify."
    )
    said = manifest.read(PROJECT)
    different = verify(PROJECT)
    if not different:
        print(f"{count(len(said), 'output')}: all came out the same, byte for byte.")
        return 0
    if versions := [f"  {line}" for line in other_versions(PROJECT)]:
        versions.insert(0, "Other versions of libraries than the locked ones can be the reason:")
    made = "What was made is in build/verify. " if any(line.startswith("made") for line in different) else ""
    advice = "If data or code were changed on purpose: run `make`, look at `git diff --stat`, and commit."
    print("\n".join([*different, *versions, made + advice]), file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())

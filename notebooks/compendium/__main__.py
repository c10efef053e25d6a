"""The commands of `python -m compendium`. The Makefile calls nothing else."""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
SITE = "The site is as it was before or, if it was just being put in place, new."


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the arguments say; return the exit status: 0 well, 1 something is wrong, 2 the request is wrong."""
    asked = _parser().parse_args(arguments)
    # A request to end is answered as Ctrl-C is: what was begun is undone, and what holds then is told.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        return int(asked.do(asked))
    except KeyboardInterrupt:
        return _wrong(f"Stopped. {asked.holds}".strip())
    except OSError as error:  # a full disk, a folder that was taken away
        place = f": {error.filename}" if error.filename else ""
        return _wrong(f"{error.strerror or error}{place}\n{asked.holds}".strip())


def _parser() -> argparse.ArgumentParser:
    """The commands and their arguments; for each `do`, and `holds`: what is true when it is stopped on its way."""
    parser = argparse.ArgumentParser(prog="python -m compendium", description="The mandate compendium.")
    commands = parser.add_subparsers(title="commands", required=True, metavar="command")

    run = commands.add_parser(
        "run", help="check the data, execute all notebooks, write them and their figures"
    )
    run.add_argument("--data", type=Path, metavar="DIR", help="another data package; needs --out")
    run.add_argument(
        "--out", type=Path, metavar="DIR", help="a new folder for the outputs, or that of an earlier run"
    )
    run.add_argument(
        "--as-of", metavar="DATE", help="leave out what is dated later (2015-05-31); needs --out"
    )
    run.set_defaults(
        do=_run,
        holds="Notebooks and figures are as they were; if their change had begun, it is done, or the next run ends it.",
    )

    check = commands.add_parser("check", help="say what is wrong with a data package, where, and what to do")
    check.add_argument(
        "--data", type=Path, metavar="DIR", default=PROJECT / "data", help="another data package"
    )
    check.set_defaults(do=_check, holds="")

    form = commands.add_parser(
        "format", help="bring the tables to their canonical form and say what was changed"
    )
    form.add_argument(
        "--data", type=Path, metavar="DIR", default=PROJECT / "data", help="another data package"
    )
    form.set_defaults(do=_format, holds="What is told above was changed; every other table is as it was.")

    new = commands.add_parser("new", help="write an empty data package to begin another mandate with")
    new.add_argument("folder", type=Path, metavar="DIR", help="a new or an empty folder")
    new.add_argument("--title", default="Another mandate", help="title of the mandate")
    new.set_defaults(do=_new, holds="Nothing was written.")

    verify = commands.add_parser(
        "verify-source", help="compare a copy of the assessment with the coded passages"
    )
    verify.add_argument("source", type=Path, metavar="SOURCE", help="the assessment as plain text")
    verify.set_defaults(do=_verify_source, holds="")

    again = commands.add_parser(
        "verify", help="make all outputs again and say which differ from those that the project names"
    )
    again.set_defaults(
        do=_verify,
        holds="All outputs are as they were; what was made so far, if anything, is in build/verify.",
    )

    site = commands.add_parser("site", help="build the site from the notebooks of the last run")
    site.add_argument("--data", type=Path, metavar="DIR", help="another data package; needs --out")
    site.add_argument(
        "--out", type=Path, metavar="DIR", help="folder of a run with --out; gets the site, too"
    )
    site.set_defaults(do=_site, holds=SITE)

    stage = commands.add_parser(
        "stage", help="copy notebooks and data to a folder where they can be tried out"
    )
    stage.add_argument("folder", type=Path, metavar="DIR", help="a new or an empty folder")
    stage.set_defaults(
        do=_stage,
        holds="If copying had begun, a part is in the folder: please delete it before you try again.",
    )
    return parser


# Each command loads what it needs itself, so that help and wrong requests are answered at once.


def _run(asked: argparse.Namespace) -> int:
    from compendium import execute
    from compendium.problems import count
    from compendium.run import RefusedError, RunError, run, wanted

    context = execute.begin()  # loads while the data are checked
    try:
        wanted(PROJECT, asked.data, asked.out, asked.as_of)
        if status := _refused(asked.data, "The notebooks did not run"):
            return status
        changed = run(PROJECT, asked.data, asked.out, asked.as_of, context=context)
    except RunError as error:
        return _wrong(str(error), 2 if isinstance(error, RefusedError) else 1)
    done = "The notebooks and figures of this run are in place. "
    asked.holds = done + SITE
    said = f"{count(len(changed), 'file')} changed." if changed else "All notebooks ran; nothing changed."
    print(said, flush=True)
    return _build_site(asked, done)


def _refused(data: Path | None, what: str) -> int:
    """Check a data package and tell all of it; 1 if it has problems, because of which `what` did not happen."""
    from compendium.check import check
    from compendium.problems import report

    problems = check(data or PROJECT / "data")
    print(report(problems), file=sys.stderr, flush=True)
    return _wrong(f"{what}, because the data have problems.") if problems else 0


def _site(asked: argparse.Namespace) -> int:
    if asked.data is not None and asked.out is None:
        return _wrong(
            "Other data need the folder of the run on them, too: DATA=... OUT=... (--data, --out).", 2
        )
    return _refused(asked.data, "The site was not built") or _build_site(asked)


def _build_site(asked: argparse.Namespace, done: str = "") -> int:
    """Build the site and, if it is that of the project, write the manifest: all outputs stand then.

    `done` tells what was done before and holds if the site fails.
    """
    from compendium import outputs
    from compendium.run import RefusedError
    from compendium.site import SiteError, build

    try:
        folder = build(PROJECT, asked.data, asked.out)
    except (RefusedError, SiteError) as error:
        return _wrong(
            f"{error}\n{done}The site is as it was before.", 2 if isinstance(error, RefusedError) else 1
        )
    print(f"The site is in {folder}. Open {folder / 'index.html'}", flush=True)
    if asked.out is None:
        asked.holds = (
            f"All outputs are in place, but {outputs.FILE} may not name them yet: `make site` writes it."
        )
        outputs.write(PROJECT)
    return 0


def _check(asked: argparse.Namespace) -> int:
    from compendium.check import check
    from compendium.problems import report

    problems = check(asked.data)
    print(report(problems))
    return 1 if problems else 0


def _format(asked: argparse.Namespace) -> int:
    from compendium.canonical import form, report

    # Each as it is made, so that none goes untold whatever stops the next.
    done = form(asked.data, lambda change: print(change, flush=True))
    print(report(done))
    return 1 if done.left else 0


def _new(asked: argparse.Namespace) -> int:
    from compendium.scaffold import new

    new(asked.folder, PROJECT / "data", asked.title)
    print(f"{asked.folder} is a valid, empty data package. Its README.md says how to fill it.")
    return 0


def _verify_source(asked: argparse.Namespace) -> int:
    from compendium.coding import verify_source
    from compendium.tables import load

    data = PROJECT / "data"
    try:
        differences = verify_source(asked.source, data)
    except UnicodeDecodeError:
        return _wrong(f"{asked.source} is not plain text in UTF-8. Please save the assessment as such.")
    print("\n".join(differences) or f"All {len(load(data)['passages'])} passages agree with {asked.source}.")
    return 1 if differences else 0


def _verify(asked: argparse.Namespace) -> int:
    from compendium import outputs
    from compendium.problems import count
    from compendium.run import RunError
    from compendium.site import SiteError
    from compendium.verify import verify

    try:
        said = len(outputs.read(PROJECT))
        different = verify(PROJECT)
    except (ValueError, RunError, SiteError) as error:
        return _wrong(str(error))
    if not different:
        print(f"{count(said, 'output')}: all came out the same, byte for byte.")
        return 0
    made = "What was made is in build/verify. " if any(line.startswith("made") for line in different) else ""
    versions = [f"  {line}" for line in outputs.other_versions(PROJECT)]
    return _wrong(
        "\n".join(
            [
                *different,
                *(
                    ["Other versions of libraries than the locked ones can be the reason:", *versions]
                    if versions
                    else []
                ),
                f"{made}If data or code were changed on purpose: run `make`, look at `git diff --stat`, and commit.",
            ]
        )
    )


def _stage(asked: argparse.Namespace) -> int:
    from compendium.run import RefusedError, stage

    try:
        stage(PROJECT, asked.folder)
    except RefusedError as error:
        return _wrong(str(error), 2)
    return 0


def _wrong(message: str, status: int = 1) -> int:
    print(message, file=sys.stderr)
    return status


if __name__ == "__main__":
    sys.exit(main())

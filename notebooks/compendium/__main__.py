"""The commands of `python -m compendium`. The Makefile calls nothing else."""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the arguments say; return the exit status: 0 well, 1 something is wrong, 2 the request is wrong."""
    asked = _parser().parse_args(arguments)
    # A request to end is answered as Ctrl-C is: whatever was begun is undone.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        return int(asked.do(asked))
    except KeyboardInterrupt:
        return _wrong("Stopped. What was there before is unchanged.")
    except OSError as error:
        place = f": {error.filename}" if error.filename else ""
        return _wrong(f"{error.strerror or error}{place}")


def _parser() -> argparse.ArgumentParser:
    """The commands and their arguments."""
    parser = argparse.ArgumentParser(prog="python -m compendium", description="The mandate compendium.")
    commands = parser.add_subparsers(title="commands", required=True, metavar="command")

    run = commands.add_parser(
        "run", help="check the data, execute all notebooks, write them and their figures"
    )
    run.add_argument("--data", type=Path, metavar="DIR", help="another data package; needs --out")
    run.add_argument("--out", type=Path, metavar="DIR", help="folder for the notebooks and figures")
    run.add_argument(
        "--as-of", metavar="DATE", help="leave out what is dated later (2015-05-31); needs --out"
    )
    run.set_defaults(do=_run)

    check = commands.add_parser("check", help="say what is wrong with a data package, where, and what to do")
    check.add_argument(
        "--data", type=Path, metavar="DIR", default=PROJECT / "data", help="another data package"
    )
    check.set_defaults(do=_check)

    form = commands.add_parser(
        "format", help="bring the tables to their canonical form and say what was changed"
    )
    form.add_argument(
        "--data", type=Path, metavar="DIR", default=PROJECT / "data", help="another data package"
    )
    form.set_defaults(do=_format)

    new = commands.add_parser("new", help="write an empty data package to begin another mandate with")
    new.add_argument("folder", type=Path, metavar="DIR", help="a new or an empty folder")
    new.add_argument("--title", default="Another mandate", help="title of the mandate")
    new.set_defaults(do=_new)

    verify = commands.add_parser(
        "verify-source", help="compare a copy of the assessment with the coded passages"
    )
    verify.add_argument("source", type=Path, metavar="SOURCE", help="the assessment as plain text")
    verify.set_defaults(do=_verify_source)

    again = commands.add_parser(
        "verify", help="make all outputs again and say which differ from those that the project names"
    )
    again.set_defaults(do=_verify)

    site = commands.add_parser("site", help="build the site from the notebooks of the last run")
    site.add_argument("--data", type=Path, metavar="DIR", help="another data package; needs --out")
    site.add_argument("--out", type=Path, metavar="DIR", help="folder of the run on it; gets the site, too")
    site.set_defaults(do=_site)

    stage = commands.add_parser(
        "stage", help="copy notebooks and data to a folder where they can be tried out"
    )
    stage.add_argument("folder", type=Path, metavar="DIR", help="a new or an empty folder")
    stage.set_defaults(do=_stage)
    return parser


# Each command loads what it needs itself, so that help and wrong requests are answered at once.


def _run(asked: argparse.Namespace) -> int:
    from compendium import outputs
    from compendium.problems import count
    from compendium.run import RefusedError, RunError, run

    try:
        changed = run(PROJECT, asked.data, asked.out, asked.as_of)
    except RunError as error:
        return _wrong(str(error), 2 if isinstance(error, RefusedError) else 1)
    except OSError as error:  # a full disk, a folder that was taken away
        place = f": {error.filename}" if error.filename else ""
        whole = (
            "Notebooks and figures are as they were; if their change had begun, the next run completes it."
        )
        return _wrong(f"The run stopped. {error.strerror or error}{place}\n{whole}")
    print(
        f"{count(len(changed), 'file')} changed." if changed else "All notebooks ran; nothing changed.",
        flush=True,
    )
    status = _build_site(
        asked, "The notebooks and figures of this run are in place; the site is as it was before."
    )
    if not status and asked.out is None:
        outputs.write(PROJECT)
    return status


def _site(asked: argparse.Namespace) -> int:
    from compendium.check import check
    from compendium.problems import report

    if (asked.data is None) != (asked.out is None):
        return _wrong(
            "Other data and the folder of the run on them go together: DATA=... OUT=... (--data, --out).", 2
        )
    problems = check(asked.data or PROJECT / "data")
    if problems:
        print(report(problems), file=sys.stderr)
        return _wrong("The site was not built, because the data have problems.")
    return _build_site(asked, "The site is as it was before.")


def _build_site(asked: argparse.Namespace, otherwise: str) -> int:
    """Build the site; `otherwise` tells what holds if that fails."""
    from compendium.site import SiteError, build

    try:
        folder = build(PROJECT, asked.data, asked.out)
    except SiteError as error:
        return _wrong(f"{error}\n{otherwise}")
    except OSError as error:  # a full disk, a folder that was taken away
        place = f": {error.filename}" if error.filename else ""
        return _wrong(f"The site could not be written. {error.strerror or error}{place}\n{otherwise}")
    except KeyboardInterrupt:
        return _wrong(f"Stopped. {otherwise}")
    print(f"The site is in {folder}. Open {folder / 'index.html'}")
    return 0


def _check(asked: argparse.Namespace) -> int:
    from compendium.check import check
    from compendium.problems import report

    problems = check(asked.data)
    print(report(problems))
    return 1 if problems else 0


def _format(asked: argparse.Namespace) -> int:
    from compendium.canonical import form, report

    done = form(asked.data)
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

"""Characters that a reader does not see or takes for others, and bytes that are letters in one encoding or another."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from compendium.problems import quoted

WORD = re.compile(r"[^\W\d_]+")
ALIKE = (
    "LATIN",
    "GREEK",
    "CYRILLIC",
    "ARMENIAN",
    "CHEROKEE",
    "FULLWIDTH",
)  # scripts with letters that look alike
# Beside the category Cf, what Unicode lets programs ignore: fillers, joiners, selectors of variants.
IGNORABLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0000-\U000e0fff]"
)
BLANK = re.compile(r"[^\S ]")
DROPPED = re.compile("[\u00ad\u200b\u2060\ufeff]")  # invisible, and of no effect on what is seen
REASONS = {
    "Cc": ("a control character", "type the text anew"),
    "Cf": ("an invisible character", "delete it, or type the text anew"),
    "Cn": ("a character that does not exist", "type the text anew"),
    "Co": ("a character of one font alone", "type it as other computers know it"),
    "Cs": ("half of a character", "type the text anew"),
}
FOREIGN = re.compile("[\udc80-\udcff]")  # a byte that is not UTF-8
ENCODINGS = {
    "cp1252": "Windows, Western Europe",
    "cp1250": "Windows, Central Europe",
    "cp1251": "Windows, Cyrillic",
    "cp1253": "Windows, Greek",
    "cp1254": "Windows, Turkish",
    "cp1257": "Windows, Baltic",
    "iso8859_2": "Latin-2",
    "cp850": "DOS",
    "cp437": "DOS, United States",
    "cp852": "DOS, Central Europe",
    "mac_roman": "old Mac",
}


def strange(text: str, symbol: bool = False) -> tuple[str, str] | None:
    """What stands in a text that readers or programs would take for something else, and what to do; None if nothing.

    In a `symbol` every letter must be Latin; in other texts no word may have letters of two scripts that look alike.
    """
    if text.isascii() and text.isprintable():
        return None
    for character in text:
        if reason := _reason(character):
            what, todo = reason
            return f"{quoted(text)} has {what}: {_name(character)}", todo
    if text != unicodedata.normalize("NFC", text):
        return (
            f"{quoted(text)} has an accent that is a character of its own",
            "type the letter anew; `make format` does it",
        )
    for word in [text] if symbol else WORD.findall(text):
        scripts = {script for script in map(_script, word) if script in ALIKE}
        if len(scripts) > 1 or (symbol and scripts - {"LATIN"}):
            odd = next(letter for letter in word if _script(letter) in {*scripts} - {"LATIN"})
            return (
                f"{quoted(text)} has a letter that looks like a Latin one: {_name(odd)}",
                "type the text anew in letters of one script",
            )
    return None


def _reason(character: str) -> tuple[str, str] | None:
    """Why a character must not stand in a text, and what to do; None if it may."""
    if BLANK.match(character):
        return "a blank that is not the usual one", "type a blank; `make format` does it"
    if DROPPED.match(character):
        return "an invisible character", "delete it; `make format` does it"
    if character == "\ufffd":
        return "the mark of a letter that was lost", "type the letter"
    return REASONS.get("Cf" if IGNORABLE.match(character) else unicodedata.category(character))


def _name(character: str) -> str:
    code = f"U+{ord(character):04X}"
    name = unicodedata.name(character, "")
    return f"{name} ({code})" if name else code


def _script(character: str) -> str:
    return unicodedata.name(character, "?").split()[0] if character.isalpha() else ""


def folded(text: str) -> str:
    """The text with plain blanks, without invisible characters that have no effect, letters and accents in one."""
    return unicodedata.normalize("NFC", DROPPED.sub("", BLANK.sub(" ", text)))


def readings(cells: Sequence[str]) -> dict[tuple[str, ...], str]:
    """The ways to read cells with bytes that are not UTF-8 (`FOREIGN`) so that words come out, with their encoding."""
    ways: dict[tuple[str, ...], str] = {}
    for encoding, name in ENCODINGS.items():
        letters = bytes(range(0x80, 0x100)).decode(encoding, "replace")
        table = {0xDC80 + at: letter for at, letter in enumerate(letters)}
        read = tuple(cell.translate(table) for cell in cells)
        if all(map(_is_sense, cells, read)):
            ways.setdefault(read, name)
    return ways


def _is_sense(cell: str, read: str) -> bool:
    """Whether the letters that bytes of a cell are read as can stand there."""
    places = (byte.start() for byte in FOREIGN.finditer(cell))
    return all(_fits(read[max(at - 1, 0) : at], read[at], read[at + 1 : at + 2]) for at in places)


def _fits(before: str, letter: str, after: str) -> bool:
    """Whether a character can stand between two others: no sign or capital within a word, no letters of two scripts."""
    beside = before.isalpha() + after.isalpha()
    if not letter.isalpha():
        is_mark = unicodedata.category(letter)[0] in "PZ"
        return letter != "\ufffd" and (is_mark or not beside) and (beside < 2 or letter == "’")
    scripts = {_script(one) for one in before + letter + after} - {""}
    is_rare = "\u0180" <= letter < "\u0370"
    # As in `gÉnéral`, `éNA` and `ÉtÉ`.
    capital = letter.isupper() and (before.islower() or (before.isupper() and after.islower()))
    return not (capital or (letter.islower() and after.isupper()) or is_rare) and scripts <= {
        _script(letter)
    } & {*ALIKE}

"""Digits and numbers of every script, written in ASCII before any rule runs."""

from __future__ import annotations

import re
import unicodedata

_SPECIAL = re.compile(r"[^\x00-\x7f]")


class _Ascii(dict[int, str | int]):
    """For ``str.translate``; fills itself. Han numerals (letters to Unicode) stay as they are."""

    def __missing__(self, code: int) -> str | int:
        character = chr(code)
        self[code] = _written(character) if character.isnumeric() else code
        return self[code]


def _written(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Nd":
        return str(unicodedata.decimal(character))
    if category == "Lo":
        return character
    folded = unicodedata.normalize("NFKC", character).replace("⁄", "/")
    if folded.isascii():
        return f" {folded}" if "/" in folded else folded
    value = unicodedata.numeric(character)
    return f" {value:.0f} " if value == int(value) else " "


_KEPT = {ord(superscript): superscript for superscript in "²³"}
# Spaces that no line breaks at stand inside numbers and before units; the rules need to know one space only.
_SPACES = {0xA0: " ", 0x2009: " ", 0x202F: " "}
_TABLE = _Ascii(_KEPT | _SPACES)


def ascii_numbers(text: str) -> str:
    """``٣`` -> 3, ``½`` -> 1/2 set off by a space, ``Ⅷ`` -> VIII, ``①`` -> 1; spaces are plain.

    The superscripts of square and cubic measures stay, for the measures' rules.
    """
    return text.translate(_TABLE) if _SPECIAL.search(text) else text

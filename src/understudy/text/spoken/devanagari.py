"""What Hindi and Marathi share: Latin letters and net addresses in Devanagari, words' ends, metric units."""

from __future__ import annotations

import re
from collections.abc import Mapping

from understudy.text.spoken.addresses import addresses, read_address
from understudy.text.spoken.indian import SHAPE, IndianNumbers
from understudy.text.spoken.rules import Match, Rule, one_of

# Vowel signs are no letters to \w and \b; the danda is no part of a word, and digits are ASCII by now.
START = r"(?<![\wऀ-ॣ])"
END = r"(?![\wऀ-ॣ])"

_FILES = (
    "jpg|jpeg|png|gif|svg|ico|pdf|doc|docx|xls|xlsx|ppt|pptx|odt|csv|tsv|txt|html|htm|xml|json|yaml|css|js|ts|py|"
    "java|cpp|zip|rar|tar|gz|mp3|mp4|avi|mkv|mov|wav|apk|exe|dmg|iso|sql|log|bak|ini|md"
)
_ENDINGS = "biz|ru|cn|au|ca|ac|res|nic|mil|int|me|tech|dev|app|xyz|online|store|blog|site|pro|bharat"
_CODE_PART = re.compile(r"[A-Za-z]+|\d|-")


def listed(text: str, by: str | None = None) -> tuple[str, ...]:
    """The words of a text."""
    return tuple(text.split(by))


def table(text: str) -> dict[str, str]:
    """``kg किलोग्राम, m मीटर``: what is written, and after the first space how it is read."""
    entries = (" ".join(entry.split()).partition(" ") for entry in text.split(","))
    return {written: spoken for written, _, spoken in entries}


class Latin:
    """How a language reads Latin letters.

    Args:
        letters: the name of each letter, by its lower case.
        words: English words and names of firms as the language writes them, by their lower case.
        endings: words only where they stand whole, as the last parts of net addresses.
        signs: the names of the signs in addresses.
    """

    def __init__(
        self,
        letters: Mapping[str, str],
        words: Mapping[str, str],
        endings: Mapping[str, str],
        signs: Mapping[str, str],
    ) -> None:
        self.letters, self.words, self.endings, self.signs = letters, words, endings, signs
        self._parts = re.compile(f"{one_of(words)}|.", re.S)

    def spell(self, word: str) -> str:
        """``GB`` -> जी बी; letters beyond a to z stay."""
        return " ".join(self.letters.get(letter, letter) for letter in word.lower())

    def word(self, word: str) -> str:
        """``kumaronline`` -> के यू एम ए आर ऑनलाइन: known words as words, the rest by letters."""
        if not word.isascii():
            return word
        word = word.lower()
        return self.endings.get(word) or " ".join(
            self.words.get(part) or self.letters.get(part, part) for part in self._parts.findall(word)
        )


def net_rules(latin: Latin, numbers: IndianNumbers) -> tuple[Rule, ...]:
    """Rules for web and mail addresses, files, paths, Latin words before them, and the longest numbers."""

    def read(match: Match) -> str:
        written = match.group()
        kept = written.rstrip(".,;!?)]}'\"")
        return read_address(kept, latin.signs, latin.word, numbers.spelled) + written[len(kept) :]

    def named(match: Match) -> str | None:
        words = match[1].split()
        known = all(word.lower() in latin.words or len(word) < 4 for word in words)
        return " ".join(map(latin.word, words)) if known else None

    address = r"(?:\d{1,3}(?:\.\d{1,3}){3}|https?://|www\.|[\w.+-]{1,64}@\w)"
    return (
        (re.compile(r"(?<![\d.])\d{20,}"), lambda match: numbers.spelled(match.group())),
        (re.compile(rf"(?<![\w.@/-])([A-Za-z]{{2,16}}(?: [A-Za-z]{{2,16}})?) (?={address})"), named),
        (re.compile(r"(?<![\w:/.-])[A-Za-z]:\\[\w.()\\-]*(?: [\w.()-]{1,64}\\[\w.()\\-]*)*"), read),
        (re.compile(r"(?<![^\s(])[/\\][A-Za-z][\w.$-]*(?:[/\\][\w.$-]+)*[/\\]?"), read),
        *addresses(latin.signs, latin.word, numbers.spelled),
        (
            re.compile(
                rf"(?<![\w.@-])(?:[A-Za-z0-9-]{{1,63}}\.){{1,4}}(?:{_ENDINGS})(?:\.[a-z]{{2}})?(?![\w.@]|-\w)/?"
            ),
            read,
        ),
        (re.compile(rf"(?<![\w.@-])[\w-]{{1,64}}\.(?:{_FILES})(?![\w@-])", re.I), read),
    )


def code_rules(latin: Latin, numbers: IndianNumbers) -> tuple[Rule, ...]:
    """Rules for codes, ``GSAT-18``, each letter and digit alone; and for capitals: ``B.A.``, ``GDP``."""

    def code(match: Match) -> str | None:
        written = match.group()
        if not re.search(r"\d", written) or not re.search("[A-Za-z]", written):
            return None
        return " ".join(map(code_part, _CODE_PART.findall(written)))

    def code_part(part: str) -> str:
        if part.isdecimal():
            return numbers.spelled(part)
        return latin.signs[part] if part == "-" else latin.word(part)

    def capitals(match: Match) -> str:
        return latin.spell(re.sub("[^A-Za-z]", "", match.group()))

    return (
        (re.compile(r"(?<![\w.])[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*(?![\w])"), code),
        (re.compile(r"(?<![A-Za-z.])(?:[A-Z][a-z]?\.){2,6}(?:[A-Z](?![A-Za-z]))?"), capitals),
        (
            re.compile(r"(?<![A-Za-z0-9'-])(?<![A-Za-z] )[A-Z]{1,6}(?![A-Za-z0-9'-])(?! [A-Z]?[a-z])"),
            capitals,
        ),
    )


def abbreviation_rules(titles: Mapping[str, str], units: Mapping[str, str]) -> tuple[Rule, ...]:
    """``डॉ. रमा`` and ``डॉ० रमा``, and ``कि.मी.`` without a number."""
    dotted = [short for short in units if short.count(".") > 1]
    return (
        (
            re.compile(rf"{START}({one_of(titles)})(?:0\.?|\.)(?=[ ,)]*[^\W_])"),
            lambda match: titles[match[1]],
        ),
        (re.compile(rf"{START}({one_of(dotted)})"), lambda match: units[match[1]]),
    )


def range_rule(numbers: IndianNumbers, word: str) -> Rule:
    """``10-12 km``: the first of two rising numbers and the word between; the second is for later rules."""
    number = rf"{SHAPE.integer}(?:\.\d+)?"

    def speak(match: Match) -> str | None:
        first, second = (float(each.replace(",", "")) for each in match.groups())
        return f"{numbers.decimal(*match[1].partition('.')[::2])} {word}" if first < second else None

    return re.compile(rf"(?<![\w.,/-])({number}) ?[-–] ?(?=({number})(?![\d/-]|[.,]\d))"), speak


def brand_rules(brands: Mapping[str, str]) -> tuple[Rule, ...]:
    """Names of firms as words, unless they stand among Latin words."""
    alone = rf"(?<![^\W_])(?<![A-Za-z] )({one_of(brands)})(?![^\W_])(?! [A-Za-z])"
    return ((re.compile(alone, re.I | re.A), lambda match: brands[match[1].lower()]),)


def metric(prefixes: Mapping[str, str], bases: Mapping[str, str]) -> dict[str, str]:
    """``km`` -> किलोमीटर and so on, each prefix with each unit."""
    names = {**prefixes, "": ""}
    return {short + unit: names[short] + bases[unit] for short in names for unit in bases}


def spaced(names: Mapping[str, str]) -> dict[str, str]:
    """Abbreviations as they vary: ``कि.मी.``, ``कि. मी.`` and ``कि.मी``."""
    forms: dict[str, str] = {}
    for short, spoken in names.items():
        wide = short.replace(".", ". ").strip()
        forms |= dict.fromkeys((short, wide), spoken)
        if short.count(".") > 1:
            forms |= dict.fromkeys((short.removesuffix("."), wide.removesuffix(".")), spoken)
    return forms

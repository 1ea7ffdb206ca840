"""Numbers as Hindi and Marathi count: hundreds, thousands, then a name for every hundredfold."""

from __future__ import annotations

from functools import cached_property, lru_cache

from understudy.text.spoken.numbers import MINUS, NumberShape


class IndianShape(NumberShape):
    """As :class:`NumberShape`, with groups of two digits as well: ``12,34,567``."""

    @cached_property
    def integer(self) -> str:
        """A pattern without groups: ``12,34,567``, ``1,234,567`` or ``1234567``."""
        return rf"(?:\d{{1,3}}(?:[{self.group}]\d{{2,3}})*[{self.group}]\d{{3}}(?!\d)|\d+)"

    @cached_property
    def amount(self) -> str:
        """As of :class:`NumberShape`, but a decimal point that ends a word, ``इ.5``, begins no number."""
        part = rf"(?:[{self.decimal}](?P<part>\d+))?"
        return rf"{MINUS}(?=[{self.decimal}]?\d)(?:(?P<whole>{self.integer})|(?<![\wऀ-ॣ.])){part}"


SHAPE = IndianShape(group=",", decimal=".")


class IndianNumbers:
    """The number words of a language; every function takes digits as they were written.

    Args:
        below_hundred: the words for 0 to 99; nearly each is one of its own.
        hundred: what follows the count of hundreds: ``" सौ"``.
        one_hundred: exactly 100.
        scales: names of 10^3, 10^5, 10^7 and so on; the last takes all that is left.
        point: the decimal point.
    """

    def __init__(
        self, below_hundred: str, *, hundred: str, one_hundred: str, scales: tuple[str, ...], point: str
    ) -> None:
        self.below_hundred = tuple(below_hundred.split())
        assert len(self.below_hundred) == 100
        self._hundred, self._one_hundred, self._scales, self._point = hundred, one_hundred, scales, point
        self.longest = 3 + 2 * len(scales)
        """Digits of the longest number with a name; longer ones are read digit by digit."""
        self.cardinal = lru_cache(maxsize=8192)(self._cardinal)

    def _cardinal(self, digits: str) -> str:
        """``1,234`` -> one thousand two hundred thirty four."""
        digits = digits.replace(",", "").lstrip("0") or "0"
        return self._words(int(digits)) if len(digits) <= self.longest else self.spelled(digits)

    def _words(self, n: int) -> str:
        if n < 100:
            return self.below_hundred[n]
        rest, low = divmod(n, 1000)
        words = [self._below_thousand(low)] if low else []
        for scale in self._scales:
            rest, count = divmod(rest, 100) if scale != self._scales[-1] else (0, rest)
            if count:
                words.append(f"{self._words(count)} {scale}")
        return " ".join(reversed(words))

    def _below_thousand(self, n: int) -> str:
        hundreds, rest = divmod(n, 100)
        if n == 100:
            return self._one_hundred
        words = [self.below_hundred[hundreds] + self._hundred] if hundreds else []
        return " ".join([*words, self.below_hundred[rest]] if rest else words)

    def spelled(self, digits: str) -> str:
        """``407`` -> four zero seven; what is no digit is left out."""
        return " ".join(self.below_hundred[int(digit)] for digit in digits if digit.isdecimal())

    def number(self, digits: str) -> str:
        """A cardinal, but digit by digit after a leading zero, as codes are."""
        return self.spelled(digits) if digits[0] == "0" and len(digits) > 1 else self.cardinal(digits)

    def decimal(self, whole: str | None, part: str | None) -> str:
        """``0``, ``05`` -> zero point zero five; either side may be missing."""
        words = [self.number(whole)] if whole else []
        return " ".join([*words, self._point, self.spelled(part)] if part else words)

    def year(self, digits: str) -> str:
        """Four digits in hundreds, ``1947`` -> nineteen hundred forty seven, but two thousand eight."""
        if len(digits) != 4 or digits[0] == "0" or digits[1] == "0":
            return self.cardinal(digits)
        century = self.below_hundred[int(digits[:2])] + self._hundred
        return century if digits.endswith("00") else f"{century} {self.below_hundred[int(digits[2:])]}"

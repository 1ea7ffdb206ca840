"""What addresses, accounts and numbers look like, and the checks that tell them from other digits.

``\\d`` is a digit of any script, and ``int`` reads them all.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable

Extent = Callable[[str], int]
"""How many characters of what a pattern matched are to be replaced, from its start; 0 for none."""

_SECRETS = "access_token|api_?key|auth|key|pass(?:word|wd)?|secret|sig(?:nature)?|token"
_URL = re.compile(
    rf"\b[a-z][a-z0-9+.-]*://(?:[^\s/@]+@\S+|[^\s?]*\?(?:\S*&)?(?:{_SECRETS})=\S+)", re.IGNORECASE
)
_EMAIL = re.compile(r"(?<![\w.+%-])[\w.+%-]{1,64}@(?:[\w-]{1,63}\.)+\w{2,24}")
_IBAN = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{2}\d\d(?:[ -]?[A-Za-z0-9]){11,30}", re.ASCII)
_CARD = re.compile(r"(?<![\d.,-])\d(?:[ -]?\d){12,18}")
_IPV4 = re.compile(r"(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?!\.?\d)")
_IPV6 = re.compile(r"(?<![\w:.])[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7}(?:\d\.[\d.]{5,13}\d)?(?![\w:])")
_INTERNATIONAL = re.compile(r"(?<![\w+])(?:\+|00)[1-9]\d{0,2}(?:[ ./()-]{0,2}\d){6,13}(?!\d)")
_NATIONAL = re.compile(
    r"(?<![\w.,/+-])(?:"
    r"\(0?\d{1,5}\)[ /-]?\d{3,4}(?:[ .-]?\d{2,4}){1,3}"  # (030) 1234 567
    r"|0\d{1,4}[ /-]\d{2,}(?:[ .-]?\d{2,4}){0,4}"  # 030 123 4567, 01 23 45 67 89
    r"|\d{3}[ .-]\d{3,4}[ .-]\d{4}"  # 555-123-4567
    r"|\d{3}-\d{4}"  # 555-1234
    r"|\d{5} \d{5}"  # 98765 43210
    r")(?![\w-]|[.,/]\d)"
)


def luhn(written: str) -> bool:
    """Whether 13 to 19 digits end in the check digit of a payment card; separators are passed over."""
    digits = [int(c) for c in written if c.isdigit()]
    doubled = [sum(divmod(2 * digit, 10)) for digit in digits[-2::-2]]
    right = (sum(digits[::-2]) + sum(doubled)) % 10 == 0
    return 13 <= len(digits) <= 19 and right and len(set(digits)) > 1


def iban(written: str) -> bool:
    """Whether an account number's check digits are right (ISO 13616: its number mod 97 is 1)."""
    plain = "".join(c for c in written.upper() if c.isalnum())
    moved = plain[4:] + plain[:4]
    return 15 <= len(plain) <= 34 and int("".join(str(int(c, 36)) for c in moved)) % 97 == 1


def _longest(valid: Callable[[str], bool]) -> Extent:
    """The longest part that is valid and ends where a word does: what follows may look like more of it."""

    def extent(written: str) -> int:
        ends = (i for i in range(len(written), 12, -1) if written[i - 1].isalnum())
        whole = (i for i in ends if i == len(written) or not written[i].isalnum())
        return next((i for i in whole if valid(written[:i])), 0)

    return extent


def _address(written: str) -> int:
    try:
        ipaddress.ip_address("".join(str(int(c)) if c.isdigit() else c for c in written))
    except ValueError:
        return 0
    return len(written)


def _telephone(written: str) -> int:
    return len(written) if 7 <= sum(c.isdigit() for c in written) <= 15 else 0


PATTERNS: tuple[tuple[str, re.Pattern[str], Extent], ...] = (
    ("url", _URL, len),
    ("email", _EMAIL, len),
    ("iban", _IBAN, _longest(iban)),
    ("card", _CARD, _longest(luhn)),
    ("ip", _IPV4, _address),
    ("ip", _IPV6, _address),
    ("phone", _INTERNATIONAL, _telephone),
    ("phone", _NATIONAL, _telephone),
)
"""Kind, pattern, extent; in this order, for a card's digits look like a telephone's."""

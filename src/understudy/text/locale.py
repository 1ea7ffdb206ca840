"""A language, and where it is spoken."""

from __future__ import annotations

import re
from dataclasses import dataclass

from understudy.core.errors import UserError

LANGUAGES = ("ar", "en", "fr", "de", "hi", "it", "ja", "mr", "pt", "es", "ta", "te")
"""The languages of paper A 2.1; others are read too, with the general rules."""

_SHAPE = re.compile(r"([A-Za-z]{2,3})(?:[-_]([A-Za-z]{2}))?")


@dataclass(frozen=True)
class Locale:
    """``en-US``: language ``en``, region ``US``; a bare language has no region."""

    language: str
    region: str | None = None

    def __str__(self) -> str:
        return self.language if self.region is None else f"{self.language}-{self.region}"

    @classmethod
    def parse(cls, name: str) -> Locale:
        """Read ``en-US`` or ``en``.

        Raises:
            UserError: another shape; the message says the right spelling where it can be guessed.
        """
        match = _SHAPE.fullmatch(name)
        if match:
            language, region = match.groups()
            locale = cls(language.lower(), region.upper() if region else None)
            if str(locale) == name:
                return locale
            raise UserError(f"'{name}' is not how a locale is written; did you mean '{locale}'?")
        raise UserError(f"'{name}' is not a locale; write a language and a region, such as 'en-US', or 'en'")

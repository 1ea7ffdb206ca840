"""The part of a label set that a model is for: one domain, or some locales."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from understudy.core.errors import UserError, nearest
from understudy.core.stage import LabelFiles
from understudy.utterances.frame import Frame, Partition
from understudy.utterances.read import read_split


def read_selected(
    files: LabelFiles, split: Partition, *, domain: str | None = None, locales: Sequence[str] | None = None
) -> list[Frame]:
    """The frames of a split that are of a domain and of some locales; other locales' files are not opened.

    Args:
        files: the label set.
        split: of which split.
        domain: none: all.
        locales: none: all of the label set's.

    Raises:
        UserError: a locale that the label set has not; no utterance of the domain; and see
            :func:`.read_split`.
    """
    if locales is not None:
        for locale in locales:
            if locale not in files.files:
                raise UserError(
                    f"the label set has no locale '{locale}'; {nearest(locale, files.files)}", place="locales"
                )
        files = replace(
            files, files={locale: files.files[locale] for locale in files.files if locale in locales}
        )
    frames = read_split(files, split)
    if domain is None:
        return frames
    chosen = [frame for frame in frames if frame.domain == domain]
    if not chosen:
        known = sorted({frame.domain for frame in frames} - {""})
        hint = nearest(domain, known) if known else "its utterances name no domain"
        raise UserError(f"no '{split}' utterance is of the domain '{domain}'; {hint}", place="domain")
    return chosen

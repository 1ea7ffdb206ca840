"""Utterances that an assistant has no business with."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from understudy.utterances.frame import OUT_OF_SCOPE, Frame


def outside(frames: Iterable[Frame]) -> list[Frame]:
    """The utterances as out of scope, whatever their labels were; their ids are kept apart from others."""
    return [
        replace(frame, id=f"{OUT_OF_SCOPE}/{frame.id}", domain="", intent=OUT_OF_SCOPE, slots=())
        for frame in frames
    ]

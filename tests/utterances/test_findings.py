"""What labelled utterances say against each other."""

from __future__ import annotations

from understudy.utterances.findings import contradictions, misaligned, one_class, unseen
from understudy.utterances.frame import Frame, Slot
from understudy.utterances.tags import LabelSet

JAZZ = Slot("genre", "jazz", 5, 9)


def frame(identifier: str, text: str = "play jazz", intent: str = "play", *slots: Slot, **more: str) -> Frame:
    return Frame(identifier, more.get("locale", "en-US"), text, more.get("domain", "audio"), intent, slots)


def test_a_contradiction_is_one_text_of_one_locale_with_different_labels() -> None:
    frames = [
        frame("a", "play jazz", "play", JAZZ),
        frame("b", "play jazz", "play", JAZZ),
        frame("c", "stop", "stop"),
        frame("d", "stop", "stop", domain="home"),
        frame("e", "play jazz", "play", locale="de-DE"),
        frame("f", "halt", "stop"),
        frame("g", "play jazz", "play", Slot("artist", "jazz", 5, 9)),
    ]
    assert [[f.id for f in group] for group in contradictions(frames)] == [["a", "b", "g"], ["c", "d"]]
    assert contradictions(frames[:2]) == []


def test_labels_that_are_not_known_are_named_once() -> None:
    labels = LabelSet.of([frame("a", "play jazz", "play", JAZZ)])
    strange = [frame("b", "play jazz", "fly", Slot("wing", "jazz", 5, 9)), frame("c", "x", "fly")]
    assert unseen(strange, labels) == {"intents": ["fly"], "slots": ["wing"]}
    assert unseen([frame("a", "play jazz", "play", JAZZ)], labels) == {"intents": [], "slots": []}


def test_one_class_is_named_where_a_head_has_only_one() -> None:
    frames = [frame("a"), frame("b", "play rock")]
    assert one_class(frames, ["intent", "domain", "slots"]) == {
        "intent": "play",
        "domain": "audio",
        "slots": "none",
    }
    frames = [frame("a", "play jazz", "play", JAZZ), frame("c", "stop", "stop", domain="home")]
    assert one_class(frames, ["intent", "domain", "slots"]) == {}


def test_slots_behind_the_last_piece_or_inside_of_one_are_misaligned() -> None:
    right = frame("a", "play jazz", "play", JAZZ)
    inside = frame("b", "play jazz", "play", Slot("genre", "ja", 5, 7))
    unknown = frame("c", "play jazz", "play", Slot("wing", "ja", 5, 7))
    labels = LabelSet.of([right])
    whole = [(0, 0), (0, 4), (5, 9), (0, 0)]
    assert misaligned([right, unknown], [whole, whole], labels) == []
    (one,) = misaligned([inside], [whole], labels)
    assert (one["id"], one["told"][0]["value"]) == ("b", "jazz")
    (cut,) = misaligned([right], [[(0, 0), (0, 4), (0, 0)]], labels)
    assert cut["told"] == []

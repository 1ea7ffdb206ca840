"""A small tokenizer over several scripts, trained once."""

from __future__ import annotations

from pathlib import Path

import pytest

from understudy.tokenizer.subwords import Subwords
from understudy.tokenizer.train import train

PARTS = (
    (
        ("wake me up", "play the next song", "turn the lights off", "call my brother"),
        ("at seven thirty", "in the kitchen", "and tell me the news", "tomorrow morning"),
    ),
    (
        ("weck mich", "spiele das nächste lied", "mach das licht aus", "rufe meinen bruder an"),
        ("um halb acht", "in der küche", "über den lautsprecher", "morgen früh"),
    ),
    (
        ("明日の朝、", "七時半に", "台所で", "兄と一緒に"),
        ("起こしてください", "次の曲をかけて", "令和元年の曲をかけて", "アラームをセットして"),
    ),
    (
        ("कल सुबह", "रसोई में", "साढ़े सात बजे", "मेरे भाई के साथ"),
        ("मुझे जगाना", "अगला गाना बजाओ", "बत्ती बुझा दो", "आवाज़ बढ़ाओ"),
    ),
    (
        ("غدا صباحا", "في المطبخ", "في السابعة والنصف", "مع أخي"),
        ("أيقظني", "شغل الأغنية التالية", "أطفئ الأنوار", "ارفع الصوت"),
    ),
)
SENTENCES = tuple(f"{a} {b}" for firsts, seconds in PARTS for a in firsts for b in seconds)


@pytest.fixture(scope="session")
def sentences() -> tuple[str, ...]:
    return SENTENCES


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tokenizer")
    train(SENTENCES * 3, 165, "", 0, folder)
    return folder


@pytest.fixture(scope="session")
def subwords(folder: Path) -> Subwords:
    return Subwords.load(folder)

"""Fixtures for every room's tests."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import settings

from understudy.cli import main

# One thread, in tests and in the programs they start: a sum over two threads rounds differently, and a run is
# compared to the bit with another. It must be set before torch is imported.
os.environ["OMP_NUM_THREADS"] = "1"

REPOSITORY = Path(__file__).parents[1]

# A busy machine is no bug: examples have no time limit of their own, tests have.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real data, which is not part of the repository; tests that need it skip where it is absent."""
    root = Path(os.environ.get("UNDERSTUDY_DATA", REPOSITORY.parent / "shared" / "data"))
    if not (root / "massive").is_dir():
        pytest.skip(f"no real data at {root}; set UNDERSTUDY_DATA")
    return root


@dataclass(frozen=True)
class Answer:
    """What a command left behind."""

    code: int
    out: str
    err: str

    def is_user_error(self, *parts: str) -> None:
        """Exit code 2, nothing on standard output, and one line of error that holds all parts."""
        assert self.code == 2, self
        assert self.out == ""
        errors = [line for line in self.err.splitlines() if line.startswith("understudy: ")]
        assert len(errors) == 1, self.err
        assert self.err.splitlines()[-1] == errors[0], self.err
        assert "Traceback" not in self.err
        for part in parts:
            assert part in errors[0], f"{part!r} is not in {errors[0]!r}"


@pytest.fixture
def understudy(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Answer]:
    """The command line within this process: ``understudy("score", ..., stdin=b"...")``."""

    def call(*arguments: object, stdin: bytes = b"") -> Answer:
        monkeypatch.setattr(sys, "argv", ["understudy", *map(str, arguments)])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8"))
        out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in range(2))
        code: object = 0
        with redirect_stdout(out), redirect_stderr(err):
            try:
                main()
            except SystemExit as stop:
                code = stop.code or 0
        assert isinstance(code, int)
        texts = []
        for stream in (out, err):
            stream.flush()
            texts.append(stream.buffer.getvalue().decode("utf-8"))  # type: ignore[attr-defined]
        return Answer(code, *texts)

    return call


# Models from elsewhere, made here: what stands in a folder of Hugging Face's hub, at toy size.

ELSEWHERE_TEXTS = [
    f"{first} {second}"
    for firsts, seconds in (
        (("wake me up", "play the next song", "call my brother"), ("at seven thirty", "in the kitchen")),
        (("weck mich", "spiele das nächste lied", "rufe meinen bruder an"), ("um halb acht", "in der küche")),
        (("明日の朝", "台所で", "兄と一緒に"), ("七時に起こして", "次の曲をかけて")),
    )
    for first in firsts
    for second in seconds
]
_SIZES = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 4, "intermediate_size": 48}
_DISTILBERT = {"dim": 32, "n_layers": 2, "n_heads": 4, "hidden_dim": 48}
_SENTENCE = {"bos_token_id": 0, "eos_token_id": 2, "cls_token_id": 0, "sep_token_id": 2, "local_attention": 8}
ELSEWHERE: dict[str, tuple[str, dict[str, int]]] = {
    "bert": ("word-piece", _SIZES),
    "distilbert": ("word-piece", _DISTILBERT),
    "xlm-roberta": ("unigram", _SIZES),
    "modernbert": ("bytes", _SIZES | _SENTENCE),
}
"""Architecture -> kind of tokenizer, and sizes."""


def _make_tokenizer(kind: str, folder: Path) -> Path:
    """Vocabularies put together by hand: the library's trainers give others at every run."""
    from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors
    from transformers import PreTrainedTokenizerFast

    words = sorted({word for text in ELSEWHERE_TEXTS for word in text.split() if len(word) < 8})
    letters = sorted({letter for text in ELSEWHERE_TEXTS for letter in text if letter != " "})
    pad, unknown, begin, end, mask = special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    if kind == "word-piece":
        pieces = dict.fromkeys([*special, *letters, *(f"##{letter}" for letter in letters), *words])
        vocabulary = {piece: number for number, piece in enumerate(pieces)}
        tokenizer = Tokenizer(models.WordPiece(vocabulary, unk_token=unknown))
        tokenizer.normalizer = normalizers.BertNormalizer(lowercase=False)
        tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    elif kind == "unigram":
        begin, pad, end, unknown, mask = special = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
        scores = dict.fromkeys(special, 0.0) | {"\u2581": -3.0} | dict.fromkeys(letters, -5.0)
        scores |= {f"\u2581{word}": -8.0 for word in words}
        tokenizer = Tokenizer(models.Unigram(list(scores.items()), unk_id=3))
        tokenizer.normalizer = normalizers.NFKC()
        tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
        tokenizer.decoder = decoders.Metaspace()
    else:
        special.remove(unknown)
        merges = [("i", "n"), ("c", "h"), ("e", "r"), ("\u0120", "m"), ("h", "er"), ("\u0120m", "e")]
        pieces = [*special, *sorted(pre_tokenizers.ByteLevel.alphabet()), *(a + b for a, b in merges)]
        tokenizer = Tokenizer(models.BPE({piece: number for number, piece in enumerate(pieces)}, merges))
        tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
        tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens(special)
    frame = [(piece, tokenizer.token_to_id(piece)) for piece in (begin, end)]
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{begin} $A {end}", pair=f"{begin} $A {end} $B {end}", special_tokens=frame
    )
    names = {"pad_token": pad, "cls_token": begin, "sep_token": end, "mask_token": mask}
    if kind != "bytes":
        names["unk_token"] = unknown
    PreTrainedTokenizerFast(tokenizer_object=tokenizer, **names).save_pretrained(folder)
    return folder


@pytest.fixture(scope="session")
def foreign_tokenizer(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """A folder with a tokenizer of Hugging Face's: ``word-piece``, ``unigram`` or ``bytes``."""
    root = tmp_path_factory.mktemp("foreign")

    def folder(kind: str) -> Path:
        return root / kind if (root / kind).exists() else _make_tokenizer(kind, root / kind)

    return folder


@pytest.fixture(scope="session")
def elsewhere(
    tmp_path_factory: pytest.TempPathFactory, foreign_tokenizer: Callable[[str], Path]
) -> Callable[[str], Path]:
    """A folder with a masked language model of random weights and its tokenizer, by architecture.

    The table of ModernBERT has 20 rows more than its tokenizer has pieces.
    """
    root = tmp_path_factory.mktemp("elsewhere")

    def folder(architecture: str) -> Path:
        made = root / architecture
        if made.exists():
            return made
        import torch
        from transformers import AutoConfig, AutoModelForMaskedLM, AutoTokenizer

        kind, sizes = ELSEWHERE[architecture]
        tokenizer = AutoTokenizer.from_pretrained(foreign_tokenizer(kind))
        torch.manual_seed(0)
        config = AutoConfig.for_model(
            architecture,
            vocab_size=len(tokenizer) + (20 if architecture == "modernbert" else 0),
            pad_token_id=tokenizer.pad_token_id,
            max_position_embeddings=66,
            **sizes,
        )
        AutoModelForMaskedLM.from_config(config).save_pretrained(made)
        tokenizer.save_pretrained(made)
        return made

    return folder

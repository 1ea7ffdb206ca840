"""The same subword model as files that stock ``transformers.AutoTokenizer`` reads, with the same ids.

Two things make the ids equal, not nearly equal: normalisation is written with rules both sides share
(see :mod:`understudy.tokenizer.normalize`), and scores are multiples of 1/256 (see
:mod:`understudy.tokenizer.train`), so that sums of them are exact in single and double precision and ties
fall the same way.
"""

from __future__ import annotations

from pathlib import Path

from understudy.core.files import atomic_write, write_json
from understudy.tokenizer.normalize import BLANK, DROPPED
from understudy.tokenizer.subwords import (
    CONFIG_FILE,
    FINGERPRINT_KEY,
    MODEL_FILE,
    SPECIAL_TOKENS,
    TOKENIZER_FILES,
    Subwords,
)

_NAMES = ("bos_token", "pad_token", "eos_token", "unk_token", "mask_token")


def write_tokenizer(model: bytes, folder: Path) -> Subwords:
    """Write every file of :data:`TOKENIZER_FILES` for a serialized SentencePiece model.

    Raises:
        ValueError: as :class:`Subwords`.
    """
    subwords = Subwords(model)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MODEL_FILE).write_bytes(model)
    with atomic_write(folder / TOKENIZER_FILES[1]) as handle:
        handle.write(_tokenizer_json(subwords))
    special = dict(zip(_NAMES, SPECIAL_TOKENS, strict=True))
    config = {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "model_input_names": ["input_ids", "attention_mask"],
        "clean_up_tokenization_spaces": False,
        "padding_side": "right",
        FINGERPRINT_KEY: subwords.fingerprint,
    }
    write_json(folder / CONFIG_FILE, config | special)
    write_json(folder / TOKENIZER_FILES[3], special)
    return subwords


def _tokenizer_json(subwords: Subwords) -> str:
    from tokenizers import (
        AddedToken,
        Regex,
        Tokenizer,
        decoders,
        models,
        normalizers,
        pre_tokenizers,
        processors,
    )

    vocabulary = list(zip(subwords.pieces, subwords.scores, strict=True))
    tokenizer = Tokenizer(models.Unigram(vocabulary, unk_id=subwords.unk_id, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence(
        [
            # A leading mark becomes a space, not nothing: the library puts "▁" only before what starts at 0.
            normalizers.Replace(Regex(f"\\A[{BLANK}{DROPPED}]+"), " "),
            normalizers.Replace(Regex(f"[{DROPPED}]"), ""),
            # The library's Unicode tables end before this sign for the Reiwa era.
            normalizers.Replace("\u32ff", "令和"),
            normalizers.NFKC(),
            normalizers.Replace(Regex(f"[{BLANK}]+"), " "),
            # Text after a special token keeps its leading space: "<mask> x" is "<mask>", "▁x".
            normalizers.Strip(left=False, right=True),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="first")
    tokenizer.decoder = decoders.Metaspace(prepend_scheme="first")
    begin, end = SPECIAL_TOKENS[subwords.bos_id], SPECIAL_TOKENS[subwords.eos_id]
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{begin} $A {end}",
        pair=f"{begin} $A {end} {end} $B {end}",
        special_tokens=[(begin, subwords.bos_id), (end, subwords.eos_id)],
    )
    tokenizer.add_special_tokens(
        [AddedToken(token, lstrip=token == "<mask>", normalized=False) for token in SPECIAL_TOKENS]
    )
    text: str = tokenizer.to_str(pretty=False)
    return text

"""New utterances from old ones: some words replaced by what a masked language model finds likely there."""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import torch

from understudy.core.errors import UserError
from understudy.core.progress import progress
from understudy.corpus.draw import draw, key
from understudy.model.encoder import MaskedLanguageModel
from understudy.objectives.output import masked_logits
from understudy.tokenizer.protocol import Tokenizer
from understudy.tokenizer.subwords import Subwords
from understudy.training.batches import epoch_batches, padded

_TOKENS = 4096
"""Positions at once."""
_BLANK = "\u2581"
_UNSPACED = ("CJK", "IDEOGRAPHIC", "HIRAGANA", "KATAKANA", "THAI", "LAO", "KHMER", "MYANMAR")
"""How Unicode's names of characters begin that are written without spaces between words."""


def augmented(
    texts: Sequence[str],
    model: MaskedLanguageModel,
    tokenizer: Tokenizer,
    *,
    copies: int,
    share: float,
    temperature: float,
    seed: int,
    device: torch.device = torch.device("cpu"),  # noqa: B008 - a device is a value
) -> list[str]:
    """Copies of the texts with other words, without those that came out as one of the texts.

    A word's pieces are masked together and each drawn by itself from the model's distribution; the first
    keeps whether it begins a word. In scripts without spaces every piece counts as a word. Which words, and
    what is drawn, hangs on the text and the copy's number. Texts that the model cannot read to their end, or
    that hold an unknown piece, whose spelling is lost, have no copies; standard error says how many.

    Args:
        share: of a text's words, at least one.
        temperature: of the distribution.

    Raises:
        UserError: the tokenizer is not ours, whose pieces spell their text.
    """
    if not isinstance(tokenizer, Subwords):
        raise UserError(
            "only a model with understudy's own tokenizer can replace words", place="taught.augment.model"
        )
    rows = [(text, number) for text in texts for number in range(copies)]
    ids = tokenizer.ids([text for text, _ in rows])
    room = model.config.max_length - 2
    kept = [place for place, row in enumerate(ids) if 0 < len(row) <= room and tokenizer.unk_id not in row]
    if left_out := (len(rows) - len(kept)) // copies:
        print(
            f"augment: {left_out:,} of {len(texts):,} utterances get no copies: they hold characters that "
            f"the model has no pieces for, or not between 1 and {room} pieces",
            file=sys.stderr,
            flush=True,
        )
    begins = np.array([piece.startswith(_BLANK) for piece in tokenizer.pieces])
    unspaced = np.array([_unspaced(piece) for piece in tokenizer.pieces])
    blank = np.array([piece == _BLANK for piece in tokenizer.pieces])
    # What is never masked is never drawn either; nor is a lone space.
    closed = ~tokenizer.special.ordinary | blank
    barred = {first: torch.from_numpy(closed | (begins != first)).to(device) for first in (False, True)}
    chosen_by = key(seed, "augment")
    made: dict[str, None] = {}
    batches = epoch_batches(
        np.array([len(ids[place]) + 2 for place in kept]),
        tokens_per_batch=_TOKENS,
        max_length=model.config.max_length,
        seed=0,
        epoch=0,
    )
    results: dict[int, str] = {}
    with progress("augment", total=len(kept), unit="utterances") as bar:
        for batch in batches:
            framed = [[tokenizer.bos_id, *ids[kept[i]], tokenizer.eos_id] for i in batch.rows]
            table = padded(framed, batch.length, tokenizer.pad_id)
            selected: list[int] = []
            draws: list[float] = []
            for number, index in enumerate(batch.rows.tolist()):
                place = kept[index]
                text, copy = rows[place]
                random = np.random.default_rng(draw(f"{copy} {text}", chosen_by))
                row = np.array(ids[place])
                words = _words(begins[row], unspaced[row], blank[row])
                for piece in _masked(words, share, random):
                    selected.append(number * batch.length + 1 + piece)
                    draws.append(float(random.random()))
            flat = table.reshape(-1)
            first = begins[flat[selected]]
            flat[selected] = tokenizer.mask_id
            new = _drawn(model, table, selected, first, draws, barred, temperature, device)
            flat[selected] = new
            for number, index in enumerate(batch.rows.tolist()):
                length = len(ids[kept[index]])
                pieces = (tokenizer.pieces[piece] for piece in table[number, 1 : 1 + length])
                results[kept[index]] = "".join(pieces).replace(_BLANK, " ").strip()
            bar.advance(len(batch.rows))
    known = set(texts)
    for place in sorted(results):
        if results[place] not in known:
            made[results[place]] = None
    return list(made)


def _unspaced(piece: str) -> bool:
    return any(unicodedata.name(character, "").startswith(_UNSPACED) for character in piece)


def _words(
    begins: npt.NDArray[np.bool_], unspaced: npt.NDArray[np.bool_], blank: npt.NDArray[np.bool_]
) -> npt.NDArray[np.int64]:
    """(pieces,) the number of the word that each piece of a text is of; 0: of none.

    A piece without spaces is a word of its own. The lone space before one is none: a piece drawn for it
    would be one more.
    """
    word = np.cumsum(begins | unspaced | np.append(False, unspaced[:-1])) + 1
    word[blank & np.append(unspaced[1:], False)] = 0
    return word


def _masked(words: npt.NDArray[np.int64], share: float, random: np.random.Generator) -> list[int]:
    """The pieces of the chosen words."""
    each = np.unique(words[words > 0])
    count = max(1, round(share * len(each)))
    chosen = random.choice(each, size=count, replace=False)
    return np.flatnonzero(np.isin(words, chosen)).tolist()


@torch.inference_mode()
def _drawn(
    model: MaskedLanguageModel,
    table: np.ndarray,
    selected: Sequence[int],
    first: np.ndarray,
    draws: Sequence[float],
    barred: dict[bool, torch.Tensor],
    temperature: float,
    device: torch.device,
) -> np.ndarray:
    """A piece for each selected position."""
    ids = torch.from_numpy(table).to(device)
    hidden = model.encoder(ids, ids != Subwords.pad_id)
    scores = masked_logits(model, hidden, torch.tensor(selected, device=device)).float() / temperature
    begin = torch.from_numpy(first).to(device)[:, None]
    scores = scores.masked_fill(torch.where(begin, barred[True], barred[False]), float("-inf"))
    # A draw falls into the piece where the sum of probabilities passes it.
    sums = scores.double().softmax(-1).cumsum(-1)
    at = torch.tensor(draws, dtype=torch.float64, device=device)[:, None] * sums[:, -1:]
    return torch.searchsorted(sums, at).squeeze(1).clamp(max=sums.shape[1] - 1).cpu().numpy()

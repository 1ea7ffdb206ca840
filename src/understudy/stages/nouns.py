"""Sentences of a corpus whose nouns a model fills in at every validation."""

from __future__ import annotations

from understudy.core.errors import UserError
from understudy.core.recipe.distill_steps import Phase
from understudy.core.recipe.model_steps import Pretrain
from understudy.core.recipe.watching import Nouns
from understudy.core.stage import Inputs
from understudy.metrics.nouns import Sentence, read_nouns, stanza_tagger
from understudy.tokenizer.protocol import Tokenizer
from understudy.training.mask_filling import NounFilling


def nouns_to_fill_in(
    config: Pretrain | Phase, inputs: Inputs, tokenizer: Tokenizer, max_length: int
) -> NounFilling | None:
    """What the config's ``nouns`` asks for, read and masked.

    Raises:
        UserError: sentences without tags, or none that fits.
    """
    if config.nouns is None:
        return None
    sentences = noun_sentences(config.nouns, inputs)
    return NounFilling(
        sentences, tokenizer, seed=config.nouns.seed, most=config.nouns.sentences, max_length=max_length
    )


def noun_sentences(nouns: Nouns, inputs: Inputs) -> list[Sentence]:
    """The sentences that have a noun, of all languages.

    Raises:
        UserError: sentences without tags; files of another format.
    """
    corpus = inputs.corpora[nouns.corpus]
    if corpus.config.format not in ("jsonl", "text"):
        raise UserError(
            f"nouns are read from jsonl or CoNLL-U files, not from {corpus.config.format}",
            place="nouns.corpus",
        )
    sentences: list[Sentence] = []
    for locale, files in corpus.files.items():
        language = locale.split("-")[0]
        sentences += read_nouns(
            language,
            files,
            field=corpus.config.field,
            where=corpus.config.where,
            tagger=stanza_tagger(language) if nouns.tagger == "stanza" else None,
        )
    return sentences

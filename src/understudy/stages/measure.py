"""Masked language models in one table: perplexity, bits per character, nouns; whatever their tokenizers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from understudy.core.errors import UserError
from understudy.core.files import atomic_write, write_json
from understudy.core.progress import progress
from understudy.core.recipe.hub_steps import Measure
from understudy.core.recipe.optimization import Optimization, Parallel
from understudy.core.stage import Inputs
from understudy.corpus.read import sources
from understudy.corpus.readers import documents
from understudy.metrics.nouns import Sentence
from understudy.metrics.pseudo_likelihood import Questions, ask, choose, measures
from understudy.model.huggingface import load_model, load_sizes
from understudy.report.measures import measures_table
from understudy.stages.nouns import noun_sentences
from understudy.text.locale import Locale
from understudy.tokenizer.load import load_tokenizer
from understudy.tokenizer.protocol import Tokenizer
from understudy.training.mask_filling import NounFilling
from understudy.training.pseudo_likelihood import answers
from understudy.training.world import World
from understudy.utterances.read import read_split


def run(config: Measure, inputs: Inputs, out: Path) -> dict[str, Any]:
    """Ask every model for the same words and nouns; the payload is ``measures.json`` and ``table.txt``.

    Returns:
        ``models``: by name what :func:`.measures` gives, ``nouns`` by language and macro, ``parameters``,
        ``vocabulary`` and, by language and reason, what the model could not be asked (``left_out``);
        ``sentences`` by language; ``undefined``: languages in which no word could be asked, and why.

    Raises:
        UserError: no text; no word that all models can be asked; a damaged model or file.
    """
    folders = {name: inputs.artifacts[name].file("model") for name in config.models}
    _check_lengths(config, folders)
    device = World.here(Parallel()).device
    tokenizers = {name: load_tokenizer(folder) for name, folder in folders.items()}
    texts = _texts(config, inputs)
    nouns = _nouns(config, inputs, tokenizers)
    questions = ask(
        texts,
        list(tokenizers.values()),
        words=config.words,
        max_length=config.max_length,
        seed=config.seed,
    )
    asked_in = {question.language for question in questions.asked}
    undefined = {
        language: "no word is left that every model can be asked: " + _reasons(config, questions, language)
        for language in sorted({language for language, _ in texts} - asked_in)
    }
    if texts and not asked_in:
        raise UserError(next(iter(undefined.values())), place="models")
    found: dict[str, Any] = {}
    pieces = sum(len(places) for question in questions.asked for places in question.pieces)
    with progress("measure", total=pieces, unit="pieces") as bar:
        for number, (name, folder) in enumerate(folders.items()):
            model = load_model(folder).to(device)
            numbers: dict[str, Any] = {
                "parameters": model.config.total_parameters,
                "vocabulary": model.config.vocabulary,
            }
            settings = Optimization(precision=config.precision, tokens_per_batch=config.tokens_per_batch)
            if questions.asked:
                nats = answers(
                    model,
                    tokenizers[name].special,
                    questions.encodings[number],
                    questions.asked,
                    number,
                    settings=settings,
                    device=device,
                    done=bar.advance,
                )
                numbers |= measures(questions.asked, nats)
            if config.nouns is not None:
                filling = NounFilling(
                    nouns,
                    tokenizers[name],
                    seed=config.nouns.seed,
                    most=config.nouns.sentences,
                    max_length=config.max_length,
                )
                numbers["nouns"] = filling.measure(model, settings, device)
            numbers["left_out"] = {lang: dict(why) for lang, why in questions.left_out[number].items()}
            found[name] = numbers
    sentences: dict[str, int] = {}
    for language, _ in texts:
        sentences[language] = sentences.get(language, 0) + 1
    result = {"models": found, "sentences": sentences, "undefined": undefined}
    write_json(out / "measures.json", result)
    with atomic_write(out / "table.txt") as handle:
        handle.write(measures_table(result).text() + "\n")
    return result


def _texts(config: Measure, inputs: Inputs) -> list[tuple[str, str]]:
    """Language and text of the sentences that are chosen, from all corpora and label sets together."""
    by_language: dict[str, list[str]] = {}
    for language, text in _all_texts(config, inputs):
        by_language.setdefault(language, []).append(text)
    return [
        (language, text)
        for language in sorted(by_language)
        for text in choose(by_language[language], language, config.sentences, config.seed)
    ]


def _all_texts(config: Measure, inputs: Inputs) -> Iterator[tuple[str, str]]:
    for source in sources(inputs.corpora[name] for name in config.corpora):
        language = Locale.parse(source.locale).language
        yield from ((language, row.text) for row in documents(source) if row.text and not row.dropped)
    for name in config.labels:
        for frame in read_split(inputs.labels[name], "dev"):
            yield Locale.parse(frame.locale).language, frame.text


def _nouns(config: Measure, inputs: Inputs, tokenizers: dict[str, Tokenizer]) -> list[Sentence]:
    """Sentences that every model can read whole, so that all are asked for the same nouns."""
    if config.nouns is None:
        return []
    sentences = noun_sentences(config.nouns, inputs)
    for tokenizer in tokenizers.values():
        encodings = tokenizer.encode_batch([sentence.text for sentence in sentences])
        sentences = [
            sentence
            for sentence, encoding in zip(sentences, encodings, strict=True)
            if len(encoding.ids) <= config.max_length
        ]
    return sentences


def _reasons(config: Measure, questions: Questions, language: str) -> str:
    told = [
        f"{count} of {name}'s {reason}"
        for name, counts in zip(config.models, questions.left_out, strict=True)
        for reason, count in sorted(counts.get(language, {}).items())
    ]
    return ", ".join(told) or "the sentences hold no word"


def _check_lengths(config: Measure, folders: dict[str, Path]) -> None:
    for name, folder in folders.items():
        longest = load_sizes(folder).max_length
        if config.max_length > longest:
            raise UserError(f"'{name}' reads {longest} pieces at most; lower it for all", place="max_length")

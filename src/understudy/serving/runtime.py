"""The understudy itself: a bundle in memory that turns texts into frames. No torch."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import onnxruntime as ort

from understudy.core.errors import UserError
from understudy.export.bundle import LABELS, MODEL, BundleInfo, read_info
from understudy.export.calibration import Calibration
from understudy.export.session import open_session, single
from understudy.tokenizer.load import load_tokenizer
from understudy.tokenizer.protocol import Encoding, Tokenizer
from understudy.utterances.chain import TRANSITIONS, Transitions
from understudy.utterances.decode import decode_frames
from understudy.utterances.frame import Frame
from understudy.utterances.tags import LabelSet


class Understudy:
    """A bundle ready to predict; safe to share between threads.

    Args:
        info: the bundle's description.
        labels: what the scores are over.
        calibration: makes probabilities of scores, and says what is rejected.
        transitions: of the CRF, where the model has one.
        tokenizer: what the model was trained with.
        session: the graph, see :func:`open_session`.
    """

    def __init__(
        self,
        info: BundleInfo,
        labels: LabelSet,
        calibration: Calibration,
        transitions: Transitions | None,
        tokenizer: Tokenizer,
        session: ort.InferenceSession,
    ) -> None:
        self.info = info
        self.labels = labels
        self.calibration = calibration
        self._transitions = transitions
        self._tokenizer = tokenizer
        self._session = session

    @classmethod
    def load(cls, folder: Path, model: str = MODEL) -> Understudy:
        """Open a bundle.

        Args:
            folder: the bundle.
            model: the graph's name in it; the int8 gate also opens ``model.fp32.onnx``.

        Raises:
            UserError: no bundle, a file missing or damaged, another format.
        """
        info = read_info(folder)
        labels = LabelSet.load(folder / LABELS)
        return cls(
            info,
            labels,
            Calibration.load(folder),
            Transitions.load(folder / TRANSITIONS, len(labels.tags)) if info.crf else None,
            load_tokenizer(folder),
            open_session(folder / model),
        )

    def predict(self, texts: Sequence[str], locale: str, ids: Sequence[str] | None = None) -> list[Frame]:
        """A frame for each text.

        Each text is its own run of the graph: int8 activations are scaled over the whole input, so in a
        batch a frame would change with its neighbours. For a gain of a third in throughput, that is no trade.

        Args:
            texts: utterances in spoken form.
            locale: one of the bundle's.
            ids: the frames' ids; ``"1"``, ``"2"``, ... without.

        Returns:
            Frames in the order of the texts, with the confidence of the whole, of the intent, the domain and
            each slot, and ``rejected``. Offsets are into the texts as given.

        Raises:
            UserError: an unknown locale; a text that is empty, not valid Unicode, or longer than the model.
        """
        self.check_locale(locale)
        encodings = [self._encode(text) for text in texts]
        names = [str(number) for number in range(1, len(texts) + 1)] if ids is None else ids
        frames: list[Frame] = []
        for name, text, encoding in zip(names, texts, encodings, strict=True):
            scores = self._session.run(self.info.heads, single(encoding.ids))
            frames += decode_frames(
                [Frame(id=name, locale=locale, text=text)],
                [encoding.offsets],
                dict(zip(self.info.heads, scores, strict=True)),
                self.labels,
                transitions=self._transitions,
                temperatures=self.calibration.temperatures,
                rejection_threshold=self.calibration.threshold,
            )
        return frames

    def check_locale(self, locale: str) -> None:
        """Refuse a locale the model was not trained for.

        Raises:
            UserError: it names the bundle's locales.
        """
        if locale not in self.info.locales:
            known = ", ".join(self.info.locales)
            raise UserError(f"the model knows no locale '{locale}', only: {known}")

    def _encode(self, text: str) -> Encoding:
        try:
            text.encode()
        except UnicodeEncodeError:
            raise UserError(f"the utterance holds half a character ({text!a})") from None
        encoding = self._tokenizer.encode(text)
        # White space and invisible marks give no piece.
        if not any(start < end for start, end in encoding.offsets):
            raise UserError("empty utterance; at least one word is due")
        if len(encoding.ids) > self.info.max_length:
            raise UserError(
                f"the utterance has {len(encoding.ids)} pieces and the model reads {self.info.max_length}; "
                "shorten it"
            )
        return encoding

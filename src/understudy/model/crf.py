"""A linear-chain conditional random field over tags (paper B 4.2), batched.

Recursions run at least in float32, outside of autocast. The sum over the tag before is a matrix product of
exponents, taken relative to their largest: T times cheaper in memory than a table of (B, T, T) a step. What
lies 87 below the largest vanishes in float32, and is taken for that.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from understudy.utterances.chain import Transitions


class Crf(nn.Module):
    """Scores of tags at the borders and after each other.

    Args:
        tags: names of the T tags.
        constrained: what BIO forbids is impossible in the likelihood too. In decoding it always is.

    In what follows ``scores`` is (B, L, T), and ``mask`` (B, L) is true at the first n places of a row, n
    being its length; a row of length 0 has the likelihood 1 and no path.
    """

    def __init__(self, tags: Sequence[str], *, constrained: bool = False) -> None:
        super().__init__()
        self.start = nn.Parameter(torch.zeros(len(tags)))
        self.end = nn.Parameter(torch.zeros(len(tags)))
        self.between = nn.Parameter(torch.zeros(len(tags), len(tags)))
        self.constrained = constrained
        bio = Transitions.of_bio(tags)
        # Not part of the weights: they follow from the tags.
        self.register_buffer("forbidden_start", torch.from_numpy(bio.start).float(), persistent=False)
        self.register_buffer("forbidden", torch.from_numpy(bio.between).float(), persistent=False)
        self.forbidden_start: Tensor
        self.forbidden: Tensor

    def negative_log_likelihood(self, scores: Tensor, tags: Tensor, mask: Tensor) -> Tensor:
        """(B,), of the paths ``tags`` (B, L), whose values where the mask is false do not matter."""
        with torch.autocast(scores.device.type, enabled=False):
            start, end, between = self._transitions(scores, self.constrained)
            scores = scores.to(start.dtype)
            tags = torch.where(mask, tags, 0)
            path = scores.gather(2, tags[..., None])[..., 0] * mask
            steps = between[tags[:, :-1], tags[:, 1:]] * mask[:, 1:]
            last = tags.gather(1, (mask.sum(1) - 1).clamp(min=0)[:, None])[:, 0]
            borders = (start[tags[:, 0]] + end[last]) * mask[:, 0]
            return _log_total(scores, mask, start, end, between) - (path.sum(1) + steps.sum(1) + borders)

    def log_total(self, scores: Tensor, mask: Tensor) -> Tensor:
        """(B,): the logarithm of the sum over all paths of their exponentiated scores; 0 of an empty row."""
        with torch.autocast(scores.device.type, enabled=False):
            start, end, between = self._transitions(scores, self.constrained)
            return _log_total(scores.to(start.dtype), mask, start, end, between)

    @torch.enable_grad()
    def marginals(self, scores: Tensor, mask: Tensor) -> Tensor:
        """(B, L, T): how probable each tag is at each place, 0 where the mask is false.

        They are the gradient of :meth:`log_total`.
        """
        leaf = scores.detach().clone().requires_grad_()
        (marginals,) = torch.autograd.grad(self.log_total(leaf, mask).sum(), leaf)
        return marginals

    @torch.no_grad()
    def best_paths(self, scores: Tensor, mask: Tensor) -> Tensor:
        """(B, L) tags of the best paths that BIO allows (Viterbi); 0 where the mask is false."""
        with torch.autocast(scores.device.type, enabled=False):
            start, end, between = self._transitions(scores, True)
            scores = scores.to(start.dtype)
            best = start + scores[:, 0]
            stay = torch.arange(len(start), device=scores.device).expand(len(scores), -1)
            origins = []
            for place in range(1, scores.shape[1]):
                here = mask[:, place, None]
                value, origin = (best[:, :, None] + between).max(1)
                best = torch.where(here, value + scores[:, place], best)
                origins.append(torch.where(here, origin, stay))
            path = [(best + end).argmax(1)]
            for origin in reversed(origins):
                path.append(origin.gather(1, path[-1][:, None])[:, 0])
            return torch.stack(path[::-1], 1) * mask

    def transitions(self) -> Transitions:
        """For decoding without torch: a copy, which training does not change."""
        parts = self._transitions(self.start.float(), True)
        return Transitions(*(part.detach().cpu().clone().numpy() for part in parts))

    def _transitions(self, like: Tensor, constrained: bool) -> tuple[Tensor, Tensor, Tensor]:
        dtype = torch.promote_types(like.dtype, torch.float32)
        start, end, between = (x.to(dtype) for x in (self.start, self.end, self.between))
        if constrained:
            start, between = start + self.forbidden_start, between + self.forbidden
        return start, end, between


def _log_total(scores: Tensor, mask: Tensor, start: Tensor, end: Tensor, between: Tensor) -> Tensor:
    tiny = torch.finfo(scores.dtype).tiny
    shift = between.detach().max()
    powers = (between - shift).exp()
    total = start + scores[:, 0]
    for place in range(1, scores.shape[1]):
        peak = total.detach().amax(1, keepdim=True)
        summed = ((total - peak).exp() @ powers).clamp(min=tiny).log() + (peak + shift)
        total = torch.where(mask[:, place, None], summed + scores[:, place], total)
    return torch.logsumexp(total + end, 1) * mask[:, 0]

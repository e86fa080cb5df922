"""The network: vectors of words, a few gated looks at the neighbours, and for each token how likely each tag is.

Law: what PyTorch trains is what ``gateway.detect.tagger`` runs. A word becomes a vector by itself, so that one that was
seen is looked up once; the layers know a text as rows of numbers and look no further than their reach.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from gateway.detect.tagger import STEPS
from gateway.detect.words import PART_ROWS, TRAIT_ROWS, WORD_ROWS

WORD, PART, TRAIT = 64, 48, 32
"""Numbers of a vector that come from the word, its parts, and its traits."""


class Network(nn.Module):
    """Tables of vectors, and layers over them."""

    def __init__(self, tags: int, width: int = 144, inner: int = 192, drop: float = 0.15) -> None:
        super().__init__()
        self.word = nn.Embedding(WORD_ROWS, WORD)
        self.part = nn.EmbeddingBag(PART_ROWS, PART, mode="mean")
        self.trait = nn.Embedding(TRAIT_ROWS, TRAIT)
        for table in (self.word, self.part, self.trait):
            nn.init.normal_(table.weight, std=0.1)
        self.enter = nn.Linear(WORD + PART + TRAIT, width)
        self.norms = nn.ModuleList(nn.LayerNorm(width) for _ in STEPS)
        self.looks = nn.ModuleList(nn.Linear(3 * width, inner) for _ in STEPS)
        self.turns = nn.ModuleList(nn.Linear(inner, width) for _ in STEPS)
        self.last = nn.LayerNorm(width)
        self.leave = nn.Linear(width, tags)
        self.drop = drop

    def vectors(self, word: Tensor, parts: Tensor, offsets: Tensor) -> Tensor:
        """Return the vectors of words, but for their traits."""
        return torch.cat([self.word(word).sum(1), self.part(parts, offsets)], 1)

    def forward(self, vectors: Tensor, kept: Tensor) -> Tensor:
        """Return the scores of the tags. vectors: (rows, tokens, numbers); kept: 1 for tokens, 0 for gaps."""
        state = _linear(self.enter, self._dropped(vectors))
        for step, norm, look, turn in zip(STEPS, self.norms, self.looks, self.turns, strict=True):
            seen = _normal(norm, state) * kept
            around = torch.cat([shifted(seen, step), seen, shifted(seen, -step)], -1)
            state = state + _linear(turn, self._dropped(functional.relu(_linear(look, around))))
        return _linear(self.leave, _normal(self.last, state))

    def _dropped(self, values: Tensor) -> Tensor:
        """Drop some numbers, the same ones in a whole row: chance is slow."""
        if not self.training:
            return values
        mask = (torch.rand(values.shape[0], 1, values.shape[2]) >= self.drop).to(values.dtype) / (1 - self.drop)
        return values * mask


def _linear(layer: nn.Linear, values: Tensor) -> Tensor:
    """Apply a layer at the precision of the values: half of it is twice as fast, and the weights keep all of theirs."""
    return functional.linear(values, layer.weight.to(values.dtype), layer.bias.to(values.dtype))


def _normal(layer: nn.LayerNorm, values: Tensor) -> Tensor:
    weight, bias = layer.weight.to(values.dtype), layer.bias.to(values.dtype)
    return functional.layer_norm(values, layer.normalized_shape, weight, bias)


def shifted(values: Tensor, by: int) -> Tensor:
    """Return rows whose tokens stand so many places later, with nothing where there were none."""
    length = values.shape[1]
    if by > 0:
        return functional.pad(values, (0, 0, by, 0))[:, :length]
    return functional.pad(values, (0, 0, 0, -by))[:, -by:]


def export(network: Network, folder: Path) -> None:
    """Write the tables, eight bits a number, and the layers."""
    for name in ("word", "part", "trait"):
        table = getattr(network, name).weight.detach().float().numpy()
        scale = np.maximum(np.abs(table).max(1, keepdims=True), 1e-6) / 127
        scale = scale.astype(np.float16).astype(np.float32)
        np.save(folder / f"{name}.npy", np.round(table / scale).clip(-127, 127).astype(np.int8))
        np.save(folder / f"{name}_scale.npy", scale[:, 0].astype(np.float16))
    np.savez(folder / "layers.npz", **{name: value.astype(np.float32) for name, value in layers(network).items()})


def layers(network: Network) -> dict[str, np.ndarray]:
    """Return the weights as the tagger wants them.

    Every linear layer that adds to the state adds rows whose mean is nothing, so that a norm need not subtract it; the
    factors of a norm are those of the layer behind it, and what it adds is in that layer's bias and at the edges.
    """
    held = {}
    for name, layer in [("enter", network.enter), *((f"turn{at}", each) for at, each in enumerate(network.turns))]:
        weight, bias = _numbers(layer.weight).T, _numbers(layer.bias)
        held[f"{name}.weight"] = weight - weight.mean(1, keepdims=True)
        held[f"{name}.bias"] = bias - bias.mean()
    for at, (norm, layer) in enumerate(zip(network.norms, network.looks, strict=True)):
        factor, added = np.tile(_numbers(norm.weight), 3), np.tile(_numbers(norm.bias), 3)
        factor = np.where(np.abs(factor) < 1e-4, 1e-4, factor)
        weight = _numbers(layer.weight).T
        held[f"look{at}.weight"] = weight * factor[:, None]
        held[f"look{at}.bias"] = _numbers(layer.bias) + added @ weight
        held[f"edge{at}"] = (-added / factor)[: len(norm.weight)]
    weight = _numbers(network.leave.weight).T
    held["leave.weight"] = weight * _numbers(network.last.weight)[:, None]
    held["leave.bias"] = _numbers(network.leave.bias) + _numbers(network.last.bias) @ weight
    return held


def _numbers(values: Tensor) -> np.ndarray:
    return values.detach().double().numpy()

"""The network: vectors of words, a few gated looks at the neighbours, and for each token how likely each tag is.

Law: what PyTorch trains is what ONNX runs. Words become vectors outside of the graph, so that a word that was seen is
looked up once; the graph knows a text as rows of numbers and looks no further than its reach.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor, nn
from torch.nn import functional

from gateway.detect.words import PART_ROWS, TRAIT_ROWS, TRAITS, WORD_ROWS

WORD, PART, TRAIT = 64, 48, 32
"""Numbers of a vector that come from the word, its parts, and its traits."""

STEPS: Final = (1, 2, 4, 1)
"""How far apart the three tokens are that each layer looks at."""


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
    """Write the tables, eight bits a number, and the graph."""
    for name in ("word", "part", "trait"):
        table = getattr(network, name).weight.detach().float().numpy()
        scale = np.maximum(np.abs(table).max(1, keepdims=True), 1e-6) / 127
        np.save(folder / f"{name}.npy", np.round(table / scale).astype(np.int8))
        np.save(folder / f"{name}_scale.npy", scale[:, 0].astype(np.float16))
    onnx.save(graph(network), folder / "model.onnx")


def graph(network: Network) -> onnx.ModelProto:
    """Return the layers as a graph from ``vectors`` (tokens, numbers) to ``likely`` (tokens, tags)."""
    nodes: list[onnx.NodeProto] = []
    weights: list[onnx.TensorProto] = []

    def constant(name: str, value: np.ndarray) -> str:
        weights.append(numpy_helper.from_array(value, name))
        return name

    def add(kind: str, inputs: list[str], **how: object) -> str:
        name = f"{kind}{len(nodes)}"
        nodes.append(helper.make_node(kind, inputs, [name], **how))
        return name

    def linear(layer: nn.Linear, name: str, value: str) -> str:
        weight = constant(f"{name}.weight", layer.weight.detach().float().numpy().T.copy())
        bias = constant(f"{name}.bias", layer.bias.detach().float().numpy())
        return add("Add", [add("MatMul", [value, weight]), bias])

    def normal(layer: nn.LayerNorm, name: str, value: str) -> str:
        scale = constant(f"{name}.scale", layer.weight.detach().float().numpy())
        bias = constant(f"{name}.bias", layer.bias.detach().float().numpy())
        return add("LayerNormalization", [value, scale, bias], axis=-1, epsilon=1e-5)

    state = linear(network.enter, "enter", "vectors")
    for number, step in enumerate(STEPS):
        seen = normal(network.norms[number], f"norm{number}", state)
        pads = constant(f"pads{number}", np.array([step, 0, step, 0], np.int64))
        padded = add("Pad", [seen, pads])
        around = [
            add("Slice", [padded, constant(f"from{number}{at}", np.array([at * step])), constant(f"to{number}{at}", np.array([end])), "axis"])
            for at, end in ((0, -2 * step), (1, -step), (2, 2**31))
        ]  # fmt: skip
        look = linear(network.looks[number], f"look{number}", add("Concat", around, axis=1))
        state = add("Add", [state, linear(network.turns[number], f"turn{number}", add("Relu", [look]))])
    constant("axis", np.array([0]))
    scores = linear(network.leave, "leave", normal(network.last, "last", state))
    nodes.append(helper.make_node("Softmax", [scores], ["likely"], axis=-1))
    inputs = [helper.make_tensor_value_info("vectors", TensorProto.FLOAT, ["tokens", WORD + PART + TRAIT])]
    outputs = [helper.make_tensor_value_info("likely", TensorProto.FLOAT, ["tokens", network.leave.out_features])]
    made = helper.make_model(
        helper.make_graph(nodes, "names", inputs, outputs, weights), opset_imports=[helper.make_opsetid("", 17)]
    )
    made.ir_version = 9
    onnx.checker.check_model(made)
    return made


assert TRAITS  # noqa: S101 - the traits are summed by whoever makes the vectors

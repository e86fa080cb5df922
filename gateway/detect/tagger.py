"""The embedded model for names: from a text to the places of names, by numpy alone.

Law: the same text gives the same names, whatever was read before and however it is cut into blocks, for a token is
judged by itself and by the tokens within ``REACH`` of it. Work and memory grow with the text and no faster; what is
kept of texts is a bounded number of words, as rows of numbers, and never a number.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gateway.detect.lexicon import known
from gateway.detect.raw import Name
from gateway.detect.words import GIVEN, TRAITS, Features, features, plain, small, tokens

STEPS: Final = (1, 2, 4, 1)
"""How far apart the three tokens are that each layer looks at."""

REACH: Final = sum(STEPS)
TYPES: Final = ("PERSON", "ORGANIZATION", "LOCATION", "DATE_TIME", "NRP")
LEANING: Final = np.array([1.0, 2.4, 1.0, 1.0, 1.0, 1.0], np.float32)
"""What the likelihoods of no name and of each type are multiplied by: a person missed costs more than one too many."""

_GIVEN_LEANING: Final = 2.5
"""What more a person weighs at a known given name with a capital, which is neither a word nor a place."""

_TITLES: Final = frozenset((
    "mr", "mrs", "ms", "miss", "sir", "dr", "prof", "justice", "judge", "herr", "herrn", "frau", "monsieur", "madame",
    "mademoiselle", "mme", "mlle", "se\u00f1or", "se\u00f1ora", "sr", "sra", "signor", "signora", "sig", "dott", "dhr",
    "mevr", "meneer", "mevrouw", "heer", "senhor", "senhora", "pan", "pani", "pana", "panu", "pan\u00ed", "pane",
    "mudr", "judr", "mgr", "say\u0131n", "fru", "hr",
))  # fmt: skip
"""Words before a name that are none of it, though some collections say so."""

_EDGE: Final = max(STEPS)
_BLOCK: Final = 400
"""Tokens that are worked on at once: few enough to stay near the processor."""

_MOST_WORDS: Final = 20_000
_SHORT: Final = 2
_TINY: Final = np.float32(1e-5)

Numbers = NDArray[np.float32]


class Layer(NamedTuple):
    """A look at three tokens. edge: what stands where there is no token."""

    edge: Numbers
    looks: tuple[Numbers, Numbers, Numbers]
    look: Numbers
    turns: Numbers
    turn: Numbers


class Table:
    """Rows of numbers of eight bits, each with its scale."""

    def __init__(self, folder: Path, name: str) -> None:
        self._rows = np.load(folder / f"{name}.npy", mmap_mode="r", allow_pickle=False)
        self._scales = np.load(folder / f"{name}_scale.npy", allow_pickle=False).astype(np.float32)

    def __getitem__(self, rows: NDArray[np.intp]) -> Numbers:
        found: Numbers = self._rows[rows].astype(np.float32)
        found *= self._scales[rows][..., None]
        return found


class Tagger:
    """Finds names by the model of a folder."""

    def __init__(self, folder: Path) -> None:
        self._known = known(folder / "words.txt")
        self._word, self._part, self._trait = (Table(folder, name) for name in ("word", "part", "trait"))
        with np.load(folder / "layers.npz", allow_pickle=False) as held:
            self._enter, self._begin, self._leave, self._end = (held[name] for name in _ENDS)
            self._layers = [_layer(number, held) for number in range(len(STEPS))]
        self._rows: dict[str, int] = {}
        width, inner = self._layers[0].turns.shape[::-1]
        self._vectors = np.empty((_MOST_WORDS, width), np.float32)
        self._edged = np.empty((_BLOCK + 2 * (REACH + _EDGE), width), np.float32)
        self._seen, self._more = np.empty((2, _BLOCK + 2 * REACH, inner), np.float32)

    def block(self) -> AbstractContextManager[object]:
        """Do nothing: words that are kept are bounded in number."""
        return nullcontext()

    def names(self, text: str) -> Iterator[Name]:
        """Yield the names of a text, in their order."""
        cut = tokens(text)
        if cut:
            yield from _names(cut, self._leant(cut, self._likely(cut)))

    def _likely(self, cut: list[str]) -> Numbers:
        """Return how likely no name, and each type, is for each token, and whether a name begins there."""
        blocks = []
        for at in range(0, len(cut), _BLOCK):
            low = max(at - REACH, 0)
            seen = self._layered(self._looked_up(cut[low : at + _BLOCK + REACH]))
            blocks.append(seen[at - low : at - low + _BLOCK])
        return np.concatenate(blocks)

    def _leant(self, cut: list[str], likely: Numbers) -> Numbers:
        """Return how likely each is, a person more so at given names that nearly were one; columns as in ``_names``."""
        person = likely[:, 1] + likely[:, 2]
        for at in np.flatnonzero(person * (LEANING[1] * _GIVEN_LEANING) > likely[:, 0]).tolist():
            core = cut[at].lstrip()
            if len(core) > _SHORT and core[0].isupper() and self._known.get(small(core)) == GIVEN:
                likely[at, 1:3] *= _GIVEN_LEANING
        return likely

    def _looked_up(self, cut: list[str]) -> Numbers:
        rows = self._rows
        new = {token: plain(token) for token in cut if token not in rows}
        wanted = set(new.values()) - rows.keys()
        if len(rows) + len(wanted) > _MOST_WORDS:
            rows.clear()
            new = {token: plain(token) for token in cut}
            wanted = set(new.values())
        if wanted:
            self._learn(sorted(wanted))
        return self._vectors[[rows[token] if token in rows else rows[new[token]] for token in cut]]

    def _learn(self, wanted: list[str]) -> None:
        first, made = len(self._rows), [features(token, self._known) for token in wanted]
        self._vectors[first : first + len(made)] = self._vectors_of(made) @ self._enter + self._begin
        self._rows.update((token, first + number) for number, token in enumerate(wanted))

    def _vectors_of(self, made: list[Features]) -> Numbers:
        word = self._word[np.array([each.word for each in made])].sum(1)
        trait = self._trait[np.array([each.traits for each in made])].reshape(len(made), TRAITS, -1).sum(1)
        counts = np.array([len(each.parts) for each in made])
        parts = self._part[np.concatenate([each.parts for each in made])]
        part = np.add.reduceat(parts, np.cumsum(counts) - counts) / counts[:, None]
        return np.concatenate([word, part, trait], axis=1, dtype=np.float32)

    def _layered(self, state: Numbers) -> Numbers:
        count = len(state)
        edged, inner = self._edged[: count + 2 * _EDGE], self._edged[_EDGE : _EDGE + count]
        seen, more = self._seen[:count], self._more[:count]
        for step, layer in zip(STEPS, self._layers, strict=True):
            edged[:_EDGE] = edged[_EDGE + count :] = layer.edge
            _normal(state, inner)
            np.matmul(inner, layer.looks[1], out=seen)
            for at, look in ((_EDGE - step, layer.looks[0]), (_EDGE + step, layer.looks[2])):
                seen += np.matmul(edged[at : at + count], look, out=more)
            seen += layer.look
            np.maximum(seen, 0, out=seen)
            state += seen @ layer.turns
            state += layer.turn
        scores = _normal(state, inner) @ self._leave + self._end
        likely: Numbers = np.exp(scores - scores.max(axis=1, keepdims=True))
        likely /= likely.sum(axis=1, keepdims=True)
        return likely


_ENDS: Final = ("enter.weight", "enter.bias", "leave.weight", "leave.bias")


def _layer(number: int, held: np.lib.npyio.NpzFile) -> Layer:
    before, here, after = np.split(held[f"look{number}.weight"], 3)
    return Layer(
        edge=held[f"edge{number}"],
        looks=(before, here, after),
        look=held[f"look{number}.bias"],
        turns=held[f"turn{number}.weight"],
        turn=held[f"turn{number}.bias"],
    )


def _normal(values: Numbers, out: Numbers) -> Numbers:
    """Bring rows to one length; their mean is nothing already, by how the weights were written."""
    size = np.einsum("ij,ij->i", values, values)
    size /= values.shape[1]
    size += _TINY
    np.sqrt(size, out=size)
    np.divide(values, size[:, None], out=out)
    return out


def _names(cut: list[str], likely: Numbers) -> Iterator[Name]:
    """Put tokens of one type that follow each other together; a line ends a name, and so does the beginning of another.

    likely: columns of none, and then of the beginning and the inside of each type.
    """
    kinds = np.concatenate([likely[:, :1], likely[:, 1::2] + likely[:, 2::2]], axis=1) * LEANING
    best = kinds.argmax(axis=1)
    found = np.flatnonzero(best)
    sure = (kinds[found, best[found]] / kinds[found].sum(axis=1)).tolist()
    begins = (likely[found, 2 * best[found] - 1] > likely[found, 2 * best[found]]).tolist()
    ends = np.cumsum([len(token) for token in cut])[found].tolist()
    run: list[int] = []
    for number, (at, kind) in enumerate(zip(found.tolist(), best[found].tolist(), strict=True)):
        follows = run and found[run[-1]] == at - 1 and best[at - 1] == kind and not begins[number]
        if run and not (follows and cut[at] != "\n"):
            yield from _name(
                [cut[each] for each in found[run]], ends[run[-1]], TYPES[best[found[run[0]]] - 1], run, sure
            )
            run = []
        if run or cut[at].strip():
            run.append(number)
    if run:
        yield from _name([cut[each] for each in found[run]], ends[run[-1]], TYPES[best[found[run[0]]] - 1], run, sure)


def _name(words: list[str], end: int, kind: str, run: list[int], sure: list[float]) -> Iterator[Name]:
    """Yield the name that tokens make, without its title; a title alone is none."""
    score = sum(sure[number] for number in run) / len(run)
    while kind == "PERSON" and words and (words[0].strip().lower() in _TITLES or words[0].strip() in {".", ""}):
        words = words[1:]
    if words:
        start = end - len("".join(words).lstrip())
        yield Name(start, end, kind, round(max(0.5, score), 4))

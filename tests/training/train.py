"""Training: ``python -m tests.training.train CORPORA FOLDER``.

Law: where the number of epochs ends it, the same data give the same model. It is written to the folder again and
again, so that a run that is cut short has given something.
"""

from __future__ import annotations

import argparse
import copy
import multiprocessing
import sys
import time
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import torch
from torch import Tensor
from torch.multiprocessing import spawn
from torch.nn import functional

from gateway.detect.words import features, read_words
from tests.training import data
from tests.training.data import ANY, TAGS
from tests.training.network import WORD, Network, export

LENGTH, ROWS = 256, 32
"""Tokens of a row, and rows of a step."""

MEET: Final = 20
"""Steps after which the workers average their weights."""

FORGOTTEN: Final = 0.12
"""Of words, those of which only the parts are shown, and of those, half without what the list knows of them."""


class Plan(NamedTuple):
    """How long to train, at most, and how fast to learn."""

    epochs: int
    minutes: float
    rate: float


class Vocabulary:
    """The features of every token of the data."""

    def __init__(self, folder: Path) -> None:
        self.word, self.traits, self.unknown, self.lengths, self.parts = torch.load(folder / "features.pt")
        self.starts = torch.cumsum(self.lengths, 0) - self.lengths

    @staticmethod
    def make(folder: Path) -> None:
        """Write the features of the tokens of a folder's data."""
        tokens = (folder / "vocabulary.txt").read_bytes().decode().split("\0")
        known = read_words(folder / "words.txt")
        made = [features(token or " ", known) for token in tokens]
        held = (
            torch.tensor([each.word for each in made]),
            torch.tensor([each.traits for each in made]),
            torch.tensor([features(token or " ", {}).traits[3] for token in tokens]),
            torch.tensor([len(each.parts) for each in made]),
            torch.tensor(np.concatenate([each.parts for each in made])),
        )
        torch.save(held, folder / "features.pt")

    def bag(self, ids: Tensor) -> tuple[Tensor, Tensor]:
        """Return the parts of some words, one after the other, and where each word's begin."""
        lengths = self.lengths[ids]
        offsets = torch.cumsum(lengths, 0) - lengths
        within = torch.arange(int(lengths.sum())) - torch.repeat_interleave(offsets, lengths)
        return self.parts[torch.repeat_interleave(self.starts[ids], lengths) + within], offsets


def vectors(network: Network, vocabulary: Vocabulary, rows: Tensor, *, forget: float) -> Tensor:
    """Return the vectors of the tokens of some rows."""
    ids, where = torch.unique(rows, return_inverse=True)
    held = network.vectors(vocabulary.word[ids], *vocabulary.bag(ids))[where]
    traits = vocabulary.traits[rows]
    if forget:
        shown = (torch.rand(rows.shape) >= forget).float()[..., None]
        held = torch.cat([held[..., :WORD] * shown, held[..., WORD:]], -1)
        blank = torch.rand(rows.shape) < forget / 2
        traits[..., 3] = torch.where(blank, vocabulary.unknown[rows], traits[..., 3])
    return torch.cat([held, network.trait(traits).sum(2)], -1)


def loss_of(scores: Tensor, bits: Tensor) -> Tensor:
    """Return how unlikely the allowed tags are."""
    allowed = (bits[..., None] >> torch.arange(len(TAGS))) & 1
    judged = bits != ANY
    scores, allowed = scores[judged].float(), allowed[judged]
    held = functional.log_softmax(scores, -1)
    good = torch.logsumexp(held.masked_fill(allowed == 0, -1e4), -1)
    weight = 1.0 + 0.5 * ((allowed[:, 0] == 0) & (allowed[:, 1:3].sum(1) > 0))  # a person missed costs more
    smooth = -held.mean(-1) * 0.02
    return ((-good * weight) + smooth).mean()


def batches(rows: np.ndarray, bits: np.ndarray, chance: np.random.Generator) -> list[tuple[Tensor, Tensor]]:
    """Cut a variant into steps, from another place each time."""
    start = int(chance.integers(LENGTH))
    count = (len(rows) - start) // LENGTH
    cut = slice(start, start + count * LENGTH)
    order = chance.permutation(count)
    shaped = rows[cut].reshape(count, LENGTH)[order], bits[cut].reshape(count, LENGTH)[order]
    ends = range(0, count - ROWS + 1, ROWS)
    return [
        (torch.from_numpy(shaped[0][at : at + ROWS].astype(np.int64)), torch.from_numpy(shaped[1][at : at + ROWS].astype(np.int32)))
        for at in ends
    ]  # fmt: skip


class Pair:
    """Two trainings that become one every few steps: each has a core, and their weights are averaged."""

    def __init__(self, network: Network, workers: int) -> None:
        self.workers = workers
        self._held = [each.detach().clone().share_memory_() for each in network.parameters()]
        context = multiprocessing.get_context("spawn")
        self._barrier = context.Barrier(workers)
        self._done = context.Value("d", 0.0)

    def meet(self, network: Network, number: int, done: float) -> float:
        """Average the weights; return how much of the training is done, as the first one sees it."""
        with torch.no_grad():
            for turn in range(self.workers):
                if turn == number:
                    for held, each in zip(self._held, network.parameters(), strict=True):
                        held.copy_(each / self.workers) if turn == 0 else held.add_(each, alpha=1 / self.workers)
                    if turn == 0:
                        self._done.value = done
                self._barrier.wait()
            for held, each in zip(self._held, network.parameters(), strict=True):
                each.copy_(held)
            self._barrier.wait()
        return float(self._done.value)


def optimizer_of(network: Network, rate: float) -> torch.optim.Optimizer:
    """Return one that lets the tables learn faster than the layers."""
    tables = [network.word.weight, network.part.weight, network.trait.weight]
    layers = [each for each in network.parameters() if all(each is not table for table in tables)]
    groups = [
        {"params": layers, "weight_decay": 0.01, "lr": rate},
        {"params": tables, "weight_decay": 0.0, "lr": rate * 2},
    ]
    return torch.optim.AdamW(groups, betas=(0.9, 0.98), fused=True)


def work(number: int, pair: Pair, network: Network, folder: Path, plan: Plan) -> None:
    """Train, as one of the workers."""
    torch.set_num_threads(1)
    torch.manual_seed(number + 1)
    vocabulary = Vocabulary(folder)
    variants = sorted(folder.glob("variant*.npz"))
    mine = copy.deepcopy(network)
    optimizer = optimizer_of(mine, plan.rate)
    peaks = [group["lr"] for group in optimizer.param_groups]
    began, done = time.monotonic(), 0.0
    for epoch in range(plan.epochs):
        held = np.load(variants[epoch % len(variants)])
        steps = batches(held["rows"], held["bits"], np.random.default_rng(epoch))
        steps = steps[number : len(steps) - len(steps) % pair.workers : pair.workers]
        total = 0.0
        for at, (rows, bits) in enumerate(steps):
            for group, peak in zip(optimizer.param_groups, peaks, strict=True):
                group["lr"] = peak * min(1.0, done * 40 + 0.05) * max(1.0 - done, 0.01)
            seen = vectors(mine, vocabulary, rows, forget=FORGOTTEN).bfloat16()
            loss = loss_of(mine(seen, (rows != 0).bfloat16()[..., None]), bits)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(optimizer.param_groups[0]["params"], 1.0)
            optimizer.step()
            total += loss.item()
            if at % MEET == MEET - 1 or at == len(steps) - 1:
                spent = time.monotonic() - began
                done = pair.meet(mine, number, max((epoch + at / len(steps)) / plan.epochs, spent / 60 / plan.minutes))
                if number == 0 and (at // MEET) % 5 == 0:
                    say(f"epoch {epoch}, step {at}/{len(steps)}: {total / (at + 1):.4f}, {done:.0%}, {spent:.0f} s")
                if number == 0 and (at // MEET) % 5 == 0:
                    keep(mine, folder)
            if done >= 1:
                break
        if done >= 1:
            break
    if number == 0:
        keep(mine, folder)


def keep(network: Network, folder: Path) -> None:
    """Write the model as it is."""
    torch.save(network.state_dict(), folder / "network.pt")
    export(network.eval(), folder)
    network.train()


def averaged(files: list[Path]) -> dict[str, Tensor]:
    """Return the mean of weights that lie near each other: one model goes on from where the other was."""
    held = [torch.load(file) for file in files]
    return {name: torch.stack([each[name] for each in held]).mean(0) for name in held[0]}


def say(line: str) -> None:
    """Tell how it goes."""
    print(line, file=sys.stderr, flush=True)


def main() -> None:
    """Make the data, where there is none yet, and train."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpora", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--variants", type=int, default=4)
    parser.add_argument("--limit", type=float, default=1.0, help="of the data, a part")
    parser.add_argument("--epochs", type=int, default=12)
    parser.add_argument("--minutes", type=float, default=35)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--rate", type=float, default=2e-3)
    parser.add_argument("--resume", type=Path, help="weights to begin with")
    parser.add_argument(
        "--average", type=Path, nargs="+", metavar="FILE", help="write the mean of weights; train nothing"
    )
    args = parser.parse_args()
    if args.average:
        network = Network(len(TAGS))
        network.load_state_dict(averaged(args.average))
        keep(network, args.folder)
        return
    if not (args.folder / "vocabulary.txt").is_file():
        data.main(args.corpora, args.folder, args.variants, args.limit)
    if not (args.folder / "features.pt").is_file():
        Vocabulary.make(args.folder)
    torch.manual_seed(1)
    network = Network(len(TAGS))
    if args.resume:
        network.load_state_dict(torch.load(args.resume))
    plan = Plan(epochs=args.epochs, minutes=args.minutes, rate=args.rate)
    pair = Pair(network, args.workers)
    spawn(work, (pair, network, args.folder, plan), nprocs=args.workers)


if __name__ == "__main__":
    main()

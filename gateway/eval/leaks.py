"""What leaves although it should not: made-up values in every place and disguise, and the body that would go out.

Law: a value has leaked where any half of it can be read in the body, as it was written or as it reads without its
disguise, in a string or key at any depth, escapes undone. A request that is refused has leaked nothing and is counted
apart. What a policy keeps leaves, and counts: whoever asks learns what goes out, not why.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any, Final

from gateway.core.errors import ProtocolError, RequestBlocked
from gateway.core.escapes import unescaped
from gateway.core.pseudonym import OURS
from gateway.eval.disguises import DISGUISES, Disguise, Group
from gateway.eval.gate import Gate
from gateway.eval.placements import LENSES, PLACEMENTS, Placement
from gateway.eval.planted import KINDS, Planted, planted

_NEUTRAL: Final = "It reads {} as agreed."
_SALT: Final = "cache_salt"
"""The gateway's own field: hexadecimal digits, in which short numbers stand by chance."""

_SHORTEST: Final = 4
"""Letters and digits of a half that is looked for by itself: shorter ones stand anywhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One value in one disguise in one place."""

    value: Planted
    disguise: Disguise
    placement: Placement
    hidden: str
    text: str

    @property
    def group(self) -> Group:
        """What the gateway undertakes here."""
        group = self.disguise.group_for(self.value.kind)
        beyond = self.placement.beyond or (self.placement.told and not self.disguise.everywhere)
        return Group.BEYOND if beyond else group

    def body(self) -> bytes:
        """Return the request."""
        if self.placement.told:
            return self.placement.body(self.text, self.value.said(self.value.value))
        if self.placement.split:
            middle = self.text.index(self.hidden) + len(self.hidden) // 2
            return self.placement.body(self.text[:middle], self.text[middle:])
        return self.placement.body(self.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of a trial."""

    trial: Trial
    refused: bool
    leaked: bool


def trials(endpoints: Sequence[str], *, seed: int, limit: int) -> Iterator[Trial]:
    """Yield trials in which every type, disguise and place takes its turn: all combinations, or a sample of them."""
    places = [each for each in PLACEMENTS if each.endpoint in endpoints]
    disguises = list(DISGUISES.values())
    every = len(places) * len(disguises) * len(KINDS)
    chosen = range(every) if not 0 < limit < every else Random(seed).sample(range(every), limit)  # noqa: S311 - drawn again
    for number in chosen:
        rest, kind = divmod(number, len(KINDS))
        place, disguise = divmod(rest, len(disguises))
        chance = Random(f"{seed}/{number}")  # noqa: S311 - a value that can be drawn again
        trial = _trial(planted(KINDS[kind], chance), disguises[disguise], places[place], chance)
        if trial is not None:
            yield trial


def _trial(value: Planted, disguise: Disguise, placement: Placement, chance: Random) -> Trial | None:
    """Hide a value. None where the disguise changes nothing of it."""
    open_ = value.said(value.value) if disguise.whole else value.value
    hidden = disguise.hide(open_, chance)
    if hidden == open_ and disguise.group is not Group.PLAIN:
        return None
    text = _NEUTRAL.replace("{}", hidden) if disguise.whole else value.said(hidden)
    return Trial(
        value=value, disguise=disguise, placement=placement, hidden=hidden, text=hidden if placement.told else text
    )


async def tried(gate: Gate, trial: Trial) -> Outcome:
    """Send a trial as far as the door."""
    try:
        body = await gate.leaving(LENSES[trial.placement.endpoint], trial.body())
    except (RequestBlocked, ProtocolError):
        return Outcome(trial=trial, refused=True, leaked=False)
    return Outcome(trial=trial, refused=False, leaked=has_leaked(trial, body))


def has_leaked(trial: Trial, body: bytes) -> bool:
    """Whether a half of the value can be read in what would leave."""
    document = json.loads(body)
    document.pop(_SALT, None)
    texts = [OURS.sub(" ", text) for text in _texts(document)]
    left = "\n".join(map(_core, texts))
    halves = (piece for each in (trial.value.value, trial.hidden) for piece in _pieces(each))
    return any(piece in left for piece in halves) or any(trial.hidden in text for text in texts)


def _pieces(text: str) -> list[str]:
    """Return what is looked for of a text: its halves, all of it where they are short."""
    middle = len(text) // 2
    halves = [_core(text[:middle]), _core(text[middle:])]
    return halves if min(map(len, halves)) >= _SHORTEST else list(filter(None, [_core(text)]))


def _core(text: str) -> str:
    """Return the letters and digits of a text, in their usual form and case."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", unescaped(text)).casefold()))


def _texts(value: Any) -> Iterator[str]:  # noqa: ANN401 - any JSON value
    """Yield every string, key and number of a document, and of documents in its strings."""
    match value:
        case dict():
            for key, item in value.items():
                yield key
                yield from _texts(item)
        case list():
            for item in value:
                yield from _texts(item)
        case str():
            yield value
            if value.lstrip()[:1] in {"{", "["}:
                yield from _inner(value)
        case bool() | None:
            return
        case _:
            yield str(value)


def _inner(text: str) -> Iterator[str]:
    try:
        document = json.loads(text)
    except ValueError:
        return
    yield from _texts(document)

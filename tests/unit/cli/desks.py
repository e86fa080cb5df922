"""What is asked of a desk in tests, and what answers behind it."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from gateway.cli.desk import options
from gateway.core.sensitive import Sensitive
from gateway.policy import Applied, Emergency, Plan, Source
from gateway.policy.store import Version

NOON = datetime(2027, 2, 1, 12, tzinfo=UTC)
FILE = {"file": "p.yaml", "text": "kind: x\n"}
SOURCE = Source("p.yaml", "kind: x\n")
PLAN = Plan(scope="acme", base=3, digest="ab", sources=(SOURCE,), changes=("a: b → c",))
EMERGENCY = Emergency(reason="nobody can work", seconds=60)
ALONE = {"reason": "nobody can work", "seconds": 60}
EFFECTS = {"exchanges": 3, "changed": 1, "would_block": 1, "would_permit": 0, "changes": [], "open": {}}
EXPLAINED = {
    "policy": "ab" * 32,
    "documents": [{"name": "p", "file": "p.yaml", "line": 1, "floor": False, "own": True}],
    "decision": "permit",
    "findings": [
        {
            "pointer": "",
            "start": 5,
            "end": 9,
            "entity_type": "PERSON",
            "score": 0.9,
            "recognizer": "r",
            "done": "redact",
            "reasons": [
                {"document": "p", "floor": False, "said": "redact", "key": "defaults", "file": "p.yaml", "line": 2}
            ],
        }
    ],
    "kept": [],
    "left_out": 0,
}
APPLIED = {"scope": "acme", "version": 4, "digest": "ab", "policies": {"p": "cd"}, "changed": True, "warnings": []}


def version(number: int) -> dict[str, Any]:
    return {
        "version": number,
        "created": "2027-02-01T12:00:00Z",
        "created_by": "a1",
        "origin": "apply",
        "policies": {"p": "cd"},
    }


def arguments(*words: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    options(parser)
    return argparse.Namespace(**vars(parser.parse_args(words)), config=None)


class Service:
    """The service of policies, on the host."""

    def __init__(self) -> None:
        self.asked: list[tuple[Any, ...]] = []

    def __getattr__(self, name: str) -> Any:
        stored = Version(
            tenant="acme",
            version=1,
            digest="ab",
            policies={"p": "cd"},
            documents=[FILE],
            created=NOON,
            created_by="a1",
        )
        answers = {"plan": PLAN, "history": [stored], "show": stored}

        async def act(*given: Any, **more: Any) -> Any:
            self.asked.append((name, *given, *more.values()))
            return answers.get(name, Applied(**APPLIED))  # type: ignore[arg-type]

        return act


class Gateway:
    """What answers at the other end."""

    def __init__(self) -> None:
        self.asked: list[tuple[Any, ...]] = []
        self.answers: Iterator[tuple[int, Any]] = iter(())
        self.keys: set[tuple[str, str]] = set()

    def says(self, *answers: Any, status: int = 200) -> None:
        self.answers = iter([(status, answer) for answer in answers])

    async def call(self, url: str, key: Sensitive[str], *asked: Any) -> tuple[int, Any]:
        self.keys.add((url, key.reveal()))
        self.asked.append(asked)
        return next(self.answers)

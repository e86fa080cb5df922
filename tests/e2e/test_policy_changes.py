"""Policies are changed through a gateway of two workers, by commands as people run them, while an app is served."""

from __future__ import annotations

import base64
import json
import statistics
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from gateway.core.bundle import OF_THE_FILE, Refusal
from tests.doubles.bundles import raw
from tests.e2e.cases import in_words
from tests.e2e.commands import asked, cloister
from tests.e2e.gateways import Gateway, running
from tests.e2e.realms import APP, Realm, control, document, realm, repeating
from tests.e2e.tampering import TAKEN, content, flipped, tampered, trusting
from tests.waiting import until

pytestmark = pytest.mark.integration

TEXT = "Write to qv7zk2xw.{}@qv7zk2xw.example, please."
SEEN = {"redact": "Write to [EMAIL_ADDRESS], please.", "pseudonymise": "Write to <EMAIL_ADDRESS_1>, please."}
ALONE = ("--break-glass", "the claims desk cannot work", "--hours", "0.0003")
"""One person's change, for a second."""

LATEST = 5.0
"""Seconds after which no worker may use what is no longer in force, whatever else goes on (``identity.max_stale``)."""

MANY = (pytest.mark.slow, pytest.mark.timeout(900))
READERS = 4


@pytest.fixture(scope="module")
def two_workers(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    settings = {"CLOISTER_SERVER__WORKERS": "2", "CLOISTER_DETECT__ENGINE": "patterns"}
    with running(tmp_path_factory.mktemp("changes"), root, **settings) as gateway:
        gateway.backend.script = repeating
        yield gateway


@pytest.fixture
def own(two_workers: Gateway, tmp_path: Path) -> Iterator[Realm]:
    """A tenant of the test's own."""
    with realm(two_workers, tmp_path) as made:
        yield made


def test_a_change_is_planned_applied_seen_and_taken_back(own: Realm) -> None:
    before = own.digest()
    file = own.file("p.yaml", document("redact"))

    code, said = own.act("ann", "diff", file)
    assert code == 1
    assert said.startswith('nothing is in force yet:\n  RedactionPolicy "p": added, redact ')
    planned = own.told("ann", "plan", file, "-o", own.folder / "plan")
    assert (planned["base"], planned["scope"]) == (0, own.name)
    assert own.digest() == before

    first = own.told("ann", "apply", own.folder / "plan")
    own.holds(first)
    assert own.ask(TEXT.format(1))[:2] == (first["policies"]["p"][:12], SEEN["redact"])
    assert own.act("ann", "diff", file) == (0, "nothing changes\n")

    second = own.told("ann", "apply", own.file("q.yaml", document("pseudonymise")), "--expect", "1")
    own.holds(second)
    assert own.ask(TEXT.format(2))[:2] == (second["policies"]["p"][:12], SEEN["pseudonymise"])

    third = own.told("ann", "rollback")
    own.holds(third)
    assert (third["version"], third["policies"]) == (3, first["policies"])
    assert own.ask(TEXT.format(3))[1] == SEEN["redact"]
    history = own.told("ann", "history")
    assert [(each["origin"], each["restores"], each["created_by"]) for each in history] == [
        ("rollback", 1, own.keys["ann"]["id"]),
        ("apply", None, own.keys["ann"]["id"]),
        ("apply", None, own.keys["ann"]["id"]),
    ]
    assert own.told("ann", "show")["documents"] == own.told("ann", "show", "--version", "1")["documents"]
    acts = [event["action"] for event in own.events() if event["action"].startswith("policy.")]
    assert acts == ["policy.rollback", "policy.apply", "policy.apply"]


def test_on_the_host_and_through_the_gateway_the_same_is_said(own: Realm) -> None:
    own.told("ann", "apply", own.file("p.yaml", document("redact")))
    changed = own.file("q.yaml", document("hash"))
    broken = own.file("broken.yaml", document("hash").replace("operator", "operater"))
    for action, *given in (
        ("history",),
        ("show",),
        ("diff", changed),
        ("plan", changed),
        ("diff", broken),
        ("plan", broken),
        ("show", "--version", "9"),
        ("rollback",),
        ("apply", changed, "--expect", "0"),
        ("apply", own.folder / "nothing"),
        ("explain", own.file("text", TEXT)),
        ("explain", own.file("request", json.dumps({"model": "m", "messages": [{"role": "user", "content": TEXT}]}))),
        ("explain", own.file("no-request", "{}")),
        ("explain", own.folder / "text", "--endpoint", "/v1/nothing"),
    ):
        for form in ((), ("--json",)):
            words = ("policy", action, *map(str, given), *form)
            assert cloister(*words, "--tenant", own.name) == cloister(*words, *own.as_("ann")), words


def test_a_stale_plan_is_refused_with_what_has_moved(own: Realm) -> None:
    own.told("ann", "apply", own.file("p.yaml", document("redact")))
    plan = own.folder / "plan"
    own.told("ann", "plan", own.file("q.yaml", document("hash")), "-o", plan)
    moved = own.told(
        "ann", "apply", own.file("r.yaml", document("redact", more=", entities: {PERSON: {operator: block}}"))
    )

    code, said = own.act("ann", "apply", plan)
    assert code == 3
    assert "Version 2 is in force, not 1. Since then:" in said
    assert '\n  RedactionPolicy "p": PERSON: redact → block\n' in said
    assert own.told("ann", "show")["policies"] == moved["policies"]
    last = next(event for event in own.events("--action", "policy.apply"))
    assert (last["outcome"], last["details"], last["actor"]) == (
        "denied",
        {"reason": "policy_conflict"},
        own.keys["ann"]["id"],
    )


def test_of_two_applies_at_once_one_wins_and_the_other_is_told_why(own: Realm) -> None:
    own.told("ann", "apply", own.file("p.yaml", document("redact")))
    operators = ("hash", "block")
    plans = [own.folder / f"plan-{each}" for each in operators]
    for operator, plan in zip(operators, plans, strict=True):
        own.told("ann", "plan", own.file(f"{operator}.yaml", document(operator)), "-o", plan)

    def applied(plan: Path) -> Any:
        return own.gateway.cloister("policy", "apply", str(plan), *own.as_("ann"), check=False)

    with ThreadPoolExecutor(2) as threads:
        ended = list(threads.map(applied, plans))
    (winner,) = [each for each, run in zip(operators, ended, strict=True) if run.returncode == 0]
    (loser,) = [run for run in ended if run.returncode]

    assert (loser.returncode, loser.stdout) == (3, "")
    assert "Version 2 is in force, not 1. Since then:" in loser.stderr
    assert f"redact → {winner}" in loser.stderr
    assert [each["version"] for each in own.told("ann", "history")] == [2, 1]
    assert f"operator: {winner}" in own.told("ann", "show")["documents"][0]["text"]


def test_two_people_are_two_owners(own: Realm) -> None:
    own.admit("ann-too", "admin", "ann")
    own.admit("bob", "privacy_officer", "bob")
    own.admit("nobody", "admin")
    own.told("ann", "apply", own.file("p.yaml", document("redact") + control("{approvals: 1}")))
    changed, plan = own.file("q.yaml", document("hash") + control("{approvals: 1}")), own.folder / "plan"
    own.told("ann", "plan", changed, "-o", plan)

    def refused(label: str, action: str = "apply", what: object = plan) -> str:
        code, said = own.act(label, action, what)
        assert code == 3, said
        return said

    assert "for somebody else to say" in refused("ann")
    assert cloister("policy", "apply", str(plan), "--tenant", own.name)[0] == 3, "the host is one person, too"
    own.told("ann-too", "approve", plan)
    assert "not a second key" in refused("ann")
    assert "not a second key" in refused("ann-too")
    assert "--owner" in refused("nobody", "approve")

    code, said = own.act("bob", "approve", plan)
    assert (code, "redact → hash" in said) == (0, True)
    assert own.act("bob", "apply", plan)[0] == 1, "who approves may not apply"
    other = own.file("other.yaml", document("keep") + control("{approvals: 1}"))
    assert "for somebody else to say" in refused("ann", what=other)
    done = own.told("ann", "apply", plan)
    assert own.told("ann", "show")["approved_by"] == "bob"
    assert own.told("ann", "apply", changed)["changed"] is False
    assert "for somebody else to say" in refused("ann", what=own.file("p.yaml", document("redact")))
    assert own.act("bob", "approve", plan)[0] == 3, "the plan was for another version"
    own.holds(done)


def test_one_person_s_change_goes_by_itself(own: Realm) -> None:
    first = own.told("ann", "apply", own.file("p.yaml", document("redact") + control("{approvals: 1}")))
    own.holds(first)
    began = time.monotonic()
    alone = own.told("ann", "apply", own.file("q.yaml", document("pseudonymise")), *ALONE)
    assert alone["version"] == 2

    def returned() -> Any:
        newest = own.told("ann", "history")[0]
        return newest if newest["origin"] == "return" else None

    newest = until(returned, 15)
    assert time.monotonic() - began > 1
    assert (newest["version"], newest["restores"], newest["created_by"], newest["until"]) == (3, 1, "local", None)
    own.holds(first)
    assert own.ask(TEXT.format(1))[1] == SEEN["redact"]
    (emergency,) = own.events("--action", "policy.break_glass")
    assert "the claims desk" not in json.dumps(emergency)
    assert len(own.events("--action", "policy.return")) == 1
    own.admit("bob", "admin", "bob")
    assert own.act("ann", "apply", own.file("q.yaml", document("hash")))[0] == 3, "four eyes are still asked for"


def test_where_bundles_are_signed_nothing_else_is_applied(own: Realm) -> None:
    public = asked("policy", "keygen", "--out", str(own.folder / "release.key"))["public"]
    signed = control(f"{{signatures: {{keys: ['{public}']}}, break_glass: false}}")
    own.told("ann", "apply", own.file("p.yaml", document("redact") + signed))
    changed, made = own.file("q.yaml", document("hash") + signed), own.folder / "bundle"
    asked("policy", "sign", str(changed), "--key", str(own.folder / "release.key"), "--scope", own.name,
          "--revision", "5", "-o", str(made))  # fmt: skip

    for words in ([changed], [changed, *ALONE]):
        assert own.act("ann", "apply", *words)[0] in {2, 3}, words
    own.holds(own.told("ann", "apply", made))
    assert own.act("ann", "rollback")[0] == 2
    assert own.told("ann", "apply", made)["changed"] is False
    assert [each["revision"] for each in own.told("ann", "history")] == [5, None]


@dataclass
class Watch:
    """What an app was told while policies were changed. began: when each request was sent, by the digest it was told."""

    own: Realm
    told: dict[str, tuple[str, str]] = field(default_factory=dict)
    began: list[tuple[float, str]] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def ask(self, reader: int) -> None:
        """Ask again and again, each time about another address."""
        number = 0
        while not self.stop.is_set():
            number += 1
            began = time.monotonic()
            try:
                digest, seen, exchange = self.own.ask(f"{in_words(number)}. {TEXT.format(f'{reader}x{number}')}")
            except (AssertionError, OSError) as error:
                self.failed.append(str(error))
                continue
            with self.lock:
                self.told[exchange] = digest, seen.partition(". ")[2]
                self.began.append((began, digest))

    @contextmanager
    def asking(self) -> Iterator[None]:
        """Have readers ask meanwhile."""
        threads = [threading.Thread(target=self.ask, args=(reader,)) for reader in range(READERS)]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self.stop.set()
            for thread in threads:
                thread.join()

    def settled(self, since: float, digest: str) -> bool:
        """Whether the last requests sent after an instant were all decided by a digest."""
        with self.lock:
            last = [told for began, told in self.began if began > since][-8 * READERS :]
        return len(last) == 8 * READERS and set(last) == {digest}

    def late(self, since: float, digest: str) -> float:
        """Seconds after an instant at which the last request was sent that was not decided by a digest."""
        with self.lock:
            return max([began - since for began, told in self.began if began > since and told != digest], default=0.0)


@pytest.mark.parametrize("rounds", [10, pytest.param(100, marks=MANY)])
def test_every_request_is_decided_by_one_policy_while_they_are_changed(own: Realm, rounds: int) -> None:
    operators = ("redact", "pseudonymise")
    bodies = [{"documents": [{"file": "p.yaml", "text": document(operator)}]} for operator in operators]
    known: dict[str, str] = {}
    own.holds(own.told("ann", "apply", own.file("p.yaml", document(operators[1]))))
    watch, lates = Watch(own), []
    with watch.asking():
        for number in range(rounds):
            asked_at = time.monotonic()
            status, done = own.call("ann", "POST", "/versions", bodies[number % 2])
            at, digest = time.monotonic(), done["policies"]["p"]
            assert (status, done["changed"]) == (201, True)
            known[digest[:12]] = operators[number % 2]
            until(partial(watch.settled, at, digest[:12]), 30)
            lates.append(watch.late(asked_at, digest[:12]))

    median, longest = statistics.median(lates) * 1000, max(lates) * 1000
    print(f"{rounds} changes, {len(watch.told)} answers, 2 workers: from the call to the last request that was decided")
    print(f"by what had been, {median:.0f} ms (median), {longest:.0f} ms (longest)")
    assert watch.failed == []
    assert len(known) == 2
    mixed = {exchange: told for exchange, told in watch.told.items() if told[1] != SEEN[known[told[0]]]}
    assert mixed == {}
    recorded(own, watch, known)
    assert max(lates) < LATEST


def opened(own: Realm) -> dict[str, Any]:
    """Return the events with which exchanges began."""
    events: list[Any] = []
    while page := own.events(
        "--app", APP, "--action", "exchange.open", *(("--before", str(events[-1]["seq"])) if events else ())
    ):
        events += page
    return {event["exchange"]: event for event in events}


def recorded(own: Realm, watch: Watch, known: dict[str, str]) -> None:
    """Hold every event of the exchanges against what the app was told."""

    def all_of_them() -> dict[str, Any] | None:  # the last are numbered a moment after they are answered
        found = opened(own)
        return found if watch.told.keys() <= found.keys() else None

    opens = until(all_of_them, 30)
    for exchange, (digest, _) in watch.told.items():
        event = opens[exchange]
        assert event["policy"].startswith(digest)
        assert {each["operator"] for each in event["details"]["findings"] if each["type"] == "EMAIL_ADDRESS"} == {
            known[digest]
        }
    closes = asked("audit", "query", "--tenant", own.name, "--action", "exchange.close", "--limit", "10000")
    assert all(event["policy"] == opens[event["exchange"]]["policy"] for event in closes if event["exchange"] in opens)


def refused(own: Realm, raw: bytes, reason: Refusal | None = None) -> str:
    """Send a bundle that is none, through the API; return why it is not taken."""
    status, said = own.call("ann", "POST", "/versions", {"bundle": base64.b64encode(raw).decode()})
    detail = str(said["detail"]).partition(". ")[2]
    found = Refusal(detail.partition(":")[0])
    assert (status, reason or found) == (422 if OF_THE_FILE[found] else 409, found), said
    return detail


def test_tampered_bundles_are_refused_for_their_reasons_while_an_app_is_served(own: Realm) -> None:
    files = document("redact") + control(trusting())
    hashed = document("hash") + control(trusting())
    first = own.told("ann", "apply", own.file("p.yaml", document("redact")))
    old = first["policies"]["p"][:12]
    own.holds(first)
    watch, details = Watch(own), list[str]()
    with watch.asking():
        details.append(refused(own, raw(**content(own.name, hashed, TAKEN)), Refusal.KEY_UNSET))
        own.told("ann", "apply", own.file("p.yaml", files))
        own.file("good", raw(**content(own.name, files, TAKEN)).decode())
        taken = own.told("ann", "apply", own.folder / "good")
        for how, (reason, bad) in tampered(own.name, hashed).items():
            details.append(refused(own, bad, reason))
            code, said = own.act("ann", "apply", own.file("bad", bad.decode()))
            assert (code, details[-1] in said) == (2 if OF_THE_FILE[reason] else 3, True), (how, said)
        status, said = own.call("ann", "POST", "/versions", {"documents": [{"file": "p.yaml", "text": hashed}]})
        assert status == 422
        details.append(said["detail"].partition(". ")[2])
        flips = [refused(own, each) for each in flipped(own.name, hashed, 40)]
        until(partial(watch.settled, time.monotonic(), old), 30)

    assert len(set(details)) == len(details) >= 12
    assert {each.partition(":")[0] for each in details} == set(Refusal)
    assert (watch.failed, {digest for digest, _ in watch.told.values()}) == ([], {old})
    recorded(own, watch, {old: "redact"})
    assert own.told("ann", "show")["version"] == taken["version"]
    reasons = [each["details"]["reason"] for each in own.events("--outcome", "denied", "--action", "policy.apply")]
    twice = [each for detail in details[1:-1] for each in (detail, detail)]
    assert reasons[::-1] == [each.partition(":")[0] for each in (details[0], *twice, details[-1], *flips)]

    own.file("next", raw(**content(own.name, hashed, TAKEN + 1)).decode())
    own.holds(own.told("ann", "apply", own.folder / "next"))
    assert own.ask(TEXT.format(1))[0] != old

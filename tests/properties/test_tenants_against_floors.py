"""What a tenant's admin may write, against floors of the platform: nothing that a floor alone hides is let out.

Law: texts go the whole way, from finding to what would be forwarded; each attack is on a floor that hides without it.
"""

from __future__ import annotations

import json
from random import Random
from typing import Any, Final, NamedTuple

import pytest

from gateway.core.content import PartKind, Segment
from gateway.core.decision import Effect
from gateway.core.policy import Target
from gateway.core.ports import Asker
from gateway.core.sensitive import Sensitive
from gateway.detect.analyzer import PresidioDetector
from gateway.detect.raw import Raw
from gateway.detect.scanner import Scanner
from gateway.policy.active import Snapshot
from gateway.policy.evaluate import decide
from gateway.transform import apply
from tests.properties.random_policies import OPERATORS, Filing, Spec, bundles

SSN, PHONE, MAIL, BADGE = "219-09-9376", "(212) 555-0143", "bob@secret.example", "B-48213"
TEXTS: Final = (
    f"my SSN is {SSN} yes",
    f"call {PHONE} now",
    f"mail {MAIL}, x@corp.local",
    f"badge {BADGE} and {SSN}",
    BADGE.replace("4", "\uff14"),
)
HIDDEN: Final = (SSN, PHONE, MAIL, BADGE, "9376", "0143", "mple", "8213", "secret")
"""Values, and the ends that masks might show."""

NUMBER, CALL, ALL = "[0-9]{3}-[0-9]{2}-[0-9]{4}", "[0-9() -]{7,}", "[^?]+"


MARKED: Final = f"hmac-sha256:2026-11:{'0' * 32}"


class Attack(NamedTuple):
    """A floor, and what a tenant writes against it. more: further documents of the tenant's."""

    floor: Spec
    tenant: Spec
    more: tuple[Spec, ...] = ()


class Here:
    """A pool of one scanner, in this process."""

    def __init__(self) -> None:
        self.scanner = Scanner("patterns", "")

    async def run(
        self, texts: list[str], entities: list[str], asker: Asker, recognizers: bytes = b""
    ) -> list[list[Raw]]:
        return self.scanner.scan(texts, entities, recognizers)


class Hashes:
    def fingerprint(self, tenant: str, entity_type: str, value: str) -> str:
        return "5" * 64

    def recorded(self, tenant: str, epoch: str, entity_type: str, value: str) -> str:
        """Name every value alike: whoever marks one as false marks all."""
        return MARKED


@pytest.fixture(scope="module")
def detector() -> PresidioDetector:
    return PresidioDetector(Here(), values=Hashes())


async def forwarded(detector: PresidioDetector, floor: Spec, *tenant: Spec) -> str | None:
    """Return what would be forwarded, None where the request is denied."""
    platform = [Filing("platform", "floor", floor), Filing("platform", "all", {"defaults": {"operator": "keep"}})]
    made = [*platform, *(Filing("acme", f"own{number}", each) for number, each in enumerate(tenant))]
    found = Snapshot(bundles(made)).resolution(Target(tenant="acme", app="crm", model="m", endpoint="/v1/messages"))
    assert found
    segments = [Segment(pointer=f"/{at}", kind=PartKind.TEXT, text=Sensitive(text)) for at, text in enumerate(TEXTS)]
    decision = decide(found.policy, await detector.analyze(segments, found.policy, asker=("acme", "a")))
    safe = apply(decision, segments, tenant="acme", fingerprints=Hashes())
    return "\n".join(text.reveal() for text in safe.texts) if decision.effect is Effect.PERMIT else None


def let_out(alone: str | None, held: str | None) -> list[str]:
    """Return what comes through that does not under the floor alone."""
    if held is None:
        return []
    return [value for value in HIDDEN if value in held and (alone is None or value not in alone)]


def floor(kind: str, operator: str, **more: Any) -> Spec:
    """A floor about one type. more: of its rule, and what else it allows and recognizes."""
    rest = {key: more.pop(key) for key in ("allow", "recognizers") if key in more}
    rule = {"operator": operator, **more}
    return {"floor": True, "defaults": {"operator": "keep"}, "entities": {kind: rule}} | rest


def own(kind: str, regex: str, score: float = 1.0, *, name: str = "mine", **rule: Any) -> Spec:
    """A tenant's policy with a recognizer. rule: what it does with its type, which is kept where nothing is said."""
    return {
        "defaults": {"operator": "keep"},
        "entities": {kind: rule} if rule else {},
        "recognizers": [{"name": name, "supported_entity": kind, "patterns": [{"regex": regex, "score": score}]}],
    }


BADGES: Final = {"recognizers": own("BADGE", r"\bB-[0-9]{5}\b", 0.8, name="Badges")["recognizers"]}
KEEPING: Final = {"defaults": {"operator": "keep"}}
ALLOWED: Final = {"patterns": [r".*@corp\.local"]}
ATTACKS: Final = {
    "keeps the type": Attack(floor("US_SSN", "redact"), KEEPING | {"entities": {"US_SSN": {"operator": "keep"}}}),
    "asks for certainty": Attack(floor("US_SSN", "redact"), {"defaults": {"threshold": 1.0}}),
    "allows every value": Attack(floor("US_SSN", "redact"), {"allow": {"patterns": [ALL], "values": [SSN]}}),
    "is more exact": Attack(
        floor("US_SSN", "block"),
        KEEPING | {"match": {"apps": ["crm"], "models": ["m"], "endpoints": ["/v1/messages"]}},
    ),
    "turns off a floor's name": Attack(floor("US_SSN", "block"), KEEPING, ({"mode": "off", "floor": True},)),
    "shadows": Attack(floor("US_SSN", "block"), KEEPING, (KEEPING | {"mode": "shadow", "floor": True},)),
    "writes a laxer floor": Attack(
        floor("US_SSN", "block"), KEEPING | {"floor": True}, (KEEPING | {"floor": True, "match": {"apps": ["crm"]}},)
    ),
    "masks, and shows an end": Attack(
        floor("US_SSN", "pseudonymise"), own("TAIL", NUMBER, operator="mask", keep_last=4)
    ),
    "masks more, and shows an end": Attack(
        floor("US_SSN", "mask"), own("TAIL", f"SSN is {NUMBER}", operator="mask", keep_last=4)
    ),
    "masks a gateway's type": Attack(
        floor("US_SSN", "pseudonymise"), own("PHONE_NUMBER", NUMBER, operator="mask", keep_last=4)
    ),
    "hides what scores too low by a hair": Attack(
        floor("US_SSN", "pseudonymise"), own("HAIR", NUMBER, 0.333346, operator="redact", threshold=0.333345)
    ),
    "hides what it then keeps": Attack(floor("US_SSN", "redact"), own("MINE", ALL, operator="keep")),
    "hides what it then allows": Attack(
        floor("US_SSN", "redact"), own("MINE", ALL, operator="redact") | {"allow": {"patterns": [ALL]}}
    ),
    "masks around a value that is hidden elsewhere": Attack(
        floor("US_SSN", "redact", threshold=0.99), own("TAIL", f"and {NUMBER}", operator="mask", keep_last=4)
    ),
    "marks the type as false": Attack(floor("US_SSN", "redact"), {"allow": {"findings": {"US_SSN": [MARKED]}}}),
    "marks what it finds in the same place as false": Attack(
        floor("US_SSN", "pseudonymise"),
        own("MINE", NUMBER, operator="redact") | {"allow": {"findings": {"MINE": [MARKED]}}},
    ),
    "marks what it finds around it as false": Attack(
        floor("US_SSN", "pseudonymise"),
        own("MINE", f"SSN is {NUMBER}", operator="redact") | {"allow": {"findings": {"MINE": [MARKED]}}},
    ),
    "finds the type with less certainty": Attack(
        floor("PHONE_NUMBER", "block", threshold=0.8), own("PHONE_NUMBER", CALL, 0.76)
    ),
    "finds more, so that a floor allows it": Attack(
        floor("EMAIL_ADDRESS", "redact", allow=ALLOWED), own("EMAIL_ADDRESS", r"[^\n]*@corp\.local")
    ),
    "takes a floor's recognizer's name": Attack(
        floor("BADGE", "redact", **BADGES), own("BADGE", "B-[0-9]", 0.1, name="Badges")
    ),
    "takes the place of what a floor's recognizer finds": Attack(
        floor("BADGE", "redact", threshold=0.7, **BADGES), own("BADGE", "badge B-[0-9]{5}", 0.9, threshold=1.0)
    ),
    "knows a floor's type": Attack(
        floor("BADGE", "redact", **BADGES), {"entities": {"CREDIT_CARD": {"operator": "keep"}}} | KEEPING
    ),
    "masks where a value stands alone": Attack(
        floor("US_SSN", "redact", threshold=0.99), own("TAIL", NUMBER, operator="mask", keep_last=4)
    ),
}


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS)
async def test_what_a_floor_hides_alone_it_hides_from_its_tenants(attack: Attack, detector: PresidioDetector) -> None:
    bare = await forwarded(detector, {"floor": True} | KEEPING)
    alone = await forwarded(detector, attack.floor)
    held = await forwarded(detector, attack.floor, attack.tenant, *attack.more)

    assert let_out(alone, bare)
    assert let_out(alone, held) == []


def rule(chance: Random) -> Spec:
    made: Spec = {"operator": chance.choice(OPERATORS), "threshold": chance.choice([0, 0.3, 0.5, 0.8, 1])}
    return made | ({"keep_last": chance.randint(0, 4)} if made["operator"] == "mask" else {})


def written(chance: Random, regexes: list[str]) -> Spec:
    """Return a policy by chance. regexes: of what its recognizers find, as types of its own or the gateway's."""
    kinds = ["US_SSN", "PHONE_NUMBER", "EMAIL_ADDRESS", "BADGE", "MINE"]
    found = [
        {
            "name": chance.choice(["Badges", "mine", "ModelRecognizer"]) + str(number),
            "supported_entity": chance.choice(kinds),
            "patterns": [{"regex": chance.choice(regexes), "score": chance.choice([0.2, 0.45, 0.76, 1.0])}],
        }
        for number in range(chance.randint(0, 3))
    ]
    known = [*kinds[:3], *({each["supported_entity"] for each in found} - set(kinds[:3]))]
    return {
        "defaults": chance.choice([{"operator": "keep"}, {"operator": "pseudonymise"}]),
        "entities": {kind: rule(chance) for kind in sorted(known) if chance.random() < 0.7},
        "recognizers": found,
        "allow": {"patterns": chance.sample([r".*@corp\.local", r"[^?]+\.[^?]+", "B-.*", "[0-9-]+"], 2)}
        if chance.random() < 0.5
        else {},
    }


def marked(chance: Random, spec: Spec) -> Spec:
    """Return a policy that may say of some of its types that nothing is one."""
    kinds = sorted({*spec["entities"], *(each["supported_entity"] for each in spec["recognizers"])})
    false = {kind: [MARKED] for kind in kinds if chance.random() < 0.3}
    return spec | {"allow": spec["allow"] | {"findings": false}}


REGEXES: Final = [NUMBER, f"SSN is {NUMBER}", CALL, r"[^\n]*@corp\.local", r"\bB-[0-9]{5}\b", "B-", "[0-9]{4}"]


@pytest.mark.parametrize("count", [60, pytest.param(5000, marks=[pytest.mark.slow, pytest.mark.timeout(3600)])])
async def test_no_policy_of_a_tenant_lets_out_what_a_floor_hides(count: int, detector: PresidioDetector) -> None:
    chance, marks, hides = Random(count), Random(count + 1), 0
    for _ in range(count):
        above, below = written(chance, [*REGEXES[:2], REGEXES[4]]) | {"floor": True}, written(chance, REGEXES)
        alone = await forwarded(detector, above)
        held = await forwarded(detector, above, below)
        assert let_out(alone, held) == [], f"{json.dumps(above)}\n{json.dumps(below)}\n{alone}\n{held}"
        below = marked(marks, below)
        lax = await forwarded(detector, above, below)
        assert let_out(alone, lax) == [], f"{json.dumps(above)}\n{json.dumps(below)}\n{alone}\n{lax}"
        hides += alone is None or any(value not in alone for value in HIDDEN[:4])
    assert hides > count // 2

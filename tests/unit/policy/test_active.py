from typing import Any

import pytest

from gateway.core.actor import PLATFORM
from gateway.core.errors import Misconfigured, PolicyUnavailable
from gateway.policy.active import ActivePolicies
from gateway.policy.compile import compile_bundle
from gateway.policy.store import Version
from gateway.system import SystemClock
from tests.doubles.policies import target

GOOD = "apiVersion: cloister/v1\nkind: RedactionPolicy\nmetadata: {name: %s}\nspec: {}\n"


KEPT = """apiVersion: cloister/v1
kind: RetentionPolicy
metadata: {name: kept}
spec:
  rules:
    - {data: audit, keep_at_least: P6M, delete_after: %s}
"""


class Clock(SystemClock):
    moment = 0.0

    def monotonic(self) -> float:
        return self.moment


def version(tenant: str, text: str, number: int = 1) -> Version:
    return Version(
        tenant=tenant,
        version=number,
        digest="",
        policies={},
        documents=[{"file": "p.yaml", "text": text}],
        created=SystemClock().now(),
        created_by="x",
    )


def active(*versions: Version) -> tuple[ActivePolicies, Clock]:
    clock = Clock()
    made = ActivePolicies(clock, max_stale=5.0)
    take(made, *versions)
    return made, clock


def take(made: Any, *versions: Version) -> None:
    made._take(list(versions))
    made._refreshed = made._clock.monotonic()


def test_a_tenants_own_policy_comes_first() -> None:
    made, _ = active(version(PLATFORM, GOOD % "all"), version("acme", GOOD % "own"))

    assert made.active(target("acme", "crm")).name == "own"
    assert made.active(target("other", "crm")).name == "all"


def test_without_a_policy_nothing_passes() -> None:
    made, _ = active()

    with pytest.raises(PolicyUnavailable):
        made.active(target("acme", "crm"))


def test_a_stale_copy_is_not_used() -> None:
    made, clock = active(version(PLATFORM, GOOD % "all"))
    clock.moment = 5.1

    with pytest.raises(PolicyUnavailable):
        made.active(target("acme", "crm"))
    assert not made.current


def test_a_version_that_does_not_load_leaves_the_last_good_one() -> None:
    made, _ = active(version(PLATFORM, GOOD % "good"))
    take(made, version(PLATFORM, "spec: broken"))

    assert made.active(target("acme", "crm")).name == "good"


def test_a_broken_policy_without_a_good_one_lets_nothing_pass() -> None:
    made, _ = active(version(PLATFORM, GOOD % "all"), version("acme", "spec: broken"))

    with pytest.raises(PolicyUnavailable):
        made.active(target("acme", "crm"))
    assert made.active(target("other", "crm")).name == "all"


def period(made: ActivePolicies, tenant: str) -> str:
    rule = made.audit_rule(tenant)
    return str(rule.delete_after) if rule else "never"


def test_a_tenants_own_period_comes_before_the_platforms() -> None:
    made, _ = active(version(PLATFORM, KEPT % "P13M"), version("acme", KEPT % "P10Y"))

    assert (period(made, "acme"), period(made, "other")) == ("P10Y", "P13M")
    assert period(active(version("acme", KEPT % "P10Y"))[0], "other") == "never"


@pytest.mark.parametrize("before", [(), (version("acme", KEPT % "P7M"),)], ids=["no good one", "a good one"])
def test_a_version_that_does_not_load_shortens_no_period(before: tuple[Version, ...]) -> None:
    made, _ = active(version(PLATFORM, KEPT % "P13M"), *before)
    take(made, version(PLATFORM, KEPT % "P13M"), version("acme", "spec: broken", 2))

    with pytest.raises(Misconfigured, match="version 2 of the policies of 'acme'"):
        made.audit_rule("acme")
    assert period(made, "other") == "P13M"


def test_a_period_of_the_platform_that_cannot_be_read_is_nobodys() -> None:
    made, _ = active(version(PLATFORM, "spec: broken", 3), version("acme", KEPT % "P10Y"))

    assert period(made, "acme") == "P10Y"
    with pytest.raises(Misconfigured, match="version 3 of the policies of 'platform'"):
        made.audit_rule("other")


SHADOW = "apiVersion: cloister/v1\nkind: RedactionPolicy\nmetadata: {name: next}\nspec: {mode: shadow, media: %s}\n"


def test_a_policy_in_shadow_is_known_where_it_would_change_something() -> None:
    made, _ = active(version(PLATFORM, GOOD % "live"), version("acme", SHADOW % "allow-data-urls"))
    shadow = made.shadow(target("acme", "crm"))

    assert shadow is not None
    assert (made.active(target("acme", "crm")).name, shadow.name) == ("live", "next")
    assert made.shadow(target("other", "crm")) is None
    assert active(version(PLATFORM, GOOD % "live"), version("acme", SHADOW % "refuse"))[0].shadow(target()) is None


def test_one_scopes_change_is_no_work_for_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    compiled: list[str] = []

    def noted(sources: Any, *, scope: str) -> Any:
        compiled.append(scope)
        return compile_bundle(sources, scope=scope)

    monkeypatch.setattr("gateway.policy.active.compile_bundle", noted)
    made, _ = active(version(PLATFORM, GOOD % "all"), version("acme", GOOD % "one"))
    take(made, version(PLATFORM, GOOD % "all"), version("acme", GOOD % "two", 2))

    assert compiled == [PLATFORM, "acme", "acme"]
    assert made.active(target("acme", "crm")).name == "two"

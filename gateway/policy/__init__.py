"""What may pass, and as what.

Takes: policy files, and findings.
Gives: problems with their places, immutable policies known by their digests, and decisions.
Knows: the schema of the policy files, and the tables of their versions.
Never: accepts a key that it does not enforce, changes a stored version, or decides by two policies at once.
"""

from gateway.policy.active import ActivePolicies
from gateway.policy.apply import Applied, PolicyService, apply_default, version_record
from gateway.policy.compile import Bundle, offline_policy
from gateway.policy.control import Emergency
from gateway.policy.envelope import is_bundle
from gateway.policy.evaluate import decide
from gateway.policy.lint import lint
from gateway.policy.load import Source, load, read_sources
from gateway.policy.plan import Plan, is_plan, plan_of, read_plan
from gateway.policy.show import show_problem

__all__ = [
    "ActivePolicies",
    "Applied",
    "Bundle",
    "Emergency",
    "Plan",
    "PolicyService",
    "Source",
    "apply_default",
    "decide",
    "is_bundle",
    "is_plan",
    "lint",
    "load",
    "offline_policy",
    "plan_of",
    "read_plan",
    "read_sources",
    "show_problem",
    "version_record",
]

"""What may pass, and as what.

Takes: policy files, and findings.
Gives: problems with their places, immutable policies known by their digests, and decisions.
Knows: the schema of the policy files, and the tables of their versions.
Never: accepts a key that it does not enforce, changes a stored version, or decides by two policies at once.
"""

from gateway.policy.active import ActivePolicies
from gateway.policy.amend import with_findings
from gateway.policy.apply import PolicyService, apply_default, version_record
from gateway.policy.commit import Applied
from gateway.policy.compile import Bundle, compile_bundle, offline_policy
from gateway.policy.control import Emergency
from gateway.policy.envelope import is_bundle
from gateway.policy.evaluate import decide
from gateway.policy.explain import Explainer, Reason, file_of
from gateway.policy.lint import lint
from gateway.policy.load import Source, load, read_sources
from gateway.policy.plan import Plan, is_plan, plan_of, read_plan, require_files, sources_of
from gateway.policy.replay import Effects, Event, Examples, replayed, shadowed, target_of
from gateway.policy.resolve import Filed, Resolution, resolve
from gateway.policy.show import fields_of, show_problem
from gateway.policy.store import Head, Version

__all__ = [
    "ActivePolicies",
    "Applied",
    "Bundle",
    "Effects",
    "Emergency",
    "Event",
    "Examples",
    "Explainer",
    "Filed",
    "Head",
    "Plan",
    "PolicyService",
    "Reason",
    "Resolution",
    "Source",
    "Version",
    "apply_default",
    "compile_bundle",
    "decide",
    "fields_of",
    "file_of",
    "is_bundle",
    "is_plan",
    "lint",
    "load",
    "offline_policy",
    "plan_of",
    "read_plan",
    "read_sources",
    "replayed",
    "require_files",
    "resolve",
    "shadowed",
    "show_problem",
    "sources_of",
    "target_of",
    "version_record",
    "with_findings",
]

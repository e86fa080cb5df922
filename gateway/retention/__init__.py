"""How long what is kept is kept.

Takes: the rules of the retention policies, and the time.
Gives: what is due, and its disposal.
Knows: the calendar, and the partitions of the audit log.
Never: disposes of anything early, or without a record that names the rule.
"""

from gateway.retention.dispose import Disposer, Partition, RuleOf
from gateway.retention.schedule import due_at

__all__ = ["Disposer", "Partition", "RuleOf", "due_at"]

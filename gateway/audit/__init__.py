"""What was done: the log that every act is written to before it counts.

Takes: events without numbers, from any number of processes at once.
Gives: their durable record, numbered without gaps and hashed, to be read and verified.
Knows: the audit tables, canonical JSON (RFC 8785) and leaf hashes (RFC 6962).
Never: holds text of an exchange, drops an event, or lets one be changed.
"""

from gateway.audit.instances import Instances
from gateway.audit.integrate import Integrator
from gateway.audit.log import Writer
from gateway.audit.query import Filters, Query
from gateway.audit.record import Entry, Recorder
from gateway.audit.verify import Verified, Verifier

__all__ = ["Entry", "Filters", "Instances", "Integrator", "Query", "Recorder", "Verified", "Verifier", "Writer"]

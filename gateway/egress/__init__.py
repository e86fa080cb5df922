"""The one door: every connection that the gateway opens is opened here.

Takes: backends from the configuration, and bytes that are ready to leave.
Gives: a backend's answer, as bytes within limits.
Knows: aiohttp, sockets and TLS.
Never: follows a redirect, honours a proxy, keeps a cookie, resolves a name twice, or calls what is not configured;
``admin`` calls the gateway that the user of a command names, and ``outside``, which ``cloister doctor`` alone asks,
tries to get elsewhere, with nothing of anybody's to send.
"""

from gateway.egress.admin import call_gateway
from gateway.egress.client import Answer, EgressClient, EgressLimits

__all__ = ["Answer", "EgressClient", "EgressLimits", "call_gateway"]

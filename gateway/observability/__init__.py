"""What operators see of a running gateway.

Takes: counts, durations, codes and names.
Gives: structured log lines and Prometheus metrics.
Knows: structlog and prometheus_client.
Never: writes text of an exchange, a key, or a local variable of a traceback.
"""

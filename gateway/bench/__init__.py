"""How fast the gateway is, and the stand-in for a model that shows it.

Takes: the address of a gateway and of what stands behind it, or a chat request to echo.
Gives: latencies, rates and processor time of both, measured in turns; echoes in the shapes of a real server.
Knows: the chat protocol as vLLM speaks it, Litestar, granian, ``/proc``.
Never: stands in for a model unless it was asked to, or measures the two sides at different times.
"""

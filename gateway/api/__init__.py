"""The HTTP edge for applications, officers and operators.

Takes: requests on the routes of the public contract.
Gives: answers in the shape of the protocol asked for, errors included.
Knows: Litestar, and the stages' services.
Never: holds policy, SQL or detection; answers 500 for what a client sent.
"""

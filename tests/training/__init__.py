"""Making the embedded model for names: no part of the gateway, and nothing of the gateway imports it.

Takes: annotated collections on this machine, Faker's lists of names.
Gives: the folder ``gateway/detect/model``.
Knows: PyTorch and Faker, which the gateway does not have; the gateway's tokens and features, which it shares.
Never: lets a sentence of a collection into the folder.
"""

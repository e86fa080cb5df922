"""Who is asking.

Takes: the key that a request carries.
Gives: the actor, and the tenants and keys that there are.
Knows: the form of a key, and the tables of tenants and keys.
Never: stores a usable key, tells a wrong key from an unknown one, or asks the database on the way of a request.
"""

from gateway.identity.access import AccessService, NewKey
from gateway.identity.authenticate import Credentials
from gateway.identity.bootstrap import bootstrap

__all__ = ["AccessService", "Credentials", "NewKey", "bootstrap"]

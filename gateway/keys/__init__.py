"""Key-encryption keys, and what is derived from them.

Takes: a folder outside the database.
Gives: keys for one tenant and one purpose, and keyed hashes of values.
Knows: cryptography, and the file system's modes.
Never: shows a key, writes one beside the data it protects, or goes on with one that others may read.
"""

from gateway.keys.fingerprint import KeyedFingerprints
from gateway.keys.keyring import FileKeyring, require_apart

__all__ = ["FileKeyring", "KeyedFingerprints", "require_apart"]

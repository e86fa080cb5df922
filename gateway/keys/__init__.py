"""Key-encryption keys and what is derived from them; keys that sign, and those that are trusted.

Takes: a folder outside the database, files of keys, lines of public keys.
Gives: keys for one tenant and one purpose, keyed hashes of values, and signatures.
Knows: cryptography, and the file system's modes.
Never: shows a key, writes one beside the data it protects, or goes on with one that others may read.
"""

from gateway.keys.fingerprint import KeyedFingerprints
from gateway.keys.keyring import FileKeyring, require_apart
from gateway.keys.notes import LogSigners, NoteSigner
from gateway.keys.signing import PublicKey, SigningKey, trusted_keys

__all__ = [
    "FileKeyring",
    "KeyedFingerprints",
    "LogSigners",
    "NoteSigner",
    "PublicKey",
    "SigningKey",
    "require_apart",
    "trusted_keys",
]

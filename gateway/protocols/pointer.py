"""Where a value stands in a JSON document (RFC 6901).

Law: a place has two spellings. ``pointer`` finds the value; ``shown`` is what an error may print, in which every key
that the client invented is a ``*``.
"""

from __future__ import annotations

from dataclasses import dataclass


def escape(token: str) -> str:
    """Write one reference token."""
    return token.replace("~", "~0").replace("/", "~1")


@dataclass(frozen=True, slots=True)
class Place:
    """A place on the way down.

    role: that of the message it belongs to, "" outside messages. whole: pointer of the document, or of the parts of a
    message, that it belongs to; "" outside of such.
    """

    pointer: str = ""
    shown: str = ""
    role: str = ""
    whole: str = ""

    def field(self, name: str) -> Place:
        """Go down to a field that the protocol fixes."""
        token = f"/{escape(name)}"
        return Place(self.pointer + token, self.shown + token, self.role, self.whole)

    def item(self, index: int) -> Place:
        """Go down to an item of a list."""
        token = f"/{index}"
        return Place(self.pointer + token, self.shown + token, self.role, self.whole)

    def key(self, name: str) -> Place:
        """Go down to the value of a key that the client invented."""
        return Place(f"{self.pointer}/{escape(name)}", f"{self.shown}/*", self.role, self.whole)

    def inside(self) -> Place:
        """Go into the JSON that this string holds."""
        return Place(f"{self.pointer}#", f"{self.shown}#", self.role, self.whole).entire()

    def entire(self) -> Place:
        """Return the same place, as the begin of what is read together."""
        return Place(self.pointer, self.shown, self.role, self.whole or self.pointer)

    def apart(self) -> Place:
        """Return the same place, read with nothing around it."""
        return Place(self.pointer, self.shown, self.role)

    def among(self, name: str) -> Place:
        """Return the same place, read with those around it that are named alike."""
        return Place(self.pointer, self.shown, self.role, f"{self.whole}#{name}") if name and self.whole else self

    def spoken_by(self, role: str) -> Place:
        """Return the same place, in a message of that role."""
        return Place(self.pointer, self.shown, role, self.whole)

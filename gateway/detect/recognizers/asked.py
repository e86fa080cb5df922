"""What is asked for on one line of a talk and answered on the next: ``date of birth pls``, ``[14:03] Eva: ...``.

Law: the question ends its line with a question mark, or asks politely; between it and the answer stand at most the time
and who is speaking.
"""

from __future__ import annotations

from typing import Final

_PLEASE: Final = (
    r"(?:\?|pl(?:ea)?se?|pls|plz|thanks|bitte|danke|svp|s['\u2019]il (?:vous|te) plait|merci|por favor|gracias"
    r"|per favore|per cortesia|grazie|graag|alstublieft|aub|prosze|poprosze|dziekuje|obrigad[oa]|tack|tak|takk|lutfen"
    r"|prosim|dekuji|please)"
)
ASKED: Final = (
    rf"(?:[^\n\d?]{{0,60}}{_PLEASE}[^\n\d\w]{{0,6}}\n[ \t>*-]{{0,6}}"
    r"(?:[^\n:\d\[\]]{1,30}[ ,(\[]\d{1,2}[.:]\d{2}(?:[.:]\d{2})?[\])]?[ \t]?[:>\u2013-][ \t]{0,3}"
    r"|(?:[\[(]?(?:\d{1,2}[.:]\d{2}(?:[.:]\d{2})?)[\])]?[ \t:\u2013-]{0,4})?(?:[^\n:\d\[\]]{1,30}[:>][ \t]{1,3})?)"
    r"(?:(?:yes|yeah|sure|ja|oui|si|tak|sim|evet|ano|ok|okay|klar|of course|it['\u2019]?s|its)[ ,.:]{1,3}){0,2})"
)
"""Written as words of labels are (``detect.folding``), for the link between a word and its value."""

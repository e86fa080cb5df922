"""Payment cards, without numbers of as many digits that pass the same check and are none.

Law: what Presidio takes for a card is one, but for fifteen digits that begin as cards of another length do: the numbers
of mobile devices have fifteen and the same check digit, and most of them begin with 35.
"""

from __future__ import annotations

import re
from typing import Final

from presidio_analyzer.predefined_recognizers import CreditCardRecognizer

_OTHERS: Final = re.compile("(?:3[0-35689]|4[0-9]|5[1-5])[0-9]{13}|3[0-9]{12}")
"""Of fifteen digits there are cards of American Express, which no device's number begins like, of airlines and, in
theory, of Maestro; of thirteen none that begins with 3, as French goods do."""

_APART: Final = re.compile("[ -]")


class CardRecognizer(CreditCardRecognizer):  # type: ignore[misc]  # Presidio is not typed
    """Finds them."""

    def invalidate_result(self, pattern_text: str) -> bool:
        """Tell whether a number is none, whatever its check digit."""
        return bool(_OTHERS.fullmatch(_APART.sub("", pattern_text)))

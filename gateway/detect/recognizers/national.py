"""Presidio's recognizers for numbers that states and their registries issue, in their precise forms."""

from __future__ import annotations

from presidio_analyzer import EntityRecognizer, Pattern
from presidio_analyzer import predefined_recognizers as presidio


class FiscalCode(presidio.ItFiscalCodeRecognizer):  # type: ignore[misc]  # Presidio is not typed
    """Presidio's own, which fails on letters and digits that its pattern takes and its check digit does not know."""

    def validate_result(self, pattern_text: str) -> bool | None:
        """Check what is written in ASCII; all else is none."""
        return bool(super().validate_result(pattern_text)) if pattern_text.isascii() else False


def national() -> list[EntityRecognizer]:
    """Return one recognizer a type."""
    return [
        presidio.UsSsnRecognizer(),
        presidio.UsItinRecognizer(),
        presidio.UsPassportRecognizer(),
        presidio.UsLicenseRecognizer(),
        presidio.UsBankRecognizer(),
        presidio.MedicalLicenseRecognizer(),
        presidio.NhsRecognizer(),
        presidio.UkNinoRecognizer(),
        presidio.EsNifRecognizer(supported_language="en"),
        presidio.EsNieRecognizer(supported_language="en"),
        FiscalCode(supported_language="en"),
        presidio.PlPeselRecognizer(supported_language="en"),
        presidio.FiPersonalIdentityCodeRecognizer(supported_language="en"),
        presidio.SgFinRecognizer(),
        presidio.AuTfnRecognizer(),
        presidio.AuMedicareRecognizer(),
        presidio.InPanRecognizer(patterns=_precise(presidio.InPanRecognizer.PATTERNS)),
        presidio.InAadhaarRecognizer(),
    ]


def _precise(patterns: list[Pattern]) -> list[Pattern]:
    """Leave out the form whose time grows with the square of the text."""
    return [pattern for pattern in patterns if "Low" not in pattern.name]

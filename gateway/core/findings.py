"""What detection found, in Presidio's own terms.

Law: offsets count Unicode code points of the segment as received; a finding never holds the text it points at.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class RecognizerResult:
    """One entity found. Same field names as Presidio's; start inclusive, end exclusive; score from 0 to 1.

    members: the findings that it was made of, where several overlapped: each is a value of its own elsewhere.
    """

    entity_type: str
    start: int
    end: int
    score: float
    recognizer: str
    members: tuple[RecognizerResult, ...] = ()


Findings = tuple[tuple[RecognizerResult, ...], ...]
"""For each segment, in order, what was found in it: sorted by start, without overlaps."""


ENTITY_TYPES: Final[dict[str, str]] = {
    "PERSON": "the name of a person",
    "EMAIL_ADDRESS": "an e-mail address, internal ones included",
    "PHONE_NUMBER": "a telephone number",
    "CREDIT_CARD": "a payment card number that passes its checksum",
    "IBAN_CODE": "an international bank account number",
    "IP_ADDRESS": "an IPv4 or IPv6 address",
    "MAC_ADDRESS": "a network interface's hardware address",
    "CRYPTO": "a cryptocurrency wallet address",
    "SECRET": "a password, API key, token or private key",
    "US_SSN": "a United States social security number",
    "US_ITIN": "a United States individual taxpayer number",
    "US_PASSPORT": "a United States passport number, in context",
    "US_DRIVER_LICENSE": "a United States driving licence number, in context",
    "US_BANK_NUMBER": "a United States bank account number, in context",
    "UK_NHS": "a United Kingdom health service number",
    "UK_NINO": "a United Kingdom national insurance number",
    "ES_NIF": "a Spanish tax identity number",
    "ES_NIE": "a Spanish foreigner's identity number",
    "IT_FISCAL_CODE": "an Italian fiscal code",
    "PL_PESEL": "a Polish national identity number",
    "FI_PERSONAL_IDENTITY_CODE": "a Finnish personal identity code",
    "SG_NRIC_FIN": "a Singapore national or foreigner's identity number",
    "AU_TFN": "an Australian tax file number",
    "AU_MEDICARE": "an Australian health insurance number",
    "IN_PAN": "an Indian permanent account number",
    "IN_AADHAAR": "an Indian identity number",
    "MEDICAL_LICENSE": "a United States medical licence number",
    "ORGANIZATION": "the name of an organisation",
    "LOCATION": "a place",
    "DATE_TIME": "a date or a time",
    "NRP": "a nationality, religion or political group",
    "URL": "a web address",
}
"""The entity types that a policy may name, each with what it stands for."""

LITERAL: Final = "LITERAL"
"""The type of a placeholder that stands for inbound text which already looked like a placeholder."""

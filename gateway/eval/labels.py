"""Which labels of a corpus mean which of our types.

Law: an *entity* is what is reported: a type, or a family of types that a corpus has one label for. A label that means
none of them is left alone: what it marks is neither missed nor touched in vain. So is one whose types the policy keeps;
one that the gateway does not know at all counts, because its values stay in clear.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from gateway.core.errors import ProtocolError
from gateway.core.findings import ENTITY_TYPES

FAMILIES: Final[dict[str, frozenset[str]]] = {
    "NATIONAL_ID": frozenset(
        {"AE_EMIRATES_ID", "AR_DNI", "AT_SSN", "AU_MEDICARE", "BE_NATIONAL_NUMBER", "BG_EGN", "BR_CPF"}
        | {"CA_SIN", "CH_AHV", "CL_RUT", "CN_RESIDENT_ID", "CO_CEDULA", "CZ_SK_BIRTH_NUMBER"}
        | {"DE_SOCIAL_SECURITY", "DK_CPR", "EE_PERSONAL_CODE", "ES_NIE", "ES_NIF", "ES_SOCIAL_SECURITY"}
        | {"FI_PERSONAL_IDENTITY_CODE", "FR_NIR", "GR_AMKA", "HK_ID", "HR_OIB", "HU_TAJ", "ID_NIK", "IE_PPS"}
        | {"IL_ID", "IN_AADHAAR", "IT_FISCAL_CODE", "JP_MY_NUMBER", "KR_RRN", "LT_PERSONAL_CODE"}
        | {"LU_NATIONAL_ID", "LV_PERSONAL_CODE", "MT_ID_CARD", "MX_CURP", "MY_NRIC", "NL_BSN"}
        | {"NO_NATIONAL_NUMBER", "PH_UMID", "PL_ID_CARD", "PL_PESEL", "PT_CITIZEN_CARD", "RO_CNP"}
        | {"SE_PERSONNUMMER", "SG_NRIC_FIN", "SI_EMSO", "TH_ID", "TR_NATIONAL_ID", "TW_ID", "UK_NHS", "UK_NINO"}
        | {"US_SSN", "ZA_ID"}
    ),
    "TAX_ID": frozenset(
        {"AR_CUIL", "AU_ABN", "AU_TFN", "BR_CNPJ", "CO_NIT", "CY_TAX_ID", "DE_TAX_ID", "DE_TAX_NUMBER"}
        | {"EU_VAT", "FR_TAX_ID", "GR_AFM", "HU_TAX_ID", "IN_GSTIN", "IN_PAN", "IT_VAT_CODE", "MX_RFC"}
        | {"NZ_IRD", "PH_TIN", "PL_NIP", "PL_REGON", "PT_NIF", "UK_UTR", "US_EIN", "US_ITIN"}
    ),
    "PASSPORT": frozenset({"DE_ID_CARD", "DE_PASSPORT", "UK_PASSPORT", "US_PASSPORT"}),
    "DRIVER_LICENSE": frozenset({"UK_DRIVING_LICENCE", "US_DRIVER_LICENSE"}),
    "BANK_ACCOUNT": frozenset(
        {"ABA_ROUTING_NUMBER", "BIC_CODE", "CZ_SK_BANK_ACCOUNT", "DE_BANK_ACCOUNT", "UK_BANK_ACCOUNT", "US_BANK_NUMBER"}
    ),
    "DEVICE_ID": frozenset({"IMEI"}),
    "HEALTH_ID": frozenset({"DE_HEALTH_INSURANCE", "US_MBI"}),
    "VEHICLE_ID": frozenset({"VEHICLE_VIN"}),
    "MEDICAL_LICENSE": frozenset({"US_NPI"}),
}
"""Entities that several authorities issue, each under a type of its own."""

LABELS: Final[dict[str, str]] = {
    "AGE": "AGE",
    "API_KEY": "SECRET",
    "AUTHENTICATION_TOKEN": "SECRET",
    "BANK_ACCOUNT_NUMBER": "BANK_ACCOUNT",
    "BANK_ROUTING_NUMBER": "BANK_ACCOUNT",
    "CODE": "CASE_NUMBER",
    "CREDIT_CARD_NUMBER": "CREDIT_CARD",
    "CRYPTOCURRENCY_ADDRESS": "CRYPTO",
    "DEVICE_IDENTIFIER": "DEVICE_ID",
    "DRIVER_LICENSE_NUMBER": "DRIVER_LICENSE",
    "EMPLOYEE_ID": "EMPLOYEE_ID",
    "ETHNICITY": "NRP",
    "GPE": "LOCATION",
    "HEALTH_INSURANCE_ID": "HEALTH_ID",
    "IBAN": "IBAN_CODE",
    "INSURANCE_POLICY_NUMBER": "CUSTOMER_ID",
    "LATITUDE_LONGITUDE": "COORDINATES",
    "LOCATION_NAME": "LOCATION",
    "MEDICAL_RECORD_NUMBER": "PATIENT_ID",
    "NATIONALITY": "NRP",
    "NATIONAL_ID_NUMBER": "NATIONAL_ID",
    "NPI_NUMBER": "MEDICAL_LICENSE",
    "DEA_NUMBER": "MEDICAL_LICENSE",
    "ORGANIZATION_NAME": "ORGANIZATION",
    "PASSPORT_NUMBER": "PASSPORT",
    "PASSWORD": "SECRET",
    "PERSON_NAME": "PERSON",
    "POLITICAL_OPINION": "NRP",
    "PRESCRIPTION_NUMBER": "PATIENT_ID",
    "RELIGIOUS_BELIEF": "NRP",
    "SOCIAL_MEDIA_HANDLE": "USERNAME",
    "SOCIAL_SECURITY_NUMBER": "NATIONAL_ID",
    "STREET_ADDRESS": "STREET_ADDRESS",
    "TIMESTAMP": "DATE_TIME",
    "VEHICLE_IDENTIFICATION_NUMBER": "VEHICLE_ID",
    "ZIP_CODE": "POSTAL_CODE",
}
"""The entity that a label of the known collections means, where it has another name there."""

IGNORED: Final = frozenset(
    {"DEM", "DOMAIN_NAME", "EDUCATION_LEVEL", "GENDER", "HEALTH_CONDITION", "HOUSEHOLD_SIZE", "JOB_TITLE"}
    | {"MARITAL_STATUS", "MEDICATION_NAME", "MISC", "PROCEDURE_NAME", "QUANTITY", "SALARY", "TITLE", "VEHICLE_MODEL"}
)
"""Labels of the known collections that mean nothing which the gateway replaces."""

_ALSO: Final = {
    "STREET_ADDRESS": {"LOCATION"},
    "POSTAL_CODE": {"LOCATION"},
    "DATE_OF_BIRTH": {"DATE_TIME"},
    "COORDINATES": {"LOCATION"},
}
"""Wider types that are right for an entity too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """The reading of one run. only: the labels that are judged, where not all are."""

    mapped: Mapping[str, str]
    wanted: frozenset[str]
    only: frozenset[str] = frozenset()

    def entity(self, label: str) -> str:
        """Return the entity that a label means, "" where it is not judged."""
        if (self.only and label not in self.only) or (label in IGNORED and label not in self.mapped):
            return ""
        entity = self.mapped.get(label) or LABELS.get(label) or family(label)
        known = ({entity} | FAMILIES.get(entity, frozenset())) & ENTITY_TYPES.keys()
        return entity if not known or known & self.wanted else ""


def family(name: str) -> str:
    """Return the entity that a type belongs to."""
    return next((family for family, members in FAMILIES.items() if name in members), name)


def types(entity: str) -> frozenset[str]:
    """Return the types that are right for an entity."""
    return frozenset({entity, *FAMILIES.get(entity, ()), *_ALSO.get(entity, ())})


def mapping(pairs: Sequence[str]) -> dict[str, str]:
    """Read ``LABEL=TYPE``. Raise ``ProtocolError``."""
    read = {}
    for pair in pairs:
        label, equals, name = pair.partition("=")
        if not (label and equals and name):
            detail = "--map: LABEL=TYPE is needed, such as ZIP=POSTAL_CODE."
            raise ProtocolError(detail)
        if name not in ENTITY_TYPES and name not in FAMILIES and name not in LABELS.values():
            detail = f"--map: '{name}' is no entity type."
            raise ProtocolError(detail)
        read[label] = family(name)
    return read

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
"""For each segment, in order, what was found in it: sorted by start, without overlaps; then what is suspicious."""


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
    "STREET_ADDRESS": "a street with its house number, or a post box",
    "POSTAL_CODE": "a postal code, by its form, beside a street, or in context",
    "COORDINATES": "a position by latitude and longitude",
    "DATE_OF_BIRTH": "the date or year of a birth, in context",
    "AGE": "how old somebody is, in context",
    "USERNAME": "the name of an account or a handle, in context",
    "EMPLOYEE_ID": "an employee's number, in context",
    "CUSTOMER_ID": "the number of a customer, member, contract or policy, in context",
    "PATIENT_ID": "the number of a patient, medical record or prescription, in context",
    "CASE_NUMBER": "the number of a case, claim or court file",
    "LICENSE_PLATE": "a vehicle's number plate, in context",
    "DEVICE_ID": "the serial number or identifier of a device, in context",
    "BANK_ACCOUNT": "a bank account of another country, or a branch's number, in context",
    "HEALTH_ID": "the number of a health insurance or card of another country, in context",
    "NATIONAL_ID": "the number of an identity document of another country, in context",
    "TAX_ID": "a tax number of another country, in context",
    "ABA_ROUTING_NUMBER": "a United States bank routing number, in context",
    "AE_EMIRATES_ID": "an identity number of the United Arab Emirates",
    "AR_CUIL": "an Argentine tax and labour number",
    "AR_DNI": "an Argentine identity number, in context",
    "AT_SSN": "an Austrian social insurance number",
    "AU_ABN": "an Australian business number",
    "AU_MEDICARE": "an Australian health insurance number, in context",
    "AU_TFN": "an Australian tax file number, in context",
    "BE_NATIONAL_NUMBER": "a Belgian national register number",
    "BG_EGN": "a Bulgarian identity number, in context",
    "BIC_CODE": "the code of a bank (ISO 9362), in context",
    "BR_CNPJ": "a Brazilian company number",
    "BR_CPF": "a Brazilian taxpayer number",
    "CA_SIN": "a Canadian social insurance number",
    "CH_AHV": "a Swiss social security number",
    "CL_RUT": "a Chilean tax and identity number",
    "CN_RESIDENT_ID": "a Chinese resident identity number",
    "CO_CEDULA": "a Colombian identity number, in context",
    "CO_NIT": "a Colombian tax number",
    "CY_TAX_ID": "a Cypriot tax number, in context",
    "CZ_SK_BANK_ACCOUNT": "a Czech or Slovak account number, in context",
    "CZ_SK_BIRTH_NUMBER": "a Czech or Slovak birth number",
    "DE_BANK_ACCOUNT": "a German account or bank number, in context",
    "DE_HEALTH_INSURANCE": "a German health insurance number, in context",
    "DE_ID_CARD": "a German identity card number, in context",
    "DE_PASSPORT": "a German passport number, in context",
    "DE_SOCIAL_SECURITY": "a German pension insurance number",
    "DE_TAX_ID": "a German tax identification number",
    "DE_TAX_NUMBER": "a German tax office's number, in context",
    "DK_CPR": "a Danish civil registration number, in context",
    "DRIVER_LICENSE": "a driving licence number of another country, in context",
    "EE_PERSONAL_CODE": "an Estonian personal code, in context",
    "ES_NIE": "a Spanish foreigner's identity number",
    "ES_NIF": "a Spanish tax identity number",
    "ES_SOCIAL_SECURITY": "a Spanish social security number",
    "EU_VAT": "a value added tax number of Europe, in context",
    "FI_PERSONAL_IDENTITY_CODE": "a Finnish personal identity code",
    "FR_NIR": "a French social security number",
    "FR_TAX_ID": "a French tax number",
    "GR_AFM": "a Greek tax number, in context",
    "GR_AMKA": "a Greek social security number, in context",
    "HK_ID": "a Hong Kong identity card number",
    "HR_OIB": "a Croatian identity number, in context",
    "HU_TAJ": "a Hungarian social security number, in context",
    "HU_TAX_ID": "a Hungarian tax number, in context",
    "ID_NIK": "an Indonesian identity number, in context",
    "IE_PPS": "an Irish personal public service number",
    "IL_ID": "an Israeli identity number, in context",
    "IMEI": "a mobile device's number",
    "IN_AADHAAR": "an Indian identity number",
    "IN_GSTIN": "an Indian goods and services tax number",
    "IN_PAN": "an Indian permanent account number",
    "IT_FISCAL_CODE": "an Italian fiscal code",
    "IT_VAT_CODE": "an Italian value added tax number, in context",
    "JP_MY_NUMBER": "a Japanese individual number, in context",
    "KR_RRN": "a South Korean resident registration number",
    "LT_PERSONAL_CODE": "a Lithuanian personal code, in context",
    "LU_NATIONAL_ID": "a Luxembourg identity number",
    "LV_PERSONAL_CODE": "a Latvian personal code, in context",
    "MEDICAL_LICENSE": "a United States medical licence number, in context",
    "MT_ID_CARD": "a Maltese identity card number, in context",
    "MX_CURP": "a Mexican population register code",
    "MX_RFC": "a Mexican tax number",
    "MY_NRIC": "a Malaysian identity card number",
    "NL_BSN": "a Dutch citizen service number",
    "NO_NATIONAL_NUMBER": "a Norwegian identity number",
    "NZ_IRD": "a New Zealand tax number, in context",
    "PASSPORT": "a passport number of another country, in context",
    "PH_TIN": "a Philippine tax number, in context",
    "PH_UMID": "a Philippine social security number, in context",
    "PL_ID_CARD": "a Polish identity card number, in context",
    "PL_NIP": "a Polish tax number",
    "PL_PESEL": "a Polish national identity number, in context",
    "PL_REGON": "a Polish business number, in context",
    "PT_CITIZEN_CARD": "a Portuguese citizen card number",
    "PT_NIF": "a Portuguese tax number, in context",
    "RO_CNP": "a Romanian identity number, in context",
    "SE_PERSONNUMMER": "a Swedish identity number",
    "SG_NRIC_FIN": "a Singapore national or foreigner's identity number",
    "SI_EMSO": "a Slovenian identity number",
    "TH_ID": "a Thai identity number",
    "TR_NATIONAL_ID": "a Turkish identity number, in context",
    "TW_ID": "a Taiwanese identity number, in context",
    "UK_BANK_ACCOUNT": "a United Kingdom sort code or account number, in context",
    "UK_DRIVING_LICENCE": "a United Kingdom driving licence number",
    "UK_NHS": "a United Kingdom health service number",
    "UK_NINO": "a United Kingdom national insurance number",
    "UK_PASSPORT": "a United Kingdom passport number, in context",
    "UK_UTR": "a United Kingdom taxpayer reference, in context",
    "US_BANK_NUMBER": "a United States bank account number, in context",
    "US_DRIVER_LICENSE": "a United States driving licence number, in context",
    "US_EIN": "a United States employer number, in context",
    "US_ITIN": "a United States individual taxpayer number",
    "US_MBI": "a United States Medicare number",
    "US_NPI": "a United States health provider's number, in context",
    "US_PASSPORT": "a United States passport number, in context",
    "US_SSN": "a United States social security number",
    "VEHICLE_VIN": "a vehicle identification number",
    "ZA_ID": "a South African identity number",
    "ORGANIZATION": "the name of an organisation",
    "LOCATION": "a place",
    "DATE_TIME": "a date or a time",
    "NRP": "a nationality, religion or political group",
    "URL": "a web address",
}
"""The entity types that a policy may name, each with what it stands for."""

LITERAL: Final = "LITERAL"
"""The type of a placeholder that stands for inbound text which already looked like a placeholder."""

SUSPICIOUS: Final = "SUSPICIOUS_ENCODING"
"""The type of what is written so that others do not read it: a policy flags or blocks it, and nothing replaces it."""

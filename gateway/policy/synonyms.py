"""What other products, and people, call what our words mean.

Law: the words are folded: in small letters, without separators. Of several meanings the first that is known counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_SAID: Final[Mapping[tuple[str, ...], str]] = {
    # keys
    ("allow",): "allowlist whitelist exceptions",
    ("apiVersion",): "version",
    ("defaults",): "fallback",
    ("deny_list",): "blacklist blocklist denied words terms",
    ("endpoints",): "paths routes urls",
    ("entities",): "entity types detectors",
    ("internal_domains",): "domains hosts trusteddomains alloweddomains",
    ("keep",): "retention period ttl",
    ("keep_at_least",): "minimum min",
    ("keep_last",): "showlast visible charstoshow unmasked",
    ("languages",): "locale locales",
    ("match",): "scope selector appliesto target targets when",
    ("operator",): "action actions anonymizer strategy method",
    ("patterns",): "regexes expressions",
    ("recognizers",): "customrecognizers adhocrecognizers",
    ("regex",): "pattern expression regexp",
    ("restore",): "deanonymize deanonymise unmask reidentify",
    ("supported_entity",): "entity entitytype type",
    ("threshold",): "minscore confidence score scorethreshold minimumscore",
    ("values",): "words terms exact list",
    # values
    ("pseudonymise", "shadow"): "replace tokenize tokenise encrypt substitute",
    ("redact",): "remove delete drop erase",
    ("block", "refuse", "never"): "deny reject forbid",
    ("keep", "always", "allow-data-urls"): "allow permit accept pass ignore",
    ("shadow", "flag"): "audit monitor dryrun warn log report test",
    ("off", "never"): "disabled disable none no false",
    ("enforce", "always"): "active enabled enable live on yes true",
    # entity types
    ("BANK_ACCOUNT",): "accountnumber account bankaccountnumber",
    ("CREDIT_CARD",): "cardnumber pan debitcard creditdebitcardnumber card",
    ("CRYPTO",): "bitcoin wallet cryptowallet",
    ("DATE_OF_BIRTH",): "dob birthday birthdate",
    ("DATE_TIME",): "date time",
    ("DRIVER_LICENSE",): "drivinglicence drivinglicense driverslicense driverid",
    ("EMAIL_ADDRESS",): "email mail",
    ("IBAN_CODE",): "iban internationalbankaccountnumber",
    ("IP_ADDRESS",): "ip ipv4 ipv6",
    ("LOCATION",): "loc gpe place city country",
    ("MAC_ADDRESS",): "mac",
    ("NATIONAL_ID",): "idcard identitycard idnumber",
    ("NRP",): "nationality religion norp",
    ("ORGANIZATION",): "org company employer",
    ("PASSPORT",): "passportnumber",
    ("PERSON",): "per name names people personname fullname",
    ("PHONE_NUMBER",): "phone telephone mobile tel",
    ("POSTAL_CODE",): "zip zipcode postcode plz",
    ("SECRET",): "password passwords apikey token credential credentials",
    ("STREET_ADDRESS",): "address addresses street",
    ("US_SSN",): "ssn ussocialsecuritynumber socialsecuritynumber",
    ("VEHICLE_VIN",): "vin",
    # languages
    ("cs",): "czech",
    ("da",): "danish",
    ("de",): "german deutsch",
    ("en",): "english",
    ("es",): "spanish",
    ("fr",): "french",
    ("hr",): "croatian",
    ("it",): "italian",
    ("nl",): "dutch",
    ("pl",): "polish",
    ("pt",): "portuguese",
    ("sv",): "swedish",
    ("tr",): "turkish",
}

SYNONYMS: Final[Mapping[str, tuple[str, ...]]] = {
    word: tuple(each for meant, words in _SAID.items() if word in words.split() for each in meant)
    for word in " ".join(_SAID.values()).split()
}
"""For each word what may be meant by it."""

"""Numbers of somebody that need no word: their form, or a mark before or behind them, says whose they are.

Law: a form is one that nothing else has (``2 C 118/24``, ``EMP-004171``), or passes its check; a mark (``RG``, ``OAB``)
stands right beside its number.
"""

from __future__ import annotations

import re
from typing import Final

from gateway.detect.recognizers.iban import passes
from gateway.detect.recognizers.labels import Kind

_ANY: Final = re.compile(r"\S+")
_CZECH: Final = (
    r"(?<![\d/-])(?:\d{1,6}-)?\d{6,10}/(?:0[1368]00|0710|20[167]0|2100|2[267]00|3030|30[56]0|3500|4[03]00|5[58]00"
    r"|6000|6[1-37]00|6210"
    r"|6363|6800|79[1-9]0|80[3469]0|81[5-9][08]|82[0-9][0-9])(?![\w/-])"
)
"""Czech accounts with the numbers of banks."""

_SORTED: Final = r"\b(?:[Ss]ort(?: code)?:? (?=\d\d-)|[Rr]eg\.? ?(?=\d{4}))(\d\d-\d\d-\d\d|\d{4}[ -]\d{6,10})(?![\w-])"
_CLEARING: Final = (
    r"\b[Cc]learing(?:nr|nummer)?[.:]{0,2} (\d{4}(?:-\d)?[ ,-]{1,2}\d[\d -]{4,13}\d)(?![\w-])"
    r"|\b[Ff]olio:? (\d{6}-\d)(?![\w-])"
    r"|(?<![\w.,-])(8\d{3}-\d, ?\d{2,3} ?\d{3} ?\d{2,3} ?-?\d)(?![\w-]|[.,]\d)"
)
"""Accounts of Sweden behind the number of a bank's office, which alone is nobody's, and of Canada's cooperatives."""

_REGISTERED: Final = (
    r"\bRG:? ?(?:n[\u00ba\u00b0o.]{1,2} ?)?(\d[\d.]{4,11}-?[\dXx]?[ ,-]{1,2}"
    r"(?:SSP|SDS|SESP|DETRAN|IFP|PC|PM)[/ -]?[A-Z]{2})(?!\w)"
)
"""A Brazilian's number with who registered it."""

_CZECH_CARD: Final = r"(?<![\w.])(?:OP|O\. ?P\.):? (?:\u010d\. ?)?(\d{9}|\d{6} ?[A-Z]{2} ?\d{0,2})(?![\w-])"

_CHAMBER: Final = (
    r"\((?:OM|OE|OMD|OF|OPP)[ .:]{1,2}(?:n\.?[\u00ba\u00b0] ?)?(\d{4,6})\)"
    r"|\b(?:CRM|CRO|CRP|COREN|OAB|CREA|CRF)[-/ ]{1,2}[A-Z]{2}[ /:n\u00ba\u00b0.]{0,4}(\d{2,3}\.?\d{3})(?![\w.-])"
)
"""What a chamber gives to a doctor, a nurse, a lawyer."""

_DISPUTED: Final = (
    r"(?:[\u0130i]tiraz|[\u015e\u015f]ik[a\u00e2]yet|[Bb]a\u015fvuru|[Hh]asar|[\u0130i]hbar|[Dd]ilek\u00e7e"
    r"|[Dd]ava|[Tt]alep)\w{0,8} "
    r"((?=[^\s]{0,20}\d{3})[A-Z]{1,5}[-/]?\d[\d/-]{3,18}\d) (?:numaras|numaral|nolu|no'lu|say\u0131l)"
)
"""As Turkish offices write of what they have registered."""

_LISTED: Final = r"\b(?:Mat|MAT|Matr|MATR)\.:? (\d[\d./-]{2,12}\d)(?![\w/-])"
_PROTOCOL: Final = r"\b(?:[Pp]rotokol:? (20\d\d/\d{3,7})|PROTOKOL:? (20\d\d-[A-Z]{1,3}-\d{3,7}))(?![\w/-])"
"""As Turkish hospitals number who comes in; elsewhere it is what a meeting writes."""

_CITED: Final = r"(?<!20\d\d \u2013 )(?<!20\d\d - )(?<!20\d\d, )(?<!19\d\d \u2013 )(?<!19\d\d - )(?<!19\d\d, )"
"""A judgement is cited with its day; who is party to it is not said."""

_COURT: Final = (
    rf"{_CITED}\b\d{{1,3}} (?:O|C|Ca|Sa|AZR|ABR|StR|ZR|ZB|Ls|Ds|Cs|Js|Ks|KLs|Qs|OH|UF|AR|VG|BvR|BvL|KR|RG)"
    r" \d{1,5}/\d{2}\b"
    r"|\b\d:\d{2}-(?:cv|cr|bk|md|mc|mj|ap)-\d{3,6}(?:-[A-Z]{2,4}){0,3}\b|\b[IVX]{1,4} (?:C|K|W|P|U|Ns|Nc|GC|ACa|AKa"
    r"|CSK|RC) \d{1,5}/\d{2}\b"
    r"|\b\d{6,8} (?:CV|EJ|UE|VZ|AZ|HA|KG) (?:EXPL|VERZ|ZA|RK) \d\d-\d{1,5}\b|\b(?:HA|KG) (?:ZA|RK) \d\d[-/]\d{1,5}\b"
    r"|\b(?:CNT|CIV|COM|CAF|CCF|CSS|CFP|CPE|FSM|FLP|FMP|FRO|FCB|FMZ) \d{3,6}/(?:19|20)\d\d(?:/\d{1,3}){0,2}(?![\w/-])"
    r"|\bECLI:[A-Z]{2}:[A-Z0-9]{1,7}:\d{4}:[A-Z0-9.]{1,25}\b"
)
_HEADED: Final = (
    r"(?m:^)[ \t>]{0,6}(?:Ref|Reference|Quote|R\u00e9f|R\u00e9f\u00e9rence|Referencia|Refer\u00eancia|Rif|Zeichen"
    r"|Referenz)\.? ?[:#]? ?((?=[^\s]{0,30}\d{3})(?=[^\s]{0,30}[A-Z])[A-Z0-9](?:[A-Za-z0-9]"
    r"|[-/.](?=[A-Za-z0-9])){5,40})(?![\w/-])"
)
"""A reference on a line of its own, as letters have it."""

_AGAINST: Final = (
    r"(?m:^)(?:Subject|Re|Betreff|Betr\.?|Objet|Asunto|Oggetto|Onderwerp|Temat|Dotyczy|Assunto|\u00c4mne|Emne"
    r"|P\u0159edm\u011bt|V\u011bc"
    r"|Konu): {0,3}(?:(?:Re|RE|AW|WG|Fwd?|FW|RV|TR|SV|VS|Odp|ENC|RES|YNT|\u0130LT): ){0,3}"
    r"((?=[^\n]{0,8}\d)(?:[A-Z]{1,4} |\d{1,3} [A-Z][A-Za-z]{0,2} )?[A-Z\d](?:[^\W_]|[-/.](?=[^\W_])){3,30})"
    r" ?[\u2013,:-] ?[^\n\d]{2,60}?"
    r" (?:c/|\./\.|vs?\.?|contra|gegen|contre|contro|tegen|przeciwko|mot|mod|proti|aleyhine) ?[^\W\d_]"
)
"""The number of a case, in the subject of a letter that names who is against whom."""


def _form(*prefixes: str) -> str:
    """Return numbers that say themselves whose they are: ``EMP-004171``."""
    return rf"\b(?:{'|'.join(prefixes)})[-_#]\d{{5,12}}\b"


def _is_polish(account: str) -> bool:
    """Whether it passes the check of an international account of Poland's."""
    return passes("PL" + re.sub(r"\D", "", account))


_POLISH: Final = r"(?<![\w.,-])(\d\d(?:[ -]?\d{4}){6})(?![\w-]|[.,]\d)"
FORMS: Final = (
    Kind(entity_type="BANK_ACCOUNT", label="", value=_ANY, alone=_POLISH, good=_is_polish),
    *(
        Kind(entity_type=name, label="", value=_ANY, alone=form)
        for name, form in (
            ("EMPLOYEE_ID", _form("EMP", "STAFF", "EMPLOYEE", "PERS") + f"|{_LISTED}|{_CHAMBER}"),
            ("CUSTOMER_ID", _form("CUST", "CUSTOMER", "POL", "MEMBER", "CLIENT", "KDNR")),
            ("BANK_ACCOUNT", f"{_CZECH}|{_SORTED}|{_CLEARING}"),
            ("NATIONAL_ID", f"{_REGISTERED}|{_CZECH_CARD}"),
            ("PATIENT_ID", _form("MRN", "PAT", "PATIENT", "RX", "PID") + f"|{_PROTOCOL}"),
            ("CASE_NUMBER", "|".join((_COURT, _form("CLM", "CLAIM", "CASE"), _HEADED, _AGAINST, _DISPUTED))),
        )
    ),
)
"""What needs no word."""

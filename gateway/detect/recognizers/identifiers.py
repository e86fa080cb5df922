"""Numbers that a house gives to people: as an employee, a customer, a patient, a party to a case, a user of a device.

Law: none of them is known by its form, so each wants its word in front or above (``labels``), in the languages of the
offices that we know of. Words that also number things (order, invoice, article, ticket, part) are not among them.
"""

from __future__ import annotations

import re
from typing import Final

from gateway.detect.recognizers.labels import NUMERIC, Kind, LabelledRecognizer, has_digits, labelled, numbered

_EMPLOYEES: Final = (
    r"employees?|emp|staff|personnel|personell?|payroll|worker|badge|associate|mitarbeiter(?:in|innen)?|angestellten"
    r"|beschaftigten|dienstausweis|firmenausweis|employes?|employee?|salaries?|salarie|agent|empleados?"
    r"|trabajador(?:a|es)?"
    r"|dipendenti|dipendente|personeels|personeel|medewerkers?|werknemers?|pracownika|pracowniczy|kadrowy|funcionarios?"
    r"|empregados?|colaborador(?:a|es)?|anstallnings?|anstalld|medarbejder|medarbeider|ansatt|ansatte?s?|personel"
    r"|calisan"
    r"|sicil|zamestnance|zamestnanecke|osobni cislo zamestnance|tyontekijan"
)
_CUSTOMERS: Final = (
    r"customers?|cust|buyer|shopper|beneficiary|vers\.-?schein|clients?|subscribers?|policy(?:holder)?s?"
    r"|loyalty(?: card)?|insurance(?: policy)?|insured"
    r"|member(?:ship|s)?|contract|kunden?|kundin(?:nen)?|mitglieds?|mitgliedschafts?|vertrags?|versicherungs(?:schein)?"
    r"|police|policen|versicherten?|abonnenten|abonne|adherents?|assures?|contrats?|clientes?|socios?|abonados?"
    r"|contrato"
    r"|poliza|apolice|asegurado|associado|segurado|clienti|cliente|soci[oa]|contratto|polizza|abbonamento|assicurato"
    r"|klanten?|klant|lidmaatschaps?|polis|polis(?:blad)?|contracts?|relatie|klienta|klientow|umowy|polisy|czlonkowski"
    r"|abonenta|kundes?|kund|medlems?|avtals?|aftale|avtale|forsakrings?|forsikrings?|musteri|abone|uye|sozlesme|police"
    r"|zakaznika|zakaznicke|klientske|smlouvy|pojistky|pojistne smlouvy|clenske|asiakas|asiakkaan|jasen"
)
_PATIENTS: Final = (
    r"patients?|patienten|patientin|pat|medical record|health record|hospital|chart|prescription|rx|rezept|fall(?=nr"
    r"|nummer)"
    r"|krankenakte|krankenakten|dossier medical|dossier patient|ordonnance|pacientes?|historia clinica"
    r"|historial clinico"
    r"|receta|prontuario|utente de saude|utente|receita|pazient[ei]|cartella clinica|cartella|ricetta|sanitario"
    r"|patienten?|dossier patient|recept|pacjenta|historii choroby|karty pacjenta|ksiegi glownej|recepty|patientjournal"
    r"|journal|hasta|protokol|recete|pacienta|chorobopisu|zdravotni dokumentace|potilas"
)
_CASES: Final = (
    r"cases?|claims?|docket|court file|cause|complaint|dossier|sinistre|plainte|affaire|expediente|siniestro|denuncia"
    r"|procedimiento|causa|procedimento|processo|sinistro|pratica|fascicolo|schaden(?:s|fall)?|schadens?|vorgangs?|fall"
    r"|akten|verfahrens|dossiers?|zaak|zaaks|schade|sprawy|szkody|akt|sags?|skades?|sak|saks|arende|arendes?"
    r"|skadeanmalans?"
    r"|diarie|dosya|hasar(?: dosya(?:si)?)?|esas|dava|skody|pojistne udalosti|pripadu|spisu|jednaci|asian|disciplinary"
)
_DEVICES: Final = (
    r"serial|device|hardware|handset|asset|serien|gerate|geraete|hardware|serie|appareil|dispositivo|equipo|seriale"
    r"|matricola"
    r"|serie|toestel|apparaat|seryjny|urzadzenia|aparelho|serie?|enhets|enheds|seri|cihaz|seriove|vyrobni|zarizeni"
    r"|laite"
)
_CASE_WORDS: Final = (
    r"(?:incident|police|crime|accident) (?:report|reference|number)|aktenzeichen|geschaftszeichen"
    r"|geschafts-?zeichen|az\.|gz\.|schaden-?nr|sygn(?:atura)?\.?(?: akt)?|sp\. ?zn\."
    r"|spisova znacka"
    r"|no de dossier|rg n[\u00b0\u00ba]|r\.g\.|rol n[\u00b0\u00ba]|autos n[\u00b0\u00ba]?|rolnummer|parketnummer"
    r"|diarienummer|malnummer"
    r"|journalnummer|proces(?:so)? n[\u00b0\u00ba\.]|application no|docket|in re case|skadenr|saksnr|sagsnr"
)
_COURT: Final = (
    r"\b\d{1,3} (?:O|C|Ca|Sa|AZR|ABR|StR|ZR|ZB|Ls|Ds|Cs|Js|Ks|KLs|Qs|OH|UF|AR|VG|BvR|BvL|KR|RG) \d{1,5}/\d{2}\b"
    r"|\b\d:\d{2}-(?:cv|cr|bk|md|mc|mj|ap)-\d{3,6}(?:-[A-Z]{2,4}){0,3}\b|\b[IVX]{1,4} (?:C|K|W|P|U|Ns|Nc|GC|ACa|AKa"
    r"|CSK|RC) \d{1,5}/\d{2}\b"
    r"|\bECLI:[A-Z]{2}:[A-Z0-9]{1,7}:\d{4}:[A-Z0-9.]{1,25}\b"
)
_CODE: Final = re.compile(
    r"(?:\d{1,4} [A-Za-z]{1,4}|[IVX]{1,4} [A-Za-z]{1,3}|[A-Za-z]{1,5}) \d{1,6}[/-]\d{2,4}(?:-\d{1,4})?"
    r"|(?=[^\s,;|<>\"']{0,30}\d)[^\W_](?:[^\W_]|[-/._:](?=[^\W_])){1,30}(?: ?/ ?\d{2,4})?(?![%\u20ac$])"
)
_SERIAL: Final = re.compile(r"(?=[^\s,;|<>\"']{0,40}\d)[A-Za-z0-9](?:[A-Za-z0-9]|[-:](?=[A-Za-z0-9])){4,40}")


def _form(*prefixes: str) -> str:
    """Return numbers that say themselves whose they are: ``EMP-004171``."""
    return rf"\b(?:{'|'.join(prefixes)})[-_#]\d{{5,12}}\b"


KINDS: Final = (
    Kind(
        entity_type="EMPLOYEE_ID",
        label=rf"(?:{numbered(_EMPLOYEES)}|personalnr|personalnummer|personal-nr|pers\.-?\s?nr|stammnummer|matricule"
        rf"|matricola(?= \W*\d)|n[\u00b0\u00ba] empleado|persnr|perno|badge reads)",
        value=NUMERIC,
        good=has_digits,
        alone=_form("EMP", "STAFF", "EMPLOYEE", "PERS"),
    ),
    Kind(
        entity_type="CUSTOMER_ID",
        label=(
            rf"(?:{numbered(_CUSTOMERS)}|(?:member|client|customer|policy|kunde|kundin)(?=\s?[#:]\W{{0,3}}"
            rf"[a-z]{{0,4}}-?\d))"
        ),
        value=NUMERIC,
        good=has_digits,
        alone=_form("CUST", "CUSTOMER", "POL", "MEMBER", "CLIENT", "KDNR"),
    ),
    Kind(entity_type="CUSTOMER_ID", label=numbered("accounts?|acct|konto"), value=NUMERIC, good=has_digits, score=0.6),
    Kind(
        entity_type="PATIENT_ID",
        label=rf"(?:{numbered(_PATIENTS)}|mrn|ipp|nhc|nip patient|(?:patient|pat\.)(?=\s?#|-\d))",
        value=NUMERIC,
        good=has_digits,
        alone=_form("MRN", "PAT", "PATIENT", "RX", "PID"),
    ),
    Kind(
        entity_type="CASE_NUMBER",
        label=(
            rf"(?:{numbered(_CASES)}|{_CASE_WORDS}|(?:case|claim|docket|dossier|expediente|sinistre|siniestro)"
            rf"(?=\s?[#:]?\s?[a-z]{{0,4}}[-/]?\d{{4}}))"
        ),
        value=_CODE,
        good=has_digits,
        alone=_COURT + "|" + _form("CLM", "CLAIM", "CASE"),
    ),
    Kind(
        entity_type="DEVICE_ID",
        label=rf"(?:{numbered(_DEVICES)}|s/n|idfa|idfv|gaid|aaid|udid|android id|advertising id|imsi|iccid)",
        value=_SERIAL,
        good=has_digits,
    ),
)


def identifiers() -> list[LabelledRecognizer]:
    """Find them."""
    return labelled(KINDS)

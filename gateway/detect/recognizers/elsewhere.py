"""Numbers that many countries issue in their own forms, or no country at all.

Law: a table (``issued.Row``). A passport's or licence's number is told by the word before it, in whatever language; a
country whose form is known has a type of its own, which wins.
"""

from __future__ import annotations

from typing import Final

from gateway.detect.checks.americas import vin
from gateway.detect.checksums import luhn
from gateway.detect.recognizers.issued import Row

_LEAST: Final = 0.15

_COUNTRIES: Final = (
    "A[DEFGILMNOQRSTUWXZ]|B[ABDEFGHIJLMNOQRSTVWYZ]|C[ACDFGHIKLMNORUVWXYZ]|D[EJKMOZ]|E[CEGHRST]|F[IJKMOR]"
    "|G[ABDEFGHILMNPQRSTUWY]|H[KMNRTU]|I[DELMNOQRST]|J[EMOP]|K[EGHIMNPRWYZ]|L[ABCIKRSTUVY]"
    "|M[ACDEFGHKLMNOPQRSTUVWXYZ]|N[ACEFGILOPRUZ]|OM|P[AEFGHKLMNRSTWY]|QA|R[EOSUW]|S[ABCDEGHIJKLMNORSTVXYZ]"
    "|T[CDFGHJKLMNORTVWZ]|U[AGMSYZ]|V[ACEGINU]|W[FS]|XK|Y[ET]|Z[AMW]"
)
"""Of ISO 3166-1, and Kosovo's XK."""

ELSEWHERE: Final = (
    Row(
        type="BIC_CODE",
        led=[rf"[A-Z]{{4}}(?:{_COUNTRIES})[A-Z\d]{{2}}(?:[A-Z\d]{{3}})?"],
        words="bic, swift, bic swift, swift code, swift bic, bank identifier",
        exact=True,
        score=0.25,
    ),
    Row(
        type="DRIVER_LICENSE",
        led=[
            *("#" * count for count in range(6, 13)),
            r"[A-Z]{1,3}~\d{5,12}[A-Z]{0,2}",
            r"\d{2}[A-Z]{2}\d{5,6}",
            r"[A-Z]\d{2}[A-Z\d]{6}\d[A-Z\d]",
            "##/##/######",
            "##### ######",
            "#####/##/####",
            "## ## ######",
        ],
        words=(
            "driving licence, driver licence, licence number, driving license, führerschein, "
            "führerscheinnummer, fahrerlaubnis, permis de conduire, n permis, permiso de conducir, carnet de "
            "conducir, licencia de conducir, patente, patente di guida, rijbewijs, rijbewijsnummer, carta de "
            "condução, carteira de motorista, cnh, prawo jazdy, prawa jazdy, körkort, kørekort, førerkort, "
            "ajokortti, sürücü belgesi, ehliyet, řidičský průkaz, řidičského průkazu, vodičský preukaz, "
            "permis de conducere, jogosítvány, vozačka dozvola, водительское удостоверение, водительских "
            "прав, 운전면허, 免許証, 驾驶证"
        ),
        score=_LEAST,
    ),
    Row(
        type="IMEI",
        alone=[r"35\d{13}", "##-######-######-#", "######-##-######-#"],
        led=[r"\d(?:[ -]?\d){14}"],
        check=luhn,
        words="imei, imei1, imei2, imeisv, device id, handset, gerätenummer",
    ),
    Row(
        type="PASSPORT",
        led=[
            *("#" * count for count in range(7, 10)),
            r"[A-Z]{1,3}~\d{5,8}",
            r"\d{2}[A-Z]{2}\d{5}",
            r"[A-Z]{2}\d{3}[A-Z]{2}\d{2}",
            r"(?=[A-Z]{0,8}\d)[A-NPR-Z][A-NPR-Z\d]{2,7}\d[A-Z\d]?",
            "## #######",
            "## ## ######",
        ],
        words=(
            "passport, reisepass, passnummer, pass-nr, passeport, pasaporte, passaporto, paspoort, "
            "paspoortnummer, passaporte, paszport, paszportu, pass nr, passnr, passnummer, pas nr, pasnummer, "
            "passinumero, passi, pasaport, číslo pasu, cestovní pas, cestovný pas, pașaport, útlevél, "
            "putovnica, potni list, pasas, pase, διαβατηρίου, διαβατήριο, паспорт, загранпаспорт, 护照, 護照, "
            "パスポート, 旅券, 여권, جواز"
        ),
        score=_LEAST,
    ),
    Row(
        type="VEHICLE_VIN",
        alone=[r"(?=[A-Z\d]{0,7}[A-Z])[A-HJ-NPR-Z\d]{13}\d{4}"],
        check=vin,
        words="vin",
    ),
    Row(
        type="VEHICLE_VIN",
        led=[r"(?=[A-Z\d]{0,14}[A-Z])(?=[A-Z]{0,14}\d)[A-HJ-NPR-Z\d]{17}"],
        words=(
            "vin, fin, fahrgestellnummer, fahrgestell-nr, fahrzeug-identifizierungsnummer, "
            "fahrzeugidentifikationsnummer, chassis, chassis number, vehicle identification, châssis, numéro "
            "de série, bastidor, telaio, chassisnummer, chassinummer, stelnummer, nadwozia, numer vin, şasi, "
            "karoserie, quadro"
        ),
    ),
)

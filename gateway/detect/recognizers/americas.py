"""Numbers that the states of the Americas and their registries issue.

Law: a table (``issued.Row``); what is behind a name is in ``checks.americas``. What is called by a name that nothing
else has counts with a slip in it as well: those who write it down make them.
"""

from __future__ import annotations

from typing import Final

from gateway.detect.checks import americas as check
from gateway.detect.recognizers.issued import LED, Row

_MBI: Final = "[AC-HJKMNP-RT-Y]"
_MBI_NUMBER: Final = rf"[1-9]{_MBI}[\dAC-HJKMNP-RT-Y]\d-?{_MBI}[\dAC-HJKMNP-RT-Y]\d-?{_MBI}{{2}}\d\d"
_NUMBER: Final = tuple("#" * count for count in range(8, 18))
_ACCOUNT: Final = "(?:(?<=ccount )|(?<=ccount: )|(?<=ccount #)|(?<=ccount no. )|(?<=CCOUNT: ))"
"""The word stands right before it: farther off it leads too many other numbers."""

AMERICAS: Final = (
    Row(
        type="ABA_ROUTING_NUMBER",
        led=["#########", "####-####-#"],
        check=check.us_routing,
        words="routing, aba, rtn, transit number, bank",
    ),
    Row(
        type="AR_CUIL",
        alone=["##-########-#"],
        led=["###########"],
        check=check.ar_cuil,
        words="cuil, cuit, clave única, identificación laboral, identificación tributaria",
    ),
    Row(
        type="AR_DNI",
        led=["##.###.###", "########", "#.###.###"],
        words="dni, d n i, documento nacional, documento único",
    ),
    Row(
        type="BR_CNPJ",
        alone=["##.###.###/####-##", r"[A-Z\d]{2}\.[A-Z\d]{3}\.[A-Z\d]{3}/[A-Z\d]{4}-\d\d"],
        led=["##############"],
        check=check.br_cnpj,
        words="cnpj, cadastro nacional, pessoa jurídica",
    ),
    Row(
        type="BR_CPF",
        alone=["###.###.###-##"],
        led=["###########", "#########-##", "### ### ### ##"],
        check=check.br_cpf,
        words="cpf, cadastro de pessoas físicas, contribuinte, cic",
    ),
    Row(
        type="CA_SIN",
        alone=["###-###-###"],
        led=["### ### ###", "#########"],
        check=check.ca_sin,
        words="sin, social insurance, nas, assurance sociale, assurance-sociale",
    ),
    Row(
        type="CL_RUT",
        alone=[r"\d{1,2}\.\d{3}\.\d{3}-[\dK]"],
        led=[r"\d{7,8}-?[\dK]"],
        check=check.cl_rut,
        words="rut, run, rol único, cédula, r u t",
    ),
    Row(
        type="CO_CEDULA",
        led=["#.###.###.###", "##.###.###", "##########", "########", "#######"],
        words="cédula de ciudadanía, cédula, cedula, c c, tarjeta de identidad",
    ),
    Row(
        type="CO_NIT",
        alone=["###.###.###-#"],
        led=["#########-#", "##########"],
        check=check.co_nit,
        words="nit, identificación tributaria, n i t",
    ),
    Row(
        type="MEDICAL_LICENSE",
        led=[r"[ABCDEFGHJKLMPRSTUX][A-Z9]\d{7}"],
        check=check.us_dea,
        words="dea, dea number, medical license, prescriber, registration",
    ),
    Row(type="MEDICAL_LICENSE", led=[r"[A-Z][A-Z9]\d{7}"], words="dea, dea number"),
    Row(
        type="MX_CURP",
        alone=[r"[A-Z][AEIOUX][A-Z]{2}\d{6}[HMX][A-Z]{2}[B-DF-HJ-NP-TV-Z]{3}[A-Z\d]\d"],
        check=check.mx_curp,
        words="curp, clave única",
    ),
    Row(
        type="MX_RFC",
        alone=[r"[A-Z\u00d1&]{3,4}~\d{6}~[A-Z\d]{2}[\dA]"],
        check=check.mx_rfc,
        words="rfc, registro federal, contribuyentes",
    ),
    Row(
        type="US_BANK_NUMBER",
        alone=[rf"{_ACCOUNT}\d{{8,17}}"],
        led=_NUMBER,
        words="bank account, bank number, checking account, savings account, account number, account nr, acct",
        score=LED - 0.04,
    ),
    Row(
        type="US_DRIVER_LICENSE",
        led=[
            *("#" * count for count in range(7, 13)),
            r"[A-Z]{1,2}\d{5,14}",
            r"[A-Z]\d{3}-\d{3,4}-\d{2,4}(?:-\d{3}(?:-\d)?)?",
            r"[A-Z]{2}~\d{3}~\d{3}[A-Z]?",
            r"\d{7,9}[A-Z]",
            r"\d{8}[A-Z]{2}",
            r"\d{3}[A-Z]{2}\d{4}",
            r"\d{2}[A-Z]{3}\d{5,6}",
        ],
        words=(
            "driver license, driver's license, drivers license, driving license, dl number, driver permit, "
            "license number, dl, dln, cdl"
        ),
    ),
    Row(
        type="US_EIN",
        led=["##-#######", "#########"],
        check=check.us_ein,
        words="ein, fein, employer identification, federal tax id, tax id",
    ),
    Row(
        type="US_ITIN",
        alone=["###-##-####"],
        led=["#########", "### ## ####"],
        check=check.us_itin,
        words="itin, individual taxpayer, taxpayer identification, tax id, taxpayer",
    ),
    Row(
        type="US_MBI",
        alone=[_MBI_NUMBER],
        led=[_MBI_NUMBER],
        words="medicare, mbi, beneficiary",
    ),
    Row(
        type="US_NPI",
        led=["##########", "####-###-###"],
        check=check.us_npi,
        words="npi, national provider, provider identifier, provider",
    ),
    Row(type="US_NPI", led=["##########"], words="npi, npi number"),
    Row(
        type="US_PASSPORT",
        led=["#########", r"[A-Z]\d{8}"],
        words="passport, us passport, travel document",
    ),
    Row(
        type="US_SSN",
        alone=["###-##-####"],
        led=["#########", "### ## ####", "###.##.####"],
        check=check.us_ssn,
        words="ssn, ssns, social security, ss number, soc sec, ssid, ss#",
    ),
    Row(type="US_SSN", led=["###-##-####", "#########"], words="ssn, social security"),
)

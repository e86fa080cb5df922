"""Numbers that the states of Europe and their registries issue.

Law: a table (``issued.Row``); what is behind a name is in ``checks.europe``.
"""

from __future__ import annotations

from typing import Final

from gateway.detect.checks import europe as check
from gateway.detect.checksums import luhn, mod11_10
from gateway.detect.recognizers.issued import LED, Row

_BIRTH: Final = "rodné číslo, rodne cislo, rodného čísla, rodným číslom, r č, rč, birth number, national id"
_NOT_YOUNG: Final = r"(?:19\d\d|200\d|201[0-4])\d{4}-\d{4}"
"""A later year is a time more often than a birth: 20250131-1530."""

_VAT: Final = (
    r"ATU\d{8}|BE~[01]\d{3}[. ]?\d{3}[. ]?\d{3}|BG\d{9,10}|CY\d{8}[A-Z]|CZ\d{8,10}|DE~\d{3} ?\d{3} ?\d{3}|DK~\d{8}"
    r"|EE\d{9}|EL\d{9}|ES~[A-Z]~\d{7}[A-Z\d]|ES\d{8}[A-Z]|FI\d{8}|FR~[A-HJ-NP-Z\d]{2} ?\d{3} ?\d{3} ?\d{3}|HR\d{11}"
    r"|HU\d{8}|IE\d[A-Z\d]\d{5}[A-W][A-I]?|IT~\d{11}|LT(?:\d{9}|\d{12})|LU\d{8}|LV\d{11}|MT\d{8}|NL\d{9}B\d\d|PL~\d{10}|PT~\d{9}"
    r"|RO\d{5,10}|SE\d{10}01|SI\d{8}|SK\d{10}|(?:GB|XI)~\d{3} ?\d{4} ?\d\d"
)
_CODE: Final = "[A-Z][0-9LMNPQRSTUV]{3}"
"""A place in an Italian code, whose digits may be letters."""

EUROPE: Final = (
    Row(
        type="AT_SSN",
        alone=["#### ######"],
        led=["##########"],
        check=check.at_ssn,
        words="sozialversicherungsnummer, sv-nummer, sv-nr, svnr, versicherungsnummer, social security",
    ),
    Row(
        type="BE_NATIONAL_NUMBER",
        alone=["##.##.##-###.##", "###########"],
        led=["##.##.## ###.##", "###### ### ##", "######-###-##"],
        check=check.be_national_number,
        words=(
            "rijksregisternummer, insz, niss, registre national, nationaal nummer, national number, national register"
        ),
    ),
    Row(
        type="BG_EGN",
        led=["##########"],
        check=check.bg_egn,
        words="егн, egn, единен граждански номер, личен номер, personal number, national id",
    ),
    Row(
        type="CH_AHV",
        alone=["###.####.####.##", "#############", "### #### #### ##"],
        check=check.ch_ahv,
        words="ahv, ahv-nummer, avs, numéro avs, numero avs, oasi, sozialversicherungsnummer",
    ),
    Row(
        type="CY_TAX_ID",
        led=[r"[0-59]\d{7}[A-Z]"],
        check=check.cy_tax_id,
        words="αφμ, αφτ, tic, tin, tax identification, φορολογικής, φορολογικός",
    ),
    Row(
        type="CZ_SK_BANK_ACCOUNT",
        led=[r"(?:\d{1,6}-)?\d{6,10}/\d{4}"],
        words="číslo účtu, čísla účtu, účet, účtu, bankovní spojení, account",
    ),
    Row(
        type="CZ_SK_BIRTH_NUMBER",
        alone=["######/####"],
        led=["##########", "######/###"],
        check=check.cz_birth_number,
        words=_BIRTH,
    ),
    Row(
        type="DE_BANK_ACCOUNT",
        led=["######", "#######", "########", "#########", "##########", "### ### ##", "### ### ###", "# ### ### ###"],
        words="kontonummer, konto-nr, konto nr, ktonr, kto, blz, bankleitzahl",
    ),
    Row(
        type="DE_HEALTH_INSURANCE",
        led=[r"[A-Z]\d{9}", r"[A-Z] \d{3} \d{3} \d{3}"],
        check=check.de_health_insurance,
        words=(
            "krankenversichertennummer, versichertennummer, versichertennr, versicherten-nr, kvnr, "
            "krankenversicherung, krankenkasse, gesundheitskarte, health insurance"
        ),
    ),
    Row(
        type="DE_ID_CARD",
        led=[r"(?=[A-Z]{0,9}\d)[CFGHJKLMNPRTVWXYZ][CFGHJKLMNPRTVWXYZ\d]{8}\d?", r"T\d{8}\d?"],
        check=check.de_document,
        words="personalausweis, ausweisnummer, ausweis-nr, ausweisnr, id card, identity card",
        score=0.25,
    ),
    Row(
        type="DE_PASSPORT",
        led=[r"(?=[A-Z]{0,9}\d)[CFGHJK][CFGHJKLMNPRTVWXYZ\d]{8}\d?"],
        check=check.de_document,
        words="reisepass, reisepaß, reisepassnummer, passnummer, pass-nr, german passport",
        score=0.25,
    ),
    Row(
        type="DE_SOCIAL_SECURITY",
        alone=[r"\d\d~\d{6}~[A-Z]~\d{3}"],
        check=check.de_social_security,
        words="sozialversicherungsnummer, rentenversicherungsnummer, versicherungsnummer, sv-nummer, rvnr, svnr",
    ),
    Row(
        type="DE_TAX_ID",
        alone=["## ### ### ###"],
        led=["###########"],
        check=check.de_tax_id,
        words=(
            "steuer-id, steueridentifikationsnummer, identifikationsnummer, idnr, id-nr, steuernummer, tin, "
            "tax id, steuerliche, tax identification"
        ),
    ),
    Row(
        type="DE_TAX_NUMBER",
        led=["##/###/#####", "###/###/#####", "###/####/####", "## ### #####", "### ### #####", "#############"],
        words="steuernummer, steuer-nr, st-nr, stnr, tax number",
    ),
    Row(
        type="DK_CPR",
        led=["######-####", "##########", "###### ####"],
        check=check.dk_cpr,
        words="cpr, cpr-nr, cpr-nummer, personnummer, personnr, civil registration",
    ),
    Row(
        type="EE_PERSONAL_CODE",
        led=["###########"],
        check=check.ee_lt_personal_code,
        words="isikukood, isikukoodi, ik, estonian personal, personal identification code",
    ),
    Row(
        type="ES_NIE",
        alone=[r"[XYZ]~\d{7}~[A-Z]", r"[XYZ]-\d\.\d{3}\.\d{3}-[A-Z]"],
        check=check.es_identity,
        words="nie, número de identidad de extranjero, extranjero, tie, foreigner",
    ),
    Row(
        type="ES_NIF",
        alone=[r"\d{8}~[A-Z]", r"\d\d\.\d{3}\.\d{3}~[A-Z]"],
        led=[r"\d{7}~[A-Z]"],
        check=check.es_identity,
        words="dni, nif, documento nacional, identificación fiscal, identity document",
    ),
    Row(
        type="ES_SOCIAL_SECURITY",
        alone=["##/########/##", "## ######## ##", "##-########-##"],
        led=["############", "##/##########", "## ##########"],
        check=check.es_social_security,
        words="seguridad social, nuss, nss, naf, número de afiliación, social security",
    ),
    Row(
        type="EU_VAT",
        led=[_VAT],
        check=check.vat,
        words=(
            "vat, vat id, ust-id, ust-idnr, ustid, umsatzsteuer, uid, mwst, tva, iva, partita iva, p iva, "
            "btw, moms, momsnr, dph, dič, ič dph, nip, nif, cif, áfa, alv, käibemaks, kmkr, pvm, pvn, ддс, "
            "φπα, αφμ, pdv, oib, ddv, adószám"
        ),
    ),
    Row(
        type="FI_PERSONAL_IDENTITY_CODE",
        alone=[r"\d{6}[-+A-FU-Y\u2013]\d{3}[\dA-FHJ-NPR-Y]"],
        check=check.fi_identity_code,
        words="hetu, henkilötunnus, henkilötunnuksen, personbeteckning, personal identity code",
    ),
    Row(
        type="FR_NIR",
        alone=[
            r"[12]~\d\d~(?:0[1-9]|1[0-2]|[2-9]\d)~(?:\d\d|2[AB])~\d{3}~\d{3}~\d\d",
        ],
        check=check.fr_nir,
        words="sécurité sociale, sécu, nir, insee, assuré, social security",
    ),
    Row(
        type="FR_TAX_ID",
        alone=["## ## ### ### ###"],
        led=["#############"],
        check=check.fr_tax_id,
        words="numéro fiscal, spi, référence fiscale, identifiant fiscal, impôts, tax number, tax reference",
    ),
    Row(
        type="GR_AFM",
        led=["#########"],
        check=check.gr_afm,
        words="αφμ, α φ μ, afm, αριθμός φορολογικού μητρώου, tax number, tin",  # noqa: RUF001 - Greek
    ),
    Row(
        type="GR_AMKA",
        led=["###########"],
        check=check.gr_amka,
        words="αμκα, α μ κ α, amka, κοινωνικής ασφάλισης",  # noqa: RUF001 - Greek
    ),
    Row(
        type="HR_OIB",
        led=["###########"],
        check=mod11_10,
        words="oib, osobni identifikacijski broj, personal identification number",
    ),
    Row(
        type="HU_TAJ",
        led=["### ### ###", "###-###-###", "#########"],
        check=check.hu_taj,
        words="taj, taj-szám, tajszám, társadalombiztosítási, social security",
    ),
    Row(
        type="HU_TAX_ID",
        led=["##########"],
        check=check.hu_tax_id,
        words="adóazonosító, adóazonosító jel, adószám, tax id",
    ),
    Row(
        type="IE_PPS",
        alone=[r"\d{7}[A-W][A-IWTX]"],
        led=[r"\d{7} ?[A-W]"],
        check=check.ie_pps,
        words="pps, ppsn, pps number, personal public service, upsp, rsi",
    ),
    Row(
        type="IT_FISCAL_CODE",
        alone=[rf"[A-Z]{{3}} ?[A-Z]{{3}} ?[\dLMNPQRSTUV]{{2}}[A-EHLMPRST][\dLMNPQRSTUV]{{2}} ?{_CODE}[A-Z]"],
        check=check.it_fiscal_code,
        words="codice fiscale, c f, cf, cod fisc, fiscal code",
    ),
    Row(
        type="IT_VAT_CODE",
        led=["###########"],
        check=luhn,
        words="partita iva, p iva, piva, p. iva, iva, vat",
    ),
    Row(
        type="LT_PERSONAL_CODE",
        led=["###########"],
        check=check.ee_lt_personal_code,
        words="asmens kodas, asmens kodą, a k, lithuanian personal, personal code",
    ),
    Row(
        type="LU_NATIONAL_ID",
        alone=["#############", "#### #### #####"],
        check=check.lu_national_id,
        words="matricule, numéro d'identification, matrikel, sozialversicherungsnummer, national id",
    ),
    Row(
        type="LV_PERSONAL_CODE",
        led=["######-#####", "###########"],
        check=check.lv_personal_code,
        words="personas kods, personas kodu, p k, personal code",
    ),
    Row(
        type="MT_ID_CARD",
        led=[r"\d{3,7}~[MGAPLHBZ]"],
        words="karta tal-identità, karta ta l-identità, identity card, id card, maltese",
        score=0.17,
    ),
    Row(
        type="NL_BSN",
        alone=["####.##.###"],
        led=["#########", "#### ## ###", "### ### ###"],
        check=check.nl_bsn,
        words="bsn, burgerservicenummer, sofinummer, sofi-nummer, persoonsnummer, citizen service",
    ),
    Row(
        type="NO_NATIONAL_NUMBER",
        alone=["###########", "###### #####"],
        check=check.no_national_number,
        words="fødselsnummer, fødselsnr, fnr, personnummer, d-nummer, national identity",
    ),
    Row(
        type="PL_ID_CARD",
        led=[r"[A-Z]{3} ?\d{6}"],
        check=check.pl_id_card,
        words="dowód, dowód osobisty, dowodu, seria i numer, identity card, id card",
    ),
    Row(
        type="PL_NIP",
        alone=["###-###-##-##", "###-##-##-###"],
        led=["##########"],
        check=check.pl_nip,
        words="nip, numer identyfikacji podatkowej, podatnik, tax id",
    ),
    Row(
        type="PL_PESEL",
        led=["###########"],
        check=check.pl_pesel,
        words="pesel, nr pesel, numer pesel, ewidencyjny",
    ),
    Row(
        type="PL_REGON",
        led=["#########", "##############", "### ### ###"],
        check=check.pl_regon,
        words="regon, nr regon",
    ),
    Row(
        type="PT_CITIZEN_CARD",
        alone=[r"\d{8}[ -]\d[ -][A-Z\d]{2}\d"],
        led=[r"\d{8}~\d~[A-Z\d]{2}\d"],
        check=check.pt_citizen_card,
        words="cartão de cidadão, cartao de cidadao, cartão do cidadão, citizen card",
    ),
    Row(
        type="PT_NIF",
        led=["#########", "### ### ###"],
        check=check.pt_nif,
        words="nif, contribuinte, número fiscal, número de identificação fiscal, tax number",
    ),
    Row(
        type="RO_CNP",
        led=["#############"],
        check=check.ro_cnp,
        words="cnp, cod numeric personal, codul numeric, personal numerical",
    ),
    Row(
        type="SE_PERSONNUMMER",
        alone=["######-####", _NOT_YOUNG, r"\d{6}\+\d{4}"],
        led=["##########", "############", "########-####", "###### ####"],
        check=check.se_personnummer,
        words="personnummer, personnr, pers nr, samordningsnummer, pnr, personal identity",
    ),
    Row(
        type="SI_EMSO",
        alone=["#############"],
        check=check.si_emso,
        words="emšo, emso, enotna matična številka, matična številka",
    ),
    Row(
        type="TR_NATIONAL_ID",
        led=["###########", "### ### ### ##"],
        check=check.tr_national_id,
        words="kimlik, t c, tc kimlik, tckn, national id",
    ),
    Row(
        type="UK_BANK_ACCOUNT",
        led=["##-##-##", "########", "## ## ##"],
        words="sort code, sortcode, account number, account nr, acc nr",
        score=LED - 0.03,
    ),
    Row(
        type="UK_DRIVING_LICENCE",
        alone=[r"(?=[A-Z]{1,5}9{0,4})[A-Z9]{5} ?\d[0156]\d(?:0[1-9]|[12]\d|3[01])\d ?[A-Z9]{2}\d[A-Z]{2}(?: ?\d\d)?"],
        led=[r"(?=[A-Z]{1,5}9{0,4})[A-Z9]{5} ?\d[0156]\d(?:0[1-9]|[12]\d|3[01])\d ?[A-Z9]{2}\d[A-Z]{2}"],
        words="driving licence, driver number, licence number, dvla, driving license",
    ),
    Row(
        type="UK_NHS",
        alone=["### ### ####"],
        led=["##########", "###-###-####"],
        check=check.uk_nhs,
        words="nhs, nhs number, national health service, health number",
    ),
    Row(
        type="UK_NINO",
        alone=[r"(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]~\d\d~\d\d~\d\d~[A-D]"],
        led=[r"(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]~\d\d~\d\d~\d\d(?:~[A-D])?"],
        words="national insurance, nino, ni number, insurance number",
    ),
    Row(
        type="UK_PASSPORT",
        led=["#########", r"[A-Z]\d{8}", r"[A-Z]{2}\d{7}"],
        words="uk passport, british passport, hm passport, united kingdom passport",
        score=0.25,
    ),
    Row(
        type="UK_UTR",
        led=["##########", "##### #####"],
        check=check.uk_utr,
        words="utr, unique taxpayer reference, taxpayer reference, self assessment, hmrc",
    ),
)

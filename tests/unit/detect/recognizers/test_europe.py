import pytest

from gateway.detect.recognizers.europe import EUROPE
from tests.doubles.numbers import Example, changes_are_noticed, is_found, is_no_part_of_more, needs_its_word

EXAMPLES = {
    "AT_SSN": Example("Meine Sozialversicherungsnummer ist {}.", ["#### 010180"], ["####010180"]),
    "BE_NATIONAL_NUMBER": Example(
        "Mijn rijksregisternummer is {}.", ["85.07.30-###.##", "850730###38"], ["85.07.30 ###.##"]
    ),
    "BG_EGN": Example("ЕГН: {}, София.", [], ["750211####"]),
    "CH_AHV": Example("AHV-Nummer {}.", ["756.####.####.##", "756##########"]),
    "CY_TAX_ID": Example("ΑΦΜ {} (Λευκωσία).", [], ["1#######?"]),
    "CZ_SK_BANK_ACCOUNT": Example("Číslo účtu: {}.", [], ["19-##########/0800", "##########/2010"], weak=True),
    "CZ_SK_BIRTH_NUMBER": Example("Rodné číslo: {}.", ["715319/####"], ["715319####", "531231/###"], weak=True),
    "DE_BANK_ACCOUNT": Example(
        "Bitte auf Kontonummer {} zahlen.", [], ["##########", "### ### ##", "######"], weak=True
    ),
    "DE_HEALTH_INSURANCE": Example("Versichertennummer: {}.", [], ["A#########", "K### ### ###".replace("K", "K ")]),
    "DE_ID_CARD": Example("Personalausweis-Nr. {}.", [], ["L01X00T4##", "T########"], weak=True),
    "DE_PASSPORT": Example("Mein Reisepass hat die Nummer {}.", [], ["C01X00T4##", "C01X00T4#"], weak=True),
    "DE_SOCIAL_SECURITY": Example("Rentenversicherungsnummer {}.", ["15 070649 C ###", "15070649C###"]),
    "DE_TAX_ID": Example("Steuer-ID: {}.", ["12 234 567 89#".replace("89#", "8##")], ["122345678##", "1#345678901"]),
    "DE_TAX_NUMBER": Example("Steuernummer {}.", [], ["21/815/#####", "181/815/#####"], weak=True),
    "DK_CPR": Example("CPR-nummer {}.", [], ["010190-####", "010190####"], weak=True),
    "EE_PERSONAL_CODE": Example("Isikukood: {}.", [], ["3850101####"]),
    "ES_NIE": Example("Su NIE es {}.", ["X#######?", "Y-#######-?", "z#######?"]),
    "ES_NIF": Example("Con DNI {}, mayor de edad.", ["########?", "########-?", "##.###.###-?"], ["#######?"]),
    "ES_SOCIAL_SECURITY": Example("Seguridad Social n.º {}.", ["28/########/##", "28 ######## ##"], ["28##########"]),
    "EU_VAT": Example(
        "USt-IdNr.: {}.", [], ["DE#########", "ATU########", "NL#########B01", "BE 0###.###.###"], weak=True
    ),
    "FI_PERSONAL_IDENTITY_CODE": Example("Henkilötunnus {}.", ["010190-###?", "010105A####"]),
    "FR_NIR": Example(
        "N° de sécurité sociale : {}.",
        ["1 85 05 75 ### ### ##", "18505752A######"[:7] + "########", "2 85 05 2A ### ### ##"],
    ),
    "FR_TAX_ID": Example("Mon numéro fiscal est {}.", ["01 23 ### ### ###"], ["0123#########"]),
    "GR_AFM": Example("ΑΦΜ: {}.", [], ["#########"]),
    "GR_AMKA": Example("ΑΜΚΑ: {}.", [], ["010190#####"]),
    "HR_OIB": Example("OIB: {}.", [], ["###########"]),
    "HU_TAJ": Example("TAJ-szám: {}.", [], ["### ### ###", "#########"]),
    "HU_TAX_ID": Example("Adóazonosító jel: {}.", [], ["8#########"]),
    "IE_PPS": Example("My PPS number is {}.", ["#######?A"], ["#######?"]),
    "IT_FISCAL_CODE": Example(
        "Codice fiscale: {}.",
        ["RSSMRA85T10A###?", "RSS MRA 85T10 A###?", "rssmra85t50a56n?".replace("n?", "##?")[:15] + "?"],
    ),
    "IT_VAT_CODE": Example("P. IVA {}.", [], ["###########"]),
    "LT_PERSONAL_CODE": Example("Asmens kodas {}.", [], ["4701231####"]),
    "LU_NATIONAL_ID": Example("Matricule {}.", ["19850101#####", "1985 0101 #####"]),
    "LV_PERSONAL_CODE": Example("Personas kods {}.", [], ["010190-1####", "32####-#####", "010190#####"], weak=True),
    "MT_ID_CARD": Example("Maltese identity card {}.", [], ["0######M"], weak=True),
    "NL_BSN": Example("Mijn BSN is {}.", ["####.##.###"], ["#########", "#### ## ###"]),
    "NO_NATIONAL_NUMBER": Example("Fødselsnummer: {}.", ["010190 #####", "010190#####", "410190#####"]),
    "PL_ID_CARD": Example("Dowód osobisty nr {}.", [], ["ABC######", "ABC ######"]),
    "PL_NIP": Example("NIP {}.", ["526-###-##-##", "526-##-##-###"], ["526#######"]),
    "PL_PESEL": Example("PESEL: {}.", [], ["900101#####", "052101#####"]),
    "PL_REGON": Example("REGON {}.", [], ["#########", "##############"]),
    "PT_CITIZEN_CARD": Example("Cartão de cidadão n.º {}.", ["######## # ZZ#", "########-#-9Z#"], ["#########ZX#"]),
    "PT_NIF": Example("Contribuinte n.º {}.", [], ["2########", "2## ### ###"]),
    "RO_CNP": Example("CNP: {}.", [], ["190010140####"]),
    "SE_PERSONNUMMER": Example(
        "Personnummer: {}.",
        ["900101-####", "19900101-####", "900161-####"],
        ["19900101####", "900101####", "20200101-####"],
    ),
    "SI_EMSO": Example("EMŠO: {}.", ["010199050####"]),
    "TR_NATIONAL_ID": Example("T.C. kimlik no: {}.", [], ["1##########"]),
    "UK_BANK_ACCOUNT": Example("Sort code {}.", [], ["20-##-##", "########"], weak=True),
    "UK_DRIVING_LICENCE": Example(
        "My driving licence is {}.", ["MORGA657054SM#IJ", "MORGA 657054 SM#IJ", "FOX99802155AB#CD"], [], weak=True
    ),
    "UK_NHS": Example("NHS number: {}.", ["### ### ####"], ["##########", "###-###-####"]),
    "UK_NINO": Example(
        "National Insurance number {}.", ["AB ## ## ## C", "AB######C"], ["ab######c", "AB######"], weak=True
    ),
    "UK_PASSPORT": Example("British passport {}.", [], ["#########"], weak=True),
    "UK_UTR": Example("UTR: {}.", [], ["##########", "##### #####"]),
}


def test_every_type_has_its_example() -> None:
    assert set(EXAMPLES) == {row.type for row in EUROPE}
    assert all(example.alone or example.led for example in EXAMPLES.values())


@pytest.mark.parametrize("kind", EXAMPLES)
def test_it_is_found_in_a_sentence_of_its_language(kind: str) -> None:
    is_found(kind, EXAMPLES[kind])


@pytest.mark.parametrize("kind", EXAMPLES)
def test_it_counts_without_its_word_only_where_nothing_else_looks_like_it(kind: str) -> None:
    needs_its_word(kind, EXAMPLES[kind])


@pytest.mark.parametrize("kind", EXAMPLES)
def test_it_is_no_part_of_something_longer(kind: str) -> None:
    is_no_part_of_more(kind, EXAMPLES[kind])


@pytest.mark.parametrize("kind", [kind for kind, example in EXAMPLES.items() if not example.weak])
def test_a_changed_digit_is_noticed(kind: str) -> None:
    changes_are_noticed(kind, EXAMPLES[kind])

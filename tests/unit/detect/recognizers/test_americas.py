import pytest

from gateway.detect.recognizers.americas import AMERICAS
from tests.doubles.numbers import Example, changes_are_noticed, is_found, is_no_part_of_more, needs_its_word, spans

EXAMPLES = {
    "ABA_ROUTING_NUMBER": Example("Routing number {}.", [], ["#########"]),
    "AR_CUIL": Example("Mi CUIL es {}.", ["20-########-#"], ["20#########"]),
    "AR_DNI": Example("DNI {}.", [], ["##.###.###", "########"], weak=True),
    "BR_CNPJ": Example("CNPJ {}.", ["##.###.###/0001-##", "12.ABC.###/01DE-##"], ["########0001##"]),
    "BR_CPF": Example("CPF: {}.", ["###.###.###-##"], ["###########"]),
    "CA_SIN": Example("My SIN is {}.", ["1##-###-###", "9##-###-###"], ["### ### ###", "#########"]),
    "CL_RUT": Example("RUT {}.", ["##.###.###-#", "##.###.###-K", "#.###.###-k"], ["########-#"]),
    "CO_CEDULA": Example("Cédula de ciudadanía {}.", [], ["#.###.###.###", "##########"], weak=True),
    "CO_NIT": Example("NIT {}.", ["890.###.###-#"], ["890######-#"]),
    "MEDICAL_LICENSE": Example("DEA number {}.", [], ["AB#######"], weak=True),
    "MX_CURP": Example("CURP: {}.", ["GOMC850910HDFRRL0#"]),
    "MX_RFC": Example("RFC {}.", ["GOMC850910AB#", "ABC850910AB#", "GOMC-850910-AB#"]),
    "US_BANK_NUMBER": Example("Send it to account {}.", [], ["############"], weak=True),
    "US_DRIVER_LICENSE": Example(
        "Her driver's license is {}.", [], ["D#######", "A###-###-##", "#########"], weak=True
    ),
    "US_EIN": Example("EIN {}.", [], ["12-#######"], weak=True),
    "US_ITIN": Example("ITIN {}.", ["9##-7#-####"], ["9##7#####"], weak=True),
    "US_MBI": Example("Medicare number {}.", ["1EG4-TE5-MK##", "1EG4TE5MK##"], ["1eg4-te5-mk##"], weak=True),
    "US_NPI": Example("NPI {}.", [], ["1#########"], weak=True),
    "US_PASSPORT": Example("US passport {}.", [], ["#########", "A########"], weak=True),
    "US_SSN": Example("SSN {}.", ["1##-##-####"], ["1########", "1## ## ####", "943-43-####"], weak=True),
}


def test_every_type_has_its_example() -> None:
    assert set(EXAMPLES) == {row.type for row in AMERICAS}
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


@pytest.mark.parametrize(
    ("text", "kind", "number"),
    [
        ("SSN: 943-43-9943", "US_SSN", "943-43-9943"),
        ("NPI 1234567890", "US_NPI", "1234567890"),
        ("DEA AB1234560", "MEDICAL_LICENSE", "AB1234560"),
    ],
)
def test_a_slip_does_not_hide_what_is_called_by_its_name(text: str, kind: str, number: str) -> None:
    assert spans(text, kind) == [number]
    assert spans(text.replace(text[:3], "Lot"), kind) == []

import pytest

from gateway.detect.recognizers.asia import ASIA
from tests.doubles.numbers import Example, changes_are_noticed, is_found, is_no_part_of_more, needs_its_word

EXAMPLES = {
    "AE_EMIRATES_ID": Example("رقم الهوية {}.", ["784-1990-#######-#", "7841990########"]),
    "AU_ABN": Example("ABN {}.", ["## ### ### ###"], ["###########"]),
    "AU_MEDICARE": Example("Medicare card {}.", [], ["2### ##### #", "2#########"], weak=True),
    "AU_TFN": Example("Tax file number {}.", [], ["### ### ###", "#########"]),
    "CN_RESIDENT_ID": Example("身份证号码{}。", ["11010519900101####", "11010519900101###X"]),
    "HK_ID": Example("身份證號碼 {}。", ["A######(#)", "AB######(#)", "A######(A)"], ["A#######"]),
    "ID_NIK": Example("NIK: {}.", [], ["317101410190####", "3171 0141 0190 ####"], weak=True),
    "IL_ID": Example("תעודת זהות {}.", [], ["#########"]),
    "IN_AADHAAR": Example("Aadhaar: {}.", ["#### #### ####", "####-####-####"], ["############"]),
    "IN_GSTIN": Example("GSTIN {}.", ["27ABCPE####F1Z?"]),
    "IN_PAN": Example("PAN {}.", ["ABCPE####F"], ["abcpe####f"], weak=True),
    "JP_MY_NUMBER": Example("マイナンバー: {}。", [], ["############", "#### #### ####"]),
    "KR_RRN": Example(
        "주민등록번호 {}.", ["900101-1######"], ["900101-2######", "900101-6######", "9001011######"], weak=True
    ),
    "MY_NRIC": Example("MyKad {}.", ["900101-14-####"], ["90010114####"], weak=True),
    "NZ_IRD": Example("IRD number {}.", [], ["49-###-###", "###-###-###", "49######"]),
    "PH_TIN": Example("TIN {}.", [], ["###-###-###-###"], weak=True),
    "PH_UMID": Example("UMID {}.", [], ["####-#######-#"], weak=True),
    "SG_NRIC_FIN": Example("NRIC {}.", ["S#######?", "T#######?", "F#######?", "G#######?", "M#######?"]),
    "TH_ID": Example("เลขประจำตัวประชาชน {}", ["#-####-#####-##-#"], ["1############"]),
    "TW_ID": Example("身分證字號 {}。", [], ["A1########"]),
    "ZA_ID": Example("South African ID number {}.", ["900101####08#", "900101 #### 08#"]),
}


def test_every_type_has_its_example() -> None:
    assert set(EXAMPLES) == {row.type for row in ASIA}
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

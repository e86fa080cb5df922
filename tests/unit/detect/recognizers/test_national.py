from gateway.detect.recognizers.national import national


def test_a_number_alone_is_no_identity_number() -> None:
    strong = [
        (recognizer.name, result.entity_type)
        for recognizer in national()
        for text in ("Order 123456789 of 2026.", "Invoice 4711")
        for result in recognizer.analyze(text, recognizer.supported_entities, None)
        if result.score >= 0.5
    ]

    assert strong == []


def test_each_type_has_one_recognizer() -> None:
    types = [kind for recognizer in national() for kind in recognizer.supported_entities]

    assert len(types) == len(set(types))
    assert {"US_SSN", "UK_NHS", "ES_NIF", "IN_PAN", "SG_NRIC_FIN"} <= set(types)


def test_the_quadratic_pattern_is_left_out() -> None:
    (pan,) = [recognizer for recognizer in national() if recognizer.supported_entities == ["IN_PAN"]]

    assert [pattern.name for pattern in pan.patterns if "Low" in pattern.name] == []

import contextvars
import io
import json
import logging

from gateway.core.residue import KNOWN, Replacements
from gateway.observability import logs

CANARY = "maria.gonzalez@corp.local"


def fail(secret: str) -> None:
    copy = secret
    raise ValueError(copy)


def test_a_traceback_keeps_places_and_loses_text(lines: io.StringIO) -> None:
    try:
        fail(CANARY)
    except ValueError as error:
        logs.logger("detect").error("stage.failed", exc_info=error)

    line = json.loads(lines.getvalue())
    assert line["exception"] == "ValueError"
    assert any(place.endswith(":fail") for place in line["at"])
    assert CANARY not in lines.getvalue()


def test_a_library_is_heard_without_its_words(lines: io.StringIO) -> None:
    logging.getLogger("aiohttp.client").warning("could not parse %s", CANARY)

    line = json.loads(lines.getvalue())
    assert (line["logger"], line["level"]) == ("aiohttp.client", "warning")
    assert CANARY not in lines.getvalue()


def test_levels_below_the_set_one_are_silent(lines: io.StringIO) -> None:
    logs.logger("api").debug("noise")

    assert lines.getvalue() == ""


def test_a_line_is_held_against_the_values_of_its_exchange(lines: io.StringIO) -> None:
    def within() -> None:
        KNOWN.set(Replacements({"Maria Gonzalez": "<PERSON_1>"}))
        logs.logger("api").info("something", reason="for Maria Gonzalez", exchange="e")

    contextvars.copy_context().run(within)

    line = json.loads(lines.getvalue())
    assert (line["reason"], line["exchange"]) == ("for <PERSON_1>", "e")

"""What became of cases, for people, for programs and for the systems that build.

Law: the same outcomes in each form; the text of a case is its author's own, and stands there only where it came out
otherwise than expected.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Final
from xml.etree import ElementTree as ET

from gateway.core.problem import Failure
from gateway.eval.trials import Tried

_NO_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 has no form for."""


def as_text(tries: Sequence[Tried], failures: Sequence[Failure]) -> str:
    """Lay out each failure with what was expected and what came, then a line for each suite, and one for all."""
    parts = ["- what was expected, + what came"] if any(each.lines for each in failures) else []
    parts += map(str, failures)
    parts += [f"{each.suite.file}: {_counted(len(each.outcomes), len(each.failed))}" for each in tries]
    cases = sum(len(each.outcomes) for each in tries)
    untested = sum(not each.about for each in failures)
    total = f"{_counted(cases, len(failures) - untested)} in {_seconds(tries):.1f} s"
    return "\n".join([*parts, total + (f"; {untested} without a case" if untested else "")])


def _counted(cases: int, failed: int) -> str:
    counted = f"{cases} case{'s' if cases != 1 else ''}"
    return f"{counted}, {failed} failed" if failed else f"{counted} passed"


def _seconds(tries: Sequence[Tried]) -> float:
    return sum(outcome.seconds for each in tries for outcome in each.outcomes)


def as_json(tries: Sequence[Tried], failures: Sequence[Failure]) -> str:
    """Return an object: how many cases of each file and language were tried, and the fields of every failure."""
    cases = [outcome.case for each in tries for outcome in each.outcomes]
    return json.dumps(
        {
            "cases": len(cases),
            "files": {each.suite.file: len(each.outcomes) for each in tries},
            "languages": dict(sorted(Counter(case.lang for case in cases).items())),
            "seconds": round(_seconds(tries), 3),
            "failures": [asdict(each) for each in failures],
        },
        ensure_ascii=False,
    )


def as_junit(tries: Sequence[Tried], failures: Sequence[Failure]) -> str:
    """Return JUnit's XML: a suite for each document of cases, and one for the policies that have none."""
    failed = {(each.file, each.line, each.column): each for each in failures}
    root = ET.Element("testsuites", name="cloister policy test")
    for each in tries:
        file, suite = each.suite.file, _suite(root, each.suite.name)
        for outcome in each.outcomes:
            case = outcome.case
            failure = failed.get((file, case.line, case.column))
            _add(suite, case.name, f"{file}:{case.line}", outcome.seconds, failure)
    if untested := [each for each in failures if not each.about]:
        suite = _suite(root, "policies without a case")
        for failure in untested:
            _add(suite, failure.name, f"{failure.file}:{failure.line}", 0.0, failure)
    for element in (*root, root):
        _sum(element)
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode")


def _suite(root: ET.Element, name: str) -> ET.Element:
    return ET.SubElement(root, "testsuite", name=_xml(name))


def _add(suite: ET.Element, name: str, place: str, seconds: float, failure: Failure | None) -> None:
    file, _, line = place.rpartition(":")
    case = ET.SubElement(suite, "testcase", classname=suite.get("name", ""), name=_xml(name), time=f"{seconds:.3f}")
    case.set("file", _xml(file))
    case.set("line", line)
    if failure:
        what = f"otherwise than expected: {', '.join(failure.about)}" if failure.about else failure.name
        ET.SubElement(case, "failure", message=_xml(what), type="policy").text = _xml(str(failure))


def _sum(element: ET.Element) -> None:
    """Say how many cases there are in an element, and what became of them."""
    element.set("tests", str(len(list(element.iter("testcase")))))
    element.set("failures", str(len(list(element.iter("failure")))))
    element.set("errors", "0")
    element.set("skipped", "0")
    element.set("time", f"{sum(float(case.get('time', 0)) for case in element.iter('testcase')):.3f}")


def _xml(text: str) -> str:
    """Return a text with escapes for what XML cannot say."""
    return _NO_XML.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


FORMATS: Final[dict[str, Callable[[Sequence[Tried], Sequence[Failure]], str]]] = {
    "text": as_text,
    "json": as_json,
    "junit": as_junit,
}
"""How the outcome of a run is written."""

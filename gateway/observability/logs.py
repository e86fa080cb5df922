"""Structured log lines on standard error.

Law: a line is made of a fixed event name and of fields that are numbers, codes and names of ours. Tracebacks show
files and lines, never local variables, never an exception's own text: that text may quote what it was given. All the
same a line is held against the values of the exchange that it is written in.
"""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import Callable, Mapping, MutableMapping
from functools import partial
from typing import Any, Final

import structlog

Guard = Callable[[Mapping[str, Any], frozenset[str]], dict[str, Any]]
"""Returns fields without what must not be written down, given those that hold words of ours alone."""

_LEVELS: Final = {"debug": 10, "info": 20, "warning": 30, "error": 40}
_OURS: Final = "gateway"
_WORDS: Final = frozenset({"event", "exchange", "level", "room", "timestamp"})


def configure(level: str, form: str, guarded: Guard | None = None) -> None:
    """Set up structlog and route the standard library's loggers through it.

    level: debug, info, warning or error. form: json or console. Loggers of libraries are heard from ``warning`` on, and
    only their name and level are kept: what they say may quote a request. guarded: looks at each line once more.
    """
    renderer: Any = (
        structlog.processors.JSONRenderer(sort_keys=True)
        if form == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            strip_exception,
            *([partial(_guard, guarded)] if guarded else []),
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(_LEVELS[level]),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=True,
    )
    root = logging.getLogger()
    root.handlers[:] = [LibraryHandler()]
    root.setLevel(logging.WARNING)


def strip_exception(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Replace ``exc_info`` by the exception's class and the places it passed, without its text."""
    error = event.pop("exc_info", None)
    if error is True:
        error = sys.exc_info()[1]
    if isinstance(error, BaseException):
        frames = traceback.extract_tb(error.__traceback__)
        event["exception"] = type(error).__name__
        event["at"] = [f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno}:{frame.name}" for frame in frames[-8:]]
    return event


def _guard(guarded: Guard, _logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Replace what an exchange keeps to itself, should a line hold any of it."""
    return guarded(event, _WORDS)


class LibraryHandler(logging.Handler):
    """Takes a library's log record and keeps of it what cannot hold text."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line: which logger spoke, how loudly, and from where."""
        fields: dict[str, Any] = {"logger": record.name, "place": f"{record.module}:{record.lineno}"}
        if record.exc_info and record.exc_info[1] is not None:
            fields["exc_info"] = record.exc_info[1]
        logger(_OURS).log(record.levelno, "library.spoke", **fields)


def logger(name: str) -> structlog.typing.FilteringBoundLogger:
    """Return the logger of a room, whose lines carry the room's name."""
    bound: structlog.typing.FilteringBoundLogger = structlog.get_logger().bind(room=name)
    return bound

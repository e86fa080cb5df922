"""Structured log lines on standard error.

Law: a line is made of a fixed event name and of fields that are numbers, codes and names of ours. Tracebacks show
files and lines, never local variables, never an exception's own text: that text may quote what it was given.
"""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import MutableMapping
from typing import Any, Final

import structlog

_LEVELS: Final = {"debug": 10, "info": 20, "warning": 30, "error": 40}
_OURS: Final = "gateway"


def configure(level: str, form: str) -> None:
    """Set up structlog and route the standard library's loggers through it.

    level: debug, info, warning or error. form: json or console. Loggers of libraries are heard from ``warning`` on, and
    only their name and level are kept: what they say may quote a request.
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

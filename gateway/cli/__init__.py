"""The command ``cloister``.

Takes: arguments, files and the terminal.
Gives: answers for people and, with ``--json``, for programs, and one exit code a kind of outcome.
Knows: every room, through ``gateway.app``.
Never: prints a value that a policy hides, or asks a question in a pipe.
"""

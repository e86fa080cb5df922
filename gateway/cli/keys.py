"""``cloister keys``: the key-encryption keys of this installation."""

from __future__ import annotations

import argparse

from gateway.cli.output import common, emit


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = commands.add_parser("keys", help="key-encryption keys")
    actions = parser.add_subparsers(required=True, metavar="ACTION")
    for name, run, text in (("init", init, "make the master key"), ("status", status, "look at the master key")):
        action = actions.add_parser(name, help=text)
        common(action)
        action.set_defaults(run=run)


def init(args: argparse.Namespace) -> int:
    """Make the master key; refuse where there is one."""
    from gateway.app import keyring

    keys = keyring(args.config)
    keys.init()
    emit(args, {"path": str(keys.path)}, lambda: f"made {keys.path}; back it up apart from the database")
    return 0


def status(args: argparse.Namespace) -> int:
    """Say whether the master key can be used."""
    from gateway.app import keyring

    keys = keyring(args.config)
    keys.open()
    emit(args, {"path": str(keys.path), "usable": True}, lambda: f"{keys.path} is private and whole")
    return 0

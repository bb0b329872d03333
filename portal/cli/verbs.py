"""The verbs by name, each fetched only when it is asked for: none starts with what the others need."""

from collections.abc import Mapping
from importlib import import_module

import click

ROOMS: Mapping[str, str] = {
    "release": "release",
    "demo": "release",
    "web": "web",
    "worker": "serve",
    "clock": "serve",
    "mailbox": "mailbox",
    "inbound": "inbound",
    "people": "people",
    "keys": "keys",
    "doctor": "doctor",
    "mail": "mail",
    "metrics": "metrics",
}


class Verbs(click.Group):
    """A group whose commands are the portal's verbs."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return every verb's name."""
        return list(ROOMS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a verb, or None for a word that is none."""
        room = ROOMS.get(cmd_name)
        if room is None:
            return None
        command: click.Command = getattr(import_module(f"portal.cli.{room}"), cmd_name)
        return command

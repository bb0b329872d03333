"""Gathers the verbs and says settings that are wrong in one sentence."""

import sys

import click

from portal.cli.verbs import Verbs
from portal.settings import SettingsError


@click.group(cls=Verbs)
def portal() -> None:
    """Someone Who Gets It: run it, look after it."""


def main() -> None:
    """Run one verb."""
    try:
        portal(standalone_mode=True)
    except SettingsError as error:
        click.echo(str(error), err=True)
        sys.exit(2)


if __name__ == "__main__":
    main()

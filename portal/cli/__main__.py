"""Gathers the verbs and says settings that are wrong in one sentence."""

import sys

import click

from portal.cli.doctor import doctor
from portal.cli.inbound import inbound
from portal.cli.keys import keys
from portal.cli.mail import mail
from portal.cli.metrics import metrics
from portal.cli.people import people
from portal.cli.release import demo, release
from portal.cli.serve import clock, mailbox, web, worker
from portal.settings import SettingsError


@click.group()
def portal() -> None:
    """Someone Who Gets It: run it, look after it."""


for command in (release, demo, web, worker, clock, mailbox, inbound, people, keys, doctor, mail, metrics):
    portal.add_command(command)


def main() -> None:
    """Run one verb."""
    try:
        portal(standalone_mode=True)
    except SettingsError as error:
        click.echo(str(error), err=True)
        sys.exit(2)


if __name__ == "__main__":
    main()

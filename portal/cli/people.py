"""People made by hand: the first coordinator of a site."""

import sys

import click

from portal import clock
from portal.app import from_environment
from portal.domain.account import Role
from portal.domain.errors import PortalError
from portal.services import account


@click.group()
def people() -> None:
    """Look after who may do what."""


@people.command()
@click.argument("email")
@click.option(
    "--role", "roles", type=click.Choice([role.value for role in Role]), multiple=True, default=["coordinator"]
)
@click.option("--name", default="", help="The name they use.")
def add(email: str, roles: tuple[str, ...], name: str) -> None:
    """Add somebody, or give more roles to who is there; they sign in with their e-mail address."""
    with from_environment().app_context():
        try:
            account.add_person(email, [Role(role) for role in roles], name=name, now=clock.now())
        except PortalError as error:
            click.echo(error.sentence % error.values, err=True)
            sys.exit(1)
    click.echo("Added. They can sign in now with a code sent to that address.")

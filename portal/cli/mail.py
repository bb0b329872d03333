"""`mail`: what receivers will make of the sending domain, and holding the post after a backup was restored."""

import sys

import click

from portal import clock
from portal.app import from_environment
from portal.mail.address import host_of
from portal.mail.domain_check import Directory, look_at
from portal.mail.smtp import parse_server
from portal.services.notice.hold import hold as hold_post
from portal.services.notice.hold import let_out
from portal.services.notice.office import office


@click.group()
def mail() -> None:
    """Look after the sending of letters."""


@mail.command()
@click.option("--dns", default="", help="Ask this name server (address:port) instead of this machine's own.")
def check(dns: str) -> None:
    """Look at SPF, DKIM, DMARC and PTR of the sending domain; the exit code is 1 where something is to be mended."""
    app, post = from_environment(), office()
    server = parse_server(app.extensions["settings"].smtp_url)
    found = list(look_at(host_of(post.sender), post.signer, server.host, _directory(dns)))
    for well, sentence in found:
        click.echo(f"{'well' if well else 'LOOK'}  {sentence}")
    sys.exit(0 if all(well for well, _ in found) else 1)


@mail.command()
def hold() -> None:
    """Send nothing until `mail go`, but codes that somebody asks for: for a backup that was put back."""
    with from_environment().app_context():
        hold_post("by hand", now=clock.now())
    click.echo("Nothing is sent until you say: python3 -m portal mail go")


@mail.command()
@click.option("--drop-older", is_flag=True, help="Leave out what should have gone out before the hold began.")
def go(drop_older: bool) -> None:
    """Send again."""
    with from_environment().app_context():
        let_out(None, drop_older=drop_older, now=clock.now())
    click.echo("Letters go out again.")


def _directory(dns: str) -> Directory:
    if not dns:
        return Directory()
    host, _, port = dns.rpartition(":")
    if not host or not port.isdecimal():
        raise click.BadParameter("--dns must be an address and a port, such as 127.0.0.1:53.")
    return Directory((host, int(port)))

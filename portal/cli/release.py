"""Bringing the database to where the code is: migrations, topics, towns, the first weights, the demo community."""

import click
import flask_migrate

from portal import clock
from portal.app import from_environment
from portal.cli.demo import fill
from portal.cli.towns import delivered_towns
from portal.data import catalogue
from portal.queries import experience as experience_queries
from portal.services.experience.catalogue import seed_catalogue
from portal.services.experience.towns import seed_towns
from portal.services.matching.weights import seed_weights
from portal.settings import SettingsError


@click.command()
@click.option("--demo", "with_demo", is_flag=True, help="Fill an empty database with the demo community as well.")
def release(*, with_demo: bool) -> None:
    """Migrate, and write the reference data that is not there yet."""
    app = from_environment()
    with app.app_context():
        flask_migrate.upgrade()
        now = clock.now()
        delivered = catalogue()
        seed_catalogue(delivered.groups, delivered.topics)
        seed_weights(now=now)
        if experience_queries.no_towns_yet():  # reading the data set takes a while, so not at each start
            seed_towns(delivered_towns())
        if with_demo:
            _fill(demo_mode=bool(app.config["DEMO"]))


@click.command()
def demo() -> None:
    """Fill an empty database with the demo community; does nothing to one that holds people."""
    app = from_environment()
    with app.app_context():
        _fill(demo_mode=bool(app.config["DEMO"]))


def _fill(*, demo_mode: bool) -> None:
    if not demo_mode:
        raise SettingsError("The demo community is only for PORTAL_MODE=demo.")
    if fill(now=clock.now()):
        click.echo("The demo community has moved in. All of its people are invented.")

"""Each verb is there by its name, and none brings the application along that does not need it."""

import subprocess
import sys

import click
import pytest

from portal.cli.verbs import ROOMS, Verbs
from portal.launch.places import ROOT

verbs = Verbs()


@pytest.mark.parametrize("name", ROOMS)
def test_each_verb_is_a_command_of_its_name(name: str) -> None:
    command = verbs.get_command(click.Context(verbs), name)
    assert command is not None
    assert command.name == name


def test_a_word_that_is_no_verb_is_none() -> None:
    assert verbs.get_command(click.Context(verbs), "serve") is None


@pytest.mark.parametrize("room", ["web", "mailbox"])
def test_what_only_starts_something_else_does_not_load_the_application(room: str) -> None:
    asked = f"import sys, portal.cli.__main__, portal.cli.{room}; print('portal.app' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False"]

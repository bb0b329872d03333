"""Reads what was asked for and sends it to the right room; whatever goes wrong ends as one sentence."""

import os
import sys
from collections.abc import Sequence

from portal.launch.check import check
from portal.launch.run import hand_over, run
from portal.launch.words import LaunchError, complain, say

HELP = """\
python3 -m portal run [--port N] [--host H]    set up, start everything, print the address
python3 -m portal test [pytest arguments]      style, types and all tests; with arguments only those tests
python3 -m portal VERB …                       any other verb, set up first; --help lists them"""

VERBS = {"run": run, "test": check}


def enter(arguments: Sequence[str]) -> int:
    """Do what the command line asks; returns the exit code."""
    if not arguments:
        say(HELP)
        return 2
    if sys.platform == "win32":
        complain("Windows is not supported; the portal runs on Linux and macOS, and in WSL.")
        return 1
    if arguments[0] in ("-h", "--help", "help"):
        say(HELP + "\n")
        arguments = ["--help"]
    verb, rest = (VERBS[arguments[0]], arguments[1:]) if arguments[0] in VERBS else (hand_over, arguments)
    try:
        return verb(rest, os.environ)
    except LaunchError as error:
        complain(str(error))
        return 1
    except KeyboardInterrupt:
        complain("Stopped.")
        return 130

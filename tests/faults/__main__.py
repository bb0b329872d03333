"""`python -m tests.faults`: the long run with faults, on one engine."""

import argparse
import json
import logging
import sys

from portal.launch import machine
from tests.faults.run import Plan, run
from tests.servers import postgresql, smtp_sink


def main() -> int:
    """Run it and print what was found; 0 where every promise was kept."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description="Break everything, lose nothing.")
    parser.add_argument("engine", choices=["sqlite", "postgresql"])
    parser.add_argument("--chats", type=int, default=1000)
    parser.add_argument("--seconds", type=float, default=240, help="how long things break (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    program, programs = smtp_sink.find_program(), postgresql.find_programs()
    if program is None or (programs is None and asked.engine == "postgresql"):
        parser.error(f"this needs smtp-sink and PostgreSQL ({machine.how_to_install('postfix postgresql', 'postfix')})")
    logging.basicConfig(level=logging.ERROR, format="%(asctime)s %(message)s")
    logging.getLogger("tests.faults").setLevel(logging.INFO)
    result = run(asked.engine, Plan(asked.chats, asked.seconds, asked.seed), program, programs)
    sys.stdout.write(json.dumps({"findings": result.findings, **result.figures}, indent=2) + "\n")
    return 1 if result.findings else 0


if __name__ == "__main__":
    sys.exit(main())

"""The worker's door: `python worker.py` is the portal's verb `worker`."""

from portal.cli import main

if __name__ == "__main__":
    main(["worker"])

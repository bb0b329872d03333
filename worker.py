"""The worker's door: `python worker.py` becomes the portal's verb `worker`."""

import os
import sys

if __name__ == "__main__":
    os.execv(sys.executable, [sys.executable, "-m", "portal.cli", "worker"])

"""The `portal` command inside the virtual environment: `python -m portal.cli <verb>`."""

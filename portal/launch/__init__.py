"""The doorstep: sets the project up and starts it, with the standard library alone, before anything is installed."""

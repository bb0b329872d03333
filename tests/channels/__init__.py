"""Tests of the ways beside e-mail, against real servers on loopback."""

"""Booking’s pages: they work, strangers get 404, others 403, GET never acts, and a lost time is told in words."""

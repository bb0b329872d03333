"""Days and clocks are written in the language of the page's words, never in another one."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.db import transaction
from portal.domain.account import Role
from portal.models import Person
from portal.web.times import day_words
from tests.web.account_steps import Watch, add, come_in


@pytest.mark.parametrize("language", ["en", "fi", "ar", "", "xx"])
@pytest.mark.parametrize("browser", ["fi", "ar, en;q=0.1", "*"])
def test_days_follow_the_words_of_the_page(
    app: Flask, client: FlaskClient, watch: Watch, language: str, browser: str
) -> None:
    robin = add(app, "robin@example.org", Role.MEMBER, now=watch.time)
    come_in(app, client, "robin@example.org")
    with app.app_context(), transaction() as session:
        session.get_one(Person, robin).language = language
    page = client.get("/account/consents", headers={"Accept-Language": browser}).text
    with app.test_request_context(headers={"Accept-Language": "en"}):
        day = day_words(watch.time, "UTC")
    assert re.findall(r'<html lang="(.*?)"', page) == ["en"]
    assert page.count(f"Agreed on {day}.") == 3

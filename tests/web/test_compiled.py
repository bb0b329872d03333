"""What tests share of compiled templates: the same text in the same kind of app, and nothing else."""

from flask import Flask
from jinja2 import DictLoader

from tests.compiled import Compiled


def shown(kept: Compiled, text: str, *, loud: bool = False) -> str:
    app = Flask(__name__)
    app.jinja_env.bytecode_cache = kept
    if loud:
        app.jinja_env.filters["loud"] = str.upper
    app.jinja_env.loader = DictLoader({"page.html": text})
    return app.jinja_env.get_template("page.html").render(word="<hush>")


def test_a_template_is_compiled_once_and_anew_when_its_text_or_its_app_is_another() -> None:
    kept = Compiled()
    assert [shown(kept, "{{ word }}") for _ in range(2)] == ["&lt;hush&gt;"] * 2
    assert len(kept.kept) == 1
    assert shown(kept, "Say {{ word }}") == "Say &lt;hush&gt;"
    assert shown(kept, "{{ word }}", loud=True) == "&lt;hush&gt;"
    assert len(kept.kept) == 3

import json
from pathlib import Path

from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import call_command

from tracker.minified import minified

STORAGE = {"staticfiles": {"BACKEND": "tracker.minified.MinifiedStaticFilesStorage"}}


def test_a_script_keeps_what_it_says():
    script = "// why\nconst page = `theme=${ root.dataset.theme }; path=/` // and how\nsend(page, 'a  b')\n"
    served = minified("js/app.js", script.encode())
    assert served == b"const page=`theme=${ root.dataset.theme }; path=/`\nsend(page,'a  b')"


def test_a_stylesheet_keeps_its_rules():
    style = "/* why */\n@layer base {\n  a:hover > b { width: calc(100% - 2px); }\n}\n"
    assert minified("css/base.css", style.encode()) == b"@layer base{a:hover>b{width:calc(100% - 2px)}}"


def test_a_selector_of_descendants_stays_one():
    style = ".values :is(input, select) { color: red; } body:has(.actions) :not(p) { color: rgb(0 0 0); }"
    served = minified("css/review.css", style.encode())
    assert served == b".values *:is(input,select){color:red}body:has(.actions) *:not(p){color:rgb(0 0 0)}"


def test_files_of_others_are_served_as_they_came():
    script = b"/* licence */  let a  =  1"
    assert minified("django_htmx/htmx-2.min.js", script) == script


def test_collecting_names_minified_files_by_their_content(settings, tmp_path):
    settings.STATIC_ROOT = str(tmp_path)
    settings.STORAGES = settings.STORAGES | STORAGE
    call_command("collectstatic", "--no-input", verbosity=0)
    names = json.loads((tmp_path / "staticfiles.json").read_text())["paths"]
    served = (tmp_path / names["css/base.css"]).read_bytes()
    source = (Path(settings.BASE_DIR) / "static" / "css" / "base.css").read_bytes()
    assert names["css/base.css"] != "css/base.css"
    assert served == minified("css/base.css", source)
    assert len(served) < len(source)
    assert staticfiles_storage.url("css/base.css").endswith(names["css/base.css"])

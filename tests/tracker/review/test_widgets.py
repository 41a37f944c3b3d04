import pytest
from django.forms.renderers import DjangoTemplates
from django.test import SimpleTestCase
from django.utils import translation

from articles.models import Article
from tracker.review.forms import ClaimForm
from tracker.review.widgets import WIDGETS, Written

HOSTILE = '"><script>alert(1)</script>&'
FIRST = {
    "supplier": HOSTILE,
    "category": "missiles",
    "quantity_min": 12000,
    "date_from": "2024-03-01",
    "stage": HOSTILE,
    "translation": f"\n{HOSTILE}",
    "supplier_spans": [[3, 9]],
}


@pytest.mark.django_db
@pytest.mark.parametrize("sent", [False, True])
@pytest.mark.parametrize("prefix", [None, "part-1"])
@pytest.mark.parametrize("language", ["en", "id"])
def test_every_field_is_written_as_django_writes_it(sent, prefix, language):
    with translation.override(language):
        given = {"data": FIRST | {"supplier_spans": "3-9"}} if sent else {"initial": FIRST}
        ours = ClaimForm(**given, article=Article(), prefix=prefix, renderer=Written())
        theirs = ClaimForm(**given, article=Article(), prefix=prefix, renderer=DjangoTemplates())
        for name in ours.fields:
            SimpleTestCase().assertHTMLEqual(str(ours[name]), str(theirs[name]), name)
            assert ours[name].field.widget.template_name in WIDGETS


def test_errors_are_written_where_there_are_any():
    form = ClaimForm({}, article=Article())
    form._errors = {}
    assert str(form["supplier"].errors) == str(form.non_field_errors()) == ""
    form.cleaned_data = {}
    form.add_error("supplier", HOSTILE)
    assert "&lt;script&gt;" in str(form["supplier"].errors)
    assert 'class="errorlist"' in str(form["supplier"].errors)

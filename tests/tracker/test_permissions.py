"""Who may call what: every address of the resolver with every role. An address that is not listed here fails."""

import pytest
from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.factories import make_article, make_claim, make_event, make_transfer, make_user

pytestmark = pytest.mark.django_db
ROLES = (None, "analyst", "reviewer", "admin")
# The least role that may call an address: nobody signed in, analyst, reviewer, admin.
OPEN, ANALYST, REVIEWER, ADMIN = range(4)
LEVELS = {
    "login": OPEN,
    "logout": OPEN,
    "set_language": OPEN,
    "healthz": OPEN,
    "account": ANALYST,
    "kept_input": ANALYST,
    "demo_remove": ADMIN,
    "dashboard": ANALYST,
    "chart_csv": ANALYST,
    "article_list": ANALYST,
    "article": ANALYST,
    "article_original": ANALYST,
    "article_reread": REVIEWER,
    "claim_list": ANALYST,
    "claim": ANALYST,
    "transfer_list": ANALYST,
    "transfer": ANALYST,
    "flows": ANALYST,
    "flows_csv": ANALYST,
    "actor_list": ANALYST,
    "actor": ANALYST,
    "materiel_list": ANALYST,
    "materiel": ANALYST,
    "outlet": ANALYST,
    "outlet_list": ANALYST,
    "facet": ANALYST,
    "cite": ANALYST,
    "search": ANALYST,
    "save_view": ANALYST,
    "delete_view": ANALYST,
    "change_view": ANALYST,
    "export_list": ANALYST,
    "export_claims": ANALYST,
    "export_transfers": ANALYST,
    "export_events": ANALYST,
    "export_file": ANALYST,
    "export_table": ANALYST,
    "feed": ANALYST,
    "import_list": REVIEWER,
    "import_preview": REVIEWER,
    "import_store": REVIEWER,
    "review_queue": REVIEWER,
    "review_next": REVIEWER,
    "review_undo": REVIEWER,
    "workbench": REVIEWER,
    "decide": REVIEWER,
    "fill": REVIEWER,
    "hold": REVIEWER,
    "claim_edit": REVIEWER,
    "claim_write": REVIEWER,
    "transfer_grade": REVIEWER,
    "article_why": REVIEWER,
    "history": ANALYST,
    "split": REVIEWER,
    "adjudicate": REVIEWER,
    "agreement": REVIEWER,
    "agreement_csv": REVIEWER,
    "report_claim": ANALYST,
    "report_withdraw": ANALYST,
    "report_list": REVIEWER,
    "report_answer": REVIEWER,
    "note_write": REVIEWER,
    "note_change": REVIEWER,
    "actor_names": REVIEWER,
    "actor_name_withdraw": REVIEWER,
    "decide_copies": REVIEWER,
    "assign": ADMIN,
    "release": ADMIN,
    "transfer_merge": REVIEWER,
    "transfer_unmerge": REVIEWER,
    "transfer_not_same": REVIEWER,
    "not_same_take_back": REVIEWER,
    "claims_link": REVIEWER,
    "event_not_same": REVIEWER,
    "claim_not_same": REVIEWER,
    "actor_merge": ADMIN,
    "actor_unmerge": ADMIN,
}


def names(patterns=None) -> set[str]:
    """The name of every address."""
    found = set()
    for pattern in patterns if patterns is not None else get_resolver().url_patterns:
        if isinstance(pattern, URLResolver):
            found |= names(pattern.url_patterns)
        elif isinstance(pattern, URLPattern):
            found.add(pattern.name or str(pattern.pattern))
    return found


@pytest.fixture
def address():
    """The address of a name, with a row behind it."""
    transfer = make_transfer()
    article = make_article()
    event = make_event(article)
    claim = make_claim(transfer)
    values = {
        "article": [article.pk],
        "article_original": [article.pk],
        "article_reread": [article.pk],
        "workbench": [event.pk],
        "decide": [event.pk],
        "hold": [event.pk],
        "split": [event.pk],
        "adjudicate": [event.pk],
        "agreement_csv": ["fields"],
        "report_claim": [claim.pk],
        "report_answer": [1],
        "report_withdraw": [1],
        "note_write": ["article", article.pk],
        "note_change": [1],
        "actor_names": [transfer.supplier_id],
        "actor_name_withdraw": [1],
        "decide_copies": [event.pk],
        "release": [event.pk],
        "event_not_same": [event.pk],
        "claim_not_same": [claim.pk],
        "claim_write": [article.pk],
        "transfer_grade": [transfer.public_id],
        "article_why": [article.pk],
        "history": ["claim", claim.pk],
        "facet": ["claims", "supplier"],
        "cite": ["claim", claim.pk, "ris"],
        "materiel": [1],
        "outlet": [article.outlet_id],
        "fill": [event.pk, "supplier"],
        "claim": [claim.pk],
        "claim_edit": [claim.pk],
        **dict.fromkeys(("transfer", "transfer_merge", "transfer_unmerge", "transfer_not_same"), [transfer.public_id]),
        "not_same_take_back": [1],
        **dict.fromkeys(("actor", "actor_merge", "actor_unmerge"), [transfer.supplier_id]),
        "delete_view": [1],
        "change_view": [1],
        "export_file": ["claims", "jsonl"],
        "export_table": ["claims"],
        "feed": ["transfers"],
        "chart_csv": ["months"],
    }
    return lambda name: reverse(name, args=values.get(name, []))


def test_every_address_is_listed():
    assert names() == set(LEVELS)


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("name", sorted(LEVELS))
def test_every_address_is_for_its_role_and_those_above(client, address, name, role, method):
    url = address(name)
    if role:
        client.force_login(make_user(role), "tracker.account.backends.RoleBackend")
    answer = getattr(client, method)(url)
    if answer.streaming:
        b"".join(answer)
    answer.close()
    asked_to_sign_in = answer.status_code == 302 and answer.url.startswith(settings_login())
    if ROLES.index(role) >= LEVELS[name]:
        assert answer.status_code != 403
        assert not asked_to_sign_in or name == "logout"
    elif role is None:
        assert asked_to_sign_in
    else:
        assert answer.status_code == 403


def settings_login() -> str:
    return reverse(settings.LOGIN_URL)


@pytest.mark.parametrize("open_to_all", [True, False])
def test_public_browsing_lets_strangers_read_and_nothing_else(client, address, settings, open_to_all):
    settings.PUBLIC_BROWSING = open_to_all
    page = client.get(address("transfer_list"))
    assert page.status_code == (200 if open_to_all else 302)
    if open_to_all:
        assert address("article_list") in page.content.decode()
        assert address("review_queue") not in page.content.decode()
    assert client.get(address("review_queue")).status_code == 302
    assert client.post(address("save_view")).status_code == 302

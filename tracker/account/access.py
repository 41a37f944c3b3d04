"""Who may see a view: the decorators that every view carries."""

from functools import wraps

from django.contrib.auth.decorators import login_not_required, permission_required

from tracker.account.backends import ADMINISTER, INGEST, REVIEW

reviewing = permission_required(REVIEW, raise_exception=True)
administering = permission_required(ADMINISTER, raise_exception=True)
ingesting = permission_required(INGEST, raise_exception=True)
open_to_all = login_not_required


def browsing(view):
    """A read-only view: for everybody who is signed in, and for everybody where PUBLIC_BROWSING is on."""

    @wraps(view)
    def wrapper(request, *args, **kwargs):
        return view(request, *args, **kwargs)

    wrapper.read_only = True
    return wrapper

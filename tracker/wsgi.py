"""The WSGI door that the web server opens."""

import gc
import os
from importlib import import_module

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tracker.settings")
application = get_wsgi_application()

# Every view is loaded now, so that no reader waits for that. What lives as long as the program is then taken off the
# garbage collector, which else walks through all of it every few pages: a tenth of a second each time.
import_module(settings.ROOT_URLCONF)
gc.collect()
gc.freeze()

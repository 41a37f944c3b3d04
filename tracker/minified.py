"""Static files as they are served: ours minified, all compressed and named by their content."""

import re
from typing import Any

from django.core.files.base import ContentFile
from rcssmin import cssmin
from rjsmin import jsmin
from whitenoise.storage import CompressedManifestStaticFilesStorage

# rcssmin takes the space before a colon away, and a descendant `.a :is(b)` would become `.a:is(b)`: a star keeps it.
DESCENDANT = re.compile(r"(?<=[\w\])]) (?=:[a-z-]+\()")


def css(style: str) -> str:
    """A stylesheet minified."""
    return cssmin(DESCENDANT.sub(" *", style))


MINIFIERS = {".css": css, ".js": jsmin}


def minified(name: str, content: bytes) -> bytes:
    """What is served of the file `name`: a script or stylesheet of ours minified, everything else as it is."""
    ours = name.startswith(("css/", "js/"))
    minify = MINIFIERS.get(name[name.rfind(".") :]) if ours else None
    return minify(content.decode()).encode() if minify else content


class MinifiedStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Minifies before the content is hashed and compressed, so that the names follow what is served."""

    def _save(self, name: str, content: Any) -> str:
        content.seek(0)
        return super()._save(name, ContentFile(minified(name, content.read())))

"""The second extractor: text to events through a chat model at an OpenAI-compatible endpoint. Off by default.

It does I/O and so stands beside articles.extract, which is pure. Nothing imports it unless the setting asks for it.
"""

from articles.endpoint.chat import Endpoint
from articles.endpoint.errors import EndpointError
from articles.endpoint.prompt import extractor_name
from articles.endpoint.reader import read

__all__ = ["Endpoint", "EndpointError", "extractor_name", "read"]

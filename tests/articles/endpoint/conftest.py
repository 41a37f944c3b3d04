"""A stub endpoint for each test."""

from collections.abc import Iterator

import pytest

from articles.extract import Lexicon, load_lexicon
from tests.articles.endpoint.stub import Stub


@pytest.fixture(scope="session")
def lexicon() -> Lexicon:
    return load_lexicon()


@pytest.fixture
def stub(monkeypatch) -> Iterator[Stub]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    one = Stub()
    yield one
    one.close()


@pytest.fixture(scope="module")
def module_stub() -> Iterator[Stub]:
    """For tests that ask very often."""
    patch = pytest.MonkeyPatch()
    patch.setenv("NO_PROXY", "127.0.0.1")
    one = Stub()
    yield one
    one.close()
    patch.undo()

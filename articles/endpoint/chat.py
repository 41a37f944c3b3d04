"""One question to a chat endpoint and its answer, or a named error. The key goes into one header and nowhere else."""

import json
import logging
import time
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import httpx
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from articles.endpoint.errors import (
    BadSetting,
    BadStatus,
    BrokenOff,
    CutShort,
    EndpointError,
    NotJson,
    Stalled,
    TooLarge,
    TooSlow,
    Unreachable,
    WrongShape,
)

logger = logging.getLogger(__name__)

LARGEST = 4 * 1024 * 1024
# The whole answer may take so many times the silence that is borne.
PATIENCE = 3
LONGEST_WAIT = 30.0
_MOST_TOKENS = 10**9
_AGAIN = (BrokenOff, Unreachable)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where the model is. BadSetting where a value cannot be used.

    `url` is the base that ends before /chat/completions (http://127.0.0.1:11434/v1); `timeout` the seconds without a
    byte that are borne; prices are US dollars a million tokens, None: not known; `temperature` None: not sent.
    `waits` are the seconds before the second, third … try.
    """

    url: str
    model: str
    key: str = field(default="", repr=False)
    timeout: float = 120.0
    price_in: float | None = None
    price_out: float | None = None
    temperature: float | None = 0.0
    waits: tuple[float, ...] = (1.0, 4.0)

    def __post_init__(self) -> None:
        try:
            parts = urlsplit(self.url)
            host, _ = parts.hostname, parts.port
            httpx.URL(self.url)
        except (ValueError, httpx.InvalidURL):
            raise BadSetting("LLM_URL is no address.") from None
        if parts.scheme not in ("http", "https") or not host:
            raise BadSetting("LLM_URL must be an address that begins with http:// or https://.")
        # Addresses are logged, headers are not.
        if parts.username is not None or parts.password is not None or parts.query or parts.fragment:
            raise BadSetting("LLM_URL may hold no password, query or fragment; a key belongs into LLM_KEY.")
        if not self.model.strip():
            raise BadSetting("LLM_MODEL is empty.")
        # httpx quotes an illegal header, key and all, in its own error.
        if not all("!" <= char <= "~" for char in self.key):
            raise BadSetting("LLM_KEY holds a blank, a line break or a letter outside ASCII.")
        if not self.timeout > 0:
            raise BadSetting("LLM_TIMEOUT must be more than 0 seconds.")

    @property
    def host(self) -> str:
        """The host and port, as messages name the endpoint."""
        parts = urlsplit(self.url)
        return f"{parts.hostname}:{parts.port}" if parts.port else str(parts.hostname)

    def price(self, tokens_in: int | None, tokens_out: int | None) -> float | None:
        """US dollars, or None where a price or a count is not known."""
        if None in (tokens_in, tokens_out, self.price_in, self.price_out):
            return None
        return ((tokens_in or 0) * (self.price_in or 0) + (tokens_out or 0) * (self.price_out or 0)) / 1_000_000


@dataclass(frozen=True, slots=True)
class Reply:
    """What the model wrote. Tokens are None where the endpoint does not count them."""

    content: str
    tokens_in: int | None
    tokens_out: int | None


class _Message(BaseModel):
    content: str


class _Choice(BaseModel):
    message: _Message
    finish_reason: str | None = None


class _Usage(BaseModel):
    prompt_tokens: int | None = Field(default=None, ge=0, le=_MOST_TOKENS)
    completion_tokens: int | None = Field(default=None, ge=0, le=_MOST_TOKENS)


class _Completion(BaseModel):
    model_config = ConfigDict(strict=True)

    choices: list[_Choice] = Field(min_length=1)
    usage: _Usage | None = None


class _TryAgain(Exception):
    """A status that may pass by itself. `wait`: the seconds that the endpoint asks for, None where it does not."""

    def __init__(self, error: BadStatus, wait: float | None) -> None:
        super().__init__(str(error))
        self.error, self.wait = error, wait


def ask(endpoint: Endpoint, messages: list[dict[str, str]]) -> Reply:
    """Put one chat to the endpoint. 429, 5xx and lost connections are tried again, then EndpointError."""
    question: dict[str, object] = {"model": endpoint.model, "messages": messages, "stream": False}
    if endpoint.temperature is not None:
        question["temperature"] = endpoint.temperature
    for wait in (*endpoint.waits, None):
        try:
            return _reply(_body(endpoint, question))
        except _TryAgain as again:
            error: EndpointError = again.error
            asked = again.wait
        except _AGAIN as lost:
            error, asked = lost, None
        if wait is None:
            break
        pause = min(max(wait, asked or 0.0), LONGEST_WAIT)
        logger.warning("%s Trying again in %.1f s.", error, pause)
        time.sleep(pause)
    raise error


def _body(endpoint: Endpoint, question: dict[str, object]) -> bytes:
    headers = {"Authorization": f"Bearer {endpoint.key}"} if endpoint.key else {}
    address = f"{endpoint.url.rstrip('/')}/chat/completions"
    late = time.monotonic() + endpoint.timeout * PATIENCE
    where = f"The endpoint {endpoint.host}"
    received = bytearray()
    # `from None`: what httpx raises holds the request with its headers.
    try:
        with (
            httpx.Client(timeout=endpoint.timeout) as client,
            client.stream("POST", address, json=question, headers=headers) as response,
        ):
            if response.status_code != 200:
                _refuse(where, response)
            for chunk in response.iter_bytes():
                received += chunk
                if len(received) > LARGEST:
                    raise TooLarge(f"{where} sent an answer of more than {LARGEST // 1024 // 1024} MB.")
                if time.monotonic() > late:
                    raise TooSlow(f"{where} did not finish its answer in {endpoint.timeout * PATIENCE:g} s.")
    except (httpx.ConnectError, httpx.ConnectTimeout):
        raise Unreachable(f"{where} cannot be reached.") from None
    except httpx.TimeoutException:
        raise Stalled(f"{where} sent nothing for {endpoint.timeout:g} s.") from None
    except httpx.DecodingError:
        raise NotJson(f"{where} sent an answer whose compression is damaged.") from None
    except httpx.HTTPError:
        raise BrokenOff(f"{where} broke off its answer.") from None
    return bytes(received)


def _refuse(where: str, response: httpx.Response) -> None:
    """Raise for a status that is no answer. The body is left out: it may repeat what was sent, the key included."""
    status = response.status_code
    error = BadStatus(f"{where} answered with HTTP status {status}.")
    if status == 429 or status >= 500:
        asked = response.headers.get("Retry-After", "")
        raise _TryAgain(error, float(asked) if asked.isascii() and asked.isdigit() else None)
    if status in (401, 403):
        raise BadStatus(f"{where} refused the key or the model (HTTP status {status}).")
    raise error


def _reply(body: bytes) -> Reply:
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        raise NotJson("The endpoint's answer is not JSON.") from None
    try:
        completion = _Completion.model_validate(value)
    except ValidationError:
        raise WrongShape("The endpoint's answer is JSON, but no chat completion with a text.") from None
    choice = completion.choices[0]
    if choice.finish_reason == "length":
        raise CutShort("The model's answer was cut off at its limit of tokens.")
    usage = completion.usage or _Usage()
    return Reply(choice.message.content, usage.prompt_tokens, usage.completion_tokens)

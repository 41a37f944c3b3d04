"""A stub of a chat endpoint on loopback that answers, lies, stalls and breaks off as a test tells it to."""

import json
import socket
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from articles.endpoint import Endpoint

KEY = "sk-not-to-be-seen-4711"
Behaviour = Callable[[BaseHTTPRequestHandler], None]


class Stub:
    """Answers its requests with the queued behaviours in turn, the last one again and again."""

    def __init__(self) -> None:
        self.behaviours: list[Behaviour] = []
        self.asked: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.closing = threading.Event()
        stub = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                stub.asked.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                stub.headers.append(dict(self.headers))
                behaviour = stub.behaviours.pop(0) if len(stub.behaviours) > 1 else stub.behaviours[0]
                behaviour(self)

            def log_message(self, *_: object) -> None:
                """Keep standard error quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/v1"

    def will(self, *behaviours: Behaviour) -> None:
        self.behaviours[:] = behaviours

    def will_say(self, *contents: str, **more: Any) -> None:
        """Answer with chat completions of these contents."""
        self.will(*(completing(content, **more) for content in contents))

    def will_tell(self, *events: Any, **more: Any) -> None:
        """Answer with a chat completion that tells these events."""
        self.will_say(json.dumps({"events": list(events)}), **more)

    def endpoint(self, **values: Any) -> Endpoint:
        return Endpoint(**({"url": self.url, "model": "stub", "key": KEY, "timeout": 5, "waits": (0, 0)} | values))

    def close(self) -> None:
        self.closing.set()
        self.server.shutdown()
        self.server.server_close()


def sending(body: bytes, status: int = 200, **headers: str) -> Behaviour:
    """Send these bytes, whole."""

    def behave(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return behave


def completing(content: Any, finish_reason: str = "stop", usage: Any = (812, 240)) -> Behaviour:
    """Send a chat completion."""
    completion: dict[str, Any] = {"choices": [{"message": {"content": content}, "finish_reason": finish_reason}]}
    if usage:
        completion["usage"] = {"prompt_tokens": usage[0], "completion_tokens": usage[1]}
    return sending(json.dumps(completion).encode())


def breaking_off(handler: BaseHTTPRequestHandler) -> None:
    """Promise more bytes than are sent, and hang up."""
    handler.send_response(200)
    handler.send_header("Content-Length", "5000")
    handler.end_headers()
    handler.wfile.write(b'{"choices": [{"mess')


def hanging_up(handler: BaseHTTPRequestHandler) -> None:
    """Hang up without an answer."""
    handler.connection.shutdown(socket.SHUT_RDWR)

"""A real server on this machine that speaks as language model servers do, well or badly."""

import json
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from indexer.settings import Settings

EVENT_STREAM = {"Content-Type": "text/event-stream"}
DONE = b"data: [DONE]\n\n"


@dataclass(frozen=True)
class Request:
    path: str
    headers: Mapping[str, str]
    body: Any


@dataclass(frozen=True)
class Reply:
    """What a server sends back; `body` may be endless."""

    body: Iterable[bytes] = ()
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=lambda: EVENT_STREAM)


@dataclass
class Server:
    """Where the server is, what it was asked, and what it answers from now on."""

    url: str
    closing: threading.Event
    reply: Reply | Callable[[Request], Reply]
    requests: list[Request] = field(default_factory=list)

    def settings(self, **others: Any) -> Settings:
        """Return settings that name this server."""
        return replace(
            Settings(llm_base_url=f"{self.url}/v1", llm_model="小模型", llm_seconds=10), **others
        )

    def slowly(self, *pieces: bytes, seconds: float = 0.05) -> Iterator[bytes]:
        """Yield pieces over and over, with a pause before each, until the test is over."""
        while not self.closing.is_set():
            for piece in pieces:
                self.closing.wait(seconds)
                yield piece


def event(content: Any) -> bytes:
    """Return an event that adds to the reply, as a server sends it."""
    chunk = {
        "object": "chat.completion.chunk",
        "choices": [{"index": 0, "delta": {"content": content}}],
    }
    return b"data: " + json.dumps(chunk).encode() + b"\n\n"


def saying(*pieces: str) -> Reply:
    """Return a well-formed reply."""
    return Reply([*(event(piece) for piece in pieces), DONE])


@contextmanager
def serve(reply: Reply | Callable[[Request], Reply]) -> Iterator[Server]:
    """Run a server in a thread."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            request = Request(self.path, dict(self.headers), json.loads(body))
            server.requests.append(request)
            answer = server.reply if isinstance(server.reply, Reply) else server.reply(request)
            try:
                self.send_response(answer.status)
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                self.end_headers()
                for piece in answer.body:
                    self.wfile.write(piece)
                    self.wfile.flush()
            except (BrokenPipeError, ConnectionResetError):
                pass  # the client has heard enough

        def do_GET(self) -> None:
            server.requests.append(Request(self.path, dict(self.headers), None))
            self.send_error(404)

        def log_message(self, *_: Any) -> None:
            pass

    listener = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    listener.daemon_threads = True
    closing = threading.Event()
    server = Server(f"http://127.0.0.1:{listener.server_port}", closing, reply)
    thread = threading.Thread(target=listener.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        closing.set()
        listener.shutdown()
        listener.server_close()
        thread.join()

"""A server of the product on loopback, in a thread, for clients that speak HTTP and nothing else."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from fastapi import FastAPI

DIAGRAMS = Path(__file__).parent / "diagrams"


def files(*names: str) -> list[tuple[str, tuple[str, bytes, str]]]:
    """Parts of a deployment as the Modeler sends them."""
    return [("resources", (name, (DIAGRAMS / name).read_bytes(), "application/octet-stream")) for name in names]


@contextmanager
def serving(app: FastAPI) -> Iterator[str]:
    """The address at which `app` answers until the block ends."""
    server = uvicorn.Server(
        uvicorn.Config(app, host="127.0.0.1", port=0, log_level="warning", timeout_graceful_shutdown=5)
    )
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        yield f"http://127.0.0.1:{_port(server, thread)}"
    finally:
        server.should_exit = True
        thread.join(30)


def _port(server: uvicorn.Server, thread: threading.Thread) -> int:
    until = time.monotonic() + 30
    while not server.started:
        if not thread.is_alive() or time.monotonic() > until:
            raise RuntimeError("the server did not start")
        thread.join(0.02)
    return int(server.servers[0].sockets[0].getsockname()[1])


@dataclass(frozen=True, slots=True)
class Guarded:
    """A server at which everybody must say who they are, and the application behind it."""

    address: str
    app: FastAPI


class Rest:
    """/v2 of a server, as plain HTTP."""

    def __init__(self, address: str, **options: Any) -> None:
        self.client = httpx.Client(base_url=f"{address}/v2", timeout=30, **options)

    def close(self) -> None:
        """Let go of the connections."""
        self.client.close()

    def __call__(self, method: str, path: str, body: object = None, *, status: int | None = None) -> httpx.Response:
        """One request; with `status` that must be its answer's."""
        answer = self.client.request(method, path, **({} if body is None else {"json": body}))
        assert status is None or answer.status_code == status, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer

    def post(self, path: str, body: object = None, *, status: int = 200) -> Any:
        """The body of an answer to POST."""
        answer = self("POST", path, body, status=status)
        return answer.json() if answer.content else {}

    def deploy(self, *names: str, status: int = 200) -> httpx.Response:
        answer = self.client.post("/deployments", files=files(*names), data={"tenantId": "<default>"})
        assert answer.status_code == status, answer.text
        return answer

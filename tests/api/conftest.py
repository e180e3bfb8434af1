"""Fixtures of the HTTP tests: the application on a real store, and a client for each role."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
import uvicorn
from fastapi import FastAPI

from graphsvc.api.app import create_app
from graphsvc.casework.access import Role
from graphsvc.casework.keys import KeyRequest, issue
from graphsvc.settings import Settings
from graphsvc.store.driver import Store
from tests import published_market

ACCOUNT_KEY = "0f9c2b7e41d85a6390ab"
ROLES = {
    "admin": KeyRequest("root", Role.ADMIN),
    "investigator": KeyRequest("investigator", Role.INVESTIGATOR),
    "analyst": KeyRequest("analyst", Role.ANALYST),
    "putian": KeyRequest("Putian liaison", Role.LIAISON, jurisdictions=("350300",)),
    "shenzhen": KeyRequest("Shenzhen liaison", Role.LIAISON, jurisdictions=("440300",)),
    "nordlauf": KeyRequest("Nordlauf", Role.BRAND, brands=("Nordlauf",)),
}


@dataclass(frozen=True)
class Service:
    """A running application with a token per role."""

    app: FastAPI
    store: Store
    tokens: dict[str, str]
    client: httpx.Client

    def headers(self, role: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.tokens[role]}"}


def settings_for(store: Store, home: Path) -> Settings:
    """Return settings that lead to the test's own server."""
    address = store.address
    return Settings.model_validate(
        {
            "neo4j_uri": address.uri,
            "neo4j_username": address.user,
            "neo4j_password": address.password,
            "neo4j_database": address.database,
            "home": home,
            "account_key": ACCOUNT_KEY,
        }
    )


@contextmanager
def served(app: FastAPI) -> Iterator[str]:
    """Serve an application from a thread of this process and give its address."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(64)
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False, lifespan="on"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            while not server.started and thread.is_alive():
                time.sleep(0.02)
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


@pytest.fixture
def service(store: Store, tmp_path: Path) -> Iterator[Service]:
    published_market.write(store)
    tokens = {name: issue(store, request).token for name, request in ROLES.items()}
    app = create_app(settings_for(store, tmp_path))
    with served(app) as address, httpx.Client(base_url=address, timeout=60) as client:
        yield Service(app, store, tokens, client)

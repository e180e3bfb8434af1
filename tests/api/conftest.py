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
from graphsvc.store import schema
from graphsvc.store.driver import Store
from graphsvc.store.local import LocalNeo4j
from tests import published_market
from tests.conftest import wipe

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


def _service(store: Store, home: Path) -> Iterator[Service]:
    published_market.write(store)
    tokens = {name: issue(store, request).token for name, request in ROLES.items()}
    app = create_app(settings_for(store, home))
    with served(app) as address, httpx.Client(base_url=address, timeout=120) as client:
        yield Service(app, store, tokens, client)


@pytest.fixture(scope="module")
def service(neo4j_2026: LocalNeo4j, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """The application on a small published run, shared by a module: tests may add to it, not take away."""
    address = neo4j_2026.start().address
    wipe(address)
    with Store(address) as store:
        schema.apply(store)
        yield from _service(store, tmp_path_factory.mktemp("home"))


@pytest.fixture
def fresh(store: Store, tmp_path: Path) -> Iterator[Service]:
    """The same for one test alone, which may turn everything upside down."""
    yield from _service(store, tmp_path)

"""A connection to Neo4j: named statements in, rows or Polars columns out, errors a person can act on."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

import neo4j
import polars as pl
from neo4j import exceptions

from graphsvc.model.errors import BadInput, Conflict, StoreUnavailable
from graphsvc.store.address import ServerAddress
from graphsvc.store.queries import Slot, statement

Slots = Mapping[str, Slot]

_PACK, _PACKS = 5_000, 4
"""Nodes whose rows come as one record, and such records on the way at a time."""

# what the driver does again by itself (a deadlock, say) is no news for a person at a terminal
logging.getLogger("neo4j").addHandler(logging.NullHandler())


@dataclass(frozen=True)
class Counters:
    """What a write did."""

    nodes_created: int = 0
    relationships_created: int = 0
    properties_set: int = 0


class Store:
    """A Neo4j database behind one driver; share one per process, close it (or use ``with``).

    Parameters
    ----------
    address : ServerAddress
        Where to connect.
    timeout : float
        Seconds to wait for a connection.

    Raises
    ------
    BadInput
        If the address cannot be read.
    """

    def __init__(self, address: ServerAddress, timeout: float = 10.0) -> None:
        self.address = address
        try:
            self._driver = neo4j.GraphDatabase.driver(
                address.uri,
                auth=(address.user, address.password),
                connection_timeout=timeout,
                connection_acquisition_timeout=max(timeout, 30.0),
                max_transaction_retry_time=20.0,
                notifications_min_severity="OFF",
                user_agent="graphsvc",
            )
        except (exceptions.ConfigurationError, ValueError) as error:
            raise BadInput(
                f"'{address.uri}' is not the address of a Neo4j server.",
                "Write NEO4J_URI like bolt://host:7687 or neo4j+s://host.",
            ) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close all connections."""
        self._driver.close()

    def verify(self) -> None:
        """Connect once; raises StoreUnavailable with a remedy when that fails."""
        with _explained(self.address):
            self._driver.verify_connectivity()

    def version(self) -> str:
        """Return the server's version, such as ``2026.08.1`` or ``5.26.30``."""
        return str(self.read("read/server")[0]["version"])

    def read(self, name: str, slots: Slots | None = None, **params: Any) -> list[dict[str, Any]]:
        """Run a reading statement in one (retried) transaction and return its rows."""
        return self._execute(name, slots, params, neo4j.RoutingControl.READ)[0]

    def write(self, name: str, slots: Slots | None = None, **params: Any) -> list[dict[str, Any]]:
        """Run a writing statement in one (retried) transaction and return its rows."""
        return self._execute(name, slots, params, neo4j.RoutingControl.WRITE)[0]

    def write_counted(
        self, name: str, slots: Slots | None = None, **params: Any
    ) -> tuple[list[dict[str, Any]], Counters]:
        """Like :meth:`write`, and say what changed."""
        rows, summary = self._execute(name, slots, params, neo4j.RoutingControl.WRITE)
        c = summary.counters
        return rows, Counters(c.nodes_created, c.relationships_created, c.properties_set)

    @contextmanager
    def kept_open(self, name: str, **params: Any) -> Iterator[None]:
        """Run a writing statement in a transaction that stays open meanwhile and is then rolled back: its locks
        keep others waiting, and the server lets go of them however this process ends."""
        with self._driver.session(database=self.address.database) as session:
            with _explained(self.address):
                transaction = session.begin_transaction(timeout=0)
                transaction.run(statement(name), params).consume()
            try:
                yield
            finally:
                transaction.close()

    def can_run(self, name: str, patience: float, **params: Any) -> bool:
        """Say whether a writing statement gets its locks within ``patience`` seconds; nothing stays written."""
        with _explained(self.address), self._driver.session(database=self.address.database) as session:
            try:
                with session.begin_transaction(timeout=patience) as transaction:
                    transaction.run(statement(name), params).consume()
                    transaction.rollback()
            except exceptions.Neo4jError as error:
                if "TransactionTimedOut" in (error.code or "") or "LockClientStopped" in (error.code or ""):
                    return False
                raise
        return True

    def run_schema(self, text: str) -> None:
        """Run a schema statement generated from the model (constraints, indexes)."""
        with _explained(self.address), self._driver.session(database=self.address.database) as session:
            session.run(text).consume()

    def refresh_statistics(self, patience: int = 120) -> bool:
        """Let the server count what its indexes hold and plan statements anew; say whether it did.

        To be called after much was written: until the server counts by itself, some ten seconds later, it takes an
        index for as empty as it was, and may scan it where it should look one thing up. It did not where the user may
        not ask for it (on Enterprise only administrators may) or ``patience`` (seconds) ended: then it will by itself.
        """
        with _explained(self.address):
            try:
                self._driver.execute_query(
                    statement("load/count_indexes"),
                    {"seconds": patience},
                    routing_=neo4j.RoutingControl.READ,
                    database_=self.address.database,
                )
            except exceptions.ClientError as error:
                if (error.code or "").endswith(("Security.Forbidden", "ProcedureCallFailed")):
                    return False
                raise
        return True

    def frame(self, name: str, schema: pl.Schema, slots: Slots | None = None, **params: Any) -> pl.DataFrame:
        """Read a statement's rows into columns; the statement returns them in the order of ``schema``.

        Rows stream in chunks, so that memory holds columns and never all rows as Python objects. Values must be
        plain (numbers, strings, booleans): a statement turns dates into text, which become dates again here.
        """
        found = self._chunks(statement(name, **(slots or {})), params, 50_000)
        chunks = [_columns(rows, schema) for rows in found]
        return pl.concat(chunks, rechunk=True) if chunks else pl.DataFrame(schema=schema)

    def packed(self, name: str, schema: pl.Schema, slots: Slots | None = None) -> pl.DataFrame:
        """Read like :meth:`frame` a statement that returns lists of ``$size`` rows, or about: for large results, since
        a record costs the driver far more than the values in it."""
        chunks = [
            _columns(rows, schema)
            for records in self._chunks(statement(name, **(slots or {})), {"size": _PACK}, _PACKS)
            for (rows,) in records
        ]
        return pl.concat([pl.DataFrame(schema=schema), *chunks], rechunk=True)

    def write_frame(
        self, name: str, rows: pl.DataFrame, slots: Slots | None = None, batch: int = 10_000, **params: Any
    ) -> int:
        """Send ``rows`` as parameter ``$rows`` in batches, one transaction each; return how many were sent."""
        for part in rows.iter_slices(batch):
            self.write(name, slots, rows=part.to_dicts(), **params)
        return rows.height

    def _chunks(self, text: str, params: Mapping[str, Any], size: int) -> Iterator[list[list[Any]]]:
        with (
            _explained(self.address),
            self._driver.session(
                database=self.address.database,
                default_access_mode=neo4j.READ_ACCESS,
                fetch_size=min(size, 10_000),
            ) as session,
        ):
            result = session.run(text, dict(params))
            while records := result.fetch(size):
                yield [record.values() for record in records]

    def _execute(
        self, name: str, slots: Slots | None, params: Mapping[str, Any], routing: neo4j.RoutingControl
    ) -> tuple[list[dict[str, Any]], neo4j.ResultSummary]:
        with _explained(self.address):
            result = self._driver.execute_query(
                statement(name, **(slots or {})),
                dict(params),
                routing_=routing,
                database_=self.address.database,
            )
        return [{k: _plain(v) for k, v in record.data().items()} for record in result.records], result.summary


def _columns(rows: list[list[Any]], schema: pl.Schema) -> pl.DataFrame:
    dates = [column for column, type in schema.items() if type == pl.Date]
    sent = pl.Schema({**schema, **dict.fromkeys(dates, pl.String())})
    return pl.DataFrame(rows, schema=sent, orient="row").with_columns(pl.col(dates).str.to_date(strict=True))


def _plain(value: Any) -> Any:
    """Turn driver temporal values into the standard library's."""
    return value.to_native() if hasattr(value, "to_native") else value


@contextmanager
def _explained(address: ServerAddress) -> Iterator[None]:
    """Turn driver errors into one line that says what and how to mend it."""
    try:
        yield
    except exceptions.AuthError as error:
        raise StoreUnavailable(
            f"Neo4j at {address.uri} refuses the user or password.",
            "Check NEO4J_USERNAME and NEO4J_PASSWORD (for the local Neo4j: `graphsvc doctor`).",
        ) from error
    except (
        exceptions.ServiceUnavailable,
        exceptions.SessionExpired,
        exceptions.ConfigurationError,
        OSError,
    ) as error:
        raise StoreUnavailable(
            f"Neo4j at {address.uri} cannot be reached.",
            "Check that it runs and that NEO4J_URI is right (for the local Neo4j: `graphsvc neo4j status`).",
        ) from error
    except exceptions.ConstraintError as error:
        raise Conflict("The store already holds this, with another content.", _message(error)) from error
    except exceptions.Neo4jError as error:
        raise _of_server(error, address) from error


def _of_server(error: exceptions.Neo4jError, address: ServerAddress) -> StoreUnavailable:
    code, message = error.code or "", _message(error)
    if "ProcedureNotFound" in code and "gds." in message:
        return StoreUnavailable(
            f"Neo4j at {address.uri} has no Graph Data Science.",
            "Install the GDS plugin there, or use `--engine native`, which needs none.",
        )
    if "UnknownFunction" in message or ("gds." in message and "Unknown function" in message):
        return StoreUnavailable(
            f"Neo4j at {address.uri} has no Graph Data Science.",
            "Install the GDS plugin there, or use `--engine native`, which needs none.",
        )
    if "DatabaseNotFound" in code:
        return StoreUnavailable(
            f"Neo4j at {address.uri} has no database '{address.database}'.", "Check NEO4J_DATABASE."
        )
    if "MemoryPool" in code or "OutOfMemory" in code:
        return StoreUnavailable(
            "Neo4j ran out of memory.", "Give it more (GRAPHSVC_NEO4J_HEAP for the local one)."
        )
    if "needs to be restarted" in message:
        return StoreUnavailable(
            "Neo4j has shut its database after a critical error: most often its disk is full.",
            "Free space where its data lies and run again; one that is not local must be restarted first.",
        )
    if "disk" in message.lower() or "space" in message.lower():
        return StoreUnavailable(
            "Neo4j's disk is full or not writable.", "Free space where its data lies, then run again."
        )
    return StoreUnavailable(f"Neo4j answered: {message}", f"({code})")


def _message(error: exceptions.Neo4jError) -> str:
    return " ".join((error.message or str(error)).split())

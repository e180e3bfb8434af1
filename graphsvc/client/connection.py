"""A market in Neo4j: load tables, find and publish rackets, read runs, rackets and reasons back."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import networkx as nx
import polars as pl

from graphsvc.client import reasons, stored
from graphsvc.client.detection import seeded
from graphsvc.client.evidence import WeighedEvidence, weigh_evidence
from graphsvc.client.quality import Quality, measure, read_truth
from graphsvc.client.reasons import Why
from graphsvc.client.tables import Place
from graphsvc.connect import account_key, local_neo4j, open_store, sole_writer
from graphsvc.evaluate.prediction import Prediction
from graphsvc.links.evidence import EvidenceOptions
from graphsvc.links.reading import read_market as market_of_store
from graphsvc.loading import run_ingest
from graphsvc.model.errors import BadInput
from graphsvc.model.market import Market
from graphsvc.model.progress import SILENT, Progress
from graphsvc.rackets import explain, published
from graphsvc.rackets.detect import DetectOptions
from graphsvc.rackets.published import RacketFilter
from graphsvc.rackets.run import DETECTING, Published
from graphsvc.rackets.run import run as run_on_store
from graphsvc.settings import read_settings
from graphsvc.store.address import ServerAddress

_ALL = 2**31 - 1


@dataclass(frozen=True)
class Load:
    """What one load did.

    Attributes
    ----------
    load_id : str
        Derived from the tables' content: the same tables give the same id.
    tables : DataFrame
        ``table, read, new, changed, rejected``: rows read and refused, things new or changed in the store.
    rejects : DataFrame
        The refused rows: ``table, file, line, column, value, reason``, as far as they apply.
    """

    load_id: str
    tables: pl.DataFrame
    rejects: pl.DataFrame


class Client:
    """A connection to the market in Neo4j.

    With ``uri`` (or ``NEO4J_URI`` in the environment) that server is used; else the local Neo4j, started if it does
    not run and left running afterwards. What is not given here comes from the environment, see *Settings*.

    Parameters
    ----------
    uri, username, password, database : str, optional
        The server; default ``NEO4J_URI``, ``NEO4J_USERNAME``, ``NEO4J_PASSWORD``, ``NEO4J_DATABASE``.
    home : path, optional
        Data folder; default ``GRAPHSVC_HOME``. Each has a local Neo4j of its own.
    account_key : str, optional
        Key of the hashes of payment accounts; default ``GRAPHSVC_ACCOUNT_KEY``. Needed to load into a server.
    progress : Progress, optional
        Told of long steps.

    Raises
    ------
    StoreUnavailable
        If no server lets us in; the message says what to do.
    BadInput
        If a setting is bad.

    Examples
    --------
    >>> with graphsvc.Client() as other:
    ...     other.is_empty()
    False
    """

    def __init__(
        self,
        uri: str | None = None,
        username: str | None = None,
        password: str | None = None,
        database: str | None = None,
        *,
        home: Place | None = None,
        account_key: str | None = None,
        progress: Progress = SILENT,
    ) -> None:
        given = {
            "neo4j_uri": uri,
            "neo4j_username": username,
            "neo4j_password": password,
            "neo4j_database": database,
            "home": home,
            "account_key": account_key,
        }
        self.settings = read_settings(**{name: value for name, value in given.items() if value is not None})
        self._progress = progress
        self._store = open_store(self.settings, progress)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"Client({self.address.uri!r})"

    def close(self) -> None:
        """Close the connection; a local Neo4j goes on running."""
        self._store.close()

    def stop_server(self) -> bool:
        """Close the connection and stop the local Neo4j; another server is left alone.

        Returns
        -------
        bool
            Whether a local Neo4j was stopped.
        """
        self.close()
        return self.settings.local and local_neo4j(self.settings).stop()

    @property
    def address(self) -> ServerAddress:
        """Where the server is, and as whom we are there: ``uri, user, password, database``."""
        return self._store.address

    def is_empty(self) -> bool:
        """Say whether the server holds nothing at all."""
        return bool(self._store.read("read/is_empty")[0]["empty"])

    def ingest(self, *paths: Place) -> Load:
        """Load tables, scan their listings, and say what came of it; loading twice changes nothing.

        Parameters
        ----------
        *paths : path
            Folders of tables, or single tables (CSV, NDJSON, Parquet; ``.gz``, ``.zst``).

        Returns
        -------
        Load
            Counts by table, and the rows that were refused.

        Raises
        ------
        BadInput
            If there is no table, or if one could not be read to its end; what was readable is loaded all the same.
        Conflict
            If another process writes into the store.

        Examples
        --------
        >>> again = client.ingest(folder)
        >>> again.tables["new"].sum(), again.tables["changed"].sum()
        (0, 0)
        """
        report = run_ingest(self.settings, [Path(path) for path in paths], progress=self._progress)
        if report.problems:
            raise report.problems[0]
        kinds = {"table": pl.String} | dict.fromkeys(("read", "new", "changed", "rejected"), pl.Int64)
        tables = pl.DataFrame([asdict(table) for table in report.tables], schema=kinds)
        return Load(report.load_id, tables, stored.rejects(report.rejects))

    def market(self) -> Market:
        """Return all that detection reads, as frames: the same as :func:`read_market` on the tables loaded.

        Examples
        --------
        >>> client.market().sellers.height
        300
        """
        return market_of_store(self._store, self._progress)

    def evidence(self, options: EvidenceOptions | None = None) -> WeighedEvidence:
        """Weigh what the stores share; see :func:`weigh_evidence`."""
        return weigh_evidence(self.market(), options)

    def detect(
        self, engine: str = "native", seed: int | None = None, options: DetectOptions | None = None
    ) -> Published:
        """Find and rank rackets, carry ids over from the run before, and publish the result.

        Parameters
        ----------
        engine : str
            ``native``, ``gds`` (Leiden in the server), ``louvain`` or ``networkx``.
        seed : int, optional
            Same data, engine, options and seed: same rackets. Default: that of ``options``, which is 1.
        options : DetectOptions, optional
            As for :func:`detect`.

        Returns
        -------
        Published
            ``run_id``, ``seconds``, and ``findings`` with lasting ids and ``lineage``.

        Raises
        ------
        BadInput
            If the store holds no sellers, or there is no such engine.
        Conflict
            If another process writes into the store.

        Examples
        --------
        >>> run.findings.rackets["racketId"][0].startswith("R-")
        True
        """
        with sole_writer(self.settings, DETECTING, self._store):
            return run_on_store(self._store, engine, seeded(options, seed), self._progress)

    def runs(self) -> pl.DataFrame:
        """List the runs, newest first.

        Returns
        -------
        DataFrame
            ``run, current, status, engine, seed, startedAt, finishedAt, stores, links, groups, suspects, dataDigest``.

        Examples
        --------
        >>> client.runs().filter("current")["run"][0] == run.run_id
        True
        """
        return stored.runs(published.runs(self._store, limit=_ALL))

    def rackets(
        self,
        run: str | None = None,
        *,
        jurisdiction: str | None = None,
        brand: str | None = None,
        min_score: float | None = None,
        status: str | None = None,
    ) -> pl.DataFrame:
        """List rackets by rank, harmless groups last.

        Parameters
        ----------
        run : str, optional
            A run's id; default the published one.
        jurisdiction : str, optional
            Division code or its prefix, such as ``44``.
        brand : str, optional
            Only those that sell it.
        min_score : float, optional
            Only those with at least this score.
        status : str, optional
            ``suspect`` or ``harmless``.

        Returns
        -------
        DataFrame
            ``racketId, rank, score, confidence, size, status, jurisdictions, brands, estimatedValue, secureFirst``
            (name of the identifier it hangs on most), ``run``.

        Raises
        ------
        NotFound
            If nothing is published, or there is no such run.

        Examples
        --------
        >>> top = client.rackets(status="suspect").head(1)
        >>> top["rank"].to_list()
        [1]
        """
        wanted = RacketFilter(jurisdiction, brand, min_score, status)
        return stored.rackets(published.ranked(self._store, wanted, _ALL, run_id=self._run(run)))

    def members(self, racket: str | None = None, run: str | None = None) -> pl.DataFrame:
        """List the stores of one racket, or of all, surest first.

        Returns
        -------
        DataFrame
            ``racketId, seller, sellerId, marketplace, name, confidence`` (that it belongs), ``role``, ``counterfeit``
            (probability that it sells fakes), ``stability`` (how often it stays with its group when ties are dropped
            as often as they mean nothing), ``apart`` (how many stores of its group no chain of ties leads to),
            ``sales30d, openedOn, status``.

        Raises
        ------
        NotFound
            If there is no such racket or run, or the run is so old that its members are no longer kept.

        Examples
        --------
        >>> racket = top["racketId"][0]
        >>> client.members(racket).height == top["size"][0]
        True
        """
        return stored.members(self._store, self._run(run), racket)

    def lineage(self, run: str | None = None) -> pl.DataFrame:
        """Say what became of the rackets of the run before.

        Returns
        -------
        DataFrame
            ``racketId, change, earlier, shared, size, sizeBefore``; ``change`` is ``continues`` (same id), ``merged``
            (the earlier one is now part of this), ``split`` (this was part of the earlier one, which goes on), ``born``
            (no earlier one) or ``ended`` (no later one, ``racketId`` is null); ``shared`` counts stores of both.

        Examples
        --------
        >>> set(client.lineage()["change"]) <= {"continues", "merged", "split", "born", "ended"}
        True
        """
        return stored.lineage(self._store, self._run(run))

    def choke_points(self, racket: str) -> pl.DataFrame:
        """List what holds a racket together, the most telling first.

        Returns
        -------
        DataFrame
            ``identifier, label, name, members`` (that use it), ``share`` (of the members), ``cut`` (share of the
            evidence lost without it), ``pieces`` (parts the racket falls into).

        Examples
        --------
        >>> client.choke_points(racket).columns[:3]
        ['identifier', 'label', 'name']
        """
        found = published.choke_points(self._store, published.racket(self._store, racket), limit=_ALL)
        return stored.choke_points(found)

    def why(self, seller: str, other: str | None = None) -> Why:
        """Explain why a store is in its racket, or why two stores are linked.

        Parameters
        ----------
        seller, other : str
            As received, or ``marketplace:seller_id``.

        Raises
        ------
        NotFound
            If a store is unknown, or (asked about one) in no group.

        Examples
        --------
        >>> a, b = client.members(racket)["seller"][:2]
        >>> client.why(a).summary.startswith(f"{a} is in racket {racket}")
        True
        >>> client.why(a, b).shares.columns[:4]
        ['identifier', 'label', 'name', 'weight']
        """
        if other is None:
            return reasons.of_member(explain.why_member(self._store, seller))
        return reasons.of_link(explain.why_linked(self._store, seller, other))

    def network(self, racket: str, limit: int = 200) -> nx.Graph[str]:
        """Return a racket of the published run as a networkx graph of stores and what they share.

        Parameters
        ----------
        racket : str
            Its id.
        limit : int
            At most so many stores (surest first) and as many identifiers (most telling first).

        Returns
        -------
        networkx.Graph
            Nodes by id with ``label`` (``Seller`` or the identifier's), ``name``, ``confidence``, ``hubProbability``,
            ``members``; edges with ``weight`` (nats) and ``types``.

        Examples
        --------
        >>> network = client.network(racket)
        >>> {label for _, label in network.nodes(data="label")} > {"Seller"}
        True
        """
        return stored.network(
            published.racket_graph(self._store, published.racket(self._store, racket), limit)
        )

    def evaluate(self, folder: Place, run: str | None = None) -> Quality:
        """Measure a published run against the truth of the simulated market that was loaded.

        Parameters
        ----------
        folder : path
            As written by :func:`simulate_market`, and loaded with :meth:`ingest`.
        run : str, optional
            A run's id; default the published one.

        Examples
        --------
        >>> client.evaluate(folder)["bcubed_f1"] == quality["bcubed_f1"]
        True
        """
        truth = read_truth(folder, self.market(), account_key(self.settings))
        members = self.members(run=run).select(
            pl.col("racketId").alias("racket_id"), "seller", pl.col("confidence").alias("member_confidence")
        )
        rackets = self.rackets(run).select(
            pl.col("racketId").alias("racket_id"), "score", "confidence", "status"
        )
        return measure(Prediction(members, rackets), truth)

    def graph_data_science(self) -> Any:
        """Return a ``graphdatascience.GraphDataScience`` on the same server; close it when done.

        Raises
        ------
        BadInput
            If the package is not installed.

        Examples
        --------
        >>> with client.graph_data_science() as gds:
        ...     gds.server_version().major >= 2
        True
        """
        try:
            with warnings.catch_warnings():
                # Its progress bars are off below, so nobody misses the widgets for them.
                warnings.filterwarnings("ignore", message="IProgress not found")
                from graphdatascience import GraphDataScience
        except ImportError as error:
            raise BadInput(
                "The package graphdatascience is not installed.",
                "Install graphsvc with the extra `notebooks`.",
            ) from error
        make: Callable[..., Any] = GraphDataScience
        at = self.address
        return make(at.uri, auth=(at.user, at.password), database=at.database or "neo4j", show_progress=False)

    def _run(self, run: str | None) -> str:
        """Return the id of the run asked for, after making sure that it is there."""
        return published.current_run(self._store).id if run is None else published.run(self._store, run).id

"""The market as the store holds it: facts in, columns out."""

from __future__ import annotations

import polars as pl

from graphsvc.model import market as m
from graphsvc.model.graph import IDENTIFIER_LABELS, IDENTIFIER_RELS, Label, Rel
from graphsvc.model.market import Market
from graphsvc.model.progress import SILENT, Progress
from graphsvc.store.driver import Store

_LARGE = frozenset({"sellers", "links", "identifiers", "offers"})
"""What grows with the stores comes many rows a record."""


def read_market(store: Store, progress: Progress = SILENT) -> Market:
    """Read all that detection needs, sorted, so that the same facts give the same frames.

    Raises
    ------
    StoreUnavailable
        If the server fails: a failed read is never an empty market.
    """
    with progress.step("Reading the market", 18) as advance:

        def read(
            name: str, schema: pl.Schema, slots: dict[str, Label | Rel | tuple[Label, ...]] | None = None
        ) -> pl.DataFrame:
            how = store.packed if name in _LARGE else store.frame
            frame = how(f"read/market_{name}", schema, slots)
            advance(1)
            return frame

        links = pl.concat([read("links", m.LINKS, {"TYPE": kind}) for kind in IDENTIFIER_RELS])
        identifiers = pl.concat(
            [read("identifiers", m.IDENTIFIERS, {"LABEL": label}) for label in IDENTIFIER_LABELS]
        )
        return Market(
            sellers=read("sellers", m.SELLERS).sort("seller"),
            links=links.sort(m.LINKS.names(), nulls_last=True),
            identifiers=identifiers.sort("identifier"),
            similar=read("similar", m.SIMILAR).sort("a", "b"),
            offers=read("offers", m.OFFERS).sort("seller", "brand"),
            test_buys=read("test_buys", m.TEST_BUYS).sort(m.TEST_BUYS.names()),
            notices=read("notices", m.NOTICES).sort(m.NOTICES.names()),
            authorisations=read("authorisations", m.AUTHORISATIONS).sort(m.AUTHORISATIONS.names()),
            outcomes=read("outcomes", m.OUTCOMES).sort(m.OUTCOMES.names()),
            judgements=read("judgements", m.JUDGEMENTS).sort(m.JUDGEMENTS.names()),
        )

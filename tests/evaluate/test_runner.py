"""The grid, the figures of each cell, and the page written from them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import polars as pl
import pytest

from graphsvc.evaluate.baselines import connected, without_graph
from graphsvc.evaluate.partition import Agreement
from graphsvc.evaluate.prediction import Prediction, Truth
from graphsvc.evaluate.report import OURS, as_json, losses, misses, page
from graphsvc.evaluate.runner import Cell, Detector, Results, evaluate, grid, thinned
from graphsvc.evaluate.wallets import WalletFigures
from graphsvc.model.errors import BadInput
from graphsvc.model.market import Market

MakeMarket = Callable[..., Market]
CELLS = grid([8], ["normal"], [0.5], [1, 2])


@pytest.fixture(name="results")
def _results(make_market: MakeMarket) -> Results:
    """One racket a–d; ours sees the components, the baseline none of them."""

    def source(cell: Cell) -> tuple[Market, Truth]:
        suspicion = {**dict.fromkeys("abcd", 0.9), **dict.fromkeys("wxyz", 0.1 * cell.seed)}
        market = make_market({"p": "abc", "q": "bcd", "r": "wx"}, suspicion)
        sellers = market.sellers.select(
            "seller",
            pl.when(pl.col("seller") < "e").then(pl.lit("r")).alias("racket_id"),
            pl.when(pl.col("seller").is_in(["w", "x"])).then(pl.lit("f")).alias("group_id"),
            pl.when(pl.col("seller").is_in(["w", "x"])).then(pl.lit("family")).alias("kind"),
        )
        return market, Truth(sellers, pl.DataFrame({"seller": ["w"], "hub_kind": ["locker"]}))

    def detectors(cell: Cell) -> Mapping[str, Detector]:
        return {OURS: connected, "no-graph": without_graph}

    def follower(market: Market, earlier: Prediction) -> Prediction:
        return connected(market)

    return evaluate(CELLS, detectors, source, {OURS: follower})


def test_a_grid_is_every_combination_sorted() -> None:
    cells = grid([10, 5], ["normal", "hard"], [0.1], [2, 1])
    assert len(cells) == 8
    assert list(cells) == sorted(cells)
    assert cells[0] == Cell(5, "hard", 0.1, 1)


def test_nothing_to_evaluate_is_said(make_market: MakeMarket) -> None:
    with pytest.raises(BadInput, match="nothing to evaluate"):
        evaluate((), lambda cell: {}, lambda cell: (make_market({}), Truth(pl.DataFrame(), pl.DataFrame())))


def test_every_detector_is_measured_in_every_cell(results: Results) -> None:
    measured = results.figures.filter(pl.col("figure") == "bcubed_f1")
    assert measured.select("seed", "detector").rows() == [
        (1, OURS),
        (1, "no-graph"),
        (2, OURS),
        (2, "no-graph"),
    ]
    ours, theirs = (measured.filter(pl.col("detector") == d)["value"].to_list() for d in (OURS, "no-graph"))
    assert ours == [1.0, 1.0]
    assert theirs == [0.4, 0.4]


def test_a_summary_is_the_mean_over_seeds(results: Results) -> None:
    row = results.summary().row(
        by_predicate=(pl.col("detector") == OURS) & (pl.col("figure") == "store_ap"), named=True
    )
    assert (row["seeds"], row["of"], row["mean"], row["low"], row["high"]) == (2, 2, 1.0, 1.0, 1.0)


def test_a_figure_that_is_not_defined_everywhere_says_over_how_many_seeds_it_is(results: Results) -> None:
    gone = (pl.col("figure") == "contamination") & (pl.col("seed") == 1) & (pl.col("detector") == OURS)
    partly = results.figures.with_columns(pl.when(gone).then(None).otherwise("value").alias("value"))
    told = Results(partly, results.swept, results.curves)
    row = next(
        row for row in as_json(told)["summary"] if (row["detector"], row["figure"]) == (OURS, "contamination")
    )
    assert (row["seeds"], row["of"], row["mean"]) == (1, 2, 0.0)
    text = page(told, "x")
    assert "the mean over 2 seed(s)" in text
    assert "| 0.000 (1 of 2) |" in text
    assert "of 2)" not in page(results, "x")


def test_churn_is_measured_where_names_are_followed(results: Results) -> None:
    churn = results.figures.filter(pl.col("figure") == "churn")
    assert churn["detector"].unique().to_list() == [OURS]


def test_thinning_takes_the_same_few_links_whatever_their_order(make_market: MakeMarket) -> None:
    market = make_market({f"i{k}": "abcdefgh" for k in range(50)})
    one = thinned(market, 0.1)
    assert 300 < one.links.height < 400
    shuffled = Market(**{**market.__dict__, "links": market.links.sample(fraction=1, shuffle=True, seed=1)})
    assert thinned(shuffled, 0.1).links.equals(one.links)


def test_the_page_says_who_lost_where(results: Results) -> None:
    assert losses(results.summary()).is_empty()
    swapped = results.figures.with_columns(pl.col("detector").replace({OURS: "no-graph", "no-graph": OURS}))
    summary = Results(swapped, results.swept, results.curves).summary()
    lost = losses(summary).filter(pl.col("figure") == "bcubed_f1")
    assert lost.select("ours", "best", "detector").row(0) == (0.4, 1.0, "no-graph")
    assert misses(summary).filter(pl.col("figure") == "bcubed_f1")["ours"].to_list() == [0.4]


def test_a_lower_contamination_is_the_better_one() -> None:
    row = {"sellers": 8, "difficulty": "normal", "prevalence": 0.5, "figure": "contamination", "seeds": 1}
    summary = pl.DataFrame(
        [{**row, "detector": OURS, "mean": 0.1}, {**row, "detector": "louvain", "mean": 0.4}]
    ).with_columns(pl.col("mean").alias("low"), pl.col("mean").alias("high"))
    assert losses(summary).is_empty()


def test_the_page_holds_the_command_the_tables_and_the_wallets(results: Results) -> None:
    wallets = {OURS: WalletFigures(Agreement(0.97, 0.49), 0.2, 0.3, 1, 10, 20)}
    text = page(results, "graphsvc evaluate --seeds 2", wallets)
    assert "`graphsvc evaluate --seeds 2`" in text
    assert "### 8 stores, normal, 50 % in rackets" in text
    assert "| graphsvc | 1.000 [1.000, 1.000] |" in text
    assert "| graphsvc | 0.970 | 0.490 | 0.200 | 10 |" in text
    assert "No baseline has a better mean than ours" in text


def test_figures_not_defined_are_dashes_and_never_zeros(results: Results) -> None:
    no_curve = [line for line in page(results, "x").splitlines() if line.startswith("| no-graph |")]
    assert any("–" in line for line in no_curve)

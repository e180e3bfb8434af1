"""The page ``docs/evaluation.md``: how it was measured, the tables, and where we lose."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import polars as pl

from graphsvc.evaluate.method import METHOD
from graphsvc.evaluate.runner import Results
from graphsvc.evaluate.wallets import WalletFigures

OURS = "graphsvc"
"""Name of our own detector in the tables."""
CEILING = "told the groups"
"""Name of what direct sharing allows at most: see :func:`graphsvc.evaluate.wallets.ceiling`."""

GROUPING = ("bcubed_f1", "bcubed_precision", "bcubed_recall", "pair_f1", "ari", "found", "contamination")
RANKING = ("store_ap", "racket_ap", "store_p@100", "member_ece", "racket_ece", "churn", "seconds")
RAIDS = ("captured@10", "hit@10", "captured@50", "hit@50", "captured@100", "hit@100")
LOWER_IS_BETTER = frozenset(
    {"contamination", "hit@10", "hit@50", "hit@100", "member_ece", "racket_ece", "seconds"}
)
JUDGED = (
    "bcubed_f1",
    "pair_f1",
    "ari",
    "store_ap",
    "racket_ap",
    "captured@10",
    "captured@50",
    "contamination",
)
"""Figures on which losing to a baseline is told."""
AIMS: Mapping[str, float] = {"easy": 0.95, "normal": 0.95, "hard": 0.85}
"""Aims for B-cubed F1 and average precision of the stores, by difficulty."""
AIMED = ("bcubed_f1", "store_ap")


def page(results: Results, command: str, wallets: Mapping[str, WalletFigures] | None = None) -> str:
    """Write the page.

    Parameters
    ----------
    results : Results
        As of :func:`graphsvc.evaluate.runner.evaluate`.
    command : str
        The command that regenerates the page.
    wallets : mapping, optional
        Figures on the real wallets by detector.
    """
    summary = results.summary()
    seeds = int(summary["of"].max() or 0)  # type: ignore[arg-type]
    parts = [METHOD.format(command=command, seeds=seeds), "## Simulated markets\n"]
    for (sellers, difficulty, prevalence), part in summary.group_by(
        ["sellers", "difficulty", "prevalence"], maintain_order=True
    ):
        parts.append(f"### {sellers} stores, {difficulty}, {100 * float(str(prevalence)):g} % in rackets\n")
        parts += [_table(part, figures) for figures in (GROUPING, RANKING, RAIDS)]
    parts += _swept(results.swept)
    parts += _reliability(results.curves)
    parts += ["## Where we lose\n", _losses(summary)]
    if wallets:
        parts += ["## Real wallets\n", wallet_table(wallets)]
    return "\n".join(parts).rstrip() + "\n"


def as_json(results: Results, wallets: Mapping[str, WalletFigures] | None = None) -> dict[str, Any]:
    """Return the summary, where we lose and miss the aims, and the figures on wallets as plain data."""
    summary = results.summary()
    found = {"summary": summary, "losses": losses(summary), "misses": misses(summary)}
    plain: dict[str, Any] = {name: frame.to_dicts() for name, frame in found.items()}
    return plain | ({"wallets": {name: asdict(w) for name, w in wallets.items()}} if wallets else {})


def losses(summary: pl.DataFrame) -> pl.DataFrame:
    """Return the cells where a baseline has a better mean than ours: cell, figure, ours, best, detector."""
    judged = summary.filter(pl.col("figure").is_in(JUDGED))
    key = ["sellers", "difficulty", "prevalence", "figure"]
    ours = judged.filter(pl.col("detector") == OURS).select(*key, pl.col("mean").alias("ours"))
    sign = pl.when(pl.col("figure").is_in(list(LOWER_IS_BETTER))).then(-1.0).otherwise(1.0)
    best = (
        judged.filter(pl.col("detector") != OURS)
        .sort([*key, sign * pl.col("mean"), "detector"], descending=[False] * 4 + [True, False])
        .unique(key, keep="first", maintain_order=True)
        .select(*key, pl.col("mean").alias("best"), "detector")
    )
    return ours.join(best, on=key).filter(sign * pl.col("best") > sign * pl.col("ours")).sort(key)


def misses(summary: pl.DataFrame) -> pl.DataFrame:
    """Return the cells where ours stays below the aim: cell, figure, ours, aim."""
    aim = pl.col("difficulty").replace_strict(dict(AIMS), default=None, return_dtype=pl.Float64)
    return (
        summary.filter(pl.col("detector") == OURS, pl.col("figure").is_in(AIMED))
        .select(
            "sellers", "difficulty", "prevalence", "figure", pl.col("mean").alias("ours"), aim.alias("aim")
        )
        .filter(pl.col("ours") < pl.col("aim"))
        .sort("sellers", "difficulty", "prevalence", "figure")
    )


def wallet_table(wallets: Mapping[str, WalletFigures]) -> str:
    """Write the figures on wallets as a table."""
    rows = [
        (
            name,
            _number(w.agreement.precision),
            _number(w.agreement.recall),
            _number(w.contamination),
            w.flagged_stores,
        )
        for name, w in wallets.items()
    ]
    note = (
        "B-cubed over the labelled wallets alone; contamination: share of `active` wallets in groups"
        f" that hold at least two labelled ones. `{CEILING}` links the labelled stores of each group by all they share"
        " that is no known service, and nobody else: what recalls more goes through strangers or services.\n"
    )
    return (
        note
        + "\n"
        + _markdown(("detector", "precision", "recall", "contamination", "stores in flagged groups"), rows)
    )


def _table(part: pl.DataFrame, wanted: Sequence[str]) -> str:
    cells = {
        (d, f): (mean, low, high, seeds, of)
        for d, f, mean, low, high, seeds, of in part.select(
            "detector", "figure", "mean", "low", "high", "seeds", "of"
        ).iter_rows()
    }
    names = sorted(part["detector"].unique(), key=lambda name: (name != OURS, name))
    return _markdown(
        ("detector", *wanted), [(name, *(_cell(cells.get((name, f))) for f in wanted)) for name in names]
    )


def _cell(found: tuple[float, float, float, int, int] | None) -> str:
    if found is None:
        return "–"
    mean, low, high, seeds, of = found
    spread = "" if seeds == 1 else f" [{_number(low)}, {_number(high)}]"
    return _number(mean) + spread + ("" if seeds == of else f" ({seeds} of {of})")


def _number(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:.3f}" if abs(value) < 10 else f"{value:.0f}"


def _swept(swept: pl.DataFrame) -> list[str]:
    if swept.is_empty():
        return []
    out = [
        "## Which innocents are swept in\n",
        "Share of the stores outside rackets that lie in flagged groups.\n",
    ]
    names = sorted(swept["detector"].unique(), key=lambda name: (name != OURS, name))
    for by in ("hub_kind", "kind"):
        sums = (
            swept.filter(pl.col("by") == by)
            .group_by("what", "difficulty", "detector")
            .agg(pl.col("innocents").sum(), pl.col("inside").sum())
        )
        cells = {(w, d, n): inside / total for w, d, n, total, inside in sums.iter_rows()}
        rows = [
            (what, difficulty, *(_number(cells.get((what, difficulty, name))) for name in names))
            for what, difficulty in sums.select("what", "difficulty")
            .unique()
            .sort("what", "difficulty")
            .iter_rows()
        ]
        out.append(
            _markdown(("hub used" if by == "hub_kind" else "kind of store", "difficulty", *names), rows)
        )
    return out


def _reliability(curves: pl.DataFrame) -> list[str]:
    ours = curves.filter(pl.col("detector") == OURS)
    if ours.is_empty():
        return []
    pooled = (
        ours.group_by("of", "difficulty", "bin")
        .agg(
            pl.col("count").sum().alias("n"),
            (pl.col("stated") * pl.col("count")).sum() / pl.col("count").sum(),
            (pl.col("observed") * pl.col("count")).sum() / pl.col("count").sum(),
        )
        .sort("of", "difficulty", "bin")
    )
    rows = [
        (of, difficulty, n, _number(stated), _number(observed))
        for of, difficulty, _, n, stated, observed in pooled.iter_rows()
    ]
    return [
        "## Reliability of our confidence\n",
        _markdown(("of", "difficulty", "count", "stated", "observed"), rows),
    ]


def _losses(summary: pl.DataFrame) -> str:
    if summary.filter(pl.col("detector") == OURS).is_empty():
        return "Our own detector was not part of this evaluation.\n"
    lost, missed = losses(summary), misses(summary)
    out = []
    if lost.height:
        rows = [(*cell, _number(mean), _number(best), name) for *cell, mean, best, name in lost.iter_rows()]
        out.append(
            _markdown(
                ("stores", "difficulty", "in rackets", "figure", "ours", "best baseline", "which"), rows
            )
        )
    else:
        out.append(f"No baseline has a better mean than ours in any cell (figures: {', '.join(JUDGED)}).\n")
    if missed.height:
        out.append("Below the aim:\n")
        rows = [(*cell, _number(mean), _number(aim)) for *cell, mean, aim in missed.iter_rows()]
        out.append(_markdown(("stores", "difficulty", "in rackets", "figure", "ours", "aim"), rows))
    return "\n".join(out)


def _markdown(header: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines) + "\n"

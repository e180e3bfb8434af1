"""The text that opens ``docs/evaluation.md``."""

METHOD = """\
# Evaluation

This page is written by `{command}`; do not edit it by hand.

## Method

Each market is simulated with a seed that was used neither to write nor to tune detection, written as
tables, read by the same ingest as any data, and given to every detector alike. Known public services are
left out of the baselines' identifiers too. A figure is the mean over {seeds} seed(s), in brackets its 95 %
percentile bootstrap interval over seeds; a dash means that the figure is not defined there, and `(5 of 6)`
behind it that it is defined for so many of the seeds only. Finding none of the rackets there are counts as 0;
not defined is what is said of answers where there are none (the contamination of no group, the calibration of
nothing stated), and everything about rackets where there are none.

- **B-cubed** (`bcubed_*`): for each store of a true racket, the share of its predicted group that is of its
  racket (precision), and the share of its racket that is in its predicted group (recall); a store in no
  group is a group of one. Innocents in the group cost precision. `bcubed_all_*` is over all stores, honest
  groups counting as groups.
- **Pairwise** (`pair_*`): over pairs of stores with at least one of a true racket. **ARI**: over all
  stores.
- **Average precision**: of the stores by racket score × member confidence (`store_ap`, relevant: in a true
  racket), and of the predicted rackets by score (`racket_ap`, relevant: most of its stores are in true
  rackets). Equal scores count as one step. A store that sells fakes alone is not relevant: it is no racket.
- **Captured in k raids** (`captured@k`): stores of true rackets in the first k groups; `hit@k`: the other
  stores in them. Ties count with their expected value. A group of a thousand stores is one raid here: read
  the two together.
- **Contamination**: share of stores outside true rackets among the stores of groups with at least two
  stores of true rackets.
- **Calibration**: expected calibration error over ten equal bins. A member is right if it belongs to the
  operation, racket or honest group, that most of its group belongs to; a racket is right if most of its
  stores are in true rackets.
- **Names**: `churn` is the share of rackets that lost their name when detection was run again on the same
  market with one link in fifty missing, among those that should have kept it.
- **Baselines** rank a group by the excess of its stores' scan suspicion over the mean; `size` ranks capped
  components by size, `no-graph` ranks single stores by suspicion, `fraudar` ranks blocks by density. The
  settings of `leiden-modularity` are chosen on a separate market of the same size and difficulty with the
  truth at hand.
"""
"""How it was measured; ``{command}`` and ``{seeds}`` are filled in."""

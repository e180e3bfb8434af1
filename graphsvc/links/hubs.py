"""P(hub): the probability that a shared identifier serves the public instead of one operation.

Every identifier shared by ``d`` stores is either *private* (one operation's account, workshop, telephone) or a *hub*
(a fulfilment house, a parcel locker, a virtual office, a payout service, a common name). What tells them apart is not
the degree but whether its users have anything else in common: ``c``, the number of distinct groups its users fall into
when the identifier itself is left out. A racket of fifty behind one account has d = 50 and c near 1; fifty strangers
in an office park have c near 50. So a racket cannot make its own account look common.

So a two-component mixture, fitted by expectation-maximisation (Dempster, Laird & Rubin 1977): of the ``d - 1`` further
users of an identifier, ``d - c`` fall into a group already seen, beta-binomially with a high rate for private
identifiers and a low one for hubs and coincidences (namesakes, recycled numbers). The rates are shared by all kinds,
the share of hubs is fitted per kind. Where little else is known about the users there was no *opportunity* to have
anything else in common; such users are no trials, and the identifier keeps its kind's share. The degree itself says
nothing. Priors are worth a number of identifiers: small markets fall back on them, large ones speak for themselves.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.special import betaln, expit, logit

from graphsvc.model.graph import Label

Floats = NDArray[np.float64]

PUBLIC_WORDS = (
    "快递柜|智能柜|自提柜|驿站|丰巢|速递易|代收|自提点|快递点|揽收|营业部|营业点|网点|云仓|共享仓|电商仓|仓储中心|"
    "物流园|退货仓|退货中心|集群注册|商务秘书|众创|孵化|托管|虚拟|locker|fulfil?lment|pick-?up point|parcel shop|"
    "business cent(?:er|re)|virtual office|co-?working|mail ?box|p\\.? ?o\\.? box"
)
"""Words (a regular expression) by which places that serve the public call themselves."""


@dataclass(frozen=True)
class HubPriors:
    """What is believed before looking at the market.

    ``hub`` is P(hub) per kind of identifier, worth ``strength`` identifiers. The rates are the chance that a further
    user belongs to a group already seen, worth ``rate_strength`` identifiers. ``public_words`` and
    ``warehouse`` are log-odds that a self-description adds; ``namesakes`` weighs the log of how common a name is.
    """

    hub: dict[str, float] = field(
        default_factory=lambda: {
            Label.PAYMENT_ACCOUNT.value: 0.05,
            "Holder": 0.10,
            Label.PHONE.value: 0.05,
            Label.EMAIL.value: 0.05,
            Label.LICENCE.value: 0.03,
            Label.PERSON.value: 0.30,
            Label.ADDRESS.value: 0.20,
            "RegisteredAddress": 0.30,
            Label.WAREHOUSE.value: 0.40,
        }
    )
    strength: float = 20.0
    private_rate: float = 0.75
    private_concentration: float = 4.0
    hub_rate: float = 0.04
    hub_concentration: float = 10.0
    hub_full_at: float = 15.0
    rate_strength: float = 100.0
    known_service: float = 0.9999
    public_words: float = 3.0
    namesakes: float = 0.7
    warehouse: dict[str, float] = field(default_factory=lambda: {"third_party": 2.5, "own": -2.5})


_RATES = (0.5, 0.6, 0.7, 0.8, 0.9)
_HUB_RATES = (0.001, 0.002, 0.005, 0.01, 0.02, 0.04, 0.07, 0.1)
_ANY_KIND = 0.1
"""P(hub) of a kind of which nothing is believed."""
_FIT_ROUNDS, _FIT_ENOUGH = 50, 1e-6
"""The fit ends after so many rounds, or when no P(hub) changes by more than this."""


@dataclass(frozen=True)
class Side:
    """One component: the rate of its beta-binomial, its concentration, and the number of users from which it holds.

    Among strangers the chance of a common acquaintance grows with their number: below ``full_at`` users the rate is
    proportionally lower.
    """

    rate: float
    concentration: float
    full_at: float = 1.0

    def log(self, joined: Floats, trials: Floats, degree: Floats) -> Floats:
        """Return ln P(joined of trials) for identifiers with so many users, but for the binomial coefficient, which
        no rate changes."""
        rate = self.rate * np.minimum(degree / self.full_at, 1.0)
        a, b = rate * self.concentration, (1 - rate) * self.concentration
        return np.asarray(betaln(joined + a, trials - joined + b) - betaln(a, b))


@dataclass(frozen=True)
class Rates:
    """What is learnt of a market: how often a further user belongs to a group already seen, behind private identifiers
    and behind hubs, and the share of hubs and coincidences among the identifiers of each kind."""

    private: Side
    hub: Side
    share: dict[str, float] = field(default_factory=dict)

    def log_ratio(self, joined: Floats, trials: Floats, degree: Floats) -> Floats:
        """Return ln P(joined of trials | hub) - ln P(joined of trials | private)."""
        return self.hub.log(joined, trials, degree) - self.private.log(joined, trials, degree)


@dataclass(frozen=True)
class Judged:
    """What the mixture says.

    Attributes
    ----------
    probability : float array
        P(hub) per identifier, in (0, 1).
    alone : float array
        Per identifier the log-odds, before behaviour is looked at, that a user who shares nothing else with the other
        users is a stranger to them: somebody who borrowed the licence, got the recycled number, has the same name.
    rates : Rates
        As fitted, or as given.
    """

    probability: Floats
    alone: Floats
    rates: Rates


@dataclass(frozen=True)
class Signs:
    """What is known of each identifier before its users are compared; see :func:`signs`.

    Attributes
    ----------
    degree : float array
        Distinct stores.
    kinds, kind : list of str, int array
        Names of kinds, and each identifier's place among them.
    opportunity : float array
        Share of its users about whom enough else is known, 0..1.
    offset : float array
        Log-odds of a hub from what it says of itself, and from how common a person's name is.
    described, known : bool array
        Whether it says of itself that it serves the public or does not; whether it is a known service.
    """

    degree: Floats
    kinds: list[str]
    kind: NDArray[np.int64]
    opportunity: Floats
    offset: Floats
    described: NDArray[np.bool_]
    known: NDArray[np.bool_]

    def by_kind(self, values: dict[str, float], priors: HubPriors) -> Floats:
        """Return the value of each kind, that of ``priors.hub`` where there is none."""
        return np.array([values.get(name, priors.hub.get(name, _ANY_KIND)) for name in self.kinds])


def signs(identifiers: pl.DataFrame, opportunity: Floats, priors: HubPriors) -> Signs:
    """Read rows of ``Incidence.identifiers``: ``kind_of``, ``degree``, ``kind``, ``name``, ``service``, ``chance``."""
    kinds, kind = np.unique(identifiers["kind_of"].to_numpy().astype(str), return_inverse=True)
    described = _described(identifiers)
    return Signs(
        degree=identifiers["degree"].to_numpy().astype(np.float64),
        kinds=kinds.tolist(),
        kind=kind,
        # Rounded, so that many identifiers look alike when rates are fitted; so is the offset with likeness below.
        opportunity=np.round(opportunity, 1),
        offset=_offset(identifiers, described, priors),
        described=described.to_numpy(),
        known=identifiers["service"].is_not_null().to_numpy(),
    )


def hub_probability(
    seen: Signs,
    groups: NDArray[np.int64],
    strangers: Floats,
    priors: HubPriors,
    rates: Rates | None = None,
) -> Judged:
    """Return P(hub) for each identifier.

    Parameters
    ----------
    seen : Signs
        The identifiers.
    groups : int array
        For each identifier the number of distinct groups among its users when it is itself left out (1..degree).
    strangers : float array
        Log-odds from behaviour that its users are strangers (see :mod:`graphsvc.links.likeness`).
    priors : HubPriors
        Prior beliefs.
    rates : Rates, optional
        The market's rates where they are known already; otherwise they are fitted.

    Returns
    -------
    Judged
    """
    offset = np.round(seen.offset + strangers, 1)
    joined = seen.degree - groups
    trials = joined + (groups - 1) * seen.opportunity
    learnt = rates or _fitted(seen, joined, trials, offset, priors)
    base = logit(seen.by_kind(learnt.share, priors))[seen.kind] + offset
    odds = base + learnt.log_ratio(joined, trials, seen.degree)
    nobody = np.zeros_like(joined)
    alone = base + learnt.log_ratio(nobody, seen.opportunity, nobody + 2) - strangers
    return Judged(np.where(seen.known, priors.known_service, expit(odds)), alone, learnt)


def first_guess(seen: Signs, priors: HubPriors) -> Floats:
    """Return P(hub) before groups are known: the kind's prior, with odds that grow with the number of users."""
    guess = expit(logit(seen.by_kind({}, priors))[seen.kind] + np.log(seen.degree / 2) + seen.offset)
    return np.where(seen.known, priors.known_service, guess)


def _described(identifiers: pl.DataFrame) -> pl.Series:
    """Whether an identifier says of itself that it serves the public, or does not."""
    place = pl.col("kind_of").is_in([Label.ADDRESS.value, "RegisteredAddress", Label.WAREHOUSE.value])
    words = place & pl.col("name").fill_null("").str.contains("(?i)" + PUBLIC_WORDS)
    declared = (pl.col("kind_of") == Label.WAREHOUSE.value) & pl.col("kind").is_in(["third_party", "own"])
    return identifiers.select((words | declared).fill_null(False).alias("described"))["described"]


def _offset(identifiers: pl.DataFrame, described: pl.Series, priors: HubPriors) -> Floats:
    """Log-odds from what an identifier says of itself, and from how common a person's name is."""
    words = pl.col("name").fill_null("").str.contains("(?i)" + PUBLIC_WORDS)
    declared = (
        pl.col("kind").replace_strict(priors.warehouse, default=0.0, return_dtype=pl.Float64).fill_null(0.0)
    )
    warehouse = pl.when(pl.col("kind_of") == Label.WAREHOUSE.value).then(declared).otherwise(0.0)
    public = pl.when(words & described).then(priors.public_words).otherwise(0.0)
    commonness = pl.col("chance").log() - pl.col("chance").log().median().over("kind_of")
    namesakes = (priors.namesakes * commonness).fill_null(0.0).clip(-3, 3)
    return identifiers.select((public + warehouse + namesakes).alias("offset"))["offset"].to_numpy()


def _fitted(seen: Signs, joined: Floats, trials: Floats, offset: Floats, priors: HubPriors) -> Rates:
    """Fit rates and shares by expectation-maximisation over cases, identifiers that look alike."""
    table = pl.DataFrame(
        {
            "kind": seen.kind,
            "degree": seen.degree,
            "joined": joined,
            "trials": trials.round(3),
            "offset": offset,
            "described": seen.described,
            "known": seen.known,
        }
    )
    cases = table.group_by(table.columns).agg(pl.len().alias("count")).sort(table.columns)
    kind, degree, joined, trials, offset, described, known, count = (column.to_numpy() for column in cases)
    prior = seen.by_kind({}, priors)
    private = Side(priors.private_rate, priors.private_concentration)
    hub = Side(priors.hub_rate, priors.hub_concentration, priors.hub_full_at)
    now, share, h = Rates(private, hub), prior, np.full(count.size, 0.5)
    # Self-described identifiers say nothing about how common the undescribed ones of their kind are.
    plain = count * ~described * ~known
    seen_plain = np.bincount(kind, weights=plain, minlength=prior.size)
    for _ in range(_FIT_ROUNDS):
        odds = logit(share[kind]) + offset + now.log_ratio(joined, trials, degree)
        new = np.where(known, priors.known_service, expit(odds))
        mass = np.bincount(kind, weights=plain * new, minlength=prior.size)
        share = (priors.strength * prior + mass) / (priors.strength + seen_plain)
        now = Rates(
            _best(joined, trials, degree, count * (1 - new), _RATES, private, priors.rate_strength),
            _best(joined, trials, degree, count * new, _HUB_RATES, hub, priors.rate_strength),
        )
        if np.abs(new - h).max(initial=0.0) < _FIT_ENOUGH:
            break
        h = new
    return replace(now, share=dict(zip(seen.kinds, share.tolist(), strict=True)))


def _best(
    joined: Floats,
    trials: Floats,
    degree: Floats,
    weight: Floats,
    rates: tuple[float, ...],
    believed: Side,
    strength: float,
) -> Side:
    """Return the likeliest rate of a grid; the prior counts as ``strength`` identifiers with two users."""

    def score(rate: float) -> float:
        expected = strength * (believed.rate * np.log(rate) + (1 - believed.rate) * np.log(1 - rate))
        return float((weight * replace(believed, rate=rate).log(joined, trials, degree)).sum() + expected)

    return replace(believed, rate=max(rates, key=score))

"""P(hub): the probability that a shared identifier serves the public instead of one operation.

Every identifier shared by ``d`` stores is either *private* (one operation's account, workshop, telephone) or a *hub*
(a fulfilment house, a parcel locker, a virtual office, a payout service). What tells them apart is not the degree
but whether its users have anything else in common: ``c``, the number of distinct groups its users fall into when the
identifier itself is left out. A racket of fifty behind one account has d = 50 and c near 1; fifty strangers in an
office park have c near 50. So a racket cannot make its own account look common.

A two-component mixture per kind of identifier is fitted by expectation-maximisation (Dempster, Laird & Rubin 1977)
with informative conjugate priors, so that small markets fall back on the prior and large ones speak for themselves:

- ``c``: zeta-distributed for private identifiers (exponent fitted), log-uniform for hubs;
- ``d - c`` of ``d - 1`` further users in a group already seen: beta-binomial, its mean fitted on either side.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.special import betaln, expit, gammaln, logit, zeta

from graphsvc.model.graph import Label

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class HubPriors:
    """What is believed before looking at the market.

    ``hub`` is P(hub) per kind of identifier, worth ``strength`` identifiers; the rates are the chance that a further user
    belongs to a group already seen, with their concentrations (how much identifiers of a kind differ).
    """

    hub: dict[str, float] = field(default_factory=lambda: {
        Label.PAYMENT_ACCOUNT.value: 0.05, Label.PHONE.value: 0.05, Label.EMAIL.value: 0.05, Label.LICENCE.value: 0.02, Label.PERSON.value: 0.10,
        Label.ADDRESS.value: 0.15, "RegisteredAddress": 0.30, Label.WAREHOUSE.value: 0.35,
    })
    strength: float = 30.0
    private_rate: float = 0.6
    private_concentration: float = 1.0
    most_private_rate: float = 0.7
    hub_rate: float = 0.05
    hub_concentration: float = 8.0
    exponent: float = 2.5
    known_service: float = 0.9999
    warehouse_logit: dict[str, float] = field(default_factory=lambda: {"third_party": 2.5, "own": -2.5})


def hub_probability(identifiers: pl.DataFrame, groups: NDArray[np.int64], stores: int, priors: HubPriors) -> Floats:
    """Return P(hub) for each row of ``identifiers``.

    Parameters
    ----------
    identifiers : DataFrame
        ``Incidence.identifiers``: ``kind_of``, ``degree``, ``kind``, ``service``.
    groups : int array
        For each identifier the number of distinct groups among its users when it is itself left out (1..degree).
    stores : int
        Stores in the market; bounds how common a hub can be.
    priors : HubPriors
        Prior beliefs.

    Returns
    -------
    float array in (0, 1)
    """
    degree = identifiers["degree"].to_numpy().astype(np.int64)
    kinds = identifiers["kind_of"].to_numpy()
    probability = np.empty(degree.size)
    for kind in sorted(set(kinds.tolist())):
        rows = np.flatnonzero(kinds == kind)
        probability[rows] = _fit(degree[rows], groups[rows], priors.hub.get(kind, 0.1), _offset(identifiers[rows], priors), stores, priors)
    known = identifiers["service"].is_not_null().to_numpy()
    return np.where(known, np.maximum(probability, priors.known_service), probability)


def _offset(identifiers: pl.DataFrame, priors: HubPriors) -> Floats:
    """Log-odds that a warehouse's declared kind adds."""
    kinds = identifiers["kind"].fill_null("") if identifiers["kind_of"][0] == Label.WAREHOUSE.value else pl.Series([""] * identifiers.height)
    return np.array([priors.warehouse_logit.get(kind, 0.0) for kind in kinds])


def _fit(degree: NDArray[np.int64], groups: NDArray[np.int64], prior: float, offset: Floats, stores: int, priors: HubPriors) -> Floats:
    """Expectation-maximisation for one kind of identifier."""
    joined = (degree - groups).astype(np.float64)
    further = (degree - 1).astype(np.float64)
    count = np.maximum(groups, 1).astype(np.float64)
    share, exponent, private_rate, hub_rate = prior, priors.exponent, priors.private_rate, priors.hub_rate
    log_range = np.log(max(stores, 3))
    h = np.full(degree.size, prior)
    for _ in range(30):
        private = -exponent * np.log(count) - np.log(zeta(exponent)) + _betabinomial(joined, further, private_rate, priors.private_concentration)
        hub = -np.log(count) - np.log(log_range) + _betabinomial(joined, further, hub_rate, priors.hub_concentration)
        new = expit(logit(share) + offset + hub - private)
        share = float((priors.strength * prior + new.sum()) / (priors.strength + new.size))
        p = 1 - new
        private_rate = float(np.clip((20 * priors.private_rate + (p * joined).sum()) / (20 + (p * further).sum()), 0.1, priors.most_private_rate))
        hub_rate = float(np.clip((200 * priors.hub_rate + (new * joined).sum()) / (200 + (new * further).sum()), 0.002, min(0.3, private_rate / 2)))
        exponent = float(np.clip(1 + (p.sum() + 20) / ((p * np.log(count + 0.5)).sum() + 20 / (priors.exponent - 1)), 1.8, 4.0))
        if np.abs(new - h).max(initial=0.0) < 1e-6:
            break
        h = new
    return np.asarray(new)


def _betabinomial(successes: Floats, trials: Floats, mean: float, concentration: float) -> Floats:
    a, b = mean * concentration, (1 - mean) * concentration
    choose = gammaln(trials + 1) - gammaln(successes + 1) - gammaln(trials - successes + 1)
    return np.asarray(choose + betaln(successes + a, trials - successes + b) - betaln(a, b))

"""What every store has of its own before anything is shared: addresses, accounts, phone, firm, people."""

from __future__ import annotations

import numpy as np

from graphsvc.simulate.pools import ALIPAY, BANK, PAYPAL, WECHAT, Pools
from graphsvc.simulate.population import Population
from graphsvc.simulate.streams import Ints, Rng, Streams, chance, pick, zipf
from graphsvc.simulate.vocabulary import (
    BANKS,
    TRADES,
    firms,
    homes,
    person_weights,
    stores,
    streets,
    towns,
    works,
)

MOBILE = np.array(
    [
        130,
        131,
        132,
        133,
        135,
        136,
        137,
        138,
        139,
        150,
        151,
        152,
        155,
        157,
        158,
        159,
        170,
        176,
        180,
        181,
        182,
        183,
        185,
        186,
        187,
        188,
        189,
    ]
)


def equip(population: Population, streams: Streams) -> tuple[Pools, dict[str, Ints]]:
    """Give every store identifiers that nobody else uses; returns the pools and one slot a store and use."""
    pools, size = Pools(), population.size
    rng = streams.of("private addresses")
    ship = new_addresses(pools, rng, population.division, nearby=True)
    home = new_addresses(pools, rng, population.division, nearby=True)
    returns = np.where(chance(rng, 0.62, size), ship, np.where(chance(rng, 0.7, size), home, -1))
    registered = np.where(chance(rng, 0.55, size), np.where(chance(rng, 0.5, size), ship, home), -1)
    rng = streams.of("private people")
    person = new_people(pools, rng, size)
    firm = np.where(chance(rng, 0.42, size), new_firms(pools, rng, population.division), -1)
    phone, email = (
        new_phones(pools, rng, size),
        np.where(chance(rng, 0.8, size), new_emails(pools, rng, size), -1),
    )
    account = new_accounts(pools, rng, person, firm)
    account = _by_phone(pools, rng, account, phone)
    slots = {
        "ship": ship,
        "return": returns,
        "registered": registered,
        "person": person,
        "firm": firm,
        "phone": phone,
        "email": email,
        "account": account,
        "warehouse": np.full(size, -1),
    }
    return pools, slots


def _by_phone(pools: Pools, rng: Rng, account: Ints, phone: Ints) -> Ints:
    """Some people's Alipay account is the very phone number of their store."""
    columns = pools.account.columns
    same = (columns["kind"][account] == ALIPAY) & chance(rng, 0.4, len(account))
    account[same] = pools.account.copy(account[same], number=pools.phone.columns["number"][phone[same]])
    return account


def new_addresses(pools: Pools, rng: Rng, division: Ints, nearby: bool = False, work: float = 0.3) -> Ints:
    """Make one address for each division given; ``nearby``: many lie in a few compounds."""
    size = len(division)
    kind = pick(rng, np.array([max(0.0, 0.85 - work), work, 0.15 if work < 0.6 else 0.0]), size)
    compound = np.select(
        [kind == 0, kind == 1],
        [rng.integers(0, len(homes()), size), len(homes()) + rng.integers(0, len(works()), size)],
        len(homes()) + len(works()) + rng.integers(0, 260, size),
    )
    road, number = (
        pick(rng, zipf(len(streets()), 0.6), size),
        (rng.exponential(180, size) + 1).astype(np.int64),
    )
    if nearby:
        famous = chance(rng, 0.35, size)
        site = division * 7 + np.minimum(rng.geometric(0.35, size), 6)
        compound = np.where(famous & (kind < 2), site * 7919 % (len(homes()) + len(works())), compound)
        road = np.where(famous & (kind < 2), site * 104729 % 900, road)
        number = np.where(famous & (kind < 2), site * 31 % 620 + 1, number)
    floor = rng.integers(1, 31, size)
    village = kind == 2
    bare = chance(rng, 0.25, size) & (kind == 1)
    return pools.address.add(
        size,
        division=division,
        town=np.where(chance(rng, 0.35, size) | village, rng.integers(0, len(towns()), size), -1),
        road=np.where(village, -1, road),
        number=number,
        compound=np.where(chance(rng, 0.75, size) | village | nearby, compound, -1),
        building=np.where(village | bare, -1, rng.integers(1, 29, size)),
        unit=np.where(village, -1, floor * 100 + rng.integers(1, 13, size)),
    )


def new_people(pools: Pools, rng: Rng, size: int) -> Ints:
    """Make people; common names come up again and again for different people."""
    return pools.person.add(size, name=pick(rng, person_weights(), size))


def new_firms(pools: Pools, rng: Rng, division: Ints) -> Ints:
    """Make firms registered in the divisions given, each with its own licence."""
    size = len(division)
    return pools.firm.add(
        size,
        division=division,
        word=rng.integers(0, len(firms()), size),
        trade=rng.integers(0, len(TRADES), size),
        licence=rng.integers(10**8, 10**9, size),
    )


def new_phones(pools: Pools, rng: Rng, size: int) -> Ints:
    """Make mobile numbers."""
    return pools.phone.add(
        size, number=MOBILE[rng.integers(0, len(MOBILE), size)] * 10**8 + rng.integers(0, 10**8, size)
    )


def new_emails(pools: Pools, rng: Rng, size: int) -> Ints:
    """Make e-mail addresses."""
    return pools.email.add(
        size,
        style=rng.integers(0, 5, size),
        word=rng.integers(0, len(stores()), size),
        number=rng.integers(10**5, 10**10, size),
    )


def new_accounts(pools: Pools, rng: Rng, person: Ints, firm: Ints) -> Ints:
    """Make one payment account for each holder: a person, or now and then the firm itself."""
    size = len(person)
    kind = np.array([BANK, ALIPAY, WECHAT, PAYPAL])[pick(rng, np.array([0.45, 0.4, 0.1, 0.05]), size)]
    bank = rng.integers(0, len(BANKS), size)
    bins = np.array([number for _, number in BANKS])[bank]
    digits = np.where(
        kind == BANK,
        with_check_digit(bins * 10**12 + rng.integers(0, 10**12, size)),
        rng.integers(10**9, 10**10, size),
    )
    phone = MOBILE[rng.integers(0, len(MOBILE), size)] * 10**8 + rng.integers(0, 10**8, size)
    digits = np.where((kind == ALIPAY) & chance(rng, 0.7, size), phone, digits)
    held = (kind == BANK) & (firm >= 0) & chance(rng, 0.4, size)
    return pools.account.add(
        size,
        kind=kind,
        number=digits,
        person=np.where(held, -1, person),
        firm=np.where(held, firm, -1),
        institution=np.where(kind == BANK, bank, -1),
    )


def with_check_digit(digits: Ints) -> Ints:
    """Append the Luhn check digit (ISO/IEC 7812-1) to 18-digit numbers."""
    total, rest = np.zeros(len(digits), dtype=np.int64), digits.copy()
    for place in range(18):
        digit = rest % 10
        doubled = digit * 2
        total += np.where(place % 2 == 0, doubled - 9 * (doubled > 9), digit)
        rest //= 10
    check: Ints = digits * 10 + (10 - total % 10) % 10
    return check

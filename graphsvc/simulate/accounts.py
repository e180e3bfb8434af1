"""Payment accounts, phones, e-mails, names and licences as they are written down."""

from __future__ import annotations

import numpy as np
import polars as pl

from graphsvc.simulate.pools import ALIPAY, BANK, OTHER, PAYPAL, WECHAT, Pools
from graphsvc.simulate.streams import Floats, Ints, Rng, chance, pick
from graphsvc.simulate.text import choose, join, lookup, number, slip, widen
from graphsvc.simulate.vocabulary import STORE_KINDS, TRADES, divisions, firms, person_names, stores

MAILS = ("163.com", "qq.com", "126.com", "sina.com", "gmail.com")
LICENCE_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""Signs of a unified social credit code (GB 32100-2015)."""


def account_numbers(rng: Rng, pools: Pools, index: Ints, noise: Floats) -> pl.Series:
    """Write account numbers: spaced in fours, with +86, full-width, or plain."""
    columns, size = pools.account.columns, len(index)
    kind, digits = columns["kind"][index], columns["number"][index]
    text = pl.Series(digits).cast(pl.String)
    spaced = text.str.replace_all(r"(\d{4})", "${1} ").str.strip_chars()
    dashed = text.str.replace_all(r"(\d{4})", "${1}-").str.strip_chars("-")
    form = pick(rng, np.array([0.72, 0.22, 0.06]), size)
    bank = choose(form == 0, text, choose(form == 1, spaced, dashed))
    mobile = digits >= 13 * 10**9
    handle = join(lookup(("tb", "mm", "xy", "zf"), digits % 4), text)
    alipay = choose(
        mobile,
        phone_text(rng, digits, noise),
        join(handle, lookup(("@163.com", "@qq.com", "@126.com"), digits % 3)),
    )
    wechat = join(lookup(("wx", "wxid_", "WX", "we"), digits % 4), text)
    paypal = join(handle, lookup(("@gmail.com", "@outlook.com", "@163.com"), digits % 3))
    other = text.str.replace("^", "PY")
    text = choose(
        kind == BANK,
        bank,
        choose(
            kind == ALIPAY,
            alipay,
            choose(
                kind == WECHAT, wechat, choose(kind == PAYPAL, paypal, choose(kind == OTHER, other, text))
            ),
        ),
    )
    return widen(text, chance(rng, 0.04 * noise, size) & (kind == BANK))


def phone_text(rng: Rng, digits: Ints, noise: Floats) -> pl.Series:
    """Write mobile numbers: +86, 0086, grouped, or plain."""
    size = len(digits)
    text = pl.Series(digits).cast(pl.String)
    grouped = text.str.replace(r"^(\d{3})(\d{4})(\d{4})$", "$1-$2-$3")
    spaced = text.str.replace(r"^(\d{3})(\d{4})(\d{4})$", "$1 $2 $3")
    form = np.where(chance(rng, noise, size), pick(rng, np.array([0.4, 0.3, 0.3]), size), 0)
    text = choose(form == 0, text, choose(form == 1, grouped, spaced))
    prefix = np.where(chance(rng, 0.6 * noise, size), pick(rng, np.array([0.3, 0.4, 0.15, 0.15]), size), -1)
    return join(lookup(("+86", "+86 ", "0086", "(86)"), prefix), text)


def holders(rng: Rng, pools: Pools, index: Ints, noise: Floats) -> pl.Series:
    """Write account holders: a person in some spelling, or a firm; some are not known."""
    columns, size = pools.account.columns, len(index)
    person, firm = columns["person"][index], columns["firm"][index]
    names = pools.person.columns["name"]
    name = np.where(person >= 0, names[person] if len(names) else -1, -1)
    spelling = np.where(chance(rng, 0.12 * noise, size), 2, np.where(chance(rng, 0.1 * noise, size), 1, 0))
    text = choose(person >= 0, person_names(name, spelling), firm_names(pools, firm))
    return choose(~chance(rng, 0.25 * noise, size) & (text.to_numpy() != ""), text, None)


def firm_names(pools: Pools, index: Ints) -> pl.Series:
    """Return registered names of firms (-1: empty)."""
    columns = pools.firm.columns
    known = index >= 0
    at = np.where(known, index, 0)
    if len(columns["word"]) == 0:
        return lookup((), np.full(len(index), -1))
    place = divisions().short_city.at(columns["division"][at])
    text = join(
        place,
        firms().plain.gather(columns["word"][at]),
        lookup(TRADES, columns["trade"][at]),
        lookup(("有限公司",), np.zeros(len(index), dtype=np.int64)),
    )
    return choose(known, text)


def licences(pools: Pools, index: Ints) -> pl.Series:
    """Return unified social credit codes with their check sign (GB 32100-2015); -1: nothing."""
    columns = pools.firm.columns
    known = index >= 0
    at = np.where(known, index, 0)
    if len(columns["word"]) == 0:
        return lookup((), np.full(len(index), -1))
    adcode = divisions().adcode[columns["division"][at]]
    digits = np.concatenate(
        [
            np.tile([9, 1], (len(index), 1)),
            _digits(adcode, 6),
            _digits(columns["licence"][at], 9),
        ],
        axis=1,
    )
    check = (31 - (digits * (3 ** np.arange(17) % 31)).sum(axis=1) % 31) % 31
    body = pl.Series(adcode).cast(pl.String) + pl.Series(columns["licence"][at]).cast(pl.String)
    return choose(
        known,
        join(
            lookup(("91",), np.zeros(len(index), dtype=np.int64)), body, lookup(tuple(LICENCE_SIGNS), check)
        ),
    )


def _digits(values: Ints, width: int) -> Ints:
    result: Ints = values[:, None] // 10 ** np.arange(width - 1, -1, -1) % 10
    return result


def emails(pools: Pools, index: Ints) -> pl.Series:
    """Return e-mail addresses (-1: empty)."""
    columns = pools.email.columns
    known = index >= 0
    at = np.where(known, index, 0)
    if len(columns["style"]) == 0:
        return lookup((), np.full(len(index), -1))
    style, digits = columns["style"][at], columns["number"][at]
    word = stores().roman.gather(columns["word"][at]).str.to_lowercase()
    local = choose(style == 1, number(digits), join(word, number(digits % 10**5)))
    return choose(
        known, join(local, lookup(("@",), np.zeros(len(index), dtype=np.int64)), lookup(MAILS, style))
    )


def store_names(rng: Rng, theme: Ints, size: int, slips: Floats) -> pl.Series:
    """Make store names; ``theme`` (-1: none) makes stores of one cell sound alike now and then."""
    word = rng.integers(0, len(stores()), size)
    alike = (theme >= 0) & chance(rng, 0.3, size)
    word = np.where(alike, theme * 7919 % len(stores()), word)
    kind = rng.integers(0, len(STORE_KINDS), size)
    roman = chance(rng, 0.1, size)
    name = stores().at(word, np.where(roman, 2, 0))
    tail = choose(chance(rng, 0.35, size), number(rng.integers(1, 999, size)))
    ending = choose(roman, lookup((" Store", " Shop", "", " Official"), kind % 4), lookup(STORE_KINDS, kind))
    return slip(rng, join(name, tail, ending), chance(rng, slips, size))

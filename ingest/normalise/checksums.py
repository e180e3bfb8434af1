"""Check digits of account, licence and wallet numbers. All return whether the digits hold."""

from __future__ import annotations

import hashlib
from functools import cache

_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_CREDIT_CODE = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_MASK = (1 << 64) - 1


def luhn(digits: str) -> bool:
    """ISO/IEC 7812-1 annex B, payment cards."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def iban(text: str) -> bool:
    """ISO 13616 with ISO 7064 MOD 97-10; ``text`` in capitals without spaces."""
    moved = text[4:] + text[:4]
    return int("".join(str(int(c, 36)) for c in moved)) % 97 == 1


def base58check(text: str) -> bytes | None:
    """Return the payload of a base58check string (version byte first), or None if its check does not hold."""
    number = 0
    for c in text:
        place = _BASE58.find(c)
        if place < 0:
            return None
        number = number * 58 + place
    zeros = len(text) - len(text.lstrip("1"))
    raw = b"\0" * zeros + number.to_bytes((number.bit_length() + 7) // 8, "big")
    payload, check = raw[:-4], raw[-4:]
    held = len(raw) > 4 and hashlib.sha256(hashlib.sha256(payload).digest()).digest()[:4] == check
    return payload if held else None


def bech32(text: str) -> bool:
    """BIP 173 and BIP 350 (segregated-witness addresses of Bitcoin); ``text`` in lower case."""
    prefix, one, data = text.rpartition("1")
    if not one or len(data) < 7 or any(c not in _BECH32 for c in data):
        return False
    values = [_BECH32.index(c) for c in data]
    expanded = [ord(c) >> 5 for c in prefix] + [0] + [ord(c) & 31 for c in prefix]
    constant = 1 if values[0] == 0 else 0x2BC830A3
    return _polymod(expanded + values) == constant


def _polymod(values: list[int]) -> int:
    generator = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
    check = 1
    for value in values:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for place in range(5):
            check ^= generator[place] if (top >> place) & 1 else 0
    return check


def eip55(text: str) -> bool | None:
    """EIP-55 mixed-case check of an Ethereum address ``0x…``; None where one case only is used (no check there)."""
    body = text[2:]
    if body in (body.lower(), body.upper()):
        return None
    digest = keccak256(body.lower().encode()).hex()
    return all(
        not c.isalpha() or c.isupper() == (int(d, 16) >= 8) for c, d in zip(body, digest, strict=False)
    )


def keccak256(message: bytes) -> bytes:
    """Keccak with 256 bits as Ethereum uses it (before the padding of SHA-3 was changed)."""
    rate = 136
    padded = bytearray(message + b"\x01" + b"\0" * (-(len(message) + 1) % rate))
    padded[-1] |= 0x80
    state = [0] * 25
    for start in range(0, len(padded), rate):
        for lane in range(rate // 8):
            at = start + 8 * lane
            state[lane] ^= int.from_bytes(padded[at : at + 8], "little")
        state = _keccak_f(state)
    return b"".join(lane.to_bytes(8, "little") for lane in state[:4])


@cache
def _keccak_constants() -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return rotation offsets and round constants, from their definition (FIPS 202, sections 3.2.2 and 3.2.5)."""
    offsets, x, y = [0] * 25, 1, 0
    for step in range(24):
        offsets[x + 5 * y] = (step + 1) * (step + 2) // 2 % 64
        x, y = y, (2 * x + 3 * y) % 5
    rounds, register = [], 1
    for _ in range(24):
        constant = 0
        for bit in range(7):
            if register & 1:
                constant |= 1 << ((1 << bit) - 1)
            register = (register << 1) ^ (0x171 if register & 0x80 else 0)
        rounds.append(constant)
    return tuple(offsets), tuple(rounds)


def _rotate(value: int, by: int) -> int:
    return ((value << by) | (value >> (64 - by))) & _MASK


def _keccak_f(a: list[int]) -> list[int]:
    offsets, constants = _keccak_constants()
    for constant in constants:
        columns = [a[x] ^ a[x + 5] ^ a[x + 10] ^ a[x + 15] ^ a[x + 20] for x in range(5)]
        mixed = [columns[x - 1] ^ _rotate(columns[(x + 1) % 5], 1) for x in range(5)]
        a = [lane ^ mixed[place % 5] for place, lane in enumerate(a)]
        b = [0] * 25
        for x in range(5):
            for y in range(5):
                b[y + 5 * ((2 * x + 3 * y) % 5)] = _rotate(a[x + 5 * y], offsets[x + 5 * y])
        a = [b[p] ^ (~b[(p + 1) % 5 + p // 5 * 5] & _MASK & b[(p + 2) % 5 + p // 5 * 5]) for p in range(25)]
        a[0] ^= constant
    return a


def credit_code(code: str) -> bool:
    """GB 32100-2015, the unified social credit code: 17 characters and a check character modulo 31."""
    if len(code) != 18 or any(c not in _CREDIT_CODE for c in code):
        return False
    total = sum(_CREDIT_CODE.index(c) * pow(3, place, 31) for place, c in enumerate(code[:17]))
    return _CREDIT_CODE[-total % 31] == code[17]


def registration(digits: str) -> bool:
    """GS 15-2006, the business registration number of 15 digits: ISO 7064 MOD 11,10."""
    product = 10
    for digit in digits[:14]:
        product = ((product + int(digit)) % 10 or 10) * 2 % 11
    return (product + int(digits[14])) % 10 == 1

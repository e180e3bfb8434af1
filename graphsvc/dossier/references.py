"""Short names by which the tables and the picture of a dossier point at the same thing."""

from __future__ import annotations

from collections import Counter

_LETTERS = {
    "Address": "A",
    "PaymentAccount": "P",
    "Warehouse": "W",
    "Phone": "T",
    "Email": "E",
    "Licence": "L",
    "Person": "N",
}


class References:
    """Gives ``S1``, ``S2``… to stores, a letter and number to identifiers, in the order they are met."""

    def __init__(self) -> None:
        self._given: dict[tuple[str, str], str] = {}
        self._count: Counter[str] = Counter()

    def store(self, id: str) -> str:
        """Return the reference of a store."""
        return self._of("S", id)

    def of(self, id: str, label: str) -> str:
        """Return the reference of an identifier with this node label."""
        return self._of(_LETTERS[label], id)

    def _of(self, letter: str, id: str) -> str:
        if (letter, id) not in self._given:
            self._count[letter] += 1
            self._given[letter, id] = f"{letter}{self._count[letter]}"
        return self._given[letter, id]

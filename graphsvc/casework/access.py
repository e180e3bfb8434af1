"""Who may see what: roles, the part of the world a key is bound to, and the refusals."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from unicodedata import normalize

from graphsvc.model.errors import GraphsvcError


class Unauthorised(GraphsvcError):
    """Nobody we know is asking: no key, or one that is wrong, expired or revoked."""

    code = "unauthorised"
    status = 401


class Forbidden(GraphsvcError):
    """We know who is asking, and their role does not allow it."""

    code = "forbidden"
    status = 403


class Role(StrEnum):
    """What a key is for.

    A liaison is bound to jurisdictions and a brand member to brands; the others see everything.
    """

    INVESTIGATOR = "investigator"
    LIAISON = "liaison"
    BRAND = "brand"
    ANALYST = "analyst"
    ADMIN = "admin"


def division_prefix(adcode: str) -> str:
    """Return the part of a six-digit division code that names the division.

    Province codes end in ``0000`` and city codes in ``00``; sites lie in a division when their code
    starts with the rest.

    >>> division_prefix("350000"), division_prefix("350300"), division_prefix("350302")
    ('35', '3503', '350302')
    """
    code = adcode.strip()
    while len(code) > 2 and len(code) % 2 == 0 and code.endswith("00"):
        code = code[:-2]
    return code


def brand_key(name: str) -> str:
    """Return the form in which brand names are compared.

    >>> brand_key("  Kingston  Memory ")
    'kingston memory'
    """
    return " ".join(normalize("NFKC", name).split()).lower()


@dataclass(frozen=True)
class Scope:
    """The part of the world somebody may see; an empty tuple bounds nothing.

    ``jurisdictions`` are prefixes of division codes, ``brands`` compared names; both are handed to
    statements as parameters, so that the bound is kept where the data is read and not after.
    """

    jurisdictions: tuple[str, ...] = ()
    brands: tuple[str, ...] = ()

    @classmethod
    def of(cls, jurisdictions: tuple[str, ...] = (), brands: tuple[str, ...] = ()) -> Scope:
        """Build a scope from values as people write them (``350000``, ``Kingston``)."""
        return cls(
            tuple(sorted({division_prefix(code) for code in jurisdictions})),
            tuple(sorted({brand_key(name) for name in brands})),
        )

    @property
    def bounded(self) -> bool:
        """Whether anything is out of sight."""
        return bool(self.jurisdictions or self.brands)

    @property
    def params(self) -> dict[str, Any]:
        """Parameters ``$withinJurisdictions`` and ``$withinBrands`` of the statements that keep the bound."""
        return {"withinJurisdictions": list(self.jurisdictions), "withinBrands": list(self.brands)}


EVERYTHING = Scope()
"""The scope that hides nothing."""


@dataclass(frozen=True)
class Principal:
    """Who is asking: the key's public prefix, its name, role and scope."""

    prefix: str
    name: str
    role: Role
    scope: Scope = field(default=EVERYTHING)

    def require(self, *roles: Role) -> None:
        """Raise Forbidden unless the role is one of ``roles`` (an admin always is)."""
        if self.role is not Role.ADMIN and self.role not in roles:
            allowed = ", ".join(sorted({*roles, Role.ADMIN}))
            raise Forbidden(f"A key of role {self.role} may not do this.", f"Use a key of one of: {allowed}.")

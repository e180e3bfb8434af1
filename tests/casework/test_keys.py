from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphsvc.casework.access import Forbidden, Principal, Role, Scope, Unauthorised, division_prefix
from graphsvc.casework.keys import KeyRequest, KeyRing, first_key, issue, list_keys, revoke
from graphsvc.model.errors import BadInput, NotFound
from graphsvc.store.driver import Store


def test_a_key_is_known_by_its_hash_alone(store: Store) -> None:
    issued = issue(store, KeyRequest("Putian liaison", Role.LIAISON, jurisdictions=("350300",)))
    kept = store.read("access/key_by_prefix", prefix=issued.key.prefix)[0]
    assert issued.token not in str(kept)
    assert kept["hash"].startswith("$argon2id$")
    principal = KeyRing(store).authenticate(issued.token)
    assert (principal.role, principal.scope) == (Role.LIAISON, Scope(("3503",), ()))


def test_revocation_keeps_its_first_moment(store: Store) -> None:
    issued = issue(store, KeyRequest("x", Role.ADMIN))
    ring = KeyRing(store)
    ring.authenticate(issued.token)
    first = revoke(store, issued.key.prefix)
    assert revoke(store, issued.key.prefix) == first
    with pytest.raises(Unauthorised, match="revoked"):
        ring.authenticate(issued.token)
    with pytest.raises(Unauthorised, match="revoked"):
        ring.recall(issued.key.prefix)
    with pytest.raises(NotFound):
        revoke(store, "0000000000")


def test_the_first_key_is_made_once(store: Store) -> None:
    made = first_key(store)
    assert made is not None
    assert first_key(store) is None
    revoke(store, made.token)
    assert first_key(store) is not None
    assert len(list_keys(store)) == 2


@pytest.mark.parametrize(
    "request_",
    [
        KeyRequest(" ", Role.ADMIN),
        KeyRequest("x", Role.LIAISON),
        KeyRequest("x", Role.BRAND),
        KeyRequest("x", Role.LIAISON, jurisdictions=("Putian",)),
        KeyRequest("x", Role.ADMIN, days=0),
    ],
)
def test_a_key_that_makes_no_sense_is_not_made(store: Store, request_: KeyRequest) -> None:
    with pytest.raises(BadInput):
        issue(store, request_)
    assert list_keys(store) == []


@given(st.from_regex(r"\A[1-9][0-9]([0-9]{2}){0,2}\Z"))
def test_a_division_holds_itself_and_is_read_the_same_twice(code: str) -> None:
    prefix = division_prefix(code)
    assert code.startswith(prefix)
    assert division_prefix(prefix) == prefix
    assert len(prefix) in (2, 4, 6)


@pytest.mark.parametrize("role", list(Role))
def test_an_admin_may_all_and_others_what_their_role_allows(role: Role) -> None:
    principal = Principal("p", "n", role)
    principal.require(role)
    if role is not Role.ADMIN:
        with pytest.raises(Forbidden):
            principal.require(*(other for other in Role if other is not role))

"""What the graph holds, declared once: writes, constraints, the offline importer, docs and tests read it here.

Facts (what was received) and findings (what a run derived) are kept apart: findings hang off a ``Run`` and no
run ever edits a fact. Stores never link to stores: they share identifiers.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Label(StrEnum):
    """Node labels."""

    SELLER = "Seller"
    ADDRESS = "Address"
    PAYMENT_ACCOUNT = "PaymentAccount"
    WAREHOUSE = "Warehouse"
    PHONE = "Phone"
    EMAIL = "Email"
    LICENCE = "Licence"
    PERSON = "Person"
    BRAND = "Brand"
    LISTING = "Listing"
    TEST_BUY = "TestBuy"
    NOTICE = "Notice"
    OPERATION = "Operation"
    OUTCOME = "Outcome"
    AUTHORITY = "Authority"
    LOAD = "Load"
    RUN = "Run"
    RACKET = "Racket"
    PUBLISHED = "Published"
    JUDGEMENT = "Judgement"
    API_KEY = "ApiKey"
    CHAIN = "Chain"
    AUDIT_ENTRY = "AuditEntry"
    CUSTODY_EVENT = "CustodyEvent"


class Rel(StrEnum):
    """Relationship types."""

    SHIPS_FROM = "SHIPS_FROM"
    RETURNS_TO = "RETURNS_TO"
    REGISTERED_AT = "REGISTERED_AT"
    PAID_TO = "PAID_TO"
    STOCKS_AT = "STOCKS_AT"
    LOCATED_AT = "LOCATED_AT"
    USES_PHONE = "USES_PHONE"
    USES_EMAIL = "USES_EMAIL"
    LICENSED_AS = "LICENSED_AS"
    REGISTERED_BY = "REGISTERED_BY"
    HELD_BY = "HELD_BY"
    SIMILAR_TO = "SIMILAR_TO"
    OFFERS = "OFFERS"
    LISTS = "LISTS"
    OF_BRAND = "OF_BRAND"
    BOUGHT_FROM = "BOUGHT_FROM"
    SENT_FROM = "SENT_FROM"
    AGAINST = "AGAINST"
    AUTHORISES = "AUTHORISES"
    RUN_BY = "RUN_BY"
    LED_TO = "LED_TO"
    CONCERNS = "CONCERNS"
    FOUND_IN = "FOUND_IN"
    MEMBER_OF = "MEMBER_OF"
    ASSESSED = "ASSESSED"
    RELIES_ON = "RELIES_ON"
    SUCCEEDS = "SUCCEEDS"
    CURRENT = "CURRENT"


class Type(StrEnum):
    """Property types, spelled as the offline importer spells them."""

    STRING = "string"
    STRINGS = "string[]"
    INTEGER = "long"
    FLOAT = "double"
    BOOLEAN = "boolean"
    DATE = "date"
    DATETIME = "datetime"
    POINT = "point"


@dataclass(frozen=True)
class Property:
    """A property: name (camelCase), type, and what it says."""

    name: str
    type: Type
    about: str = ""


@dataclass(frozen=True)
class NodeType:
    """A node type. ``id`` (string, unique) and ``name`` (what Browser shows) are on every node, not repeated here.

    ``indexed`` are further properties with a range index.
    """

    label: Label
    about: str
    properties: tuple[Property, ...] = ()
    indexed: tuple[str, ...] = ()


@dataclass(frozen=True)
class RelationshipType:
    """A relationship type between node types; facts also carry the properties of ``PROVENANCE``."""

    type: Rel
    start: tuple[Label, ...]
    end: tuple[Label, ...]
    about: str
    properties: tuple[Property, ...] = ()
    fact: bool = True


def _s(name: str, about: str = "") -> Property:
    return Property(name, Type.STRING, about)


def _i(name: str, about: str = "") -> Property:
    return Property(name, Type.INTEGER, about)


def _f(name: str, about: str = "") -> Property:
    return Property(name, Type.FLOAT, about)


def _d(name: str, about: str = "") -> Property:
    return Property(name, Type.DATE, about)


PROVENANCE: tuple[Property, ...] = (
    _s("id", "key of this statement: who says what of whom; one relationship a statement"),
    _s("source", "who supplied it (the table's `source` column, else the table's name)"),
    _d("firstSeen", "earliest date the statement was observed"),
    _d("lastSeen", "latest date the statement was observed"),
    _s("loadId", "the load that last changed it; the same input files give the same id"),
    _s("digest", "hash of all other properties: tells a change from a repetition"),
)
NODE_PROVENANCE: tuple[Property, ...] = (
    _s("source"),
    _s("loadId"),
    _s("digest"),
    _s("extra", "unknown columns of the row, as JSON"),
)
_SERVICE = _s("service", "name of the public service this is known to be; absent: not known to be one")

_ENTRY = (
    _s("chain", "which log it belongs to"),
    _i("sequence", "from 1, without gaps"),
    Property("at", Type.DATETIME),
    _s("by"),
    _s("action"),
    _s("subject", "id of what it is about"),
    _s("details", "JSON"),
    _s("previous", "hash of the entry before"),
    _s("hash", "SHA-256 of all of the above"),
)

_S, _A, _P, _W = Label.SELLER, Label.ADDRESS, Label.PAYMENT_ACCOUNT, Label.WAREHOUSE

NODES: tuple[NodeType, ...] = (
    NodeType(
        _S,
        "A store on a marketplace; id is `marketplace:seller_id`, or `seller_id` where no marketplace is given",
        (
            _s("sellerId", "as received"),
            _s("marketplace"),
            _s("storeName"),
            _s("registeredName"),
            _d("openedOn"),
            _d("closedOn"),
            _s("status", "active, closed or removed"),
            _s("url"),
            _i("listings", "listings seen by the last scan"),
            _i("suspectListings", "of these, suspicious ones"),
            _f("sales30d", "sum of unit price times units sold in 30 days"),
            _f("suspicion", "0 to 1, from price and purchase frequency"),
            _s("titleWords", "what most of its titles have, with spaces between; what few stores have first"),
        ),
        ("sellerId", "storeName"),
    ),
    NodeType(
        _A,
        "A place, canonical; level keys tell which part of it is known",
        (
            _s("text", "canonical address"),
            _s("adcode", "six-digit division code"),
            _s("province"),
            _s("city"),
            _s("district"),
            _s("street"),
            _s("number"),
            _s("building"),
            _s("unit"),
            _s("postcode"),
            _s("country"),
            Property("location", Type.POINT, "WGS 84"),
            _s(
                "level", "finest part known: unit, building, compound, street, district, city, province, none"
            ),
            _s("unitKey"),
            _s("buildingKey"),
            _s("compoundKey"),
            _s("streetKey"),
            _SERVICE,
        ),
        ("adcode", "buildingKey", "compoundKey"),
    ),
    NodeType(
        _P,
        "A payment account; id is a keyed hash, name a masked form, the number itself is not stored",
        (_s("kind"), _s("institution"), Property("valid", Type.BOOLEAN, "check digits hold"), _SERVICE),
    ),
    NodeType(_W, "A warehouse", (_s("operator"), _s("kind", "own, third_party or unknown"), _SERVICE)),
    NodeType(
        Label.PHONE,
        "A telephone number, E.164 where it can be read so",
        (Property("valid", Type.BOOLEAN), _SERVICE),
    ),
    NodeType(Label.EMAIL, "An e-mail address, lower case"),
    NodeType(Label.LICENCE, "A business licence number"),
    NodeType(
        Label.PERSON, "A holder or registrant, person or firm, by canonical name: namesakes share one node"
    ),
    NodeType(Label.BRAND, "A brand"),
    NodeType(
        Label.LISTING,
        "A listing worth keeping: suspicious, bought or noticed",
        (
            _s("listingId"),
            _s("title"),
            _s("category"),
            _f("unitPrice"),
            _s("currency"),
            _i("unitsSold30d"),
            _d("listedOn"),
            _s("url"),
            _f("priceRatio", "unit price over the median of its brand and category"),
            _f("suspicion"),
        ),
        ("listingId",),
    ),
    NodeType(
        Label.TEST_BUY,
        "A test buy",
        (_d("boughtOn"), _s("verdict"), _s("examiner"), _d("examinedOn"), _s("trackingNo"), _s("listingId")),
    ),
    NodeType(
        Label.NOTICE, "A takedown notice", (_d("filedOn"), _s("outcome"), _s("reason"), _s("listingId"))
    ),
    NodeType(Label.OPERATION, "A police operation", (_s("jurisdiction"), _d("startedOn"), _d("endedOn"))),
    NodeType(
        Label.OUTCOME,
        "What an operation led to",
        (_s("kind"), _f("value"), _s("currency"), _i("count"), _d("on")),
    ),
    NodeType(Label.AUTHORITY, "An authority that runs operations"),
    NodeType(
        Label.LOAD,
        "One load of tables",
        (
            Property("startedAt", Type.DATETIME),
            Property("finishedAt", Type.DATETIME),
            Property("paths", Type.STRINGS),
            _s("counts", "read, new, changed, rejected per table, as JSON"),
        ),
    ),
    NodeType(
        Label.RUN,
        "One detection run; immutable once published",
        (
            Property("startedAt", Type.DATETIME),
            Property("finishedAt", Type.DATETIME),
            _s("engine"),
            _i("seed"),
            _s("parameters", "JSON"),
            _s("versions", "JSON"),
            _s("figures", "JSON"),
            _s("dataDigest", "hash of what was read"),
            _s("status", "writing, published or retired"),
        ),
    ),
    NodeType(
        Label.RACKET,
        "One group found by one run; `racketId` is the id that lasts over runs",
        (
            _s("racketId"),
            _s("runId"),
            _i("rank"),
            _f("score"),
            _f("confidence"),
            _i("size"),
            Property("jurisdictions", Type.STRINGS, "adcodes of its sites, most used first"),
            Property("brands", Type.STRINGS),
            _f("estimatedValue", "what a raid would capture, 30-day sales"),
            _s("status", "suspect or harmless"),
            _s("why", "JSON: ranking figures"),
        ),
        ("racketId", "runId", "rank"),
    ),
    NodeType(Label.PUBLISHED, "The one pointer to the run that readers see"),
    NodeType(
        Label.JUDGEMENT,
        "A person's word on two stores or one identifier; append-only",
        (
            _s("kind", "same, different, unsure, whitelist, revoked"),
            _s("a"),
            _s("b"),
            _s("by"),
            Property("at", Type.DATETIME),
            _s("reason"),
        ),
    ),
    NodeType(
        Label.API_KEY,
        "An API key; only its argon2id hash is kept",
        (
            _s("prefix"),
            _s("hash"),
            _s("role"),
            Property("jurisdictions", Type.STRINGS),
            Property("brands", Type.STRINGS),
            Property("createdAt", Type.DATETIME),
            Property("expiresAt", Type.DATETIME),
            Property("revokedAt", Type.DATETIME),
        ),
        ("prefix",),
    ),
    NodeType(
        Label.CHAIN,
        "Where a hash-linked log stands: how many entries, and the hash of the last",
        (_i("length"), _s("head", "hash of the last entry")),
    ),
    NodeType(
        Label.AUDIT_ENTRY,
        "Who read, exported or changed what; append-only, hash-linked",
        _ENTRY,
        ("subject",),
    ),
    NodeType(Label.CUSTODY_EVENT, "One step in the custody of a test buy; append-only, hash-linked", _ENTRY),
)

_RECEIVED = _s("asReceived", "the text as received")

RELATIONSHIPS: tuple[RelationshipType, ...] = (
    RelationshipType(
        Rel.SHIPS_FROM, (_S,), (_A,), "Parcels leave from here", (_RECEIVED, _i("count", "shipments"))
    ),
    RelationshipType(
        Rel.RETURNS_TO, (_S,), (_A,), "Returns are sent here", (_RECEIVED, _i("count", "shipments"))
    ),
    RelationshipType(
        Rel.REGISTERED_AT,
        (_S,),
        (_A,),
        "The store's registered address",
        (_RECEIVED, _i("count", "shipments")),
    ),
    RelationshipType(
        Rel.PAID_TO,
        (_S, Label.TEST_BUY),
        (_P,),
        "Money for the store went here",
        (_i("count", "transactions"),),
    ),
    RelationshipType(Rel.STOCKS_AT, (_S,), (_W,), "The store's goods lie here", (_i("count", "parcels"),)),
    RelationshipType(Rel.LOCATED_AT, (_W,), (_A,), "Where the warehouse is", (_RECEIVED,)),
    RelationshipType(Rel.USES_PHONE, (_S,), (Label.PHONE,), "The store's telephone", (_RECEIVED,)),
    RelationshipType(Rel.USES_EMAIL, (_S,), (Label.EMAIL,), "The store's e-mail", (_RECEIVED,)),
    RelationshipType(Rel.LICENSED_AS, (_S,), (Label.LICENCE,), "The store's business licence", (_RECEIVED,)),
    RelationshipType(Rel.REGISTERED_BY, (_S,), (Label.PERSON,), "Who registered the store", (_RECEIVED,)),
    RelationshipType(Rel.HELD_BY, (_P,), (Label.PERSON,), "Who holds the account", (_RECEIVED,)),
    RelationshipType(
        Rel.SIMILAR_TO,
        (_A, Label.PERSON),
        (_A, Label.PERSON),
        "Perhaps the same; never merged, used as soft evidence",
        (_f("probability"), _s("why")),
    ),
    RelationshipType(
        Rel.OFFERS,
        (_S,),
        (Label.BRAND,),
        "What the store sells of a brand, from the last scan",
        (
            _i("listings"),
            _i("suspectListings"),
            _i("unitsSold30d"),
            _f("sales30d"),
            _f("priceRatio", "median of its listings"),
        ),
    ),
    RelationshipType(Rel.LISTS, (_S,), (Label.LISTING,), "The store offers this listing"),
    RelationshipType(
        Rel.OF_BRAND, (Label.LISTING, Label.TEST_BUY, Label.NOTICE), (Label.BRAND,), "Which brand it is about"
    ),
    RelationshipType(Rel.BOUGHT_FROM, (Label.TEST_BUY,), (_S,), "The store the sample was bought from"),
    RelationshipType(Rel.SENT_FROM, (Label.TEST_BUY,), (_A,), "Where the sample was sent from", (_RECEIVED,)),
    RelationshipType(Rel.AGAINST, (Label.NOTICE,), (_S,), "The store the notice is about"),
    RelationshipType(
        Rel.AUTHORISES,
        (Label.BRAND,),
        (_S,),
        "The brand lets this store sell it",
        (_d("validFrom"), _d("validTo")),
    ),
    RelationshipType(Rel.RUN_BY, (Label.OPERATION,), (Label.AUTHORITY,), "Who ran the operation"),
    RelationshipType(Rel.LED_TO, (Label.OPERATION,), (Label.OUTCOME,), "What came of the operation"),
    RelationshipType(
        Rel.CONCERNS, (Label.OUTCOME,), (_S, _A), "Which store or place the outcome is about", (_RECEIVED,)
    ),
    RelationshipType(Rel.FOUND_IN, (Label.RACKET,), (Label.RUN,), "The run that found the group", fact=False),
    RelationshipType(
        Rel.MEMBER_OF,
        (_S,),
        (Label.RACKET,),
        "The store belongs to the group",
        (
            _s("runId"),
            _f("confidence", "probability that the store belongs to it"),
            _s("role", "core or attached"),
            _f("counterfeit", "probability that it sells fakes"),
            _f(
                "stability",
                "how often it stays with its group when ties are dropped as often as they mean nothing",
            ),
            _i("apart", "stores of the group that no chain of ties leads to: behaviour alone joined them"),
        ),
        fact=False,
    ),
    RelationshipType(
        Rel.ASSESSED,
        (Label.RUN,),
        (_A, _P, _W, Label.PHONE, Label.EMAIL, Label.LICENCE, Label.PERSON),
        "What the run made of a shared identifier",
        (
            _s("runId"),
            _f("hubProbability", "probability that it serves the public"),
            _i("stores", "stores using it"),
            _i("groups", "distinct groups using it"),
            _f("weight", "log-likelihood ratio of one shared use, in nats"),
        ),
        fact=False,
    ),
    RelationshipType(
        Rel.RELIES_ON,
        (Label.RACKET,),
        (_A, _P, _W, Label.PHONE, Label.EMAIL, Label.LICENCE, Label.PERSON),
        "An identifier that holds the group together",
        (
            _s("runId"),
            _i("members", "members using it"),
            _f("share", "of the members"),
            _f("cut", "share of the group's evidence lost without it"),
            _i("pieces", "parts the group falls into without it"),
        ),
        fact=False,
    ),
    RelationshipType(
        Rel.SUCCEEDS,
        (Label.RACKET,),
        (Label.RACKET,),
        "Lineage from an earlier run's group",
        (_s("runId"), _s("kind", "continues, merged or split"), _i("shared", "stores in both")),
        fact=False,
    ),
    RelationshipType(Rel.CURRENT, (Label.PUBLISHED,), (Label.RUN,), "The run that readers see", fact=False),
)

NODE: dict[Label, NodeType] = {node.label: node for node in NODES}
REL: dict[Rel, RelationshipType] = {rel.type: rel for rel in RELATIONSHIPS}

IDENTIFIER_LABELS: tuple[Label, ...] = (
    _A,
    _P,
    _W,
    Label.PHONE,
    Label.EMAIL,
    Label.LICENCE,
    Label.PERSON,
)
"""Labels of what stores may share."""

IDENTIFIER_RELS: tuple[Rel, ...] = (
    Rel.SHIPS_FROM,
    Rel.RETURNS_TO,
    Rel.REGISTERED_AT,
    Rel.PAID_TO,
    Rel.STOCKS_AT,
    Rel.USES_PHONE,
    Rel.USES_EMAIL,
    Rel.LICENSED_AS,
    Rel.REGISTERED_BY,
)
"""Relationship types from a store to what it may share with others."""


def seller_key(marketplace: str | None, seller_id: str) -> str:
    """Return the id of a Seller node: ``marketplace:seller_id``, or ``seller_id`` alone.

    >>> seller_key("tao", "s1"), seller_key(None, "s1")
    ('tao:s1', 's1')
    """
    return f"{marketplace}:{seller_id}" if marketplace else seller_id

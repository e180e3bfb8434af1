"""Settings from the environment; built by the roots (api, cli, client) and handed down, never imported below them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import platformdirs
from pydantic import AliasChoices, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from graphsvc.model.errors import BadInput


class Settings(BaseSettings):
    """Everything that can be set from outside, each from one environment variable.

    With ``NEO4J_URI`` set, that server is used and nothing is started here; otherwise a local Neo4j in ``home``.
    """

    model_config = SettingsConfigDict(env_prefix="GRAPHSVC_", extra="ignore", populate_by_name=True)

    neo4j_uri: str | None = Field(
        None,
        validation_alias=AliasChoices("NEO4J_URI", "neo4j_uri"),
        description="Neo4j server to use; unset: a local one is started",
    )
    neo4j_username: str = Field(
        "neo4j",
        validation_alias=AliasChoices("NEO4J_USERNAME", "NEO4J_USER", "neo4j_username"),
        description="user on that server",
    )
    neo4j_password: SecretStr = Field(
        SecretStr(""),
        validation_alias=AliasChoices("NEO4J_PASSWORD", "neo4j_password"),
        description="password on that server",
    )
    neo4j_database: str | None = Field(
        None,
        validation_alias=AliasChoices("NEO4J_DATABASE", "neo4j_database"),
        description="database on that server; unset: its default",
    )
    home: Path = Field(
        default_factory=lambda: Path(platformdirs.user_data_dir("graphsvc")),
        description="data folder: local Neo4j, staging, rejects, secrets",
    )
    cache: Path = Field(
        default_factory=lambda: Path(platformdirs.user_cache_dir("graphsvc")),
        description="downloaded artifacts, shared by all homes",
    )
    bolt_port: int | None = Field(
        None,
        ge=0,
        le=65535,
        description="Bolt port of the local Neo4j; 0: any free one; unset: 7687, or a free one if busy",
    )
    http_port: int | None = Field(
        None,
        ge=0,
        le=65535,
        description="Browser port of the local Neo4j; 0: any free one; unset: 7474, or a free one if busy",
    )
    neo4j_heap: str = Field("2g", description="heap of the local Neo4j")
    neo4j_pagecache: str = Field("1g", description="page cache of the local Neo4j")
    neo4j_version: str = Field("2026.08", description="which pinned Neo4j the local one is: 2026.08 or 5.26")
    java: Path | None = Field(
        None, description="java program to run the local Neo4j with, instead of the one from pip"
    )
    maven_mirror: str | None = Field(
        None, description="address of a Maven repository to fetch the local Neo4j's artifacts from"
    )
    account_key: SecretStr | None = Field(
        None,
        description="key of the hashes of payment accounts; required with NEO4J_URI, generated in the local mode",
    )

    @property
    def local(self) -> bool:
        """Whether the store is the local Neo4j."""
        return self.neo4j_uri is None


def read_settings(**given: Any) -> Settings:
    """Return settings from the environment, and from what is given here before it.

    Raises
    ------
    BadInput
        If a value is bad; the message names the setting.
    """
    try:
        return Settings(**given)
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0]).upper()
        raise BadInput(
            f"Setting {name if name.startswith('NEO4J') else 'GRAPHSVC_' + name}: {first['msg']}.",
            "Correct the environment variable.",
        ) from error

"""What all models share: Public is given, Create is taken; texts and sums within bounds; pages."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from graphsvc.model.division import CODE

Item = TypeVar("Item")

ShortText = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
LongText = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]
DivisionCode = Annotated[str, StringConstraints(pattern=f"^{CODE}$")]
Money = Annotated[float, Field(ge=0, le=1e15, allow_inf_nan=False)]
Day = Annotated[date, Field(ge=date(1990, 1, 1), le=date(2100, 1, 1))]


class Public(BaseModel):
    """What the API gives; read from our own values."""

    model_config = ConfigDict(from_attributes=True, frozen=True)


class Create(BaseModel):
    """What the API takes; unknown members are refused, so that a typing slip is not silently dropped."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Page(Public, Generic[Item]):
    """A page of a list; subclassed for each, since a client is generated from the class's name."""

    items: list[Item]
    next_cursor: str | None = Field(
        description="Give it as `cursor` for the next page; null: this was the last"
    )

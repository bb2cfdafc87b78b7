"""Kinds of value that many records have."""

import datetime
from typing import Annotated

from pydantic import AwareDatetime, Field

Markdown = Annotated[str, Field(examples=["Nobody *knows* yet."])]
"""A text in Markdown, empty when there is none."""
Day = Annotated[datetime.date | None, Field(examples=["2026-03-01"])]
"""A day, or nothing when it is not known."""
Moment = Annotated[AwareDatetime | None, Field(examples=["2026-03-01T09:30:00Z"])]
"""A moment with its zone, or nothing."""
Address = Annotated[str | None, Field(examples=["https://portal.example/"])]
"""A whole address, or nothing."""

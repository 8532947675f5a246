"""What the program does, shown on generated customers, for anyone."""

from fastapi import APIRouter

from app.schemas.example import Example
from app.services import example

router = APIRouter(prefix="/api/v1/example", tags=["example"])


@router.get("", summary="Show the example's segments")
def read_example() -> Example:
    """Generated customers and the segments found in them; no token is needed."""
    return example.example()

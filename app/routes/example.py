"""What the program does, shown on generated customers, for anyone."""

from fastapi import APIRouter

from app.schemas.example import Example
from app.services import example

router = APIRouter(prefix="/api/v1/example", tags=["example"])


@router.get("", summary="Get example segments")
def read_example() -> Example:
    """Returns generated customers and their segments; needs no token."""
    return example.example()

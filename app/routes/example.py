"""What the program does, shown on generated customers, for anyone."""

from fastapi import APIRouter, Response

from app.routes.packing import PackingDep
from app.schemas.example import Example
from app.services import example

router = APIRouter(prefix="/api/v1/example", tags=["example"])


@router.get("", response_model=Example, summary="Get example segments")
def read_example(packing: PackingDep) -> Response:
    """Returns generated customers and their segments; needs no token."""
    return packing.packed(example.example())

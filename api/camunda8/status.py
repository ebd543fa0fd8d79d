"""That the server answers at all; the one address of /v2 that asks nobody who he is."""

from fastapi import Request, Response

from api.camunda8.door import nothing, router_of
from api.door import authority_of

router = router_of("", asks=False)


@router.get("/status")
def status(request: Request) -> Response:
    """204 when the database answers too."""
    authority_of(request).now()
    return nothing()

"""The built web client: its files, and its one page for every address that is a view of it."""

import re
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

STATIC = Path(__file__).parent / "static"
_NOT_OURS = re.compile(r"(?:api|v2|engine-rest)(?:/|$)")
_FOREVER = "public, max-age=31536000, immutable"


class Client(StaticFiles):
    """Files of `directory`; an address without a file extension that is no file is a view, and gets index.html."""

    def __init__(self, directory: Path = STATIC) -> None:
        super().__init__(directory=directory, check_dir=False)

    async def get_response(self, path: str, scope: Scope) -> Response:
        if _NOT_OURS.match(path):
            raise HTTPException(404)
        try:
            response = await super().get_response(path, scope)
        except HTTPException as error:
            if error.status_code != 404 or (path != "." and "." in path.rpartition("/")[2]):  # "." is the root itself
                raise
            response = await super().get_response("index.html", scope)
        # The names of files under assets/ hold a digest of their content; everything else is asked for anew each time.
        response.headers["Cache-Control"] = _FOREVER if path.startswith("assets/") else "no-cache"
        return response

"""Is it alive? For a load balancer and for whoever is called at night."""

from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse

import yiwang
from yiwang.shell.doors import public


@public("a watchdog has no account; says only whether the database answers, and the version")
def health(request: HttpRequest) -> JsonResponse:
    """200 when the database answers, 503 when not."""
    alive = _database_answers()
    answer = {"ok": alive, "database": alive, "version": yiwang.__version__}
    return JsonResponse(answer, status=200 if alive else 503, headers={"Cache-Control": "no-store"})


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            return bool(cursor.fetchone())
    except DatabaseError:
        return False

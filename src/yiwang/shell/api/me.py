"""Who acts by this key, and what it may do."""

from django.http import HttpRequest
from ninja import Router, Schema

from yiwang.kernel.people.key_scopes import SCOPES
from yiwang.kernel.people.keys import Token
from yiwang.kernel.people.rules import ROLES

from .keyed import operation
from .shapes import Named, field, named

router = Router(tags=["me"])


class Held(Schema):
    """A role of the key's person, as far as the key lets it through."""

    role: Named
    area: str = field("这个单位及以下；空：全部", "this unit and all below; empty: everywhere")
    practice: str = field("空：全部业务", "empty: all lines of work")
    team_id: str | None = field("只及于这个机构的案件", "reaches only what this team has")


class Me(Schema):
    """The key and whoever acts by it."""

    key_name: str
    acts_as: str | None = field("以谁的名义；空：只能报事", "as whom; null: it may only report")
    scopes: list[Named]
    roles: list[Held]
    hourly: int = field("每小时次数", "requests an hour")
    until: str | None = field("最后一天", "the last day")


@router.get("/me", response=Me, **operation("me", "这把密钥是谁", "who this key is"))
def read_me(request: HttpRequest) -> Me:
    """The key, its person, its scopes and the roles it lets through."""
    token: Token = request.auth  # type: ignore[attr-defined]
    key = token.key
    roles = [Held(role=named(grant.role, ROLES[grant.role].title), area=grant.area,
                  practice=grant.practice, team_id=str(grant.team) if grant.team else None)
             for grant in token.actor.grants]
    return Me(key_name=key.name, acts_as=key.person.name if key.person else None,
              scopes=[named(code, SCOPES[code].title) for code in key.scopes if code in SCOPES],
              roles=roles, hourly=key.hourly, until=key.until.isoformat() if key.until else None)

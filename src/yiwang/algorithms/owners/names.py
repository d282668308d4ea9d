"""A unit's name without its place, so that what one learns teaches its like elsewhere. Pure."""

import re
from functools import lru_cache

TOWN, VILLAGE = "{t}", "{v}"  # what stands in a role for the case's own town and village
_TOWN_ENDS = r"(?:街道办事处|办事处|街道|镇|乡|办)"
_ENDINGS = re.compile(r"(?:街道|镇|乡)$")
_BRACKETS = re.compile(r"[（(].*?[)）]")
_SAME = re.compile(r"(?:办公室|工作站)$")


@lru_cache(maxsize=20_000)
def role_of(owner: str, town: str, village: str) -> str:
    """东风街道执法队 for a case in 东风街道: ``{t}街道执法队``; elsewhere the name itself."""
    role = owner.replace(village, VILLAGE) if len(village) > 1 else owner
    stem = _ENDINGS.sub("", town)
    if len(stem) < 2:
        return role
    return re.sub(re.escape(stem) + _TOWN_ENDS, lambda found: _marked(found.group(), stem), role)


def _marked(found: str, stem: str) -> str:
    return TOWN + found[len(stem):]


@lru_cache(maxsize=20_000)
def owner_of(role: str, town: str, village: str) -> str:
    """The unit that has a role where the case is; the other way round of ``role_of``."""
    return role.replace(VILLAGE, village).replace(TOWN, _ENDINGS.sub("", town))


@lru_cache(maxsize=20_000)
def base_of(role: str) -> str:
    """What stays the same when an office is written another way: no brackets, no 办公室 or 街道."""
    plain = _BRACKETS.sub("", role)
    plain = re.sub(re.escape(TOWN) + _TOWN_ENDS, TOWN, plain)
    return _SAME.sub("", plain) or role

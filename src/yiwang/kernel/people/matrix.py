"""The permission matrix as a table: what docs/permissions.md shows, from the one source."""

from yiwang.algorithms.words import Words

from .rules import CAPABILITIES, ROLES, SEPARATED

REACH = {
    True: Words("辖区内本机构", "area and own team"),
    False: Words("辖区内", "area"),
}


def matrix_markdown() -> str:
    """Capability × role in Markdown, both languages in each heading; ● where the role may."""
    return "\n".join([*_head(), *_rows(), "", *_legend(), ""])


def _head() -> list[str]:
    titles = [f"{role.title.zh}<br>{role.title.en}" for role in ROLES.values()]
    codes = [f"`{code}`" for code in ROLES]
    reach = [f"{REACH[role.team_bound].zh}<br>{REACH[role.team_bound].en}"
             for role in ROLES.values()]
    return [
        _line("", *titles),
        _line("---", *(":-:" for _ in titles)),
        _line("角色代码 role", *codes),
        _line("范围 reach", *reach),
    ]


def _rows() -> list[str]:
    return [
        _line(
            f"{words.zh} {words.en}<br>`{code}`",
            *("●" if code in role.capabilities else "·" for role in ROLES.values()),
        )
        for code, words in CAPABILITIES.items()
    ]


def _legend() -> list[str]:
    apart = "、".join(ROLES[code].title.zh for code in ROLES if code in SEPARATED)
    apart_en = ", ".join(ROLES[code].title.en for code in ROLES if code in SEPARATED)
    return [
        "● 在授权的辖区（编码前缀）、业务和日期之内可以；· 不可以。未列出的一律不可以。",
        f"{apart}不能由一人在同一时期兼任。",
        "",
        "● allowed within the term's area (code prefix), practice and dates; · not allowed.",
        "What is not listed is not allowed.",
        f"One person never holds two of these at the same time: {apart_en}.",
    ]


def _line(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"

"""Which passwords are easy to guess though they are long and mixed. Pure.

A town's passwords are guessed as a common word, a place or the system's own name, with a year and a
sign added. NIST SP 800-63B, 3.1.1.2 asks for a list of common ones and of words of the context.
"""

import re
from collections.abc import Collection, Iterable

# Names of this system, of roles and of duties, as they are typed. 2026-11, own choice.
CONTEXT = frozenset({
    "yiwang", "一网", "wangge", "网格", "zhihui", "指挥", "zhihuishi", "指挥室", "diaodu", "调度",
    "zhuren", "主任", "lingdao", "领导", "xitong", "系统", "anquan", "安全", "shenji", "审计",
    "guanli", "管理", "guanliyuan", "管理员", "jiedao", "街道", "xiangzhen", "乡镇", "shequ",
    "社区", "cunwei", "村委", "gongzuo", "工作", "mima", "密码", "denglu", "登录", "zhengfu",
    "政府", "admin", "administrator", "root", "demo", "test", "user", "password", "welcome",
    "office", "town", "street", "village",
})
LEAST_LEFT = 4  # letters that must be left of a password without the words everybody here knows
LEAST_WORD = 4  # letters of a place's name that count as a word; shorter ones are syllables

_BARE = re.compile(r"^[\W\d_]*(.*?)[\W\d_]*$", re.DOTALL)
_NO_LETTER = re.compile(r"[\W\d_]+")
_MEANT = str.maketrans({"@": "a", "4": "a", "3": "e", "1": "i", "!": "i", "0": "o", "$": "s",
                        "5": "s", "7": "t"})


def is_guessable(password: str, common: Collection[str], words: Iterable[str] = ()) -> bool:
    """Whether it is a common password in disguise, or little more than words of this house.

    ``common`` is a collection of common passwords in small letters; ``words`` are names that count
    here besides :data:`CONTEXT`, such as the town's.
    """
    small = password.lower()
    return small in common or _meant(small) in common or _is_of_this_house(small, words)


def _meant(small: str) -> str:
    """``p@ssw0rd2026!`` → ``password``: without what is put around it, signs read as letters."""
    found = _BARE.match(small)
    return (found[1] if found else small).translate(_MEANT)


def _is_of_this_house(small: str, words: Iterable[str]) -> bool:
    names = {word for text in words for word in _NO_LETTER.split(text.lower())
             if len(word) >= LEAST_WORD or not word.isascii()}
    known = sorted((CONTEXT | names) - {""}, key=len, reverse=True)
    return any(_is_little_without(known, said) for said in (small, _meant(small)))


def _is_little_without(known: Iterable[str], said: str) -> bool:
    left = said
    for word in known:
        left = left.replace(word, " ")
    return left != said and len(_NO_LETTER.sub("", left)) < LEAST_LEFT

"""By which way an event was reported: the source's own word as one of our channels. Pure."""

from yiwang.algorithms.words import Words

CHANNELS: dict[str, Words] = {
    "hotline": Words("热线", "hotline"),
    "app": Words("小程序、应用", "app"),
    "mailbox": Words("信箱", "mailbox"),
    "phone": Words("电话", "telephone"),
    "grid": Words("网格", "grid"),
    "import": Words("外部系统", "another system"),
}
# What a source's word holds → channel; the first that is found decides.
_HINTS: tuple[tuple[str, str], ...] = (
    ("12345", "hotline"), ("12319", "hotline"), ("热线", "hotline"), ("hotline", "hotline"),
    ("信箱", "mailbox"), ("邮箱", "mailbox"), ("mail", "mailbox"),
    ("电话", "phone"), ("固话", "phone"), ("phone", "phone"),
    ("网格", "grid"), ("巡查", "grid"), ("grid", "grid"), ("patrol", "grid"),
    ("微信", "app"), ("@", "app"), ("美丽", "app"), ("app", "app"), ("公众号", "app"),
)


def channel_of(word: str) -> str:
    """The channel a source's word stands for; ``import`` where it says nothing we know."""
    low = word.lower()
    return next((channel for hint, channel in _HINTS if hint in low), "import")

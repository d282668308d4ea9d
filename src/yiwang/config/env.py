"""Every setting an instance reads from its environment: one table, printed in docs/settings.md."""

import os
from dataclasses import dataclass
from pathlib import Path

from yiwang.algorithms.words import Words
from yiwang.kernel.errors import Refusal


@dataclass(frozen=True)
class Setting:
    """One environment variable: its default as text, and what it is for."""

    name: str
    default: str
    meaning: Words


SETTINGS: tuple[Setting, ...] = (
    Setting("YIWANG_DATA", ".data", Words(
        "一个实例的全部数据所在的文件夹：数据库、附件、密钥、备份",
        "the one folder that holds all an instance owns: database, files, keys, backups")),
    Setting("YIWANG_PORT", "8000", Words("服务端口", "the port served")),
    Setting("YIWANG_HOST", "127.0.0.1", Words("监听地址", "the address served")),
    Setting("YIWANG_WORKERS", "2", Words("网页进程数", "web worker processes")),
    Setting("YIWANG_DATABASE", "", Words(
        "PostgreSQL 连接串；空则用数据文件夹里的 SQLite",
        "a PostgreSQL connection string; empty means SQLite in the data folder")),
    Setting("YIWANG_DATABASE_REPLICA", "", Words(
        "热备库的连接串；设了以后，允许稍旧的页面从它读",
        "connection string of a hot standby; pages that may be a little behind read there")),
    Setting("YIWANG_BACKUP", "", Words(
        "每夜备份放到哪个文件夹；空则不做", "the folder of nightly backups; empty: none are made")),
    Setting("YIWANG_BACKUP_KEYS", "1", Words(
        "0：备份里不放密钥，另行保管", "0: backups hold no keys; they are kept apart")),
    Setting("YIWANG_ALLOWED_HOSTS", "127.0.0.1,localhost", Words(
        "允许的主机名，逗号分隔", "host names served, separated by commas")),
    Setting("YIWANG_HTTPS", "0", Words(
        "1：只走 HTTPS，Cookie 加 Secure", "1: HTTPS only, cookies marked secure")),
    Setting("YIWANG_SECOND_FACTOR", "administrators", Words(
        "谁登录必须用两步验证：offered 自愿，administrators 三员，all 所有账号；"
        "示范镇（yiwang demo）为 offered",
        "who must sign in with a second factor: offered (nobody), administrators, all accounts; "
        "the demo town (yiwang demo) has offered")),
    Setting("YIWANG_ADDRESS", "", Words(
        "别的系统从外面看到的网址，如 https://xiapu.example；写进推送的来源",
        "the address other systems see, such as https://xiapu.example; the source of webhooks")),
    Setting("YIWANG_OUTGOING_HOSTS", "", Words(
        "可用 http、可在内网的被调用主机，逗号分隔，可带端口；其余只调用公网 https",
        "hosts that may be called by plain http and inside the network, by commas, a port may "
        "follow; all others only by https on the open internet")),
    Setting("YIWANG_DEBUG", "0", Words("1：开发时显示错误详情", "1: show details of errors")),
    Setting("YIWANG_LANG", "", Words(
        "命令行的语言 zh 或 en；空则看系统的 LANG",
        "language of the command line, zh or en; empty asks the system's LANG")),
    Setting("YIWANG_WORDS_KEPT", "365", Words(
        "结案多少天后遮盖案件文字里的电话、证件号和姓名，至少 30；"
        "个人信息保护法 §19 要求最短时间，天数自定",
        "days after closing until numbers and names in a case's words are covered, at least 30; "
        "PIPL §19 asks for the shortest time, the number is ours")),
    Setting("YIWANG_LOGS", "", Words(
        "请求日志和安全日志放到哪个文件夹；空则是数据文件夹里的 logs",
        "the folder of the logs of requests and security; empty: logs in the data folder")),
    Setting("YIWANG_LOG_DAYS", "183", Words(
        "日志留多少天，至少 183；网络安全法 §21 要求不少于六个月",
        "days the logs are kept, at least 183; 网络安全法 §21 asks for six months")),
    Setting("YIWANG_SYSLOG", "", Words(
        "本机日志服务的套接字，如 /dev/log；设了以后每行日志也交给它，由它加密送到别的机器",
        "the socket of this machine's log service, such as /dev/log; every line goes there as "
        "well, for it to send on encrypted")),
    Setting("YIWANG_BASEMAP", "", Words(
        "底图瓦片地址模板 {z}/{x}/{y}；空则只画本镇图层",
        "tile URL template {z}/{x}/{y}; empty draws the town's own layers only")),
)

_DEFAULTS = {setting.name: setting.default for setting in SETTINGS}


def read(name: str) -> str:
    """The value of a setting of the table; ``KeyError`` for one that the table does not list."""
    return os.environ.get(name) or _DEFAULTS[name]


def one_of(name: str, choices: tuple[str, ...]) -> str:
    """The value of a setting that has few; raises ``Refusal`` for any other."""
    value = read(name)
    if value in choices:
        return value
    what = Words("{name}={value} 不认识。", "{name}={value} is not known.")
    todo = Words("可用：{choices}。", "Choose one of: {choices}.")
    raise Refusal("setting", what.filled(name=name, value=value),
                  todo.filled(choices=", ".join(choices)))


def data_folder() -> Path:
    """The folder of ``YIWANG_DATA``, made when missing, readable by its owner alone."""
    folder = Path(read("YIWANG_DATA")).expanduser().resolve()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder

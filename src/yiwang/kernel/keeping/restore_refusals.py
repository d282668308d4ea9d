"""Why a backup is not put back, and what to do about it."""

from pathlib import Path

from yiwang.algorithms.words import Words
from yiwang.kernel.errors import Refusal

SHOWN = 3  # names told of many


def not_a_backup(folder: Path) -> Refusal:
    """No manifest that we can read."""
    return Refusal(
        "not_a_backup",
        Words("{folder} 不是一份完整的备份：没有可读的 manifest.json。",
              "{folder} is no finished backup: it has no manifest.json that can be read.").filled(
            folder=str(folder)),
        Words("指向名字像 yiwang-…-20260310T013000Z 的文件夹。",
              "Name a folder such as yiwang-…-20260310T013000Z."))


def other_database(theirs: str, ours: str) -> Refusal:
    """A backup goes back to the kind of database it came from."""
    return Refusal(
        "other_database",
        Words("这份备份来自 {theirs}，这一套用的是 {ours}。",
              "This backup is of {theirs}; this instance uses {ours}.").filled(
            theirs=theirs, ours=ours),
        Words("设好或去掉 YIWANG_DATABASE，再来一次。",
              "Set or remove YIWANG_DATABASE, then do it again."))


def newer_program(program: str, unknown: list[str]) -> Refusal:
    """The tables have been through migrations that this program does not have."""
    return Refusal(
        "newer_program",
        Words("备份出自更新的程序（{program}），这里不认得：{names}。",
              "The backup was made by a newer program ({program}); unknown here: {names}.").filled(
            program=program, names=", ".join(unknown[:SHOWN])),
        Words("先升级程序，再恢复。", "Upgrade the program first, then restore."))


def damaged(folder: Path, wrong: list[str]) -> Refusal:
    """Bytes that are not what their digest says."""
    return Refusal(
        "backup_damaged",
        Words("备份 {folder} 有 {n} 个文件缺失或被改动：{names}。什么都没有动。",
              "{n} {n:file|files} of the backup {folder} {n:is|are} missing or altered: {names}. "
              "Nothing was touched.").filled(
            folder=folder.name, n=len(wrong), names=", ".join(wrong[:SHOWN])),
        Words("换一份备份。", "Take another backup."))


def running() -> Refusal:
    """Somebody serves or works on this folder now."""
    return Refusal(
        "instance_running",
        Words("这一套正在运行，不能在它下面恢复。",
              "This instance is running; nothing is restored under it."),
        Words("先停下 yiwang serve 和 yiwang work。", "Stop yiwang serve and yiwang work first."))


def instance_there(data: Path) -> Refusal:
    """There are tables already."""
    return Refusal(
        "instance_there",
        Words("这里已经有一套数据（{folder}）。", "There is an instance here already ({folder}).")
        .filled(folder=str(data)),
        Words("换一个空的 YIWANG_DATA（和数据库），或加 --replace：原有的会移到一旁，不删。",
              "Choose an empty YIWANG_DATA (and database), or say --replace: what is there is "
              "moved aside, not deleted."))


def keys_apart(folder: Path) -> Refusal:
    """The backup was made without keys, and the right ones are not here."""
    return Refusal(
        "keys_apart",
        Words("这份备份不含密钥，{folder} 里的也不是它的。",
              "This backup has no keys in it, and those in {folder} are not its own.").filled(
            folder=str(folder)),
        Words("把另存的密钥放进那个文件夹，再来一次；没有它们，封存的个人信息永远读不出。",
              "Put the keys that were kept apart into that folder and do it again; without them "
              "the sealed personal data can never be read."))


def not_the_same(found: dict[str, int], said: dict[str, int]) -> Refusal:
    """What was loaded differs from the manifest."""
    differ = [f"{name}: {found.get(name)} ≠ {count}" for name, count in said.items()
              if found.get(name) != count]
    return Refusal(
        "restored_differs",
        Words("恢复出来的与清单不符：{names}。",
              "What was restored differs from the manifest: {names}.").filled(
            names=", ".join(differ[:SHOWN]) or "trail"),
        Words("不要启动它；换一份备份。", "Do not start it; take another backup."))

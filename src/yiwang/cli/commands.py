"""The one table of commands. To add one: a module with a click command, and a line here."""

from dataclasses import dataclass

from yiwang.algorithms.words import Words


@dataclass(frozen=True, slots=True)
class Entry:
    """Where a command lives (``module:function``, imported when it is called) and what it does."""

    target: str
    summary: Words


COMMANDS: dict[str, Entry] = {
    "demo": Entry("yiwang.cli.demo:demo", Words(
        "建好示范镇", "make the demo town")),
    "serve": Entry("yiwang.cli.serve:serve", Words(
        "启动网页与后台进程", "serve the pages and do the background work")),
    "migrate": Entry("yiwang.cli.migrate:migrate", Words(
        "更新数据表、流程与静态文件", "bring tables, playbooks and static files up to date")),
    "work": Entry("yiwang.cli.work:work", Words(
        "只处理后台事务", "do the background work alone")),
    "verify": Entry("yiwang.cli.verify:verify", Words(
        "核验留痕，重放每件案件", "prove the trail and replay every case")),
    "status": Entry("yiwang.cli.status:status", Words(
        "看这一套好不好", "how this instance stands")),
    "logs": Entry("yiwang.cli.logs:logs", Words(
        "看请求日志和安全日志", "read the logs of requests and security")),
    "backup": Entry("yiwang.cli.backup:backup", Words(
        "备份全部数据", "back up everything, while it goes on")),
    "restore": Entry("yiwang.cli.restore:restore", Words(
        "从备份恢复并核验", "restore a backup and prove it")),
    "deadline": Entry("yiwang.cli.deadline:deadline", Words(
        "算期限，并说明怎么算的", "when a term falls due, and how it was counted")),
    "import": Entry("yiwang.cli.import_events:imports", Words(
        "导入外部系统的事件", "bring in events of another system")),
    "keys": Entry("yiwang.cli.keys:keys", Words(
        "发放、列出、停用接口密钥", "make, list and end API keys")),
    "webhooks": Entry("yiwang.cli.webhooks:webhooks", Words(
        "告诉别的系统案件的动静", "tell other systems what happens to cases")),
    "exchange": Entry("yiwang.cli.exchange:exchange", Words(
        "与别的一网交换案件", "exchange cases with other instances")),
    "learn": Entry("yiwang.cli.learn:learn", Words(
        "从外部事件学出单位、机构、类别和派单规则",
        "learn units, teams, classes and dispatch rules from foreign events")),
    "dispatch": Entry("yiwang.cli.dispatch:dispatch", Words(
        "评估派单建议", "measure the suggestions of units")),
    "duplicates": Entry("yiwang.cli.duplicates:duplicates", Words(
        "重复件找得准不准", "how well duplicates are found")),
    "locate": Entry("yiwang.cli.locate:locate", Words(
        "给经纬度找网格", "find the cells of points")),
    "cells": Entry("yiwang.cli.cells:cells", Words(
        "检查网格文件，提出微网格划分", "check files of cells, propose micro-grids")),
    "report": Entry("yiwang.cli.report:report", Words(
        "编制月报", "make the monthly report")),
    "metrics": Entry("yiwang.cli.metrics:metrics", Words(
        "驾驶舱的指标，来自本系统或数据湖", "the cockpit's figures, from here or out of a lake")),
    "lake": Entry("yiwang.cli.lake:lake", Words(
        "把案件导出成数据湖", "export cases as a lake of Parquet files")),
    "rules": Entry("yiwang.cli.rules:rules", Words(
        "查看派单规则", "look at the dispatch rules")),
    "completion": Entry("yiwang.cli.completion:completion", Words(
        "命令补全脚本", "complete commands in a shell")),
}

"""A small table to begin with: headings that are understood, and made-up events of the demo town.

Its classes stand as codes, so that it comes in where nothing has been learned yet.
"""

from collections.abc import Iterator

from yiwang.algorithms.words import Words

# Field → heading; each is among the field's accepted names (fields.py).
HEADINGS: dict[str, Words] = {
    "number": Words("编号", "number"), "opened": Words("上报时间", "reported_at"),
    "closed": Words("办结时间", "closed_at"), "street": Words("镇街", "town"),
    "community": Words("村社", "village"), "kind": Words("类别", "kind"),
    "channel": Words("来源", "source"), "unit": Words("处置单位", "unit"),
    "punctual": Words("是否按时", "in_time"), "title": Words("标题", "title"),
    "text": Words("描述", "description"), "address": Words("地址", "address"),
    "longitude": Words("经度", "longitude"), "latitude": Words("纬度", "latitude"),
}
NAME = "yiwang-sample"
TOWN = "霞浦街道"
ROWS: tuple[tuple[str, ...], ...] = (
    ("LZ-0001", "2026-03-02 09:15", "2026-03-02 15:40", TOWN, "新浦社区", "GB2021/E.01.10",
     "12345 热线", "环卫保洁队", "按时", "新浦菜场旁垃圾桶满溢", "垃圾堆到桶外，有异味。",
     "新浦菜场东门", "121.8652", "29.8931"),
    ("LZ-0002", "2026-03-02 10:40", "2026-03-04 11:05", TOWN, "霞南村", "GB2021/E.01.13",
     "网格巡查", "城建管理办公室", "按时", "霞南村主路路面破损", "坑洞约半米见方，深 6 厘米。",
     "霞南村公交站旁", "121.8713", "29.8874"),
    ("LZ-0003", "2026-03-05 08:20", "2026-03-09 16:30", TOWN, "宝前村", "GB2021/E.01.25",
     "小程序", "河道管护队", "超时", "宝前河水面漂浮物", "漂浮物约 20 平方米，以枯叶为主。",
     "宝前河步道", "", ""),
    ("LZ-0004", "2026-03-06 14:02", "", TOWN, "凤凰社区", "GB2021/E.04.10",
     "电话", "综合执法队", "", "小学门口非机动车乱停", "二十余辆电动车停在消防通道口。",
     "凤凰社区小学门口", "", ""),
)


def sample_lines() -> Iterator[list[str]]:
    """Headings in the reader's language, then the rows."""
    yield [str(heading) for heading in HEADINGS.values()]
    yield from map(list, ROWS)

"""The units of the demo town in pinyin, for English pages; “village” and “community” translated."""

TOWN_EN = "Xiapu Sub-district"

_COMMUNITIES = {"001": "Xinpu", "002": "Fenghuang", "003": "Huangli", "004": "Chenhuapu",
                "005": "Bailing", "006": "Shawan"}
_VILLAGES = {"200": "Hedong", "205": "Zhutang", "206": "Tongshan", "207": "Fangdai",
             "208": "Shuyuan", "209": "Chenhua", "210": "Shanqian", "211": "Shangfu",
             "214": "Shuiyu", "215": "Hexi", "216": "Xiaxi", "217": "Baoqian", "218": "Baoshan",
             "219": "Shengli", "221": "Xianan"}


def name_en(code: str) -> str:
    """The English name of a unit of the demo town; empty where there is none."""
    part = code[9:12]
    if not part:
        return TOWN_EN
    if part in _COMMUNITIES:
        return f"{_COMMUNITIES[part]} Community"
    return f"{_VILLAGES[part]} Village" if part in _VILLAGES else ""

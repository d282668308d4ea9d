"""Words of the demo: places, teams, people and what happens in a year. All people are made up."""

# Places named on the source page; where they stand is made up. (name, English, kind, village)
PLACES: tuple[tuple[str, str, str, str], ...] = (
    ("新浦菜场", "Xinpu Market", "market", "330206005001"),
    ("霞浦文化客厅", "Xiapu Culture Hall", "hall", "330206005002"),
    ("党群服务中心", "Service Centre", "hall", "330206005003"),
    ("敦亲园", "Dunqin Garden", "park", "330206005221"),
    ("张人亚党章学堂", "Zhang Renya Hall", "hall", "330206005221"),
    ("宝前河", "Baoqian River", "river", "330206005217"),
    ("电影文化馆", "Film Museum", "hall", "330206005005"),
    ("儿童友好馆", "Children's Hall", "hall", "330206005006"),
    ("游客服务中心", "Visitor Centre", "hall", "330206005004"),
)

# Each: code, name, English name, kind of team.
TEAMS: tuple[tuple[str, str, str, str], ...] = (
    ("zhihuishi", "综合信息指挥室", "Command Room", "room"),
    ("chengjian", "城建管理办公室", "Construction and City Office", "office"),
    ("zhifa", "综合执法队", "Law Enforcement Brigade", "brigade"),
    ("huanwei", "环卫保洁队", "Street Cleaning Brigade", "brigade"),
    ("pingan", "平安科", "Safety Office", "office"),
    ("fuwu", "公共服务办公室", "Public Service Office", "office"),
    ("shuiwu", "河道管护队", "River Care Brigade", "brigade"),
    ("xianan", "霞南村村委会", "Xianan Village Committee", "committee"),
)

# Each: account, name, role, team (or none), area.
PEOPLE: tuple[tuple[str, str, str, str, str], ...] = (
    ("diaodu", "沈调度", "dispatcher", "zhihuishi", "330206005"),
    ("zhuren", "陆主任", "adjudicator", "zhihuishi", "330206005"),
    ("lingdao", "顾书记", "leader", "", "330206005"),
    ("chengjian", "李城建", "office", "chengjian", "330206005"),
    ("zhifa", "王执法", "office", "zhifa", "330206005"),
    ("huanwei", "张环卫", "office", "huanwei", "330206005"),
    ("pingan", "赵平安", "office", "pingan", "330206005"),
    ("fuwu", "钱服务", "office", "fuwu", "330206005"),
    ("shuiwu", "孙河道", "office", "shuiwu", "330206005"),
    ("cungan", "周村干", "village_cadre", "xianan", "330206005221"),
    ("wangge", "吴网格", "grid_worker", "", "330206005221"),
    ("wangge2", "郑网格", "grid_worker", "", "330206005001"),
    ("wangge3", "冯网格", "grid_worker", "", "330206005"),
    ("xitong", "系统管理员", "system_admin", "", "330206005"),
    ("anquan", "安全管理员", "security_admin", "", "330206005"),
    ("shenji", "审计员", "auditor", "", "330206005"),
)

# Dispatch rules: (kind, area, hours, team). The national list's classes, then the town's own.
RULES: tuple[tuple[str, str, str, str], ...] = (
    ("GB2021/E.01", "", "any", "huanwei"),
    ("GB2021/E.01.01", "", "any", "zhifa"),
    ("GB2021/E.01.13", "", "any", "chengjian"),
    ("GB2021/E.01.25", "", "any", "shuiwu"),
    ("GB2021/E.01.26", "", "any", "shuiwu"),
    ("GB2021/E.02", "", "any", "zhifa"),
    ("GB2021/E.03", "", "any", "chengjian"),
    ("GB2021/E.04", "", "any", "zhifa"),
    ("GB2021/E.05", "", "any", "chengjian"),
    ("GB2021/E.05", "", "off", "pingan"),
    ("GB2021/E.06", "", "any", "zhifa"),
    ("GB2021/C", "", "any", "chengjian"),
    ("XP/E.99", "", "any", "pingan"),
    ("XP/E.99", "330206005221", "any", "xianan"),
    ("XP/E.98", "", "any", "pingan"),
)

# What happens: kind, title with {where} (village and spot), text, what was done.
HAPPENS: tuple[tuple[str, str, str, str], ...] = (
    ("GB2021/E.05.06", "{where}人行道积水", "雨后积水约 8 厘米，行人绕行机动车道。",
     "{who}到场疏通雨水口两处，抽排积水，路面恢复通行"),
    ("GB2021/E.01.10", "{where}垃圾桶满溢", "垃圾堆到桶外，有异味。",
     "{who}加派一车次清运，冲洗地面，桶位恢复整洁"),
    ("GB2021/E.01.25", "{where}水面漂浮物", "漂浮物约 20 平方米，以枯叶和塑料袋为主。",
     "{who}打捞漂浮物三袋，查看上游拦污网完好"),
    ("GB2021/E.03.07", "{where}施工围挡倾斜", "围挡向人行道倾斜，未见警示。",
     "{who}责令施工方扶正加固，现场复看稳固"),
    ("GB2021/E.01.13", "{where}路面破损", "坑洞约半米见方，深 6 厘米。",
     "{who}切边后冷补沥青一处，压实开放通行"),
    ("GB2021/E.04.05", "{where}店外经营", "货架摆出门外两米，占了盲道。",
     "{who}到店告知，店主当场收回货架，盲道腾空"),
    ("GB2021/E.04.01", "{where}无照游商", "水果摊占道叫卖，影响通行。",
     "{who}劝导摊主移到便民疏导点，路口已畅通"),
    ("GB2021/E.04.10", "{where}非机动车乱停", "二十余辆电动车停在消防通道口。",
     "{who}移车二十二辆，补画停车线并立提示牌"),
    ("GB2021/E.02.01", "{where}非法小广告", "墙面和配电箱上贴满小广告。",
     "{who}清除小广告三十余张，墙面复原"),
    ("GB2021/E.01.07", "{where}沿街晾挂", "树间拉绳晾晒被褥。",
     "{who}上门说明，住户当场收回，绳索拆除"),
    ("GB2021/E.01.36", "{where}乱堆物料", "装修材料堆在绿地上。",
     "{who}联系业主当日运走物料，绿地复整"),
    ("GB2021/E.03.04", "{where}工地扬尘", "裸土未覆盖，出入口带泥。",
     "{who}督促覆盖裸土并开启喷淋，出入口冲洗干净"),
    ("GB2021/E.05.03", "{where}排水管堵塞", "污水从井口冒出。",
     "{who}高压疏通管道十五米，井口不再冒水"),
    ("GB2021/E.01.29", "{where}露天烧烤", "油烟扰民，晚间至十一点。",
     "{who}责令摊主收摊并约谈，当晚复看未再摆"),
    ("XP/E.99.99", "{where}邻里纠纷", "两户因滴水和堆物争执。",
     "{who}邀双方到调解室，签下口头协议：滴水管改道，杂物三日内清走，已复看清走"),
    ("XP/E.98.99", "{where}消防通道堵塞", "楼道口堆放纸箱和旧家具。",
     "{who}清走楼道杂物一车，楼栋张贴提示，通道畅通"),
    ("XP/E.98.98", "{where}电动车违规充电", "飞线从三楼拉下充电。",
     "{who}拆除飞线，指引到集中充电棚，住户已改用"),
)

WHERE: tuple[str, ...] = (
    "主路", "文化礼堂前", "公交站旁", "停车场", "健身角", "河边步道", "菜场门口",
    "小学门口", "南门", "老年活动室旁", "垃圾房旁",
)

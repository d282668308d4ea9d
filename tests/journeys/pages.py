"""Every page there is to look at: who opens it, and its address with {holes} a town fills."""

PAGES: tuple[tuple[str, str], ...] = (
    # anybody
    ("", "/sign-in"), ("", "/r"), ("", "/f"), ("", "/f/nosuchcode"), ("", "/m"),
    ("", "/f/{open_code}"), ("", "/f/{closed_code}"), ("", "/no-such-page"),
    # the desk
    ("diaodu", "/events/"), ("diaodu", "/events/?tab=returned"), ("diaodu", "/events/?tab=open"),
    ("diaodu", "/events/?tab=closed"), ("diaodu", "/events/?tab=mine"),
    ("diaodu", "/events/?q=没有这样的字"),
    ("diaodu", "/cases/{reported}/"), ("diaodu", "/cases/{reported}/assign/"),
    ("diaodu", "/cases/{reported}/merge/"), ("diaodu", "/cases/{reported}/team/"),
    ("diaodu", "/cases/{reported}/split/"),
    ("diaodu", "/cases/{refused}/"), ("diaodu", "/cases/{checking}/"),
    ("diaodu", "/cases/{checking}/pass/"), ("diaodu", "/cases/{checking}/send_back/"),
    ("diaodu", "/cases/{county}/"), ("diaodu", "/cases/{rejected}/"),
    ("diaodu", "/search/?q=垃圾"), ("diaodu", "/search/?q=XYZ"), ("diaodu", "/search/"),
    ("diaodu", "/events/imports"), ("diaodu", "/events/imports/{ready}"),
    ("diaodu", "/events/imports/{done}"), ("diaodu", "/events/kinds"), ("diaodu", "/cells"),
    ("diaodu", "/components"), ("diaodu", "/account"), ("diaodu", "/account/password"),
    ("diaodu", "/account/keys"), ("diaodu", "/account/keys/new"), ("", "/api/v1/docs"),
    ("diaodu", "/account/calendar"), ("diaodu", "/account/prove"),
    ("diaodu", "/account/second-factor"), ("diaodu", "/account/second-factor/remove"),
    ("diaodu", "/people"),
    # an office
    ("huanwei", "/events/"), ("huanwei", "/events/?tab=mine"), ("huanwei", "/cases/{assigned}/"),
    ("huanwei", "/cases/{assigned}/refuse/"), ("huanwei", "/cases/{working}/"),
    ("huanwei", "/cases/{working}/submit/"), ("huanwei", "/cases/{working}/ask_suspension/"),
    ("huanwei", "/cockpit/"),
    # the head of the room
    ("zhuren", "/cases/{disputed}/"), ("zhuren", "/cases/{disputed}/rule/"),
    ("zhuren", "/cases/{review}/"), ("zhuren", "/cases/{asking}/"),
    ("zhuren", "/events/?tab=asking"),
    ("zhuren", "/dispatch-rules"), ("zhuren", "/dispatch-rules/new"),
    ("zhuren", "/dispatch-rules/1"), ("zhuren", "/dispatch-rules/1/end"),
    ("zhuren", "/dispatch-rules/dry-run"), ("zhuren", "/playbooks"),
    ("zhuren", "/playbooks/event"), ("zhuren", "/playbooks/event/edit"),
    ("zhuren", "/calendar"), ("zhuren", "/calendar/2026"), ("zhuren", "/calendar/2027"),
    ("zhuren", "/calendar/2027/announce"), ("zhuren", "/calendar/2026/day"),
    ("zhuren", "/events/kinds/limit?kind=GB2021/E.01.10"),
    ("zhuren", "/cells/new"), ("zhuren", "/cells/import"), ("zhuren", "/cells/report"),
    ("zhuren", "/cells/{cell}"), ("zhuren", "/cells/{cell}/shape"), ("zhuren", "/cells/norms"),
    ("zhuren", "/cells?under=330206005221"), ("zhuren", "/cells/330206005003001/proposals"),
    ("zhuren", "/cells/proposals/{proposal}?spot=3"),
    ("zhuren", "/units"), ("zhuren", "/units/330206005"), ("zhuren", "/units/330206005/kind"),
    ("zhuren", "/units/330206005/power"), ("zhuren", "/units/330206005/power/{power}/end"),
    ("zhuren", "/frameworks"), ("zhuren", "/frameworks/141/member"),
    ("zhuren", "/frameworks/141/member/dj/end"), ("zhuren", "/frameworks/141/track"),
    # a leader
    ("lingdao", "/cockpit/"), ("lingdao", "/wall/"), ("lingdao", "/figures/events.open"),
    ("lingdao", "/figures/events.stars"), ("lingdao", "/reports"),
    ("lingdao", "/figures/events.refused_once?by=clause&key=duty"), ("lingdao", "/cases/{closed}/"),
    # the field
    ("wangge", "/phone"), ("wangge", "/phone/case/{checking}"), ("wangge", "/r"),
    ("cungan", "/events/"),
    # the three administrators
    ("xitong", "/people"), ("xitong", "/people/new"), ("xitong", "/people/{person}"),
    ("xitong", "/people/{person}/details"), ("xitong", "/people/{person}/password"),
    ("xitong", "/webhooks"), ("xitong", "/webhooks/new"), ("xitong", "/webhooks/{hook}"),
    ("xitong", "/peers"), ("xitong", "/peers/new"), ("xitong", "/peers/{peer}"),
    ("xitong", "/instance"), ("xitong", "/api-keys"), ("xitong", "/api-keys/new"),
    ("xitong", "/teams"), ("xitong", "/teams/new"), ("xitong", "/teams/{team}"),
    ("anquan", "/terms"), ("anquan", "/people/{person}/roles"), ("anquan", "/terms/{term}/end"),
    ("shenji", "/audit"), ("shenji", "/people/{person}"), ("shenji", "/"),
)

REFUSED: frozenset[tuple[str, str]] = frozenset({
    ("", "/f/nosuchcode"), ("", "/no-such-page"), ("diaodu", "/people"),
})  # answered with a page that says no; the browser notes the status in its console

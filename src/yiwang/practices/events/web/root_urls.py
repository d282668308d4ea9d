"""Short addresses at the root, to be read out, printed and kept on a phone's first screen."""

from django.urls import URLPattern, path

from . import follow, phone, photos, public_map, report, service_worker

urlpatterns: list[URLPattern] = [
    path("r", report.report, name="report"),
    path("r/send", report.send, name="report-send"),
    path("r/near", report.near, name="report-near"),
    path("r/same/<uuid:case>", report.same, name="report-same"),
    path("r/fresh", report.fresh, name="report-fresh"),
    path("f", follow.find, name="follow"),
    path("f/<slug:code>", follow.case, name="follow-case"),
    path("f/<slug:code>/move", follow.move, name="follow-move"),
    path("f/<slug:code>/photos/<uuid:photo>", photos.followed, name="follow-photo"),
    path("m", public_map.page, name="public-map"),
    path("m/ground.json", public_map.ground, name="public-ground"),
    path("phone", phone.today, name="phone-today"),
    path("phone/case/<uuid:case>", phone.visit, name="phone-case"),
    path("phone/move", phone.move, name="phone-move"),
    path("photos/<uuid:photo>", photos.photo, name="photo"),
    path("photos/<uuid:photo>/small", photos.small, name="photo-small"),
    path("sw.js", service_worker.script, name="service-worker"),
]

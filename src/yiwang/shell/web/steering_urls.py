"""Addresses of the pages that steer: rules, playbooks, frameworks, the calendar."""

from django.urls import URLPattern, path

from . import (
    calendar_pages,
    frameworks,
    frameworks_edit,
    playbook_pages,
    rules_pages,
    rules_pages_edit,
)

urlpatterns: list[URLPattern] = [
    path("dispatch-rules", rules_pages.rules, name="dispatch-rules"),
    path("dispatch-rules/dry-run", rules_pages.dry_run, name="dispatch-dry-run"),
    path("dispatch-rules/new", rules_pages_edit.rule_new, name="dispatch-rule-new"),
    path("dispatch-rules/<int:number>", rules_pages_edit.rule, name="dispatch-rule"),
    path("dispatch-rules/<int:number>/end", rules_pages_edit.rule_end, name="dispatch-rule-end"),
    path("playbooks", playbook_pages.playbooks, name="playbooks"),
    path("playbooks/<slug:code>", playbook_pages.playbook, name="playbook"),
    path("playbooks/<slug:code>/edit", playbook_pages.playbook_edit, name="playbook-edit"),
    path("frameworks", frameworks.frameworks, name="frameworks"),
    path("frameworks/<slug:code>/member", frameworks_edit.member_new, name="framework-member"),
    path("frameworks/<slug:code>/member/<slug:member>/end", frameworks_edit.member_end,
         name="framework-member-end"),
    path("frameworks/<slug:code>/track", frameworks_edit.track_new, name="framework-track"),
    path("calendar", calendar_pages.calendar, name="calendar"),
    path("calendar/<int:year>", calendar_pages.calendar_year, name="calendar-year"),
    path("calendar/<int:year>/announce", calendar_pages.calendar_announce,
         name="calendar-announce"),
    path("calendar/<int:year>/day", calendar_pages.calendar_day, name="calendar-day"),
]

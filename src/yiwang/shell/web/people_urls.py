"""Addresses of signing in, of one's own account, of people, teams, roles, keys, and the audit."""

from django.urls import URLPattern, path

from . import account, api_keys, audit, own_keys, people, people_teams, people_terms, sign_in

urlpatterns: list[URLPattern] = [
    path("sign-in", sign_in.sign_in, name="sign-in"),
    path("sign-in/code", sign_in.second_step, name="second-step"),
    path("sign-out", sign_in.sign_out, name="sign-out"),
    path("account", account.account, name="account"),
    path("account/password", account.password, name="password"),
    path("account/second-factor", account.second_factor, name="second-factor"),
    path("account/second-factor/remove", account.remove_factor, name="remove-factor"),
    path("account/recovery-codes", account.recovery_codes, name="recovery-codes"),
    path("account/other-sessions", account.end_other_sessions, name="end-other-sessions"),
    path("account/keys", own_keys.own_keys, name="own-keys"),
    path("account/keys/new", own_keys.own_key_new, name="own-key-new"),
    path("account/keys/<uuid:key_id>/end", own_keys.own_key_end, name="own-key-end"),
    path("people", people.people, name="people"),
    path("people/new", people.person_add, name="person-add"),
    path("people/<uuid:person_id>", people.person, name="person-detail"),
    path("people/<uuid:person_id>/details", people.person_change, name="person-change"),
    path("people/<uuid:person_id>/password", people.person_password, name="person-password"),
    path("people/<uuid:person_id>/close", people.person_deactivate, name="person-deactivate"),
    path("people/<uuid:person_id>/reopen", people.person_reactivate, name="person-reactivate"),
    path("people/<uuid:person_id>/second-factor", people.person_factor, name="person-factor"),
    path("people/<uuid:person_id>/phone", people.person_phone, name="person-phone"),
    path("people/<uuid:person_id>/roles", people_terms.term_grant, name="term-grant"),
    path("teams", people_teams.teams, name="teams"),
    path("teams/new", people_teams.team_add, name="team-add"),
    path("teams/<uuid:team_id>", people_teams.team, name="team-detail"),
    path("terms", people_terms.terms, name="terms"),
    path("terms/<uuid:term_id>/end", people_terms.term_end, name="term-end"),
    path("api-keys", api_keys.api_keys, name="api-keys"),
    path("api-keys/new", api_keys.api_key_new, name="api-key-new"),
    path("api-keys/<uuid:key_id>/end", api_keys.api_key_end, name="api-key-end"),
    path("audit", audit.audit, name="audit"),
    path("audit.csv", audit.audit_csv, name="audit-export"),
]

"""Addresses of what is told to other systems and exchanged with other instances."""

from django.urls import URLPattern, path

from . import exchange, peers, webhooks

urlpatterns: list[URLPattern] = [
    path("webhooks", webhooks.webhooks, name="webhooks"),
    path("webhooks/new", webhooks.webhook_new, name="webhook-new"),
    path("webhooks/case.schema.json", webhooks.webhook_schema, name="webhook-schema"),
    path("webhooks/<uuid:hook_id>", webhooks.webhook, name="webhook"),
    path("webhooks/<uuid:hook_id>/replay", webhooks.webhook_replay, name="webhook-replay"),
    path("webhooks/<uuid:hook_id>/again/<int:delivery_id>", webhooks.webhook_again,
         name="webhook-again"),
    path("webhooks/<uuid:hook_id>/<slug:act>", webhooks.webhook_act, name="webhook-act"),
    path("peers", peers.peer_list, name="peer-list"),
    path("peers/new", peers.peer_new, name="peer-new"),
    path("peers/own-key", peers.own_key, name="peer-own-key"),
    path("peers/<uuid:peer_id>", peers.peer_page, name="peer"),
    path("peers/<uuid:peer_id>/end", peers.peer_end, name="peer-end"),
    path("peers/<uuid:peer_id>/again/<int:message_id>", peers.peer_again, name="peer-again"),
    path("exchange/v1/messages", exchange.exchange_messages, name="exchange-messages"),
]

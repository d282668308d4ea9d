"""The pages of peers: other instances that cases are exchanged with, and our own key."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import lazystr
from django.utils.timezone import now
from django.views.decorators.http import require_POST

from yiwang.algorithms.words import Words
from yiwang.kernel.errors import Refusal
from yiwang.kernel.exchange import keyring, peers
from yiwang.kernel.exchange.models import PeerMessage
from yiwang.kernel.exchange.rules import STANDS
from yiwang.kernel.people.models import Peer
from yiwang.kernel.people.queries import scope_filter
from yiwang.shell.doors import Asked, door, refused

from .people_forms import UNIT_HINT, PlainForm, text

PAGE, LOG = 200, 50  # peers; newest messages
KEY_HINT = Words("对方“对接系统”页上的 44 个字符", "The 44 characters on their page of peers")
KINDS: dict[str, Words] = {
    "hand": Words("转办", "hand-over"), "status": Words("进展", "news"),
    "recall": Words("撤回", "recall"), "key": Words("换公钥", "new key"),
}
STATES: dict[str, tuple[str, Words]] = {
    PeerMessage.State.WAITING: ("warn", Words("待送", "waiting")),
    PeerMessage.State.DONE: ("ok", Words("已签收", "receipted")),
    PeerMessage.State.FAILED: ("bad", Words("没有送达", "not delivered")),
}


class PeerForm(PlainForm):
    """Another instance."""

    name = text("名称", "Name", 60)
    stands = forms.ChoiceField(
        label=lazystr(Words("它是我们的", "To us it is")), widget=forms.RadioSelect,
        choices=[(code, lazystr(words)) for code, words in STANDS.items()])
    address = text("网址", "Address", 200, Words("https://…", "https://…"))
    key = text("对方的公钥", "Their public key", 44, KEY_HINT)
    area = text("我们的哪一片与它往来", "The part of ours it deals with", 18, UNIT_HINT)


class KeyForm(PlainForm):
    """A peer's new key."""

    key = text("对方的新公钥", "Their new public key", 44, KEY_HINT)


def _mine(request: Asked) -> Any:
    return Peer.objects.filter(scope_filter(request.actor, "system.edit", "", area_field="area"))


@door("system.edit")
def peer_list(request: Asked) -> HttpResponse:
    """Our own key, and the instances of the reader's area, those in force first."""
    found = sorted(_mine(request).order_by("name")[:PAGE], key=lambda peer: bool(peer.ended_at))
    rows = [(peer, STANDS[peer.stands]) for peer in found]
    return render(request, "shell/peers/list.html", {
        "rows": rows, "key": keyring.own_public(), "key_id": keyring.own_key_id()})


@door("system.edit")
def peer_new(request: Asked) -> HttpResponse:
    """Register another instance."""
    area = next((grant.area for grant in request.actor.grants
                 if "system.edit" in grant.capabilities), "")
    form = PeerForm(request.POST or None, initial={"area": area, "stands": "above"})
    if request.method == "POST" and form.is_valid():
        try:
            peer = peers.add_peer(by=request.actor, at=now(), **form.cleaned_data)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return redirect("peer", peer_id=peer.pk)
    return render(request, "shell/peers/new.html", {"form": form},
                  status=422 if form.errors else 200)


@door("system.edit")
def peer_page(request: Asked, peer_id: UUID) -> HttpResponse:
    """One instance with its newest messages; ``POST``: its new key."""
    peer = get_object_or_404(_mine(request), pk=peer_id)
    form = KeyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            peers.replace_key(peer, form.cleaned_data["key"], by=request.actor, at=now())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, str(Words("新公钥已登记，旧的还认一周。",
                                                "The new key counts; the old one for a week.")))
            return redirect("peer", peer_id=peer.pk)
    log = PeerMessage.objects.filter(peer=peer).order_by("-id")[:LOG]
    rows = [(one, KINDS.get(one.kind, one.kind), *STATES[one.state]) for one in log]
    return render(request, "shell/peers/peer.html", {
        "peer": peer, "stands": STANDS[peer.stands], "rows": rows, "form": form},
        status=422 if form.errors else 200)


@require_POST
@door("system.edit")
def peer_end(request: Asked, peer_id: UUID) -> HttpResponse:
    """Nothing more is exchanged with it."""
    peers.end_peer(get_object_or_404(_mine(request), pk=peer_id), by=request.actor, at=now())
    messages.success(request, str(Words("交换已结束。", "The exchange has ended.")))
    return redirect("peer-list")


@require_POST
@door("system.edit")
def peer_again(request: Asked, peer_id: UUID, message_id: int) -> HttpResponse:
    """A message that failed, once more."""
    peer = get_object_or_404(_mine(request), pk=peer_id)
    found = PeerMessage.objects.select_related("peer")
    message = get_object_or_404(found, pk=message_id, peer=peer)
    try:
        peers.send_message_again(message, by=request.actor, at=now())
    except Refusal as refusal:
        return refused(request, refusal)
    messages.success(request, str(Words("已重新排队。", "It is in the queue again.")))
    return redirect("peer", peer_id=peer.pk)


@require_POST
@door("system.edit")
def own_key(request: Asked) -> HttpResponse:
    """A new key of ours, told to every instance."""
    peers.rotate_own_key(by=request.actor, at=now())
    messages.success(request, str(Words("已换钥，并告知各对接系统。",
                                        "The key is replaced; every peer is told.")))
    return redirect("peer-list")

"""``yiwang exchange``: our key, the other instances, the messages between us."""

import click

from yiwang.algorithms.words import Words

from .commands import Entry
from .group import LazyGroup
from .speaking import both
from .webhooks import AS_JSON, found, say, say_rows, set_up

TABLE = {
    "key": Entry("yiwang.cli.exchange:key", Words("我们的公钥", "our public key")),
    "rotate-key": Entry("yiwang.cli.exchange:rotate_key", Words(
        "换钥并告知各方", "replace our key and tell every peer")),
    "peers": Entry("yiwang.cli.exchange:peers", Words("列出对接系统", "list the peers")),
    "add-peer": Entry("yiwang.cli.exchange:add", Words("登记对接系统", "register a peer")),
    "end-peer": Entry("yiwang.cli.exchange:end", Words("结束交换", "end an exchange")),
    "messages": Entry("yiwang.cli.exchange:messages", Words(
        "没送到的消息", "messages that have not arrived")),
}
exchange = LazyGroup("exchange", table=TABLE, help=both(Words(
    "与别的一网交换案件", "exchange cases with other instances")))


@click.command("key")
@AS_JSON
def key(as_json: bool) -> None:
    """我们的公钥，给对方登记 · Our public key, for the other side to register."""
    set_up()
    from yiwang.kernel.exchange import keyring

    say(as_json, keyring.own_public(), {"key": keyring.own_public(), "id": keyring.own_key_id()})


@click.command("rotate-key")
@AS_JSON
def rotate_key(as_json: bool) -> None:
    """换钥并告知各方 · Replace our key; it is told to every peer under the old one."""
    set_up()
    from django.utils.timezone import now

    from yiwang.kernel.exchange.peers import rotate_own_key
    from yiwang.kernel.people.rules import SYSTEM

    public = rotate_own_key(by=SYSTEM, at=now())
    say(as_json, public, {"key": public})


@click.command("peers")
@AS_JSON
def peers(as_json: bool) -> None:
    """列出对接系统 · List the peers."""
    set_up()
    from yiwang.kernel.exchange.rules import STANDS
    from yiwang.kernel.people.models import Peer

    rows = list(Peer.objects.order_by("name").values(
        "id", "name", "stands", "address", "area", "key", "heard_at", "failures", "ended_at"))
    lines = [f"{row['name']}\t{STANDS[row['stands']]}\t{row['address']}" for row in rows
             if not row["ended_at"]]
    say_rows(as_json, lines, Words("还没有对接系统。", "No peers yet."), rows)


@click.command("add-peer")
@click.argument("name")
@click.argument("address")
@click.argument("public_key")
@click.option("--stands", required=True, type=click.Choice(["above", "below", "beside"]),
              help="它是我们的上级、下级还是平级 · what it is to us")
@click.option("--area", required=True, help="我们的哪一片与它往来 · the part of ours it deals with")
@AS_JSON
def add(name: str, address: str, public_key: str, stands: str, area: str, as_json: bool) -> None:
    """登记对接系统 · Register a peer; it registers us the same way."""
    set_up()
    from django.utils.timezone import now

    from yiwang.kernel.exchange.peers import add_peer
    from yiwang.kernel.people.rules import SYSTEM

    peer = add_peer(name, address, public_key, stands=stands, area=area, by=SYSTEM, at=now())
    say(as_json, peer.key_id, {"id": peer.pk, "key_id": peer.key_id})


@click.command("end-peer")
@click.argument("name")
@AS_JSON
def end(name: str, as_json: bool) -> None:
    """结束交换 · End the exchange with a peer."""
    set_up()
    from django.utils.timezone import now

    from yiwang.kernel.exchange.peers import end_peer
    from yiwang.kernel.people.models import Peer
    from yiwang.kernel.people.rules import SYSTEM

    peer = found(Peer, name)
    end_peer(peer, by=SYSTEM, at=now())
    say(as_json, name, {"ended": peer.pk})


@click.command("messages")
@AS_JSON
def messages(as_json: bool) -> None:
    """没送到的消息和原因 · Messages that wait or have failed, and why."""
    set_up()
    from yiwang.kernel.exchange.models import PeerMessage
    from yiwang.shell.web.peers import KINDS, STATES

    open_ = PeerMessage.objects.exclude(state=PeerMessage.State.DONE).filter(incoming=False)
    rows = list(open_.order_by("id").values(
        "message", "peer__name", "kind", "state", "tries", "error", "due_at")[:500])
    tried = Words("试过 {n} 次", "{n} {n:try|tries}")
    lines = ["\t".join((row["peer__name"], str(KINDS.get(row["kind"], row["kind"])),
                        str(STATES[row["state"]][1]), str(tried.filled(n=row["tries"])),
                        row["error"])).rstrip() for row in rows]
    say_rows(as_json, lines, Words("都送到了。", "All have arrived."), rows)

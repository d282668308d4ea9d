"""``yiwang verify``: prove the trail, and replay every case from it."""

import json
import os
import sys

import click

from yiwang.algorithms.words import Words

SHOWN = 20  # faults told on a terminal; --json tells all


@click.command()
@click.option("--json", "as_json", is_flag=True, help="给机器读 · for machines")
def verify(as_json: bool) -> None:
    """核验留痕链，重放每件案件并与现状比对 · Check the chain, replay every case and compare."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yiwang.config.settings")
    django.setup()
    from yiwang.kernel.cases.replay import prove

    proof = prove(_tell if sys.stderr.isatty() and not as_json else lambda done: None)
    if as_json:
        click.echo(json.dumps({
            "entries": proof.entries, "cases": proof.cases,
            "faults": [{"stream": f.stream, "seq": f.seq, "what": f.what} for f in proof.faults],
        }, ensure_ascii=False))
    else:
        _say(proof.entries, proof.cases, [f"{f.stream} #{f.seq}: {f.what}" for f in proof.faults])
    sys.exit(1 if proof.faults else 0)


def _tell(done: int) -> None:
    click.echo(f"\r{done:,}", nl=False, err=True)


def _say(entries: int, cases: int, faults: list[str]) -> None:
    click.echo(str(Words(
        "核验 {entries} 条留痕、{cases} 件案件：{n} 处不符",
        "{entries} trail {entries:entry|entries} and {cases} {cases:case|cases} checked: "
        "{n} {n:fault|faults}",
    ).filled(entries=f"{entries:,}", cases=f"{cases:,}", n=len(faults))))
    for fault in faults[:SHOWN]:
        click.echo(f"  {fault}")
    if len(faults) > SHOWN:
        click.echo(f"  … {len(faults) - SHOWN}")

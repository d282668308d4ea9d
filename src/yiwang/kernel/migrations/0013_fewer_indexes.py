"""Five indexes that each begin another one cost a write at every step and answered nothing.

Dropped by name: the names Django gave are the same on every database, and SQLite would otherwise
write the whole table anew.
"""

import django.db.models.deletion
from django.db import migrations, models

NEEDLESS = (
    ("kernel_case_handler_id_bf534699", "kernel_case", "handler_id"),
    ("kernel_hold_case_id_26ef81ad", "kernel_hold", "case_id"),
    ("kernel_hold_team_id_14431593", "kernel_hold", "team_id"),
    ("kernel_assist_case_id_5294d11d", "kernel_assist", "case_id"),
    ("kernel_assist_team_id_a9d8b0fd", "kernel_assist", "team_id"),
)


def _dropped(name, table, column):
    return migrations.RunSQL(
        f'DROP INDEX IF EXISTS "{name}"', f'CREATE INDEX "{name}" ON "{table}" ("{column}")')


def _without_index(model, field, to, **more):
    return migrations.AlterField(model_name=model, name=field, field=models.ForeignKey(
        db_index=False, to=to, **more))


class Migration(migrations.Migration):

    dependencies = [("kernel", "0012_calendar_address")]

    operations = [migrations.SeparateDatabaseAndState(
        database_operations=[_dropped(*index) for index in NEEDLESS],
        state_operations=[
            _without_index("assist", "case", "kernel.case", related_name="assists",
                           on_delete=django.db.models.deletion.CASCADE),
            _without_index("assist", "team", "kernel.team", related_name="+",
                           on_delete=django.db.models.deletion.PROTECT),
            _without_index("case", "handler", "kernel.team", related_name="+", null=True,
                           help_text="主办", on_delete=django.db.models.deletion.PROTECT),
            _without_index("hold", "case", "kernel.case", related_name="holds",
                           on_delete=django.db.models.deletion.CASCADE),
            _without_index("hold", "team", "kernel.team", related_name="+", null=True,
                           on_delete=django.db.models.deletion.PROTECT),
        ],
    )]

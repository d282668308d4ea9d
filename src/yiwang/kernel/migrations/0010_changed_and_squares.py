"""When a case last changed, for who asks what is new; and squares of a kilometre, for boxes."""

import django.db.models.expressions
from django.db import migrations, models

import yiwang.kernel.cases.models

# The same statement on both databases. A case that is over changed last when it closed.
FILL = """UPDATE kernel_case SET changed_at = COALESCE(closed_at,
    (SELECT MAX(since) FROM kernel_hold WHERE kernel_hold.case_id = kernel_case.id), opened_at)
    WHERE changed_at IS NULL"""


class Migration(migrations.Migration):

    dependencies = [
        ('kernel', '0009_case_square'),
    ]

    operations = [
        migrations.AddField(
            model_name='case',
            name='changed_at',
            field=models.DateTimeField(help_text='last step, or end; as its source says', null=True),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(django.db.models.expressions.OrderBy(django.db.models.expressions.F('changed_at'), descending=True), django.db.models.expressions.OrderBy(django.db.models.expressions.F('id'), descending=True), name='case_changed'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(yiwang.kernel.cases.models.Hundredths('latitude'), yiwang.kernel.cases.models.Hundredths('longitude'), django.db.models.expressions.OrderBy(django.db.models.expressions.F('opened_at'), descending=True), condition=models.Q(('longitude__isnull', False)), name='case_square'),
        ),
    ]

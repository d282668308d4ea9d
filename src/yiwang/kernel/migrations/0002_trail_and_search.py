"""What the ORM cannot say: a trail that refuses changes, and the index of two-character words."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

SQLITE = (
    """CREATE TRIGGER trail_no_update BEFORE UPDATE ON kernel_trailentry
       BEGIN SELECT RAISE(ABORT, 'the trail is append-only'); END""",
    """CREATE TRIGGER trail_no_delete BEFORE DELETE ON kernel_trailentry
       BEGIN SELECT RAISE(ABORT, 'the trail is append-only'); END""",
    """CREATE VIRTUAL TABLE kernel_words USING fts5(
       subject UNINDEXED, tokens, tokenize = "unicode61 remove_diacritics 0")""",
)
POSTGRESQL = (
    """CREATE FUNCTION trail_refuses() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN RAISE EXCEPTION 'the trail is append-only'; END $$""",
    """CREATE TRIGGER trail_no_change BEFORE UPDATE OR DELETE ON kernel_trailentry
       FOR EACH ROW EXECUTE FUNCTION trail_refuses()""",
    """CREATE TABLE kernel_words (id bigserial PRIMARY KEY, subject uuid NOT NULL UNIQUE,
       tokens tsvector NOT NULL)""",
    "CREATE INDEX kernel_words_tokens ON kernel_words USING gin (tokens)",
)


def build(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    for statement in SQLITE if editor.connection.vendor == "sqlite" else POSTGRESQL:
        editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("kernel", "0001_initial")]
    operations = [migrations.RunPython(build, migrations.RunPython.noop)]

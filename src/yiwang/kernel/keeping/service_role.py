"""A narrower PostgreSQL role for the running service than the one that owns the tables."""

import re

from django.db import connection, transaction

from yiwang.algorithms.words import Words
from yiwang.kernel.errors import Refusal
from yiwang.kernel.records.models import TrailEntry

NAME = re.compile(r"[a-z_][a-z0-9_]{0,62}")
TRAIL = TrailEntry._meta.db_table
# It reads and writes rows; of the trail and of the list of migrations it changes and removes none.
GRANTS = (
    "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
    "REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {role}",
    "GRANT USAGE ON SCHEMA public TO {role}",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
    "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
    f"REVOKE UPDATE, DELETE ON {TRAIL} FROM {{role}}",
    "REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {role}",
)


@transaction.atomic
def grant(role: str) -> None:
    """Give ``role``, which is there already, what serving and background work need, no more.

    Raises ``Refusal`` on SQLite, for a name PostgreSQL would have to quote, one that is not there,
    or one that owns tables or may do anything: a grant narrows nobody.
    """
    if connection.vendor != "postgresql":
        raise Refusal("sqlite_role", Words("SQLite 没有数据库账号。",
                                           "SQLite has no roles of its own."))
    if not NAME.fullmatch(role):
        raise Refusal("role_name", Words("账号名只用小写字母、数字、下划线。",
                                         "Small letters, digits and underscores only."))
    _check_narrow(role)
    with connection.cursor() as cursor:
        for statement in GRANTS:
            cursor.execute(statement.format(role=role))


def _check_narrow(role: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolsuper OR rolcreatedb OR rolcreaterole, EXISTS ("
            "SELECT 1 FROM pg_tables WHERE schemaname = 'public' AND tableowner = rolname) "
            "FROM pg_roles WHERE rolname = %s", [role])
        found = cursor.fetchone()
    if found is None:
        raise Refusal(
            "no_role", Words("数据库里没有账号 {role}。", "There is no role {role}.").filled(
                role=role),
            Words("先由数据库管理员建：CREATE ROLE {role} LOGIN PASSWORD '…'",
                  "Let the database's administrator make it: CREATE ROLE {role} LOGIN PASSWORD "
                  "'…'").filled(role=role))
    if any(found):
        raise Refusal(
            "role_too_wide", Words("账号 {role} 权限过大：它是表的主人，或能建库、建账号。",
                                   "The role {role} may too much: it owns tables, or makes "
                                   "databases or roles.").filled(role=role))

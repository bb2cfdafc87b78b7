"""The record is append-only: the database refuses UPDATE, DELETE and TRUNCATE."""

from collaborative.core.triggers import declare

TABLE = "audit_event"
REFUSAL = "the record is append-only"

for act in ("UPDATE", "DELETE"):
    declare(
        "sqlite",
        TABLE,
        f"audit_no_{act.lower()}",
        f"CREATE TRIGGER audit_no_{act.lower()} BEFORE {act} ON {TABLE} BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END",
    )
declare(
    "postgresql",
    TABLE,
    "audit_append_only",
    f"CREATE OR REPLACE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS "
    f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'restrict_violation'; END $$",
    f"CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {TABLE} "
    "FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()",
)

"""The audit chain's triggers, the cache's table, and what the application's role may do."""

from django.conf import settings
from django.db import migrations

CHAIN = """
CREATE FUNCTION common_audit_digest(e common_auditevent) RETURNS bytea
LANGUAGE sql STABLE SET search_path = pg_catalog, public AS $$
  SELECT sha256(convert_to(jsonb_build_array(
    e.seq, extract(epoch FROM e.at)::text, e.verb, e.actor_id, e.role, e.resource, e.object_id,
    e.related, e.request_id, e.network)::text, 'UTF8') || e.prev)
$$;

CREATE FUNCTION common_audit_chain() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE head common_audithead%ROWTYPE;
BEGIN
  SELECT * INTO STRICT head FROM common_audithead WHERE id = 1 FOR UPDATE;
  NEW.seq := head.seq + 1;
  NEW.at := clock_timestamp();
  NEW.prev := head.hash;
  NEW.hash := common_audit_digest(NEW);
  UPDATE common_audithead SET seq = NEW.seq, hash = NEW.hash WHERE id = 1;
  RETURN NEW;
END $$;

CREATE FUNCTION common_audit_refuse() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the audit log is append-only' USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE TRIGGER audit_chain BEFORE INSERT ON common_auditevent
  FOR EACH ROW EXECUTE FUNCTION common_audit_chain();
CREATE TRIGGER audit_keep BEFORE UPDATE OR DELETE ON common_auditevent
  FOR EACH ROW EXECUTE FUNCTION common_audit_refuse();
CREATE TRIGGER audit_keep_all BEFORE TRUNCATE ON common_auditevent
  FOR EACH STATEMENT EXECUTE FUNCTION common_audit_refuse();
INSERT INTO common_audithead (id, seq, hash) VALUES (1, 0, ''::bytea);

CREATE TABLE common_cache (
  cache_key varchar(255) PRIMARY KEY, value text NOT NULL, expires timestamptz NOT NULL
);
CREATE INDEX common_cache_expires ON common_cache (expires);
"""
UNCHAIN = """
DROP TABLE common_cache;
DROP TRIGGER audit_chain ON common_auditevent;
DROP TRIGGER audit_keep ON common_auditevent;
DROP TRIGGER audit_keep_all ON common_auditevent;
DROP FUNCTION common_audit_chain();
DROP FUNCTION common_audit_refuse();
DROP FUNCTION common_audit_digest(common_auditevent);
DELETE FROM common_audithead;
"""
GRANT = """
GRANT USAGE ON SCHEMA public TO {app};
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {app};
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {app};
ALTER DEFAULT PRIVILEGES IN SCHEMA public
  GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {app};
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {app};
REVOKE ALL ON common_auditevent, common_audithead, django_migrations FROM {app};
GRANT SELECT, INSERT ON common_auditevent TO {app};
GRANT SELECT ON common_audithead, django_migrations TO {app};
"""
REVOKE = """
ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE ALL ON TABLES FROM {app};
ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE ALL ON SEQUENCES FROM {app};
REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {app};
REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM {app};
"""


def _for_application(statements):
    """Run the statements for the application's role, where it is not the owner itself."""

    def run(apps, schema_editor):
        connection = schema_editor.connection
        name = settings.DATABASE_APP_USER
        if not name or name == connection.settings_dict["USER"]:
            return
        schema_editor.execute(statements.format(app=connection.ops.quote_name(name)))

    return run


class Migration(migrations.Migration):
    """Guards that the application cannot take down."""

    dependencies = [("common", "0001_kernel")]

    operations = [
        migrations.RunSQL(CHAIN, UNCHAIN),
        migrations.RunPython(_for_application(GRANT), _for_application(REVOKE)),
    ]

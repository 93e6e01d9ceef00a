"""A published edition, its text, notes, moves and templates never change, whoever asks."""

from django.db import migrations

#: Tables that belong to an edition, with the way from a row to the edition's id.
PARTS = {
    "guidelines_sectionversion": "{row}.edition_id",
    "guidelines_changenote": "{row}.edition_id",
    "guidelines_sectionmove": "{row}.edition_id",
    "guidelines_sectionversion_templates": (
        "(SELECT v.edition_id FROM guidelines_sectionversion v WHERE v.id = {row}.sectionversion_id)"
    ),
}
EDITION = """
CREATE FUNCTION guidelines_edition_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.state = 'published' THEN
    RAISE EXCEPTION 'a published edition never changes' USING ERRCODE = 'check_violation';
  END IF;
  RETURN COALESCE(NEW, OLD);
END $$;
CREATE TRIGGER guidelines_edition_guard BEFORE UPDATE OR DELETE ON guidelines_edition
  FOR EACH ROW EXECUTE FUNCTION guidelines_edition_guard();

CREATE FUNCTION guidelines_chain_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE last_hash text;
BEGIN
  IF NEW.state = 'published' THEN
    SELECT e.sha256 INTO last_hash FROM guidelines_edition e
      WHERE e.publication_id = NEW.publication_id AND e.state = 'published' AND e.id <> NEW.id
      ORDER BY e.number DESC LIMIT 1;
    IF NEW.previous_sha256 <> COALESCE(last_hash, '') OR length(NEW.sha256) <> 64 THEN
      RAISE EXCEPTION 'the edition does not follow the one before' USING ERRCODE = 'check_violation';
    END IF;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guidelines_chain_guard BEFORE INSERT OR UPDATE ON guidelines_edition
  FOR EACH ROW EXECUTE FUNCTION guidelines_chain_guard();
"""
PART = """
CREATE FUNCTION {table}_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE published boolean;
BEGIN
  IF TG_OP <> 'INSERT' THEN
    SELECT e.state = 'published' INTO published FROM guidelines_edition e WHERE e.id = {old};
    IF published THEN
      RAISE EXCEPTION 'a published edition never changes' USING ERRCODE = 'check_violation';
    END IF;
  END IF;
  IF TG_OP <> 'DELETE' THEN
    SELECT e.state = 'published' INTO published FROM guidelines_edition e WHERE e.id = {new};
    IF published THEN
      RAISE EXCEPTION 'a published edition never changes' USING ERRCODE = 'check_violation';
    END IF;
  END IF;
  RETURN COALESCE(NEW, OLD);
END $$;
CREATE TRIGGER {table}_guard BEFORE INSERT OR UPDATE OR DELETE ON {table}
  FOR EACH ROW EXECUTE FUNCTION {table}_guard();
"""
FORWARD = EDITION + "".join(
    PART.format(table=table, old=way.format(row="OLD"), new=way.format(row="NEW"))
    for table, way in PARTS.items()
)
BACKWARD = "".join(
    f"DROP TRIGGER {table}_guard ON {table}; DROP FUNCTION {table}_guard();" for table in PARTS
) + (
    "DROP TRIGGER guidelines_chain_guard ON guidelines_edition; DROP FUNCTION guidelines_chain_guard();"
    "DROP TRIGGER guidelines_edition_guard ON guidelines_edition; DROP FUNCTION guidelines_edition_guard();"
)


class Migration(migrations.Migration):
    """Triggers on the edition and on everything that belongs to it."""

    dependencies = [("guidelines", "0003_publications")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]

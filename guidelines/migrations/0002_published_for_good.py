"""A published edition and its text never change, whoever asks."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION guidelines_edition_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.state = 'published' THEN
    RAISE EXCEPTION 'a published edition never changes' USING ERRCODE = 'check_violation';
  END IF;
  RETURN COALESCE(NEW, OLD);
END $$;
CREATE TRIGGER guidelines_edition_guard BEFORE UPDATE OR DELETE ON guidelines_edition
  FOR EACH ROW EXECUTE FUNCTION guidelines_edition_guard();

CREATE FUNCTION guidelines_text_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM guidelines_edition e
             WHERE e.id = COALESCE(NEW.edition_id, OLD.edition_id) AND e.state = 'published') THEN
    RAISE EXCEPTION 'a published edition never changes' USING ERRCODE = 'check_violation';
  END IF;
  RETURN COALESCE(NEW, OLD);
END $$;
CREATE TRIGGER guidelines_text_guard BEFORE INSERT OR UPDATE OR DELETE ON guidelines_sectiontext
  FOR EACH ROW EXECUTE FUNCTION guidelines_text_guard();
"""
BACKWARD = """
DROP TRIGGER guidelines_text_guard ON guidelines_sectiontext;
DROP FUNCTION guidelines_text_guard();
DROP TRIGGER guidelines_edition_guard ON guidelines_edition;
DROP FUNCTION guidelines_edition_guard();
"""


class Migration(migrations.Migration):
    """Two triggers."""

    dependencies = [("guidelines", "0001_guidelines")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]

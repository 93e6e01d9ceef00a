"""A template that a published section offers never changes, whoever asks."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION guidelines_templateversion_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM guidelines_sectionversion_templates l
             JOIN guidelines_sectionversion v ON v.id = l.sectionversion_id
             JOIN guidelines_edition e ON e.id = v.edition_id
             WHERE l.templateversion_id = OLD.id AND e.state = 'published') THEN
    RAISE EXCEPTION 'a published template never changes' USING ERRCODE = 'check_violation';
  END IF;
  RETURN COALESCE(NEW, OLD);
END $$;
CREATE TRIGGER guidelines_templateversion_guard BEFORE UPDATE OR DELETE
  ON guidelines_templateversion FOR EACH ROW EXECUTE FUNCTION guidelines_templateversion_guard();
"""
BACKWARD = """
DROP TRIGGER guidelines_templateversion_guard ON guidelines_templateversion;
DROP FUNCTION guidelines_templateversion_guard();
"""


class Migration(migrations.Migration):
    """One trigger."""

    dependencies = [("guidelines", "0005_writers")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]

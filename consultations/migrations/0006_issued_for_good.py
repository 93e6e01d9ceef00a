"""What was issued stays: the report's words, its people, and its file once that is there."""

from django.db import migrations

GUARD = """
CREATE OR REPLACE FUNCTION consultations_keep_issued() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    -- Only the file may still come, once.
    IF OLD.pdf_path = '' THEN
      OLD.pdf_path := NEW.pdf_path;
      OLD.pdf_size := NEW.pdf_size;
      OLD.pdf_sha256 := NEW.pdf_sha256;
    END IF;
    IF NEW IS NOT DISTINCT FROM OLD THEN
      RETURN NEW;
    END IF;
  END IF;
  RAISE EXCEPTION 'an issued report is not changed'
    USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE OR REPLACE TRIGGER report_issued_for_good BEFORE UPDATE OR DELETE ON consultations_advicereport
  FOR EACH ROW WHEN (OLD.state = 'issued') EXECUTE FUNCTION consultations_keep_issued();
"""
UNGUARD = """
DROP TRIGGER report_issued_for_good ON consultations_advicereport;
DROP FUNCTION consultations_keep_issued();
"""


class Migration(migrations.Migration):
    """A guard that no service passes by."""

    dependencies = [("consultations", "0005_advice_citations")]

    operations = [migrations.RunSQL(GUARD, UNGUARD)]

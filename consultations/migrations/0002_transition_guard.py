"""A case's state changes only together with a row of the transition log, which nobody changes."""

from django.db import migrations

GUARD = """
CREATE FUNCTION consultations_demand_transition() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.state IS DISTINCT FROM NEW.state AND NOT EXISTS (
    SELECT 1 FROM consultations_transition t
    WHERE t.id = nullif(current_setting('portal.transition', true), '')::bigint
      AND t.consultation_id = NEW.id AND t.before = OLD.state AND t.after = NEW.state
      AND t.id = (SELECT max(id) FROM consultations_transition WHERE consultation_id = NEW.id)
  ) THEN
    RAISE EXCEPTION 'a change of state needs a row of the transition log'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER consultation_transition BEFORE UPDATE OF state ON consultations_consultation
  FOR EACH ROW EXECUTE FUNCTION consultations_demand_transition();
CREATE FUNCTION consultations_keep_transition() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the transition log is not rewritten'
    USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER transition_keep BEFORE UPDATE ON consultations_transition
  FOR EACH ROW EXECUTE FUNCTION consultations_keep_transition();
"""
UNGUARD = """
DROP TRIGGER transition_keep ON consultations_transition;
DROP TRIGGER consultation_transition ON consultations_consultation;
DROP FUNCTION consultations_keep_transition();
DROP FUNCTION consultations_demand_transition();
"""


class Migration(migrations.Migration):
    """The trigger that demands the log."""

    dependencies = [("consultations", "0001_consultations")]

    operations = [migrations.RunSQL(GUARD, UNGUARD)]

"""The log takes allowed moves only and loses none; every case begins at the beginning."""

from django.db import migrations, models

_ALLOWED = {
    "submitted": ["triage", "withdrawn"],
    "triage": ["conflict_check", "withdrawn"],
    "conflict_check": ["in_progress", "triage", "withdrawn"],
    "in_progress": ["advice_review", "triage", "waiting_requester", "withdrawn"],
    "waiting_requester": ["advice_review", "closed", "in_progress", "withdrawn"],
    "advice_review": ["advised", "in_progress", "withdrawn"],
    "advised": ["closed", "in_progress"],
    "closed": ["in_progress"],
}
_MOVES = models.Q(before="submitted", after="submitted")
for _before, _after in _ALLOWED.items():
    _MOVES |= models.Q(before=_before, after__in=_after)

GUARD = """
CREATE FUNCTION consultations_begin() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a case begins as submitted'
    USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER consultation_begin BEFORE INSERT ON consultations_consultation
  FOR EACH ROW WHEN (NEW.state <> 'submitted') EXECUTE FUNCTION consultations_begin();
CREATE TRIGGER transition_stay BEFORE DELETE ON consultations_transition
  FOR EACH ROW EXECUTE FUNCTION consultations_keep_transition();
"""
UNGUARD = """
DROP TRIGGER transition_stay ON consultations_transition;
DROP TRIGGER consultation_begin ON consultations_consultation;
DROP FUNCTION consultations_begin();
"""


class Migration(migrations.Migration):
    """The table of moves, repeated where nothing passes by."""

    dependencies = [("consultations", "0002_transition_guard")]

    operations = [
        migrations.AddConstraint(
            model_name="transition",
            constraint=models.CheckConstraint(condition=_MOVES, name="transition_allowed"),
        ),
        migrations.RunSQL(GUARD, UNGUARD),
    ]

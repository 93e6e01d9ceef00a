"""A table of sealed files for tests alone."""

from django.db import connection, models

from common.uploads import StoredFile
from common.vault import DataKey


class Paper(StoredFile):
    """A file that belongs to nobody."""

    data_key = models.ForeignKey(
        DataKey, on_delete=models.PROTECT, related_name="+", db_constraint=False
    )

    class Meta(StoredFile.Meta):
        app_label = "uploads_tests"


def create_table() -> None:
    """Make it on this connection; it ends with the test's transaction."""
    with connection.schema_editor(collect_sql=True) as editor:
        editor.create_model(Paper)
    with connection.cursor() as cursor:
        for statement in editor.collected_sql:
            if statement.startswith("CREATE TABLE"):
                cursor.execute(statement.replace("CREATE TABLE", "CREATE TEMP TABLE", 1))

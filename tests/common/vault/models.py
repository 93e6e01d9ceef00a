"""Models that exist in tests only, in temporary tables."""

from typing import Any

from django.db import connection, models

from common.vault import DataKey, SealedJSONField, SealedModel, SealedTextField


class Keyed(SealedModel):
    """A row that names its data key."""

    data_key = models.ForeignKey(
        DataKey, on_delete=models.CASCADE, related_name="+", db_constraint=False
    )

    class Meta:
        abstract = True

    @property
    def vault_key(self) -> DataKey:
        return self.data_key


class Note(Keyed):
    """Sealed values bound to a version."""

    title = SealedTextField(max_length=20)
    body = SealedTextField(null=True, blank=True)
    answers = SealedJSONField(default=dict, blank=True)
    status = models.CharField(max_length=10, default="open")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        app_label = "vault_tests"


class Twin(Keyed):
    """The same columns in another table, without a version."""

    title = SealedTextField(max_length=20)
    body = SealedTextField(null=True, blank=True)

    class Meta:
        app_label = "vault_tests"


def create_tables() -> None:
    """Make temporary tables on this connection; they end with the test's transaction."""
    with connection.schema_editor(collect_sql=True) as editor:
        for model in (Note, Twin):
            editor.create_model(model)
    with connection.cursor() as cursor:
        for statement in editor.collected_sql:
            cursor.execute(statement.replace("CREATE TABLE", "CREATE TEMP TABLE", 1))


def column(row: SealedModel, name: str) -> Any:
    """The bytes that stand in the database."""
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT "{name}" FROM {row._meta.db_table} WHERE id = %s', [row.pk])
        (value,) = cursor.fetchone()
    return None if value is None else bytes(value)


def put(row: SealedModel, name: str, value: bytes) -> None:
    """Write bytes past the vault, as a thief with the database's password would."""
    with connection.cursor() as cursor:
        cursor.execute(
            f'UPDATE {row._meta.db_table} SET "{name}" = %s WHERE id = %s', [value, row.pk]
        )

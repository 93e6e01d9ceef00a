"""What the import contracts cannot see: foreign keys by name, templates, handlers, sizes."""

import ast
import re
import tomllib
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

from common.apps import OURS
from common.jobs import handlers
from common.jobs.handlers import kinds

ROOT = Path(settings.BASE_DIR)
#: Lower ones first; what stands later may name what stands earlier.
RANK = {"common": 0, "components": 0, "errors": 0, "accounts": 1, "account": 1, "mfa": 1, "allauth": 1,
        "guidelines": 2, "seminars": 2, "casebook": 3, "consultations": 4, "portal": 5}  # fmt: skip
#: Starting points that pages of every app may link to.
SHARED = {"portal:home", "portal:start", "portal:my", "portal:staff",
          "portal:urgent", "portal:help", "portal:search", "portal:dev-mail",
          "consultations:new", "guidelines:list", "account_login"}  # fmt: skip
PRODUCT = [
    path for app in OURS for path in (ROOT / app).rglob("*.py") if "migrations" not in path.parts
]


def test_every_app_is_in_the_import_contracts() -> None:
    """A new package that nobody placed is refused."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    packages = {p.parent.name for p in ROOT.glob("*/__init__.py")} - {"tests", "tools"}
    assert packages == set(contracts["root_packages"]) == set(OURS)
    placed = {
        name.strip() for layer in contracts["contracts"][0]["layers"] for name in layer.split("|")
    }
    assert packages == placed


def test_foreign_keys_are_named_by_class() -> None:
    """A string would hide a dependency; only the user model is named so."""
    for model in apps.get_models():
        if model.__module__.split(".")[0] not in OURS:
            continue
        tree = ast.parse(Path(_file(model)).read_text())
        for call in ast.walk(tree):
            if isinstance(call, ast.Call) and getattr(call.func, "attr", "") in (
                "ForeignKey", "OneToOneField", "ManyToManyField",
            ):  # fmt: skip
                first = call.args[0] if call.args else None
                assert not (isinstance(first, ast.Constant) and first.value != "self"), model


def _file(model: type) -> str:
    import inspect

    return inspect.getsourcefile(model) or ""


def test_foreign_keys_point_downwards() -> None:
    """As imports do: the casebook cannot lead to a consultation."""
    for model in apps.get_models():
        home = model.__module__.split(".")[0]
        for field in model._meta.get_fields():
            target = field.related_model if field.concrete and field.is_relation else None
            if home in OURS and isinstance(target, type):
                there = target.__module__.split(".")[0]
                if there in OURS:
                    assert RANK[there] <= RANK[home], (model, field)


@pytest.mark.parametrize("path", sorted((ROOT / "templates").rglob("*.html")), ids=str)
def test_templates_include_and_link_downwards(path: Path) -> None:
    """A page of a lower app knows nothing of the apps above it."""
    folder = path.relative_to(ROOT / "templates").parts[0]
    rank = RANK.get(folder, 5)
    text = path.read_text(encoding="utf-8")
    for name in re.findall(r"{%\s*(?:include|extends)\s+[\"']([^\"']+)", text):
        assert RANK.get(name.split("/")[0], 0) <= rank, name
    for name in re.findall(r"{%\s*url\s+[\"']([^\"']+)", text):
        app = name.split(":")[0] if ":" in name else "account"
        assert name in SHARED or RANK[app] <= rank, name


@pytest.mark.parametrize("path", sorted((ROOT / "templates").rglob("*.html")), ids=str)
def test_templates_hold_no_inline_script_or_style(path: Path) -> None:
    """The content security policy would refuse them."""
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"\sstyle\s*=|<style|\son[a-z]+\s*=\s*[\"']", text)
    for tag in re.findall(r"<script[^>]*>", text):
        assert "src=" in tag or 'type="application/json"' in tag, tag


def test_every_kind_of_job_has_a_handler() -> None:
    """A service can queue it, so somebody must do it."""
    assert set(kinds) == set(handlers.names())


@pytest.mark.parametrize("path", PRODUCT, ids=lambda path: str(path.relative_to(ROOT)))
def test_files_and_functions_are_small_and_described(path: Path) -> None:
    """400 lines a file, 40 a function, 25 a view; a docstring for every module."""
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= 400
    assert path.stem not in ("utils", "helpers", "misc")
    tree = ast.parse(text)
    if text.strip():
        assert ast.get_docstring(tree), "no module docstring"
    bound = 25 if "views" in path.parts or path.stem == "views" else 40
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert (node.end_lineno or 0) - node.lineno < bound, node.name


def test_no_template_marks_text_safe() -> None:
    """But HTML made once at publication, and Django's own hints."""
    allowed = {"guidelines/detail.html", "components/_hint_error.html"}
    for path in (ROOT / "templates").rglob("*.html"):
        if "|safe" in path.read_text(encoding="utf-8"):
            assert str(path.relative_to(ROOT / "templates")) in allowed

"""The forms of a page as a browser sees them: where they are sent, and what is in their fields."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

#: Kinds of fields that people type into, and see again.
TYPED = {"text", "email", "tel", "search", "textarea", "number"}


@dataclass
class Form:
    """One form: its address, and name → (kind, values to choose from, value)."""

    action: str
    method: str
    fields: dict[str, tuple[str, list[str], str]] = field(default_factory=dict)

    def typed(self) -> list[str]:
        """Names of the fields that people type into."""
        return [name for name, (kind, _options, _value) in self.fields.items() if kind in TYPED]


class _Reader(HTMLParser):
    def __init__(self, address: str) -> None:
        super().__init__(convert_charrefs=True)
        self.address, self.forms = address, list[Form]()
        self.open: Form | None = None
        self.select = self.textarea = ""

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            action = given.get("action") or self.address
            self.open = Form(action, given.get("method", "get").lower())
            self.forms.append(self.open)
        if self.open is None:
            return
        name = given.get("name", "")
        if tag == "input" and name:
            self._input(name, given)
        elif tag == "select":
            self.select = name
            self.open.fields[name] = ("select", [], "")
        elif tag == "option" and self.select:
            kind, options, value = self.open.fields[self.select]
            chosen = given.get("value", "") if "selected" in given else value
            self.open.fields[self.select] = (kind, [*options, given.get("value", "")], chosen)
        elif tag == "textarea":
            self.textarea = name
            self.open.fields[name] = ("textarea", [], "")

    def _input(self, name: str, given: dict[str, str]) -> None:
        assert self.open is not None
        kind, value = given.get("type", "text"), given.get("value", "")
        if kind in ("radio", "checkbox"):
            _kind, options, chosen = self.open.fields.get(name, (kind, [], ""))
            chosen = value if "checked" in given else chosen
            self.open.fields[name] = (kind, [*options, value or "on"], chosen)
        elif kind != "submit":
            self.open.fields[name] = (kind, [], value)

    def handle_data(self, data: str) -> None:
        if self.textarea and self.open is not None:
            kind, options, value = self.open.fields[self.textarea]
            self.open.fields[self.textarea] = (kind, options, value + data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.open = None
        elif tag == "select":
            self.select = ""
        elif tag == "textarea":
            if self.open is not None:
                kind, options, value = self.open.fields[self.textarea]
                # A browser leaves out the line end that Django writes first.
                self.open.fields[self.textarea] = (kind, options, value.removeprefix("\n"))
            self.textarea = ""


def forms_of(page: str, address: str) -> list[Form]:
    """All forms of a page."""
    reader = _Reader(address)
    reader.feed(page)
    return reader.forms

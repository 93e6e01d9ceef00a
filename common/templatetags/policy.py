"""`{% can "reply" case as may_reply %}`: the policy table in templates."""

from typing import Any

from django import template

from common.policy import can as allowed

register = template.Library()


@register.simple_tag(takes_context=True)
def can(context: dict[str, Any], verb: str, obj: Any) -> bool:
    """Whether the signed-in person may do this to the object."""
    request = context.get("request")
    return obj is not None and request is not None and allowed(request.user, verb, obj)

"""The components every page is made of; /dev/gallery/ shows each (`{% load components %}`)."""

from collections.abc import Callable
from typing import Any

from django import template

from common.templatetags.forms_ui import error_summary, error_title, field, form_fields
from common.templatetags.lists_ui import (
    breadcrumbs,
    crumb,
    data_table,
    pagination,
    steps,
    summary_list,
    summary_row,
    task,
    task_list,
)
from common.templatetags.talk_ui import (
    day,
    job_progress,
    message_card,
    timeline,
    timeline_item,
    when,
)
from common.templatetags.text_ui import (
    badge,
    button,
    card,
    disclosure,
    grid,
    link_button,
    notice,
    quick_exit,
)

register = template.Library()
_WITH_CONTEXT: tuple[Callable[..., Any], ...] = (error_title, pagination)
for tag in _WITH_CONTEXT:
    register.simple_tag(tag, takes_context=True)
for tag in (
    error_summary, field, form_fields, crumb, steps, when, day, job_progress, badge, button, link_button,
    quick_exit,
):  # fmt: skip
    register.simple_tag(tag)
for block in (
    breadcrumbs, data_table, summary_list, summary_row, task, task_list, message_card, timeline,
    timeline_item, card, disclosure, grid, notice,
):  # fmt: skip
    register.simple_block_tag(block)

"""The inputs of the card, written without a template each.

A card has three dozen of them. Through Django's templates they take more of a decision's time than all its queries.
"""

from collections.abc import Callable
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.forms.utils import ErrorList
from django.utils.html import conditional_escape


class Written(DjangoTemplates):
    """Renders inputs, selects, text areas and empty lists of errors as Django's templates do; all else by these."""

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> str:
        """The markup of what Django's template `template_name` renders with `context`."""
        if template_name == ErrorList.template_name and not context["errors"]:
            return ""
        write = WIDGETS.get(template_name)
        return write(context["widget"]) if write else super().render(template_name, context, request)


def _attributes(widget: dict[str, Any]) -> str:
    given = [(name, value) for name, value in widget["attrs"].items() if value is not False]
    return "".join(f" {name}" if value is True else f' {name}="{conditional_escape(value)}"' for name, value in given)


def _input(widget: dict[str, Any]) -> str:
    value = "" if widget["value"] is None else f' value="{conditional_escape(widget["value"])}"'
    return f'<input type="{widget["type"]}" name="{conditional_escape(widget["name"])}"{value}{_attributes(widget)}>'


def _textarea(widget: dict[str, Any]) -> str:
    # The first line feed of a text area is not part of what stands in it.
    value = conditional_escape(widget["value"] or "")
    return f'<textarea name="{conditional_escape(widget["name"])}"{_attributes(widget)}>\n{value}</textarea>'


def _select(widget: dict[str, Any]) -> str:
    options = "\n".join(
        f'<option value="{conditional_escape(option["value"])}"{_attributes(option)}>'
        f"{conditional_escape(option['label'])}</option>"
        for _group, group, _index in widget["optgroups"]
        for option in group
    )
    return f'<select name="{conditional_escape(widget["name"])}"{_attributes(widget)}>\n{options}\n</select>'


WIDGETS: dict[str, Callable[[dict[str, Any]], str]] = {
    **{f"django/forms/widgets/{kind}.html": _input for kind in ("text", "number", "date", "hidden")},
    "django/forms/widgets/select.html": _select,
    "django/forms/widgets/textarea.html": _textarea,
}

"""How form fields are drawn: as Django draws them, but the commonest without a template for each line and attribute."""

from collections.abc import Callable
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.utils.html import conditional_escape, escape
from django.utils.safestring import SafeString


class Quick(DjangoTemplates):
    """A list of a hundred places was the dearest part of its page, and a complaint's page holds a form for each step."""

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> str:
        draw = _DRAWN.get(template_name)
        return draw(context["widget"]) if draw else super().render(template_name, context, request)


def _select(widget: dict[str, Any]) -> SafeString:
    groups = "".join(_group(name, options) for name, options, _ in widget["optgroups"])
    return SafeString(f'<select name="{conditional_escape(widget["name"])}"{_attributes(widget["attrs"])}>{groups}</select>')


def _group(name: str | None, options: list[dict[str, Any]]) -> str:
    lines = "".join(
        f'<option value="{escape(str(one["value"]))}"{_attributes(one["attrs"])}>{conditional_escape(one["label"])}</option>'
        for one in options
    )
    return f'<optgroup label="{conditional_escape(name)}">{lines}</optgroup>' if name else lines


def _attributes(attributes: dict[str, Any]) -> str:
    shown = ((name, value) for name, value in attributes.items() if value is not False)
    return "".join(f" {name}" if value is True else f' {name}="{conditional_escape(str(value))}"' for name, value in shown)


def _input(widget: dict[str, Any]) -> SafeString:
    value = "" if widget["value"] is None else f' value="{escape(str(widget["value"]))}"'
    kind, name = conditional_escape(widget["type"]), conditional_escape(widget["name"])
    return SafeString(f'<input type="{kind}" name="{name}"{value}{_attributes(widget["attrs"])}>')


def _textarea(widget: dict[str, Any]) -> SafeString:
    typed = escape(str(widget["value"])) if widget["value"] else ""
    # the line break is the browser's to drop: without it, one typed at the very beginning would be lost
    return SafeString(f'<textarea name="{conditional_escape(widget["name"])}"{_attributes(widget["attrs"])}>\n{typed}</textarea>')


_BOXES = ("input", "text", "number", "email", "url", "password", "hidden", "date", "datetime", "time", "checkbox", "file")
_DRAWN: dict[str, Callable[[dict[str, Any]], SafeString]] = {
    "django/forms/widgets/select.html": _select,
    "django/forms/widgets/textarea.html": _textarea,
    **{f"django/forms/widgets/{box}.html": _input for box in _BOXES},
}

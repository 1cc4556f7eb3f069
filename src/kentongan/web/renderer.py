"""How form fields are drawn: as Django draws them, but a list to pick from without a template for each of its lines."""

from typing import Any

from django.forms.renderers import DjangoTemplates
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString


class Quick(DjangoTemplates):
    """A list of a hundred places or categories was the dearest part of its page."""

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> str:
        if template_name == "django/forms/widgets/select.html":
            return _select(context["widget"])
        return super().render(template_name, context, request)


def _select(widget: dict[str, Any]) -> SafeString:
    groups = format_html_join("", "{}", ((_group(name, options),) for name, options, _ in widget["optgroups"]))
    return format_html('<select name="{}"{}>{}</select>', widget["name"], _attributes(widget["attrs"]), groups)


def _group(name: str | None, options: list[dict[str, Any]]) -> SafeString:
    lines = format_html_join(
        "", '<option value="{}"{}>{}</option>', ((str(one["value"]), _attributes(one["attrs"]), one["label"]) for one in options)
    )
    return format_html('<optgroup label="{}">{}</optgroup>', name, lines) if name else lines


def _attributes(attributes: dict[str, Any]) -> SafeString:
    shown = ((name, value) for name, value in attributes.items() if value is not False)
    return format_html_join("", "{}", ((_attribute(name, value),) for name, value in shown))


def _attribute(name: str, value: Any) -> SafeString:
    return format_html(" {}", name) if value is True else format_html(' {}="{}"', name, str(value))

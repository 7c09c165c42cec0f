"""Components that hold other content: card, notice, key-value list, dialog."""

from __future__ import annotations

from typing import Any

from django.template import Context, TemplateSyntaxError
from django.template.base import FilterExpression, Node, NodeList, Parser, Token
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from medguild.foundation.ui.attributes import attributes, icon_svg, tone_icon
from medguild.foundation.ui.parts import Text
from medguild.foundation.ui.templatetags._library import register


@register.simple_block_tag
def card(
    content: str,
    *,
    title: Text = "",
    icon: str = "",
    count: int | None = None,
    href: str = "",
    href_label: Text = "",
    flush: bool = False,
    footer: Text = "",
    level: int = 2,
    **extra: Any,
) -> SafeString:
    """A titled box. `flush` lets tables and lists touch its edges; `href` leads to the whole."""
    return SafeString(
        render_to_string(
            "ui/_card.html",
            {
                "content": content,
                "title": title,
                "icon": icon,
                "count": count,
                "href": href,
                "href_label": href_label,
                "flush": flush,
                "footer": footer,
                "tag": f"h{level}",
                "attributes": attributes(extra),
            },
        )
    )


@register.simple_block_tag
def notice(content: str, tone: str = "info", *, title: Text = "", icon: str = "", live: bool = False) -> SafeString:
    """A remark inside the page. `live` announces it to screen readers when it appears."""
    heading = format_html('<p class="notice-title">{}</p>', title) if title else ""
    return format_html(
        '<div class="notice tone-{}"{}>{}<div class="notice-body">{}{}</div></div>',
        tone,
        SafeString(' role="status"') if live else "",
        icon_svg(icon or tone_icon(tone)),
        heading,
        content,
    )


@register.simple_block_tag
def kv(content: str) -> SafeString:
    """A list of labels and values; fill it with `row`."""
    return format_html('<dl class="kv">{}</dl>', content)


@register.simple_tag
def row(label: Text, value: Any, href: str = "") -> SafeString:
    """One line of `kv`; an empty value shows a dash."""
    shown = "–" if value is None or value == "" else value
    inner = format_html('<a href="{}">{}</a>', href, shown) if href else format_html("{}", shown)
    return format_html("<div><dt>{}</dt><dd>{}</dd></div>", label, inner)


@register.simple_block_tag
def dialog(content: str, name: str, *, title: Text, shown: bool = False) -> SafeString:
    """A dialog that a button with `opens=name` shows. `shown` is for a form that came back with errors."""
    return format_html(
        '<dialog id="{0}" aria-labelledby="{0}-title"{1}><div class="dialog-head"><h2 id="{0}-title">{2}</h2>'
        '<button class="icon-button" type="button" data-dialog-close commandfor="{0}" command="close">{3}</button>'
        "</div>"
        '<div class="dialog-body">{4}</div></dialog>',
        name,
        SafeString(" open data-modal") if shown else "",
        title,
        icon_svg("x", _("Close")),
        content,
    )


class RememberNode(Node):
    """Renders its content, and keeps the text for later use on the page."""

    def __init__(self, nodelist: NodeList, name: str, quiet: bool) -> None:
        self.nodelist = nodelist
        self.name = name
        self.quiet = quiet

    def render(self, context: Context) -> SafeString:
        text = SafeString(self.nodelist.render(context).strip())
        context.dicts[0][self.name] = text
        return SafeString() if self.quiet else text


@register.tag
def remember(parser: Parser, token: Token) -> RememberNode:
    """`{% remember "page_title" %}{% block title %}{% endblock %}{% endremember %}`: a block can stand only once."""
    parts = token.split_contents()
    if len(parts) not in (2, 3) or parts[2:] not in ([], ["quiet"]):
        raise TemplateSyntaxError("remember takes the name of the variable, and quiet to show nothing here")
    nodelist = parser.parse(("endremember",))
    parser.delete_first_token()
    name = FilterExpression(parts[1], parser).resolve(Context())
    return RememberNode(nodelist, str(name), quiet=len(parts) == 3)

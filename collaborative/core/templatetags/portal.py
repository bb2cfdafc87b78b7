"""Template tags of the look: icons, form controls, page numbers, the thread and the network."""

from django import forms, template
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _

register = template.Library()

ICONS = {
    "search": '<circle cx="10.5" cy="10.5" r="6.5"/><path d="m15.5 15.5 5 5"/>',
    "arrow": '<path d="M4 12h15M13 6l6 6-6 6"/>',
    "back": '<path d="M20 12H5M11 6l-6 6 6 6"/>',
    "chevron": '<path d="m6 9 6 6 6-6"/>',
    "cross": '<path d="m6 6 12 12M18 6 6 18"/>',
    "tick": '<path d="m5 12.5 5 5L19.5 7"/>',
    "tick-circle": '<circle cx="12" cy="12" r="9.5"/><path d="m7.5 12.5 3 3 6-6.5"/>',
    "note": '<circle cx="12" cy="12" r="9.5"/><path d="M12 11v6M12 7.2v.1"/>',
    "warn": '<path d="M12 3.5 2.5 20h19z"/><path d="M12 10v5M12 17.4v.1"/>',
    "calendar": '<rect x="3.5" y="5" width="17" height="15.5" rx="2"/><path d="M3.5 10h17M8 2.5v5M16 2.5v5"/>',
    "place": '<path d="M12 21.5s7-6.3 7-11.7a7 7 0 1 0-14 0c0 5.4 7 11.7 7 11.7z"/><circle cx="12" cy="9.8" r="2.4"/>',
    "people": '<circle cx="9" cy="8" r="3.6"/><path d="M2.5 20c0-4 3-6.2 6.5-6.2s6.5 2.2 6.5 6.2"/>'
    '<path d="M16 4.8a3.4 3.4 0 0 1 0 6.4M18 14.4c2.2.7 3.5 2.6 3.5 5.6"/>',
    "download": '<path d="M12 3.5v12M6.5 10.5l5.5 5.5 5.5-5.5M4 20.5h16"/>',
    "print": '<path d="M7 8V3.5h10V8M7 17H3.5V8h17v9H17"/><path d="M7 13.5h10v7H7z"/>',
    "quote": '<path d="M10 6.5C6.5 8 5 10.5 5 14v3.5h5V12H7.5M20 6.5c-3.5 1.5-5 4-5 7.5v3.5h5V12h-2.5"/>',
    "feed": '<path d="M5 11a8 8 0 0 1 8 8M5 4.5A14.5 14.5 0 0 1 19.5 19"/><circle cx="6" cy="18" r="1.3"/>',
    "bell": '<path d="M6 16V10.5a6 6 0 1 1 12 0V16l1.5 2.5h-15zM10 21h4"/>',
    "lock": '<rect x="5" y="10.5" width="14" height="10" rx="2"/><path d="M8.5 10.5V7.5a3.5 3.5 0 0 1 7 0v3"/>',
}


@register.simple_tag
def icon(name):
    """The line drawing `name`, hidden from assistive technology: words stand beside it."""
    return format_html(
        '<svg viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round"'
        ' stroke-linejoin="round" aria-hidden="true" focusable="false">{}</svg>',
        mark_safe(ICONS[name]),  # noqa: S308 - a constant of this module
    )


@register.simple_tag
def shape(field):
    """The shape of a bound field: text, textarea, select, radios, checkboxes, checkbox, file or group."""
    widget = field.field.widget
    for name, kinds in SHAPES:
        if isinstance(widget, kinds):
            return name
    return "text"


SHAPES = (
    ("checkboxes", forms.CheckboxSelectMultiple),
    ("radios", forms.RadioSelect),
    ("checkbox", forms.CheckboxInput),
    ("group", (forms.MultiWidget, forms.SelectDateWidget)),
    ("select", forms.Select),
    ("textarea", forms.Textarea),
    ("file", forms.FileInput),
)
CLASSES = {"textarea": "govuk-textarea", "select": "govuk-select", "file": "govuk-file-upload"}


@register.simple_tag
def control(field):
    """The field's own widget, dressed: the class of its shape, of its error and of its width are added to its own."""
    widget = field.field.widget
    base = CLASSES.get(shape(field), "govuk-input")
    names = [widget.attrs.get("class", ""), base]
    if field.errors:
        names.append(f"{base}--error")
    if getattr(widget, "input_type", "") in ("date", "number", "time"):
        names.append("govuk-input--width-10")
    attrs = {"class": " ".join(name for name in names if name)}
    if widget.attrs.get("rows") == "10":
        attrs["rows"] = 6
    return field.as_widget(attrs=attrs)


@register.simple_tag
def problems(field):
    """What is wrong with the field, each a line for the error summary.

    Django's own messages ("This field is required.") are told apart by the field's label; ours stand alone.
    """
    return [
        f"{_lead(field.label)} {message}" if _is_stock(field.field, error) else message
        for error, message in zip(field.errors.as_data(), field.errors, strict=True)
    ]


def _lead(label):
    return label if str(label).endswith(("?", ":")) else f"{label}:"


def _is_stock(field, error):
    if not error.code:
        return False
    stock = {}
    for kind in reversed(type(field).__mro__):
        stock.update(getattr(kind, "default_error_messages", {}))
    return field.error_messages.get(error.code) == stock.get(error.code)


@register.simple_tag
def first_id(field):
    """The id by which a link reaches the field: that of its first box or choice, when it has several."""
    several = isinstance(field.field.widget, (forms.MultiWidget, forms.RadioSelect, forms.CheckboxSelectMultiple))
    return f"{field.auto_id}_0" if several else field.id_for_label


@register.simple_tag
def tick(field):
    """The input of a single checkbox, dressed."""
    names = [field.field.widget.attrs.get("class", ""), "govuk-checkboxes__input"]
    return field.as_widget(attrs={"class": " ".join(name for name in names if name)})


@register.simple_tag
def choice_groups(field):
    """The choices of radios or checkboxes as (group label, choices, index), as Django's own templates get them."""
    widget = field.field.widget
    attrs = field.build_widget_attrs({}, widget)
    if field.auto_id and "id" not in widget.attrs:
        attrs.setdefault("id", field.auto_id)
    attrs.pop("aria-describedby", None)
    return widget.get_context(field.html_name, field.value(), attrs)["widget"]["optgroups"]


@register.simple_tag
def page_numbers(page):
    """The numbers to offer beside this page; `…` where some are left out."""
    return page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)


THREAD = (
    ("question", _("Question")),
    ("evidence", _("Evidence")),
    ("proposal", _("Proposal")),
    ("project", _("Project")),
    ("review", _("Review")),
    ("training", _("Training")),
)


@register.inclusion_tag("components/thread.html")
def thread(here, **more):
    """The six steps with `here` marked.

    `<step>_url` links a step: an address, a thing with a page, or None; `<step>_note` adds a word or two below it.
    """
    return {
        "steps": [
            {
                "label": label,
                "here": step == here,
                "url": _address(more.get(f"{step}_url")),
                "note": more.get(f"{step}_note"),
            }
            for step, label in THREAD
        ]
    }


def _address(link):
    return link.get_absolute_url() if hasattr(link, "get_absolute_url") else link


@register.inclusion_tag("components/network.html")
def network(nodes, edges, label, key_a="", key_b="", names=False):
    """
    A picture of who works with whom, in a 600 × 460 box.

    `nodes`: mappings with `id`, `x` and `y` in 0..1, `kind` ("a" a circle, "b" a diamond), `label`,
    optional `size` in 0..1. `edges`: mappings with `source` and `target` (ids), optional `hot`.
    An edge whose ends are not among the nodes is left out.
    """
    spots = {node["id"]: (30 + node["x"] * 540, 30 + node["y"] * 400) for node in nodes}
    return {
        "label": label,
        "key_a": key_a,
        "key_b": key_b,
        "names": names,
        "edges": [
            {"path": _bend(spots[edge["source"]], spots[edge["target"]]), "hot": edge.get("hot", False)}
            for edge in edges
            if edge["source"] in spots and edge["target"] in spots
        ],
        "nodes": [_drawn(node, *spots[node["id"]]) for node in nodes],
    }


def _bend(start, end):
    """A gentle arc from start to end, as an SVG path."""
    (x1, y1), (x2, y2) = start, end
    x, y = (x1 + x2) / 2 - (y2 - y1) * 0.16, (y1 + y2) / 2 + (x2 - x1) * 0.16
    return f"M{x1:.1f} {y1:.1f}Q{x:.1f} {y:.1f} {x2:.1f} {y2:.1f}"


def _drawn(node, x, y):
    """A node as the template draws it: whole numbers as text, so that no locale puts a comma in them."""
    r = 6 + 6 * node.get("size", 0.3)
    d = f"{r * 1.25:.1f}"
    diamond = f"M{x:.1f} {y - r * 1.25:.1f}l{d} {d} -{d} {d} -{d} -{d}z"
    return {
        "kind": node["kind"],
        "label": node["label"],
        "x": f"{x:.1f}",
        "y": f"{y:.1f}",
        "r": f"{r:.1f}",
        "text_y": f"{y + r + 17:.1f}",
        "diamond": diamond,
    }

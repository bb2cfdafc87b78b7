"""Posting the admin's forms: what a page would post if nothing were changed, and a person who may enter."""

from django.forms import ModelMultipleChoiceField

from tests import factories


def enter(client, user):
    """Sign in someone who has a second factor."""
    client.force_login(factories.with_second_factor(user))
    return client


def fields_of(client, address):
    """Return what the form at an address would post if nothing were changed."""
    context = client.get(address).context
    forms = [context["adminform"].form]
    data = {}
    for inline in context["inline_admin_formsets"]:
        forms += inline.formset.forms
        data |= {bound.html_name: bound.value() for bound in inline.formset.management_form}
    for form in forms:
        for bound in form:
            data |= _posted(bound)
    return data


def _posted(bound):
    """Return what the browser would post of one field; a moment is posted as day and time."""
    value = bound.value()
    if isinstance(bound.field, ModelMultipleChoiceField):
        return {bound.html_name: value or []}
    widget = bound.field.widget
    if hasattr(widget, "decompress") and hasattr(widget, "widgets_names"):
        parts = value if isinstance(value, list) else widget.decompress(value)
        names = [bound.html_name + suffix for suffix in widget.widgets_names]
        return {name: part if part is not None else "" for name, part in zip(names, parts, strict=True)}
    return {bound.html_name: "" if value is None or value is False else value}

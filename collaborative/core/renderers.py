"""How forms are drawn: Django's own renderer, with the portal's templates for a form, a formset and a field."""

from django.forms.renderers import TemplatesSetting


class PortalRenderer(TemplatesSetting):
    """`{{ form }}` and `{{ field.as_field_group }}` in the portal's look; needs django.forms installed."""

    form_template_name = "components/form.html"
    formset_template_name = "components/formset.html"
    field_template_name = "components/field.html"

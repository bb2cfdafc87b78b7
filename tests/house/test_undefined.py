"""That a template's variable which no one gave it is an error in every test."""

import pytest
from django.template import Context, Origin, Template, engines

from tests.undefined import OURS, UndefinedVariable


def rendered(text, origin=f"{OURS}/anything.html", **values):
    """Render a template as if it stood in a file."""
    template = Template(text, origin=Origin(origin), engine=engines["django"].engine)
    return template.render(Context(values))


@pytest.mark.parametrize(
    "text",
    [
        "{{ nobody }}",
        "{{ thing.nothing }}",
        "{{ nobody|upper }}",
        "{% include 'components/tag.html' with label=nobody only %}",
        "{% if thing %}{{ nobody }}{% endif %}",
    ],
)
def test_an_undefined_variable_is_an_error(text):
    with pytest.raises(UndefinedVariable):
        rendered(text, thing="there")


def test_asking_for_a_variable_and_naming_a_substitute_are_not():
    text = "{% if nobody %}x{% endif %}{% for each in nobody %}x{% endfor %}{{ nobody|default:'instead'|upper }}"
    assert rendered(text) == "INSTEAD"


def test_templates_of_other_packages_are_left_alone():
    assert rendered("-{{ nobody|upper }}-", origin="/elsewhere/page.html") == "--"

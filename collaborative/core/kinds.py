"""Kinds of thing by name, so that lower apps can point at a thing as ``(kind, id)``."""

from django.core.exceptions import ObjectDoesNotExist

_models = {}


def kind(name):
    """Register the decorated model as ``name``; it gains ``kind``.

    The model's default manager offers ``visible_to(user)``, and the model
    ``get_absolute_url()``.
    """

    def register(model):
        if _models.setdefault(name, model) is not model:
            raise ValueError(f"two models claim the kind {name}")
        model.kind = name
        return model

    return register


def model_of(name):
    """Return the model of a kind; raises ``LookupError`` for one that nobody registered."""
    return _models[name]


def names():
    """Return the registered kinds, in order."""
    return sorted(_models)


def find(name, pk, user=None):
    """Return the thing that ``user`` may see, or None.

    ``user=None`` asks for the thing whoever may see it: for repair and sending, never for a page.
    """
    model = _models[name]
    rows = model._default_manager.all() if user is None else model._default_manager.visible_to(user)
    try:
        return rows.get(pk=pk)
    except ObjectDoesNotExist:
        return None

"""Single sign-on: organisations' own sign-in services, over django-allauth's providers."""

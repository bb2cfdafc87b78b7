"""What a service may refuse, in words for the person who asked."""


class Refused(Exception):
    """The act is well formed and permitted in general, but not in the present state of things.

    Answered with 409 and ``str(error)``, a sentence that a person can read.
    """

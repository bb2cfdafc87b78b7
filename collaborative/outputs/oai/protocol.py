"""What may be asked, and how a request is refused: the verbs with their arguments, and the protocol's own errors."""

PREFIX = "oai_dc"
"""The one format that we hand out."""


class Wrong(Exception):
    """A request that the protocol refuses: ``code`` is the protocol's own, the words are for a person."""

    def __init__(self, code, words):
        super().__init__(words)
        self.code = code


LISTS = {"must": ("metadataPrefix",), "may": ("from", "until", "set")}
VERBS = {
    "Identify": {},
    "ListMetadataFormats": {"may": ("identifier",)},
    "ListSets": {"alone": "resumptionToken"},
    "GetRecord": {"must": ("identifier", "metadataPrefix")},
    "ListIdentifiers": {**LISTS, "alone": "resumptionToken"},
    "ListRecords": {**LISTS, "alone": "resumptionToken"},
}
"""Each verb's arguments: those it must have, those it may have, and the one that comes without any other."""


def asked(sent):
    """Return ``(verb, {argument: value})`` of what was sent; raises ``Wrong`` for what no verb takes."""
    verbs = sent.getlist("verb")
    if len(verbs) != 1 or verbs[0] not in VERBS:
        raise Wrong("badVerb", "There must be one verb, and it must be one of the protocol's six.")
    arguments = {name: sent.getlist(name) for name in sent if name != "verb"}
    if any(len(values) != 1 for values in arguments.values()):
        raise Wrong("badArgument", "An argument is given more than once.")
    arguments = {name: values[0] for name, values in arguments.items()}
    _check(VERBS[verbs[0]], arguments)
    return verbs[0], arguments


def _check(verb, arguments):
    """Raise ``Wrong`` unless the verb takes just these arguments."""
    alone = verb.get("alone")
    if alone in arguments:
        if len(arguments) > 1:
            raise Wrong("badArgument", "A resumptionToken comes without other arguments.")
        return
    if set(arguments) - {*verb.get("must", ()), *verb.get("may", ())}:
        raise Wrong("badArgument", "The verb does not take one of the arguments.")
    if set(verb.get("must", ())) - set(arguments):
        raise Wrong("badArgument", "The verb needs an argument that is missing.")


def check_prefix(prefix):
    """Raise ``Wrong`` for a format that we do not have."""
    if prefix != PREFIX:
        raise Wrong("cannotDisseminateFormat", "There is one format here: oai_dc.")

"""What the vocabulary holds of people: nothing."""

from collaborative.core.personal import impersonal

impersonal("vocabulary.Theme.name", "a subject")

"""What files and PDFs hold of people: nothing."""

from collaborative.core.personal import impersonal

impersonal("evidence.File.name", "the file's own name, as its readers save it")

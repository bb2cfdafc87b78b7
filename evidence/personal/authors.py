"""What evidence holds of people: authors, as citations name them; no account is tied to them."""

from collaborative.core.personal import impersonal

impersonal("evidence.Author.name", "authors of published work, named as citations name them; tied to no account")
impersonal("evidence.Author.orcid", "printed with published work beside its author's name; tied to no account")
impersonal("evidence.Funder.name", "who paid for published work")

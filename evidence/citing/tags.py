"""The ``citation_`` tags that scholarly indexes and reference managers read in the head of a page.

As https://scholar.google.com/intl/en/scholar/inclusion.html#indexing asks for them, with “Family, Given”.
"""

MOST_AUTHORS, MOST_KEYWORDS = 300, 60


def tags(work):
    """Return ``[(name, content), …]`` in order; an author is followed by where they worked and by their ORCID."""
    found = [("citation_title", work.title)]
    for each in work.makers[:MOST_AUTHORS]:
        found += [
            ("citation_author", str(each.name)),
            ("citation_author_institution", each.affiliation),
            ("citation_author_orcid", f"https://orcid.org/{each.name.orcid}" if each.name.orcid else ""),
        ]
    found += [
        ("citation_publication_date", "/".join(f"{part:02}" for part in work.issued)),
        ("citation_technical_report_institution", work.publisher),
        ("citation_technical_report_number", work.number),
        ("citation_doi", work.doi),
        ("citation_language", work.language),
        *(("citation_keywords", each) for each in work.keywords[:MOST_KEYWORDS]),
        ("citation_abstract_html_url", work.page),
        ("citation_pdf_url", work.pdf),
    ]
    return [(name, content) for name, content in found if content]

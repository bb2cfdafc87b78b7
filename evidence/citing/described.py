"""The formats that describe a work, by the ends of their addresses: what links name and views serve."""

DESCRIBED = {
    "bib": "application/x-bibtex",
    "ris": "application/x-research-info-systems",
    "csl.json": "application/vnd.citationstyles.csl+json",
    "jsonld": "application/ld+json",
}
LINKSET = "linkset.json"
LINKSET_TYPE = "application/linkset+json"

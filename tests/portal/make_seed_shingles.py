"""Write seed_shingles.txt from a folder that holds the source documents.

    python -m tests.portal.make_seed_shingles FOLDER

FOLDER holds the documents as *.txt. Run it again only when a document is added or replaced.
"""

import sys
from pathlib import Path

from tests.portal.shingles import RUN, digest, digests

TARGET = Path(__file__).with_name("seed_shingles.txt")
PER_LINE = 9

# Not from a source document: the self-check looks for it, so that an empty list cannot pass.
KNOWN = "this sentence stands in the list so that the check itself is checked"

HEADER = f"""\
# Hashes of every run of {RUN} words in the source documents: sha256 of the normalised run, first 12 digits.
# Made by: python -m tests.portal.make_seed_shingles FOLDER
"""


def main(folder):
    documents = sorted(Path(folder).glob("*.txt"))
    if not documents:
        sys.exit(f"No *.txt in {folder}.")
    found = {digest(" ".join(KNOWN.split()[:RUN]))}
    for document in documents:
        found |= digests(document.read_text(encoding="utf-8"))
    ordered = sorted(found)
    lines = [" ".join(ordered[at : at + PER_LINE]) for at in range(0, len(ordered), PER_LINE)]
    TARGET.write_text(HEADER + "\n".join(lines) + "\n", encoding="utf-8")
    sys.stdout.write(f"{len(documents)} documents, {len(ordered)} runs.\n")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])

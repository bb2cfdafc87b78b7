"""The field's terms and themes: dated, labelled in each language, edited in the admin."""

"""Project areas, projects and proposals."""

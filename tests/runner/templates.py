"""Compiles every template of ours: ``python -m tests.runner.templates``."""

import os
import sys
from pathlib import Path

import django
from django.template import TemplateDoesNotExist, TemplateSyntaxError, engines
from django.template.utils import get_app_template_dirs

ROOT = Path(__file__).resolve().parent.parent.parent


def names():
    """Return the names of our templates."""
    folders = [ROOT / "templates", *(Path(d) for d in get_app_template_dirs("templates"))]
    ours = [folder for folder in folders if folder.is_relative_to(ROOT) and ".venv" not in folder.parts]
    return sorted({p.relative_to(folder).as_posix() for folder in ours for p in folder.rglob("*.*") if p.is_file()})


def main():
    """Compile them all; print what does not compile; return the exit code."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "collaborative.settings")
    django.setup()
    found, broken = names(), 0
    for name in found:
        try:
            engines["django"].get_template(name)
        except (TemplateSyntaxError, TemplateDoesNotExist) as error:
            broken += 1
            print(f"{name}: {type(error).__name__}: {error}")
    print(f"{len(found)} templates, {broken} broken")
    return 1 if broken or not found else 0


if __name__ == "__main__":
    sys.exit(main())

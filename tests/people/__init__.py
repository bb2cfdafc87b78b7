"""Tests of people's profiles and the expertise finder."""

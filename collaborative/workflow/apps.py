"""The law of states and moves."""

from django.apps import AppConfig


class WorkflowConfig(AppConfig):
    name = "collaborative.workflow"
    label = "workflow"

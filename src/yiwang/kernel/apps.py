from django.apps import AppConfig


class KernelConfig(AppConfig):
    """The nouns and verbs every line of work shares."""

    name = "yiwang.kernel"
    label = "kernel"
    default_auto_field = "django.db.models.BigAutoField"

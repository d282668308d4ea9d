from django.apps import AppConfig


class ShellConfig(AppConfig):
    """What frames every page: base page, menu, sign-in, cockpit, components."""

    name = "yiwang.shell"
    label = "shell"

from django.apps import AppConfig


class EventsConfig(AppConfig):
    """Daily events: reported, located, dispatched, handled, checked, closed."""

    name = "yiwang.practices.events"
    label = "events"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Plug in."""
        from yiwang.kernel.practice import practices

        from .practice import EVENTS

        practices.add(EVENTS)

from django.apps import AppConfig


class LampsConfig(AppConfig):
    """Street lamps: reported, mended."""

    name = "yiwang.practices.lamps"
    label = "lamps"

    def ready(self) -> None:
        """Plug in."""
        from yiwang.kernel.practice import practices

        from .practice import LAMPS

        practices.add(LAMPS)

"""What holds for every test: properties are about what is true, never about how fast a busy machine finds it."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

settings.register_profile("guidang", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("guidang")

"""For all tests: a busy machine is no fault of the code, so that no example of a property test has a deadline."""

from hypothesis import settings

settings.register_profile("no-deadline", deadline=None)
settings.load_profile("no-deadline")

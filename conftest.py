"""What every test needs, the plugins' too: examples that don't mind how busy the machine is."""

from hypothesis import HealthCheck, settings

# How long an example takes says more of the machine than of the code. All else is as Hypothesis has it: new examples
# at every run find bugs, and where CI is set they are always the same, so that a change is judged by itself.
settings.register_profile("busy", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("busy")

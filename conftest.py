"""What every test needs, the plugins' too: a user of its own, and examples that don't mind how busy the machine is."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# How long an example takes says more of the machine than of the code. All else is as Hypothesis has it: new examples
# at every run find bugs, and where CI is set they are always the same, so that a change is judged by itself.
settings.register_profile("busy", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("busy")


@pytest.fixture(scope="session", autouse=True)
def configuration(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A user's configuration for the tests alone: what they trust is nobody else's business."""
    folder = tmp_path_factory.mktemp("configuration")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CONFIG_HOME", str(folder))
        yield folder


@pytest.fixture(scope="session", autouse=True)
def exported_models(pytestconfig: pytest.Config) -> Iterator[Path]:
    """A cache for the tests alone, where models are exported when first needed and kept from run to run.

    Each worker has its own: that two export at once takes no longer than that one waits for the other.
    """
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0")
    with pytest.MonkeyPatch.context() as patch:
        folder = pytestconfig.cache.mkdir(f"exported-models-{worker}")
        patch.setenv("SIMSEARCH_CACHE", str(folder))
        yield folder

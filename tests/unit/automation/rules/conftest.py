from __future__ import annotations

import pytest

from backend.infra.runtime import Runtime
from tests.conftest import Clock
from tests.unit.automation.rules.make import House


@pytest.fixture
def house(runtime: Runtime, clock: Clock) -> House:
    return House(runtime, clock)

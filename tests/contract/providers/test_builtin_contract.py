"""The built-in provider passes the suite that all providers pass."""

import pytest

from reconciler.builtin import BuiltinProvider
from reconciler.provider.context import Context
from reconciler.testing.contract import ProviderContract, Sample, Subject


class TestBuiltinProvider(ProviderContract):
    @pytest.fixture
    def subject(self) -> Subject:
        sample = Sample(
            lambda provider, n: {"input": {"n": [n, None, "x"]}, "triggers": [n]},
            changes={"input": "something else"},
        )
        return Subject(
            factory=BuiltinProvider,
            provider=BuiltinProvider({}, Context()),
            samples={"reconciler_value": sample},
            has_service=False,
        )

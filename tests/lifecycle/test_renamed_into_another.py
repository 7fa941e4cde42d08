"""An object renamed by hand to what another resource is to be called."""

import pytest

from reconciler.errors import Refused
from tests.lifecycle.lab import Lab

STACK = "resources:\n  memory_thing:\n    a: {name: a}\n    b: {name: b}\n"


def test_an_object_renamed_to_the_name_of_a_missing_one_is_said_to_be_so(lab: Lab) -> None:
    lab.apply(STACK)
    ids = {thing.attributes["name"]: thing.id for thing in lab.service.objects("memory_thing")}
    lab.service.remove("memory_thing", ids["b"])
    lab.service.change("memory_thing", ids["a"], name="b")
    with pytest.raises(Refused, match=r"memory_thing\.a has this name since somebody renamed it"):
        lab.plan()

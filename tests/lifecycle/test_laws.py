"""Two laws over random stacks and random meddling: apply, then plan, is empty; so is rollback, then plan."""

import tempfile
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from tests.lifecycle.lab import Lab

NAMES = ("a", "b", "c", "d")
TEXTS = st.sampled_from(["one", "two", "  padded "])

things = st.fixed_dictionaries(
    {},
    optional={
        "text": TEXTS,
        "size": st.integers(0, 3),
        "kind": st.sampled_from(["plain", "fancy"]),
        "tags": st.lists(st.sampled_from("xyz"), unique=True),
        "with_default_part": st.booleans(),
        "secret": st.just("${secret.TOKEN}"),
        "refers_to": st.sampled_from(NAMES),
        "parts": st.lists(st.sampled_from(["default", "p", "q"]), unique=True),
    },
)
stacks = st.dictionaries(st.sampled_from(NAMES), things, max_size=4)


def as_yaml(stack: dict[str, dict[str, object]], suffix: str) -> str:
    """A stack in which a thing may refer to one that stands before it, and things have parts."""
    lines, parts, seen = ["resources:", "  memory_thing:"], ["  memory_part:"], []
    for name, attributes in stack.items():
        pairs = [f"name: {name}{suffix}"]
        for key, value in attributes.items():
            if key == "refers_to":
                if value in seen and "text" not in attributes:
                    pairs.append(f'text: "${{memory_thing.{value}.id}}"')
            elif key == "parts":
                for part in value if isinstance(value, list) else ():
                    owner = f"${{memory_thing.{name}.name}}"
                    parts.append(f'    {name}_{part}: {{thing: "{owner}", name: {part}}}')
            else:
                pairs.append(f"{key}: {value!r}".replace("True", "true").replace("False", "false"))
        lines.append(f"    {name}: {{{', '.join(pairs)}}}")
        seen.append(name)
    if not stack:
        return "resources: {}"
    return "\n".join(lines + (parts if len(parts) > 1 else []))


class Laws(RuleBasedStateMachine):
    """Applies random stacks, meddles with the service, rolls back, and checks the laws each time."""

    @initialize()
    def start(self) -> None:
        self._folder = tempfile.TemporaryDirectory()
        self.lab = Lab(Path(self._folder.name))
        self.lab.environ["TOKEN"] = "one"
        self.serials = [0]
        self.lab.write("")

    @rule(stack=stacks, suffix=st.sampled_from(["", "2"]))
    def apply(self, stack: dict[str, dict[str, object]], suffix: str) -> None:
        outcome = self.lab.apply(as_yaml(stack, suffix))
        assert outcome.is_complete, outcome.failed
        self.serials.append(self.lab.ledger.serial)
        again = self.lab.plan()
        assert not again.has_changes, again.visible
        assert again.drift == ()
        declared = {f"{name}{suffix}" for name in stack}
        assert set(self.lab.names()) == declared

    @rule(choice=st.integers(0, 100), text=TEXTS)
    def meddle(self, choice: int, text: str) -> None:
        things = self.lab.service.objects("memory_thing")
        if things:
            thing = things[choice % len(things)]
            if choice % 3:
                self.lab.service.change("memory_thing", thing.id, text=text)
            else:
                self.lab.service.remove("memory_thing", thing.id)

    @rule(choice=st.integers(0, 100))
    def roll_back(self, choice: int) -> None:
        serial = self.serials[choice % len(self.serials)]
        outcome = self.lab.rollback(serial)
        assert outcome.is_complete, outcome.failed
        assert not self.lab.plan_for(self.lab.desired_at(serial)).has_changes
        self.serials.append(self.lab.ledger.serial)

    @invariant()
    def state_and_service_agree_on_what_is_ours(self) -> None:
        recorded = {found.id for found in self.lab.ledger.objects().values()}
        things = {found.id for found in self.lab.service.objects("memory_thing")}
        assert things <= recorded, "an orphan"

    def teardown(self) -> None:
        if hasattr(self, "lab"):
            self.lab.ledger.close()
            self._folder.cleanup()


Laws.TestCase.settings = settings(
    max_examples=30,
    stateful_step_count=8,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
test_the_laws_hold = Laws.TestCase

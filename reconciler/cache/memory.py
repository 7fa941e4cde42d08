"""What one provider's service has last said: kept when it answers, told again when it does not."""

import logging
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from reconciler.cache.entries import Answer, Key, Kind, Owner
from reconciler.cache.fingerprints import fingerprint
from reconciler.cache.sealing import Told, apart, opened, sealed_texts, several
from reconciler.cache.store import Store
from reconciler.clock import Clock
from reconciler.plan.world import Types
from reconciler.provider.facts import ResourceType
from reconciler.provider.objects import Absent, Earlier, FindResult, Lookup, Object, ReadResult, Wanted
from reconciler.state.object_json import DIGEST
from reconciler.values import Sealer

_DATA = "data."
_AHEAD = timedelta(minutes=1)
"""How far in the future an answer may lie: clocks differ; one that was set back makes no answer young."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Memory:
    """The cache as one provider's answers need it; threads may share it."""

    store: Store
    types: Types
    sealer: Sealer
    clock: Clock
    retention: timedelta

    def keep_read(
        self, owner: Owner, lookups: Mapping[str, Lookup], answers: Mapping[str, ReadResult]
    ) -> None:
        """Keep the objects that were told, and forget those that are gone; what was not told stays."""
        types = {name: self._type(name) for name in {lookup.type for lookup in lookups.values()}}
        print_of = fingerprint(_of_read(lookups, answers), types.values(), self.sealer)
        if self._is_the_same(owner, Kind.OBJECT, print_of):
            return
        told: dict[Key, tuple[str, Told]] = {}
        gone: list[Key] = []
        for address, answer in answers.items():
            lookup = lookups[address]
            key = Key(lookup.type, lookup.id)
            resource_type = types[lookup.type]
            if isinstance(answer, Absent):
                gone.append(key)
            elif isinstance(answer, Object) and resource_type is not None:
                told[key] = address, Told(answer, resource_type, lookup.attributes, lookup.sealed)
        texts = sealed_texts([one for _, one in told.values()], self.sealer)
        kept = {
            key: Answer(address, text)
            for (key, (address, _)), text in zip(told.items(), texts, strict=True)
            if text is not None
        }
        self._keep(owner, Kind.OBJECT, kept, gone, print_of)

    def keep_found(
        self, owner: Owner, wanted: Mapping[str, Wanted], answers: Mapping[str, FindResult]
    ) -> None:
        """Keep what answered to questions. That nothing did is not kept: nothing is planned from it."""
        types = [self._type(name) for name in sorted({question.type for question in wanted.values()})]
        print_of = fingerprint(_of_find(wanted, answers), types, self.sealer)
        if self._is_the_same(owner, Kind.QUESTION, print_of):
            return
        kept: dict[Key, Answer] = {}
        empty: dict[str, Wanted] = {}
        for address, answer in answers.items():
            question = wanted[address]
            resource_type = self._type(question.type)
            if not isinstance(answer, tuple) or resource_type is None or question.is_secret:
                continue
            if not answer:
                empty[address] = question
                continue
            told = [Told(one, resource_type, question.attributes, {}) for one in answer]
            texts = [text for text in sealed_texts(told, self.sealer) if text is not None]
            if any(DIGEST in text for text in texts):
                # No state says what else of it was a secret once, as the former names of a channel.
                empty[address] = question
            elif len(texts) == len(told):
                kept[self._question(question)] = Answer(address, several(texts))
        self._keep(owner, Kind.QUESTION, kept, self._gone(owner, empty), print_of)

    def forget(self, owner: Owner, objects: Iterable[tuple[str, str]]) -> None:
        """Forget objects (type and id) that were written, and whatever was found of their types."""
        keys = [Key(*one) for one in objects]
        self.store.forget(owner, keys, {key.type for key in keys})

    def read(self, owner: Owner, lookups: Mapping[str, Lookup]) -> dict[str, Object]:
        """Of the objects asked for those that are kept, and are young enough."""
        rows = self._rows(owner, Kind.OBJECT, {lookup.type for lookup in lookups.values()})
        found: dict[str, Object] = {}
        for address, lookup in lookups.items():
            row = rows.get(Key(lookup.type, lookup.id))
            if row is not None and (known := self._opened(row[0], lookup.type, row[1])) is not None:
                found[address] = known
        return found

    def find(self, owner: Owner, wanted: Mapping[str, Wanted]) -> dict[str, tuple[Object, ...]]:
        """Of the questions those whose answer is kept, and is young enough."""
        rows = self._rows(owner, Kind.QUESTION, {question.type for question in wanted.values()})
        found: dict[str, tuple[Object, ...]] = {}
        for address, question in wanted.items():
            row = rows.get(self._question(question)) if rows else None
            if row is None:
                continue
            known = self._several(row[0], question.type, row[1])
            if known:
                found[address] = known
        return found

    def _is_the_same(self, owner: Owner, kind: Kind, print_of: str) -> bool:
        if not print_of:
            return False
        return self.store.renew(owner, kind, print_of, moment=self.clock.now(), retention=self.retention)

    def _keep(
        self,
        owner: Owner,
        kind: Kind,
        kept: Mapping[Key, Answer],
        gone: Collection[Key],
        print_of: str,
    ) -> None:
        if kept or gone:
            now = self.clock.now()
            self.store.keep(
                owner, kind, kept, gone, fingerprint=print_of, moment=now, retention=self.retention
            )

    def _gone(self, owner: Owner, empty: Mapping[str, Wanted]) -> list[Key]:
        """What is kept of questions to which nothing answers any more; mostly there is nothing at all."""
        types = {question.type for question in empty.values()}
        if not types:
            return []
        kept = self.store.answers(owner, Kind.QUESTION, self.clock.now() - self.retention, types)
        return [key for key in map(self._question, empty.values()) if key in kept] if kept else []

    def _rows(self, owner: Owner, kind: Kind, types: Collection[str]) -> Mapping[Key, tuple[str, Earlier]]:
        """Texts and their times."""
        now = self.clock.now()
        rows = self.store.answers(owner, kind, now - self.retention, types)
        return {
            key: (answer.text, Earlier(read_at, max(0.0, (now - read_at).total_seconds())))
            for key, (answer, read_at) in rows.items()
            if read_at <= now + _AHEAD
        }

    def _opened(self, text: str, type_name: str, earlier: Earlier) -> Object | None:
        resource_type = self._type(type_name)
        if resource_type is None:
            return None
        try:
            return opened(text, earlier, resource_type, self.sealer)
        except ValueError as error:
            _log.debug("the cache: %s", error)
            return None

    def _several(self, text: str, type_name: str, earlier: Earlier) -> tuple[Object, ...]:
        try:
            parts = apart(text)
        except ValueError as error:
            _log.debug("the cache: %s", error)
            return ()
        found = [self._opened(part, type_name, earlier) for part in parts]
        known = tuple(one for one in found if one is not None)
        return known if len(known) == len(found) else ()

    def _question(self, question: Wanted) -> Key:
        return Key(question.type, self.sealer.digest(dict(question.attributes)).hexadecimal)

    def _type(self, name: str) -> ResourceType | None:
        bare = name.removeprefix(_DATA)
        return self.types.data_type(bare) if bare != name else self.types.type(name)


def _of_read(lookups: Mapping[str, Lookup], answers: Mapping[str, ReadResult]) -> list[object]:
    """All that decides what is kept of a read, plain."""
    return [
        (address, lookup.type, lookup.id, answer.id, answer.attributes, _names(lookup))
        if isinstance(answer := answers[address], Object)
        else (address, lookup.type, lookup.id, isinstance(answer, Absent))
        for address, lookup in lookups.items()
    ]


def _names(lookup: Lookup) -> str:
    return repr(lookup.sealed) if lookup.sealed else ""


def _of_find(wanted: Mapping[str, Wanted], answers: Mapping[str, FindResult]) -> list[object]:
    """All that decides what is kept of a search, plain."""
    return [
        (
            address,
            question.type,
            question.attributes,
            question.is_secret,
            [(one.type, one.id, one.attributes) for one in answer] if isinstance(answer, tuple) else None,
        )
        for address, question in wanted.items()
        for answer in (answers[address],)
    ]

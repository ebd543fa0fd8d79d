"""Finding what runs, waits, is deployed, or is over, by its fields (`engine.search`)."""

from __future__ import annotations

import binascii
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from engine.errors import Unknown
from engine.model import Deployment
from engine.persistence import definitions as definition_rows
from engine.persistence import past, reading, search, searching
from engine.persistence.past import Past, Stay
from engine.runtime.step import InstanceRow
from engine.search import (
    AnyOf,
    Condition,
    Found,
    FoundDefinition,
    FoundElement,
    FoundIncident,
    FoundInstance,
    FoundJob,
    FoundRequirements,
    FoundSubscription,
    FoundTimer,
    FoundVariable,
    JobState,
    Listing,
    Op,
    Page,
    Query,
)
from engine.work.reads import Reads

T = TypeVar("T")

SCANNED = 200
"""Where no instance is named, what is over is looked for in so many instances, those started last first."""
MULTI_INSTANCE_BODY = "multiInstanceBody"
_DEPLOYMENTS = 10_000
_VARIABLES = 10_000
_OPEN_JOBS = {JobState.CREATED, JobState.FAILED}


class Searches(Reads):
    """Searches of one transaction, in its region; `everywhere`: in all (for people and programs of the installation)."""

    def search_instances(self, query: Query, *, everywhere: bool = False) -> Found[FoundInstance]:
        """Process instances, running and ended.

        Also by `variable:<name>` (a variable of the outermost scope), `element_id` (something waits there), `error_message`
        (an open incident says so) and `deployment_id`.
        """
        return self._find(search.INSTANCES, query, everywhere)

    def find_instance(self, instance_id: int, *, everywhere: bool = False) -> FoundInstance:
        """One instance. Unknown when there is none."""
        found = self.search_instances(by_id(instance_id), everywhere=everywhere).items
        if not found:
            raise Unknown(f"没有流程实例 {instance_id}", f"there is no process instance {instance_id}")
        return found[0]

    def search_definitions(self, kind: str, query: Query) -> Found[FoundDefinition]:
        """Versions of a kind: process, decision, form, resource. Also by `start_form` (the form's id; processes)."""
        return Listing(self._definitions_of(kind)).find(query)

    def search_requirements(self, query: Query) -> Found[FoundRequirements]:
        """Files of decisions. Their id is that of the file."""
        return Listing(self._requirements()).find(query)

    def requirements_of(self, definition: FoundDefinition) -> FoundRequirements:
        """The file of decisions that a decision came in."""
        return next(each for each in self._requirements() if each.id == definition.resource_id)

    def search_deployments(self, query: Query) -> Found[Deployment]:
        """Deployments with what they hold, also by `resource_name`."""
        found = reading.deployments(self.connection, _DEPLOYMENTS, None)
        names = {"resource_name": lambda each: tuple(one.resource_name for one in each.resources)}
        return Listing(found, more=len(found) == _DEPLOYMENTS, further=names).find(query)

    def search_jobs(self, query: Query, *, everywhere: bool = False) -> Found[FoundJob]:
        """Jobs, open and gone. Gone ones are exact with an `instance_id`; without, see `SCANNED`."""
        wanted = query.only("state")
        if query.only("instance_id") is None and (wanted in _OPEN_JOBS or _excludes(query, "state", _OPEN_JOBS)):
            return self._find(search.JOBS, query, everywhere)
        open_ones = self._all(search.JOBS, query, everywhere)
        rows, more = self._rows(query, everywhere)
        gone = [job for each in past.read(self.connection, rows) for job in each.jobs]
        return Listing([*open_ones, *gone], more=more).find(query)

    def search_incidents(self, query: Query, *, everywhere: bool = False) -> Found[FoundIncident]:
        """Incidents, open and resolved; the latter as gone jobs in `search_jobs`. Also by `is_open` (True, False)."""
        if query.only("is_open") is True:
            return self._find(search.INCIDENTS, query, everywhere)
        open_ones = self._all(search.INCIDENTS, query, everywhere)
        rows, more = self._rows(query, everywhere)
        gone = [incident for each in past.read(self.connection, rows) for incident in each.incidents]
        return Listing([*open_ones, *gone], more=more).find(query)

    def search_subscriptions(self, query: Query, *, everywhere: bool = False) -> Found[FoundSubscription]:
        """Who waits for messages, signals and conditions, instances and processes (`starts`: 1 or 0)."""
        return self._find(search.SUBSCRIPTIONS, query, everywhere)

    def search_timers(self, query: Query, *, everywhere: bool = False) -> Found[FoundTimer]:
        """Timers that wait in instances. Also by `business_key`, `process_name`, `version`."""
        return self._find(search.TIMERS, query, everywhere)

    def search_elements(self, query: Query, *, everywhere: bool = False) -> Found[FoundElement]:
        """Stays at elements, from the history: exact with an `instance_id` (or an `id`); without, see `SCANNED`."""
        known = query.only("id")
        rows, more = self._rows(query, everywhere)
        if known is not None and query.only("instance_id") is None:
            return Listing([each for each in self._stays(rows) if each.id == known]).find(query)
        return Listing(self._stays(rows), more=more).find(query)

    def find_element(self, element_instance_id: int, *, everywhere: bool = False) -> FoundElement:
        """One stay at an element. Unknown when there is none."""
        found = self.search_elements(by_id(element_instance_id), everywhere=everywhere).items
        if not found:
            raise Unknown(f"没有元素实例 {element_instance_id}", f"there is no element instance {element_instance_id}")
        return found[0]

    def search_variables(
        self, query: Query, *, everywhere: bool = False, further: Mapping[str, Callable[[FoundVariable], Any]] | None = None
    ) -> Found[FoundVariable]:
        """Variables in their scopes, as they are now; those of the newest instances where no instance or scope is named.

        `further` gives fields to ask by that the record does not have.
        """
        region = None if everywhere else self.region
        scope_id, name = query.only("scope_id"), query.only("name")
        if (known := query.only("id")) is not None:
            scope_id = scope_of(known)
        rows = reading.variables(
            self.connection, region, _VARIABLES, instance_id=query.only("instance_id"), scope_id=scope_id, name=name
        )
        found = [
            FoundVariable(variable_id(row.scope_id, row.name), row.region, row.instance_id, row.root_id, row.scope_id, row.name, row.value)
            for row in rows
        ]  # fmt: skip
        return Listing(found, more=len(found) == _VARIABLES, further=further or {}).find(query)

    # -- inside -------------------------------------------------------------------------------------------------------

    def _find(self, source: searching.Source[T], query: Query, everywhere: bool) -> Found[T]:
        where = search.in_region(source, None if everywhere else self.region)
        return searching.find(self.connection, source, query, where)

    def _all(self, source: searching.Source[T], query: Query, everywhere: bool) -> Sequence[T]:
        """The open ones that can be meant, to be looked at together with those that are gone."""
        instance_id = query.only("instance_id")
        conditions = () if instance_id is None else (Condition("instance_id", Op.EQ, instance_id),)
        return self._find(source, Query(conditions, page=Page(limit=_VARIABLES)), everywhere).items

    def _rows(self, query: Query, everywhere: bool) -> tuple[list[InstanceRow], bool]:
        """The instances whose history is read, and whether there are more of them."""
        region = None if everywhere else self.region
        instance_id, stay = query.only("instance_id"), query.only("id")
        if instance_id is None and stay is not None:
            instance_id = reading.instance_of(self.connection, region, stay)
        rows = past.newest(
            self.connection, region, SCANNED + 1, instance_id=instance_id, definition_id=query.only("definition_id"),
            process_id=query.only("process_id"), begun_by=stay if instance_id is None else None,
        )  # fmt: skip
        return rows[:SCANNED], len(rows) > SCANNED

    def _stays(self, rows: list[InstanceRow]) -> list[FoundElement]:
        open_incidents = self._find(
            search.INCIDENTS,
            Query((Condition("instance_id", Op.IN, tuple(row.id for row in rows)),), page=Page(limit=_VARIABLES)),
            everywhere=True,
        ).items
        at = {incident.element_instance_id: incident.id for incident in open_incidents}
        return [each for one in past.read(self.connection, rows) for each in self._stays_of(one, at)]

    def _stays_of(self, one: Past, incidents: dict[int, int]) -> Iterable[FoundElement]:
        row, model = one.row, self.model(one.row.definition_id)
        bodies = {
            stay.scope_id
            for stay in one.stays.values()
            if stay.scope_id in one.stays and one.stays[stay.scope_id].element_id == stay.element_id
        }
        troubled = _around(one.stays, incidents)
        process = Stay(row.id, model.id, None, row.started_at, row.ended_at, past.state_of(row))
        if row.id in incidents or any(one.stays[stay].scope_id in (None, row.id) for stay in troubled):
            troubled.add(row.id)
        for stay in [process, *(each for each in one.stays.values() if each.id != row.id)]:
            element = model.elements.get(stay.element_id)
            kind = "process" if stay is process else element.kind.value if element is not None else "unspecified"
            yield FoundElement(
                stay.id, row.region, row.id, row.root_id, row.definition_id, row.process_id, stay.element_id,
                (model.name if stay is process else element.name if element is not None else "") or stay.element_id,
                MULTI_INSTANCE_BODY if stay.id in bodies else kind, stay.state, stay.entered_at, stay.left_at, stay.scope_id,
                incidents.get(stay.id), stay.id in troubled,
            )  # fmt: skip

    def _definitions_of(self, kind: str) -> list[FoundDefinition]:
        rows = definition_rows.listing(self.connection, kind, latest=False)
        latest: dict[str, int] = {}
        for row in rows:
            latest[row.key] = max(latest.get(row.key, 0), row.version)
        return [
            FoundDefinition(
                row.id, row.kind, row.key, row.name, row.version, row.version_tag, row.deployment_id, row.resource_id,
                row.resource_name, row.deployed_at, latest[row.key] == row.version, bool(row.extra.get("start_form")),
            )
            for row in rows
        ]  # fmt: skip

    def _requirements(self) -> list[FoundRequirements]:
        of_file: dict[int, list[FoundDefinition]] = {}
        for decision in self._definitions_of("decision"):
            of_file.setdefault(decision.resource_id, []).append(decision)
        found = []
        for resource_id, decisions in of_file.items():
            first = decisions[0]
            model = self._definitions.decision(self.connection, first.id).decision.model
            found.append(FoundRequirements(
                resource_id, model.requirements_id, model.name or model.requirements_id, max(each.version for each in decisions),
                first.deployment_id, first.resource_name, tuple(sorted(each.key for each in decisions)),
                any(each.is_latest for each in decisions),
            ))  # fmt: skip
        return found


def by_id(found_id: int | str) -> Query:
    """The query for one thing."""
    return Query((Condition("id", Op.EQ, found_id),))


def variable_id(scope_id: int, name: str) -> str:
    """What a variable is called where it needs one number: its scope's, and six digits made of its name.

    No row holds it. Two names of one scope share it once in a million; the first of them by name is found then.
    """
    return f"{scope_id}{binascii.crc32(name.encode()) % 1_000_000:06d}"


def scope_of(known: str) -> int:
    """The scope in a variable's id; -1, which is none, for what is no such id."""
    digits = known[:-6]
    return int(digits) if digits.isdecimal() and int(digits) < 2**63 else -1


def _around(stays: dict[int, Stay], incidents: dict[int, int]) -> set[int]:
    """The stays with an incident, and those around them."""
    found: set[int] = set()
    for each in incidents:
        stay_id: int | None = each
        while stay_id in stays and stay_id not in found:
            found.add(stay_id)
            stay_id = stays[stay_id].scope_id
    return found


def _excludes(query: Query, name: str, allowed: set[Any]) -> bool:
    """Whether the query lets only these values of a field through."""
    return any(
        not isinstance(each, AnyOf) and each.field == name and each.op is Op.IN and set(each.value) <= allowed
        for each in query.conditions
    )

"""Looking: variables, waits, the way a case has taken, what is deployed."""

from __future__ import annotations

from collections.abc import Iterable

from engine.errors import Unknown
from engine.model import (
    Deployment,
    ElementPassed,
    FormVersion,
    Incident,
    Json,
    Opened,
    ProcessDefinition,
    ResourceVersion,
)  # fmt: skip
from engine.parsing.records import ProcessModel
from engine.persistence import definitions as definition_rows
from engine.persistence import instances, reading, waits
from engine.runtime.step import InstanceRow, Step
from engine.runtime.variables import Variables as VariableStore
from engine.runtime.variables import View
from engine.work.definitions import DefinitionReads
from engine.work.unit import foresee


class Reads(DefinitionReads):
    """Reads of one transaction; none of them changes anything."""

    def variables(
        self, scope_id: int, names: Iterable[str] | None = None, *, instance_id: int | None = None
    ) -> dict[str, Json]:
        """The variables visible from a scope (an instance or element instance), looking outward."""
        wanted = None if names is None else set(names)
        for held in self._in_memory():
            if (token := held.token(scope_id)) is not None:
                foresee(held, token)
                return _visible(held.view(token), wanted)
        instance_id = instance_id or waits.instance_of(self.connection, self.region, scope_id)
        if instance_id is None:
            raise Unknown(f"没有变量范围 {scope_id}", f"there is no variable scope {scope_id}")
        return self._peek(instance_id, scope_id, wanted)

    def _peek(self, instance_id: int, scope_id: int, wanted: set[str] | None = None) -> dict[str, Json]:
        """What a scope sees, without changing the instance; from the step in memory when there is one."""
        step = next((step for step in self._steps.values() if instance_id in step.executions), None)
        if step is not None:
            execution = step.executions[instance_id]
        else:
            row = self.load(instance_id)
            step = Step(self, row.root_id, self.region, self.now, self._zone, self.by)
            execution = step.execution(instance_id)
        token = execution.token(scope_id)
        if token is None:  # ended: what its outermost scope held is all that is left
            store = VariableStore(self.fetch(instance_id))
            store.need_all()
            left = store.local(instance_id)
            return {name: left[name] for name in left if not name.startswith("#") and (wanted is None or name in wanted)}
        return _visible(execution.view(token), wanted)

    def find_definition(self, process_id: str) -> ProcessDefinition | None:
        row = self.newest("process", process_id)
        return None if row is None else self.definition(row.id)

    def definitions(self, *, latest: bool = True) -> list[ProcessDefinition]:
        return [self.definition(row.id) for row in definition_rows.listing(self.connection, "process", latest=latest)]

    def model(self, definition_id: int) -> ProcessModel:
        return self.graph(definition_id).model

    def xml(self, definition_id: int) -> bytes:
        return reading.xml(self.connection, definition_id)

    def form(self, form_version_id: int) -> FormVersion:
        return self._definitions.form(self.connection, form_version_id)

    def find_form_version(self, form_id: str) -> FormVersion | None:
        row = self.newest("form", form_id)
        return None if row is None else self.form(row.id)

    def resource(self, name: str, version: int | None = None) -> ResourceVersion | None:
        """A deployed file of a kind of the layer above; the newest when `version` is None."""
        row = self.newest("resource", name) if version is None else self.version("resource", name, version)
        if row is None:
            return None
        content = self._definitions.content(self.connection, row.resource_id)
        return ResourceVersion(row.id, row.key, row.version, content)

    def deployments(self, limit: int = 50, after: int | None = None) -> list[Deployment]:
        """Deployments, newest first; `after`: those older than this id."""
        return reading.deployments(self.connection, limit, after)

    def open_waits(self, root_id: int) -> list[Opened]:
        return waits.open_waits(self.connection, self.region, root_id)

    def path(self, root_id: int) -> list[ElementPassed]:
        return reading.path(self.connection, self.region, root_id)

    def instances(self, root_id: int) -> list[InstanceRow]:
        """The instances of a tree, root first, called ones after it; ended ones too."""
        return instances.tree(self.connection, self.region, root_id)

    def instance(self, instance_id: int) -> InstanceRow:
        return self.load(instance_id)

    def incidents(
        self, limit: int = 50, after: int | None = None, *, everywhere: bool = False, root_id: int | None = None
    ) -> list[Incident]:
        """Open incidents of the region, or `everywhere`, newest first: older than `after`, of the tree of `root_id`."""
        return reading.incidents(self.connection, None if everywhere else self.region, limit, after, root_id)

    def incident(self, incident_id: int) -> Incident:
        """An open incident of any region; Unknown when there is none (any more)."""
        found = reading.incident(self.connection, incident_id)
        if found is None:
            raise Unknown(f"没有未解决的故障 {incident_id}", f"there is no open incident {incident_id}")
        return found

    def element_counts(self, definition_id: int) -> list[tuple[str, int, int]]:
        """Per element of a version: (element id, tokens that are there now, open incidents), all regions."""
        return reading.element_counts(self.connection, self.graph(definition_id), definition_id)

    def running_counts(self) -> dict[int, tuple[int, int]]:
        return instances.running_counts(self.connection)


def _visible(view: View, wanted: set[str] | None) -> dict[str, Json]:
    """What is seen, without the engine's own names; only what is wanted is fetched."""
    if wanted is None:
        return {name: view[name] for name in view if not name.startswith("#")}
    view.need(wanted)
    return {name: view[name] for name in sorted(wanted) if not name.startswith("#") and name in view}

"""Commands: deploy, and start an instance."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

from engine.errors import InvalidInput, ModelError, Unknown
from engine.ids import new_id
from engine.model import Deployment, ProcessDefinition, Resource, Starting, Variables
from engine.persistence import definitions as definition_rows
from engine.runtime import modification
from engine.runtime.activities import AT_WILL
from engine.runtime.execution import END_AFTER, Execution
from engine.runtime.token import Stage
from engine.work.reads import Reads

if TYPE_CHECKING:
    from engine.work import Work


class StartCommands(Reads):
    """What brings definitions and instances into being."""

    def deploy(self, resources: Sequence[Resource], name: str | None = None) -> Deployment:
        """New versions of all files together. DeploymentRefused with every problem of every file, and nothing is kept."""
        self._has_deployed, self._mark = True, None
        return self._engine.deployer.deploy(self.connection, resources, name=name, at=self.now, by=self.by)

    def start_instance(
        self, process_id: str, variables: Variables, *, version: int | None = None, version_tag: str | None = None,
        business_key: str | None = None, definition_id: int | None = None, begin_at: Sequence[str] = (),
        end_after: Sequence[str] = (),
    ) -> int:  # fmt: skip
        """Start a process at its none start event; gives the instance's id. Unknown when it is not deployed.

        Its newest version, unless `version`, `version_tag` (the newest with this tag) or `definition_id` says another.
        `begin_at` names elements to begin at instead; once one of `end_after` is completed, the instance ends as terminated
        (Camunda 8, "Start process instance", start and runtime instructions: the Modeler tests single tasks so).
        """
        definition = self._startable(process_id, version, version_tag, definition_id)
        graph = self.graph(definition.id)
        for element_id in (*begin_at, *end_after):
            if element_id not in graph.model.elements:
                raise InvalidInput(f"流程 {definition.process_id} 中没有元素 {element_id}",
                                   f"process {definition.process_id} has no element {element_id}")  # fmt: skip
        if not begin_at and not graph.root.starts:
            raise InvalidInput(f"流程 {definition.process_id} 没有无触发的开始事件,只能由消息、信号或定时器启动",
                               f"process {definition.process_id} has no none start event; a message, signal or timer starts it")  # fmt: skip
        return self._start(definition, variables, business_key=business_key, command="start", begin_at=begin_at,
                           end_after=end_after)  # fmt: skip

    def _startable(
        self, process_id: str, version: int | None, version_tag: str | None, definition_id: int | None
    ) -> ProcessDefinition:
        if definition_id is not None:
            return self.definition(definition_id)
        if version is not None:
            row = self.version("process", process_id, version)
        elif version_tag is not None:
            row = definition_rows.by_tag(self.connection, "process", process_id, version_tag)
        else:
            row = self.newest("process", process_id)
        if row is None:
            which = version if version is not None else version_tag
            raise Unknown(f"流程 {process_id} 没有部署" + (f"版本 {which}" if which is not None else ""),
                          f"process {process_id} is not deployed" + (f" in version {which}" if which is not None else ""))  # fmt: skip
        return self.definition(row.id)

    def _start(
        self, definition: ProcessDefinition, variables: Variables, *, business_key: str | None, command: str,
        start: str | None = None, begin_at: Sequence[str] = (), end_after: Sequence[str] = (),
    ) -> int:  # fmt: skip
        instance_id = new_id()
        self._locked[instance_id] = instance_id
        starting = Starting(
            instance_id,
            self.region,
            definition.process_id,
            definition.id,
            definition.properties,
            variables,
            business_key,
        )
        base = self._engine.on_start(cast("Work", self), starting)
        step = self._step(instance_id)
        execution = step.begin(definition.id, definition.process_id, {**variables, **base}, instance_id=instance_id,
                               business_key=business_key, start=start)  # fmt: skip
        if end_after:
            execution.root_token.notes[END_AFTER] = sorted(set(end_after))
        if begin_at:
            _begin_at(execution, begin_at)
        self._commit(instance_id, command)
        return instance_id


def _begin_at(execution: Execution, element_ids: Sequence[str]) -> None:
    """Open the process without entering a start event, then begin at these elements."""
    execution.root_token.notes[AT_WILL] = True
    execution.run()
    if execution.root_token.stage is not Stage.ACTIVE:
        raise InvalidInput(
            "流程有开始监听器,不能从指定的元素开始", "the process has start listeners; it cannot begin at named elements"
        )
    try:
        for element_id in element_ids:
            modification.activate(execution, element_id, None, after=False)
    except ModelError as error:
        raise InvalidInput(error.zh, error.en) from error

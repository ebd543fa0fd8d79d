"""The unit of work: commands on instances, each run at once, all inside one transaction.

A command locks the root of the tree, loads the instances it needs, changes them, runs them to their next waits and saves
them with the list of those waits and one history entry. Then `on_change` may react, with rows only. The caller's mistake is
raised and nothing is saved; the model's becomes an incident.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from engine.definitions import Definitions
from engine.errors import Closed, InvalidInput, ModelError, Unknown
from engine.feel import FeelLimitError, to_json
from engine.ids import new_id
from engine.model import (
    BpmnError,
    Changes,
    DecisionOutcome,
    Deployment,
    ElementPassed,
    FormVersion,
    Incident,
    InstanceState,
    Job,
    Json,
    Opened,
    ProcessDefinition,
    PublishedMessage,
    Resource,
    ResourceVersion,
    Starting,
    Variables,
)  # fmt: skip
from engine.parsing.records import Binding, CalledDecision, CalledElement, Element, ProcessModel
from engine.persistence import Connection, claims, instances, reading, waits
from engine.persistence import definitions as definition_rows
from engine.runtime import state
from engine.runtime.execution import Execution
from engine.runtime.graph import Graph
from engine.runtime.step import InstanceRow, Step
from engine.runtime.token import Token
from engine.runtime.variables import Variables as VariableStore
from engine.runtime.variables import View

if TYPE_CHECKING:
    from engine.engine import ProcessEngine


class Work:
    """Commands and reads of one transaction. Open one with `ProcessEngine.work`.

    `connection` is the transaction: the layer above writes its own rows on it. `now` is the engine's clock at the start of
    the work; `leased_now` the machine's, for locks and back-offs.
    """

    def __init__(
        self,
        engine: ProcessEngine,
        connection: Connection,
        *,
        region: str,
        now: datetime,
        leased_now: datetime,
        by: str,
    ) -> None:
        self.connection = connection
        self.region = region
        self.now = now
        self.leased_now = leased_now
        self.by = by
        self.has_thrown = False
        self._engine = engine
        self._definitions: Definitions = engine.definitions
        self._zone: ZoneInfo = engine.zone
        self._steps: dict[int, Step] = {}
        self._locked: dict[int, int] = {}
        self._changes: deque[Changes] = deque()
        self._reacting = False

    # -- locks and steps ----------------------------------------------------------------------------------------------

    def lock(self, instance_id: int) -> int:
        """Lock the tree that the instance belongs to, root first; gives the root's id. Unknown when there is none."""
        if instance_id not in self._locked:
            root_id = instances.lock_root(self.connection, self.region, instance_id)
            if root_id is None:
                raise Unknown(f"没有流程实例 {instance_id}", f"there is no process instance {instance_id}")
            self._locked[instance_id] = root_id
            self._locked[root_id] = root_id
        return self._locked[instance_id]

    def _step(self, root_id: int) -> Step:
        if root_id not in self._steps:
            self._steps[root_id] = Step(self, root_id, self.region, self.now, self._zone)
        return self._steps[root_id]

    def _execution(self, instance_id: int) -> Execution:
        return self._step(self.lock(instance_id)).execution(instance_id)

    def _commit(self, root_id: int, command: str) -> Changes:
        """Run to the next waits, save, let the layer above react."""
        step = self._step(root_id)
        step.settle()
        changes = self._save(step, command)
        self._changes.append(changes)
        if not self._reacting:
            self._reacting = True
            try:
                while self._changes:
                    self._engine.on_change(self, self._changes.popleft())
            finally:
                self._reacting = False
        return changes

    def _save(self, step: Step, command: str) -> Changes:
        opened: list[Opened] = []
        closed = []
        for instance_id, execution in step.executions.items():
            row = step.rows[instance_id]
            tokens = state.dump(execution)
            if tokens == row.tokens and not (
                execution.log or execution.variables.changed or execution.closed or execution.opened
            ):
                continue
            instances.save(self.connection, row, tokens)
            variables = execution.variables
            instances.save_variables(self.connection, self.region, instance_id, variables.changed, variables.dropped)
            waits.save(self.connection, row, execution.opened.values(), execution.closed, cycles=execution.cycles,
                       jobs=execution.jobs, now=self.now, leased_now=self.leased_now)  # fmt: skip
            instances.save_history(self.connection, row, at=self.now, by=self.by, command=command, events=execution.log)
            opened.extend(execution.opened.values())
            closed.extend(execution.closed)
            execution.saved()
        if step.thrown:
            waits.save_thrown(self.connection, self.region, step.thrown, self.leased_now)
            self.has_thrown = True
            step.thrown.clear()
        ended, step.ended = tuple(step.ended), []
        step.seen_changes.clear()
        return Changes(step.root_id, command, tuple(opened), tuple(closed), ended)

    # -- commands: definitions and starts -----------------------------------------------------------------------------

    def deploy(self, resources: Sequence[Resource], name: str | None = None) -> Deployment:
        """New versions of all files together. DeploymentRefused with every problem of every file, and nothing is kept."""
        return self._engine.deployer.deploy(self.connection, resources, name=name, at=self.now, by=self.by)

    def start_instance(
        self, process_id: str, variables: Variables, *, version: int | None = None, business_key: str | None = None,
        definition_id: int | None = None,
    ) -> int:  # fmt: skip
        """Start a process at its none start event; gives the instance's id. Unknown when it is not deployed."""
        definition = self._startable(process_id, version, definition_id)
        graph = self.graph(definition.id)
        if not graph.root.starts:
            raise InvalidInput(f"流程 {definition.process_id} 没有无触发的开始事件,只能由消息、信号或定时器启动",
                               f"process {definition.process_id} has no none start event; a message, signal or timer starts it")  # fmt: skip
        return self._start(definition, variables, business_key=business_key, command="start")

    def _startable(self, process_id: str, version: int | None, definition_id: int | None) -> ProcessDefinition:
        if definition_id is not None:
            return self.definition(definition_id)
        if version is None:
            row = definition_rows.newest(self.connection, "process", process_id)
        else:
            row = definition_rows.by_version(self.connection, "process", process_id, version)
        if row is None:
            raise Unknown(f"流程 {process_id} 没有部署" + (f"版本 {version}" if version else ""),
                          f"process {process_id} is not deployed" + (f" in version {version}" if version else ""))  # fmt: skip
        return self.definition(row.id)

    def _start(
        self, definition: ProcessDefinition, variables: Variables, *, business_key: str | None, command: str,
        start: str | None = None,
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
        base = self._engine.on_start(self, starting)
        step = self._step(instance_id)
        step.begin(definition.id, definition.process_id, {**variables, **base}, instance_id=instance_id,
                   business_key=business_key, start=start)  # fmt: skip
        self._commit(instance_id, command)
        return instance_id

    # -- commands: waits ----------------------------------------------------------------------------------------------

    def complete_user_task(self, task_id: int, variables: Variables) -> Changes:
        """Complete an open user task with its results. Closed when it is not open (any more)."""
        execution, token = self._waiting("user_task", task_id, "任务", "user task")
        if "user_task" not in token.notes:
            raise _closed("任务", "user task", task_id)
        execution.complete_user_task(token, variables)
        return self._commit(execution.step.root_id, "complete_user_task")

    def _waiting(self, what: str, wait_id: int, zh: str, en: str) -> tuple[Execution, Token]:
        """The token at which something waits, its tree locked; Closed when the wait is gone."""
        row = waits.find(self.connection, what, self.region, wait_id)
        if row is None:
            raise _closed(zh, en, wait_id)
        execution = self._execution(row.instance_id)
        token = execution.token(row.element_instance_id)
        if token is None or waits.find(self.connection, what, self.region, wait_id) is None:
            raise _closed(zh, en, wait_id)
        return execution, token

    def set_variables(self, scope_id: int, values: Variables, *, local: bool = False) -> Changes:
        """Write variables from a scope outward (`local`: in this very scope). The scope is an instance or element instance."""
        instance_id = waits.instance_of(self.connection, self.region, scope_id)
        if instance_id is None:
            raise Unknown(f"没有变量范围 {scope_id}", f"there is no variable scope {scope_id}")
        execution = self._execution(instance_id)
        token = execution.token(scope_id)
        if token is None:
            raise _closed("变量范围", "variable scope", scope_id)
        try:
            if local:
                for name, value in values.items():
                    execution.variables.set_local(scope_id, name, value)
            else:
                execution.merge(token, values)
        except ModelError as error:
            raise InvalidInput(error.zh, error.en) from error
        return self._commit(execution.step.root_id, "set_variables")

    def change_due_date(self, timer_id: int, due_at: datetime) -> None:
        """Move a waiting timer; the year 9999 parks it. Closed when it does not wait (any more)."""
        if not waits.change_due_date(self.connection, self.region, timer_id, due_at):
            raise _closed("定时器", "timer", timer_id)

    def fire_timer(self, timer_id: int) -> Changes | None:
        """Fire a timer that is due; None when it is gone, moved away, or its tree is being worked on elsewhere."""
        row = waits.find(self.connection, "timer", self.region, timer_id)
        if row is None or not instances.try_lock_root(self.connection, self.region, row.root_id):
            return None
        self._locked[row.root_id] = self._locked[row.instance_id] = row.root_id
        row = claims.claim_timer(self.connection, self.region, timer_id, self.now)
        if row is None:
            return None
        execution = self._execution(row.instance_id)
        token = execution.token(row.element_instance_id)
        if token is None or token.waits.get(row.element_id) != timer_id:
            raise Unknown(f"定时器 {timer_id} 没有对应的令牌", f"timer {timer_id} has no token")
        keep = self._rearm(execution, token, row)
        execution.trigger(token, row.element_id, {}, keep=keep)
        return self._commit(row.root_id, "timer")

    def _rearm(self, execution: Execution, token: Token, row: Any) -> bool:
        """Move a repeating timer to its next moment; False when it fires for the last time."""
        if row.cycle is None or not Step.stays(execution, token, row.element_id):
            return False
        following = waits.cycle_of(row).next(self._zone, self.now)
        if following is None:
            return False
        waits.move_cycle(self.connection, self.region, row.id, *following)
        return True

    def fire_start_timer(self, timer_id: int) -> int | None:
        """Start the instance of a timer start event that is due."""
        row = claims.claim_start_timer(self.connection, self.region, timer_id, self.now)
        if row is None:
            return None
        following = None if row.cycle is None else waits.cycle_of(row).next(self._zone, self.now)
        waits.move_start_timer(self.connection, self.region, timer_id, following)
        return self._start(
            self.definition(row.definition_id), {}, business_key=None, command="timer_start", start=row.element_id
        )

    # -- commands: messages and signals -------------------------------------------------------------------------------

    def publish_message(
        self, name: str, key: str, variables: Variables | None = None, *, message_id: str | None = None,
        time_to_live: timedelta = timedelta(0),
    ) -> PublishedMessage:  # fmt: skip
        """Give a message to those that wait for it: at most one instance per process, else a new instance, else it is kept.

        A message with an id that is still remembered is taken once (Camunda 8, "Messages": uniqueness, buffering).
        """
        if message_id is not None and waits.message_known(
            self.connection, self.region, name, key, message_id, self.now
        ):
            return PublishedMessage(0, (), is_duplicate=True)
        taken: dict[str, int] = {}
        for row in sorted(
            waits.subscriptions(self.connection, self.region, "message", name, key), key=lambda row: row.root_id
        ):
            execution = self._execution(row.instance_id)
            token = execution.token(row.element_instance_id)
            process_id = execution.graph.model.id
            if token is None or process_id in taken or token.waits.get(row.element_id) != row.id:
                continue
            taken[process_id] = row.instance_id
            execution.trigger(token, row.element_id, variables or {}, keep=Step.stays(execution, token, row.element_id))
            self._commit(execution.step.root_id, "message")
        starts = definition_rows.start_subscriptions(self.connection, "message", name)
        if starts and key:  # two that publish at once must see each other's instance
            waits.lock_name(self.connection, self.region, "message", name, key)
        for start in starts:
            if start.process_id in taken or (
                key and waits.is_running(self.connection, self.region, start.process_id, key)
            ):
                continue
            taken[start.process_id] = self._start(self.definition(start.definition_id), variables or {}, business_key=key or None,
                                                  command="message_start", start=start.element_id)  # fmt: skip
        published = new_id()
        if time_to_live > timedelta(0):
            waits.remember_message(self.connection, self.region, published, name=name, key=key, message_id=message_id,
                                   variables=variables or {}, taken_by=list(taken), expires_at=self.now + time_to_live)  # fmt: skip
        return PublishedMessage(published, tuple(taken.values()))

    def broadcast_signal(self, name: str, variables: Variables | None = None) -> int:
        """Tell a signal to all that wait for it in the region: after commit, one transaction for each."""
        self.has_thrown = True
        return waits.throw(self.connection, self.region, "signal", name, None, variables or {}, None, self.leased_now)

    def deliver(self, thrown_id: int) -> None:
        """Work off one thrown message or signal (`ProcessEngine` calls it after commit)."""
        row = claims.claim_thrown(self.connection, self.region, thrown_id)
        if row is None:
            return
        waits.drop_thrown(self.connection, self.region, thrown_id)
        if row.kind == "message":
            self.publish_message(row.name, row.key or "", row.variables)
        elif row.receiver is None:
            self._fan_out(row)
        elif row.receiver[0] == "start":
            self._start(self.definition(row.receiver[1]), row.variables, business_key=None, command="signal_start",
                        start=row.receiver[2])  # fmt: skip
        else:
            self._signal_one(row.receiver[1], row.variables)

    def _fan_out(self, row: Any) -> None:
        receivers: list[list[Any]] = [
            ["wait", subscription.id]
            for subscription in waits.subscriptions(self.connection, self.region, "signal", row.name, None)
        ]
        receivers += [["start", start.definition_id, start.element_id]
                      for start in definition_rows.start_subscriptions(self.connection, "signal", row.name)]  # fmt: skip
        for receiver in receivers:
            waits.throw(
                self.connection, self.region, "signal", row.name, None, row.variables, receiver, self.leased_now
            )
        self.has_thrown = self.has_thrown or bool(receivers)

    def _signal_one(self, subscription_id: int, variables: Variables) -> None:
        try:
            execution, token = self._waiting_event(subscription_id)
        except Closed:
            return  # it no longer waits; a signal is not kept
        element_id = next(event for event, wait in token.waits.items() if wait == subscription_id)
        execution.trigger(token, element_id, variables, keep=Step.stays(execution, token, element_id))
        self._commit(execution.step.root_id, "signal")

    def _waiting_event(self, subscription_id: int) -> tuple[Execution, Token]:
        execution, token = self._waiting("subscription", subscription_id, "订阅", "subscription")
        if subscription_id not in token.waits.values():
            raise _closed("订阅", "subscription", subscription_id)
        return execution, token

    # -- commands: jobs -----------------------------------------------------------------------------------------------

    def lock_jobs(
        self, types: Sequence[str], limit: int, *, worker: str = "yimen", lock_for: timedelta = timedelta(minutes=5),
        root_instance_id: int | None = None,
    ) -> list[Job]:  # fmt: skip
        """Take up to `limit` jobs for a worker; they come back when the lock runs out."""
        until = self.leased_now + lock_for
        rows = claims.lock_jobs(self.connection, types, now=self.leased_now, worker=worker, until=until, limit=limit,
                                region=self.region, root_id=root_instance_id)  # fmt: skip
        return [self._job(row, until) for row in rows]

    def lock_job(
        self, types: Sequence[str], root_instance_id: int | None = None, *, worker: str = "yimen",
        lock_for: timedelta = timedelta(minutes=5),
    ) -> Job | None:  # fmt: skip
        jobs = self.lock_jobs(types, 1, worker=worker, lock_for=lock_for, root_instance_id=root_instance_id)
        return jobs[0] if jobs else None

    def _job(self, row: Any, until: datetime) -> Job:
        root = self._steps.get(row.root_id)
        if root is not None or row.root_id in self._locked:
            variables = self.variables(row.element_instance_id, instance_id=row.instance_id)
        else:
            variables = self._peek(row.instance_id, row.element_instance_id)
        process_id = self.definition(row.definition_id).process_id
        return Job(
            row.id, row.type, row.instance_id, row.root_id, process_id, row.element_id, row.element_instance_id, row.retries,
            row.headers, variables, until,
        )  # fmt: skip

    def complete_job(self, job_id: int, variables: Variables | None = None) -> Changes:
        """The worker is done. Closed when the job is gone (completed by another, cancelled)."""
        execution, token = self._waiting("job", job_id, "作业", "job")
        if token.notes.get("job") != job_id:
            raise _closed("作业", "job", job_id)
        self._clear_incident(execution, token)
        execution.complete_job(token, job_id, variables or {})
        return self._commit(execution.step.root_id, "complete_job")

    def fail_job(
        self,
        job_id: int,
        retries: int,
        zh: str,
        en: str,
        *,
        back_off: timedelta = timedelta(0),
        variables: Variables | None = None,
    ) -> Changes | None:
        """The worker could not do it: again after `back_off` while `retries` are left, else an incident."""
        execution, token = self._waiting("job", job_id, "作业", "job")
        waits.fail_job(
            self.connection, self.region, job_id, max(0, retries), self.leased_now + back_off, f"{zh} / {en}"
        )
        for name, value in (variables or {}).items():
            execution.variables.set_local(token.id, name, value)
        if retries > 0 or "incident" in token.notes:
            return self._commit(execution.step.root_id, "fail_job") if variables else None
        execution.fail(token, ModelError("JOB_NO_RETRIES", zh, en), job_id)
        return self._commit(execution.step.root_id, "fail_job")

    def throw_error(self, job_id: int, code: str, message: str = "", variables: Variables | None = None) -> Changes:
        """The worker met an error of the business: the diagram's path for it; nobody catches: an incident at the job."""
        execution, token = self._waiting("job", job_id, "作业", "job")
        self._clear_incident(execution, token)
        try:
            execution.throw_error(token, BpmnError(code, message, variables))
        except ModelError as error:
            waits.fail_job(self.connection, self.region, job_id, 0, self.leased_now, error.zh)
            execution.fail(token, error, job_id)
        return self._commit(execution.step.root_id, "throw_error")

    @staticmethod
    def _clear_incident(execution: Execution, token: Token) -> None:
        if "incident" in token.notes:
            execution.retry(token)

    # -- commands: incidents and instances ----------------------------------------------------------------------------

    def raise_incident(self, element_instance_id: int, kind: str, zh: str, en: str) -> int:
        """Put an incident beside a wait that goes on (such as a task that nobody may do); its id."""
        instance_id = waits.instance_of(self.connection, self.region, element_instance_id)
        execution = None if instance_id is None else self._execution(instance_id)
        token = None if execution is None else execution.token(element_instance_id)
        if execution is None or token is None:
            raise _closed("元素", "element instance", element_instance_id)
        incident_id = execution.note(token, ModelError(kind, zh, en))
        self._commit(execution.step.root_id, "raise_incident")
        return incident_id

    def resolve_incident(self, incident_id: int) -> Changes:
        """Try again after a repair: the element goes on where it stood. Closed when the incident is gone."""
        row = waits.find(self.connection, "incident", self.region, incident_id)
        execution, token = self._waiting("incident", incident_id, "故障", "incident")
        if row is not None and row.job_id is not None:
            waits.revive_job(self.connection, self.region, row.job_id, self.leased_now)
        execution.retry(token)
        return self._commit(execution.step.root_id, "resolve_incident")

    def cancel_instance(self, instance_id: int) -> Changes:
        """End a root instance with everything in it. InvalidInput for a called one (end its caller), Closed when it has ended."""
        root_id = self.lock(instance_id)
        if root_id != instance_id:
            raise InvalidInput("只能终止最外层的流程实例", "only the root of a tree of instances can be cancelled")
        step = self._step(root_id)
        if step.execution(root_id).state is not InstanceState.ACTIVE:
            raise _closed("流程实例", "process instance", instance_id)
        step.cancel(root_id)
        return self._commit(root_id, "cancel_instance")

    # -- evaluations --------------------------------------------------------------------------------------------------

    def evaluate(self, text: str, context: Mapping[str, Json], *, root_id: int | None = None) -> Json:
        """What a deployed expression (`=` FEEL, else a literal) gives; InvalidInput when a bound is reached."""
        value = self._definitions.expression(text)
        try:
            found = value.evaluate(context, now=self.now, zone=self._zone, environment=self.environment(root_id or 0))
        except FeelLimitError as error:
            raise InvalidInput(f"表达式超出限度:{error}", f"expression reached a limit: {error}") from error
        return to_json(found.value)

    def evaluate_decision(self, decision_id: str, version: int | None, context: Mapping[str, Json]) -> DecisionOutcome:
        """Evaluate a deployed decision (None: its newest version). Unknown when there is none."""
        if version is None:
            row = definition_rows.newest(self.connection, "decision", decision_id)
        else:
            row = definition_rows.by_version(self.connection, "decision", decision_id, version)
        if row is None:
            raise Unknown(f"决策 {decision_id} 没有部署", f"decision {decision_id} is not deployed")
        return self._evaluate_decision(row.id, context, 0)

    def _evaluate_decision(self, definition_id: int, context: Mapping[str, Json], root_id: int) -> DecisionOutcome:
        held = self._definitions.decision(self.connection, definition_id)
        try:
            result = held.decision.evaluate(
                context, now=self.now, zone=self._zone, environment=self.environment(root_id)
            )
        except FeelLimitError as error:
            raise ModelError(
                "DECISION_EVALUATION_ERROR", f"决策超出限度:{error}", f"decision reached a limit: {error}"
            ) from error
        return DecisionOutcome(to_json(result.value), held.decision_id, held.version,
                               [step.to_json() for step in result.trace])  # fmt: skip

    # -- what a step asks (`engine.runtime.step.Surroundings`) --------------------------------------------------------

    def load(self, instance_id: int) -> InstanceRow:
        row = instances.load(self.connection, self.region, instance_id)
        if row is None:
            raise Unknown(f"没有流程实例 {instance_id}", f"there is no process instance {instance_id}")
        return row

    def fetch(self, instance_id: int) -> Callable[[Iterable[str] | None], Any]:
        return instances.fetcher(self.connection, self.region, instance_id)

    def graph(self, definition_id: int) -> Graph:
        return self._definitions.graph(self.connection, definition_id)

    def find_process(self, graph: Graph, called: CalledElement, process_id: str) -> int | None:
        row = self._bound("process", process_id, called.binding, called.version_tag, graph)
        return None if row is None else int(row.id)

    def _bound(self, kind: str, key: str, binding: Binding, tag: str | None, graph: Graph) -> Any:
        if binding is Binding.VERSION_TAG and tag is not None:
            return definition_rows.by_tag(self.connection, kind, key, tag)
        if binding is Binding.DEPLOYMENT:
            if kind == "process":
                caller = definition_rows.by_id(self.connection, graph.definition_id)
                beside = (
                    None
                    if caller is None
                    else definition_rows.in_deployment(self.connection, caller.deployment_id, kind, key)
                )
                return beside or definition_rows.newest(self.connection, kind, key)
            if (pinned := graph.bindings.get(f"{kind}:{key}")) is not None:
                return definition_rows.by_id(self.connection, pinned)
        return definition_rows.newest(self.connection, kind, key)

    def find_form(self, graph: Graph, element: Element) -> tuple[int | None, str | None]:
        task = element.user_task
        form = None if task is None else task.form
        if form is None or form.form_id is None:
            return None, None if form is None else form.external_reference
        row = self._bound("form", form.form_id, form.binding, form.version_tag, graph)
        if row is None:
            raise ModelError("FORM_NOT_FOUND", f"表单 {form.form_id} 没有部署", f"form {form.form_id} is not deployed")
        return int(row.id), None

    def decide(
        self, root_id: int, graph: Graph, called: CalledDecision, decision_id: str, context: Mapping[str, Json]
    ) -> DecisionOutcome:
        row = None
        if called.binding is Binding.LATEST:
            version = self._engine.choose_decision(self, decision_id, root_id)
            if version is not None:
                row = definition_rows.by_version(self.connection, "decision", decision_id, version)
        row = row or self._bound("decision", decision_id, called.binding, called.version_tag, graph)
        if row is None:
            raise ModelError(
                "CALLED_DECISION_ERROR", f"决策 {decision_id} 没有部署", f"decision {decision_id} is not deployed"
            )
        return self._evaluate_decision(row.id, context, root_id)

    def buffered(self, name: str, key: str, process_id: str) -> Variables | None:
        return waits.take_buffered(self.connection, self.region, name, key, process_id, self.now)

    def environment(self, root_id: int) -> object:
        return self._engine.environment(self, root_id)

    # -- reads --------------------------------------------------------------------------------------------------------

    def variables(
        self, scope_id: int, names: Iterable[str] | None = None, *, instance_id: int | None = None
    ) -> dict[str, Json]:
        """The variables visible from a scope (an instance or element instance), looking outward."""
        instance_id = instance_id or waits.instance_of(self.connection, self.region, scope_id)
        if instance_id is None:
            raise Unknown(f"没有变量范围 {scope_id}", f"there is no variable scope {scope_id}")
        wanted = None if names is None else set(names)
        visible = self._peek(instance_id, scope_id)
        return {name: value for name, value in visible.items() if wanted is None or name in wanted}

    def _peek(self, instance_id: int, scope_id: int) -> dict[str, Json]:
        """What a scope sees, without changing the instance; from the step in memory when there is one."""
        step = next((step for step in self._steps.values() if instance_id in step.executions), None)
        if step is not None:
            execution = step.executions[instance_id]
        else:
            row = self.load(instance_id)
            step = Step(self, row.root_id, self.region, self.now, self._zone)
            execution = step.execution(instance_id)
        token = execution.token(scope_id)
        if token is None:  # ended: what its outermost scope held is all that is left
            store = VariableStore(self.fetch(instance_id))
            store.need_all()
            return {name: value for name, value in store.local(instance_id).items() if not name.startswith("#")}
        view: View = execution.view(token)
        return {name: view[name] for name in view if not name.startswith("#")}

    def definition(self, definition_id: int) -> ProcessDefinition:
        return self._definitions.process(self.connection, definition_id)

    def find_definition(self, process_id: str) -> ProcessDefinition | None:
        row = definition_rows.newest(self.connection, "process", process_id)
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
        row = definition_rows.newest(self.connection, "form", form_id)
        return None if row is None else self.form(row.id)

    def resource(self, name: str, version: int | None = None) -> ResourceVersion | None:
        return reading.resource(self.connection, name, version)

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

    def incidents(self, limit: int = 50, after: int | None = None, *, everywhere: bool = False) -> list[Incident]:
        return reading.incidents(self.connection, None if everywhere else self.region, limit, after)

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


def _closed(zh: str, en: str, wait_id: int) -> Closed:
    return Closed(f"{zh} {wait_id} 不存在或已经结束", f"{en} {wait_id} does not exist or is over already")

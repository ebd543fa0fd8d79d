"""Commands: messages and signals."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from engine.errors import Closed, InvalidInput, Suspended, Unknown
from engine.expressions import Value
from engine.feel import FeelError
from engine.ids import new_id
from engine.juel import MissingVariable
from engine.model import InstanceState, MessageWait, PublishedMessage, Variables
from engine.parsing.records import Trigger
from engine.persistence import claims, waits
from engine.persistence import definitions as definition_rows
from engine.runtime.execution import Execution
from engine.runtime.token import Token
from engine.work.starts import StartCommands
from engine.work.unit import closed


class MessageCommands(StartCommands):
    """Publish, broadcast, and deliver what instances threw."""

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
            awaited = None if token is None else token.awaits(row.id)
            if token is None or awaited is None or process_id in taken or execution.state is InstanceState.SUSPENDED:
                continue
            if row.key is None and key and execution.step.rows[row.instance_id].business_key != key:
                continue  # Camunda 7 has no keys of its own: the business key tells instances apart
            taken[process_id] = row.instance_id
            execution.trigger(token, awaited, variables or {}, keep=execution.stays(token, awaited))
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

    def correlate_message(self, name: str, key: str, variables: Variables | None = None) -> PublishedMessage:
        """Give a message to exactly one that waits for it, or start one instance. Nothing is kept.

        Unknown when nobody takes it, InvalidInput when instances of several processes would (Camunda 8, "Correlate message").
        """
        told = self.publish_message(name, key, variables)
        taken = told.instance_ids
        if not taken:
            raise Unknown(f"没有实例等待消息 {name}(关联键 {key})", f"nothing waits for message {name} with key {key}")
        if len(taken) > 1:
            raise InvalidInput(
                f"消息 {name}(关联键 {key})有 {len(taken)} 个接收者,无法确定给谁",
                f"message {name} with key {key} would be taken by {len(taken)} instances",
            )
        return told

    def message_waits(self, name: str) -> list[MessageWait]:
        """Who waits for a message of this name in the region, the longest first; instances that rest are left out."""
        found = []
        for row in waits.subscriptions(self.connection, self.region, "message", name, None):
            instance = self.load(row.instance_id)
            if instance.state is InstanceState.ACTIVE:
                found.append(
                    MessageWait(
                        row.id, row.instance_id, instance.root_id, instance.definition_id, row.element_id,
                        row.element_instance_id, row.key, instance.business_key,
                    )
                )  # fmt: skip
        return found

    def deliver_message(self, wait_id: int, variables: Variables | None = None) -> int:
        """Give a message to exactly this one that waits for it; the instance's id. Closed when it does not wait (any more)."""
        execution, token, awaited = self._waiting_event(wait_id)
        execution.trigger(token, awaited, variables or {}, keep=execution.stays(token, awaited))
        self._commit(execution.step.root_id, "message")
        return execution.instance_id

    def start_with_message(
        self, name: str, variables: Variables | None = None, *, business_key: str | None = None, process_ids: Iterable[str] | None = None
    ) -> list[int]:  # fmt: skip
        """Start an instance of each process that this message starts (of `process_ids` only, where given); their ids."""
        wanted = None if process_ids is None else set(process_ids)
        return [
            self._start(self.definition(start.definition_id), variables or {}, business_key=business_key,
                        command="message_start", start=start.element_id)
            for start in definition_rows.start_subscriptions(self.connection, "message", name)
            if wanted is None or start.process_id in wanted
        ]  # fmt: skip

    def message_starts(self, name: str) -> list[str]:
        """The processes that a message of this name starts."""
        return [row.process_id for row in definition_rows.start_subscriptions(self.connection, "message", name)]

    def evaluate_conditions(
        self, variables: Variables, *, process_id: str | None = None, business_key: str | None = None
    ) -> list[int]:
        """Start an instance for each conditional start event that holds with these variables; their ids.

        Of one process or of all (Camunda 8, "Conditional events", root-level start; Camunda 7, `createConditionEvaluation`).
        A condition that names the variables it watches is asked only when one of them is given.
        """
        started = []
        for row in definition_rows.conditional_starts(self.connection, process_id):
            event = self.graph(row.definition_id).model.elements[row.element_id].event
            for part in event.triggers:
                if part.trigger is not Trigger.CONDITIONAL or part.condition is None:
                    continue
                if part.condition_variables and part.condition_variables.isdisjoint(variables):
                    continue
                if self._holds(part.condition, variables):
                    started.append(self._start(self.definition(row.definition_id), variables, business_key=business_key,
                                               command="conditional_start", start=row.element_id))  # fmt: skip
                    break
        return started

    def _holds(self, condition: Value, variables: Variables) -> bool:
        try:
            found = condition.evaluate(variables, now=self.now, zone=self._zone, environment=self.environment(0))
        except MissingVariable:
            return False
        except FeelError as error:
            raise InvalidInput(
                f"条件“{condition.source}”没有值:{error.message_zh}",
                f"the condition '{condition.source}' has no value: {error.message_en}",
            ) from error
        return found.value is True

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
        self.hops = 0 if row.receiver is None else row.receiver[-1]
        if row.kind == "message":
            self.publish_message(row.name, row.key or "", row.variables)
        elif row.receiver is None or row.receiver[0] == "from":
            self._fan_out(row)
        elif row.receiver[0] == "start":
            self._start(self.definition(row.receiver[1]), row.variables, business_key=None, command="signal_start",
                        start=row.receiver[2])  # fmt: skip
        else:
            self._signal_one(row.receiver[1], row.variables)

    def _fan_out(self, row: Any) -> None:
        """One delivery for each that waits; the instance that threw has heard its own signal already."""
        thrower = None if row.receiver is None else row.receiver[1]
        receivers: list[list[Any]] = [
            ["wait", subscription.id, self.hops]
            for subscription in waits.subscriptions(self.connection, self.region, "signal", row.name, None)
            if subscription.instance_id != thrower
        ]
        receivers += [["start", start.definition_id, start.element_id, self.hops]
                      for start in definition_rows.start_subscriptions(self.connection, "signal", row.name)]  # fmt: skip
        for receiver in receivers:
            waits.throw(
                self.connection, self.region, "signal", row.name, None, row.variables, receiver, self.leased_now
            )
        self.has_thrown = self.has_thrown or bool(receivers)

    def _signal_one(self, subscription_id: int, variables: Variables) -> None:
        try:
            execution, token, awaited = self._waiting_event(subscription_id)
        except (Closed, Suspended):
            return  # it does not wait (any more); a signal is not kept
        execution.trigger(token, awaited, variables, keep=execution.stays(token, awaited))
        self._commit(execution.step.root_id, "signal")

    def _waiting_event(self, subscription_id: int) -> tuple[Execution, Token, str]:
        execution, token = self._waiting("subscription", subscription_id, "订阅", "subscription")
        awaited = token.awaits(subscription_id)
        if awaited is None:
            raise closed("订阅", "subscription", subscription_id)
        return execution, token, awaited

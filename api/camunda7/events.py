"""/engine-rest/message and /engine-rest/signal: telling what waits."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from fastapi import Request, Response
from pydantic import Field

from api import access
from api.access import Scope, open_act
from api.camunda7.door import definition_id, nothing, number_in, reply, router_of, tenant_of
from api.camunda7.errors import NoMatch, RestError, invalid
from api.camunda7.instances import of_row
from api.camunda7.values import all_typed, plain
from api.parameters import Body
from casework import outside
from casework.act import Act
from engine.model import InstanceState, Json, MessageWait

messages = router_of("/message")
signals = router_of("/signal")

Name = Annotated[str, Field(min_length=1, max_length=255)]


class Correlation(Body):
    """`CorrelationMessageDto`."""

    message_name: Name | None = None
    business_key: str | None = None
    tenant_id: str | None = None
    without_tenant_id: bool | None = None
    process_instance_id: str | None = None
    correlation_keys: dict[str, Any] | None = None
    local_correlation_keys: dict[str, Any] | None = None
    process_variables: dict[str, Any] | None = None
    process_variables_local: dict[str, Any] | None = None
    process_variables_to_triggered_scope: dict[str, Any] | None = None
    all: bool = False
    result_enabled: bool = False
    variables_in_result_enabled: bool = False


class Signal(Body):
    """`SignalDto`."""

    name: Name
    execution_id: str | None = None
    variables: dict[str, Any] | None = None
    tenant_id: str | None = None
    without_tenant_id: bool | None = None


@messages.post("")
def correlate(request: Request, body: Correlation) -> Response:
    """Tell a message to the one instance that waits for it, or start one; with `all` to everyone who does.

    An instance is meant by its business key, its id, and variables that have the given values. In files of Camunda 8, whose
    messages have a correlation key of their own, the business key or the single correlation key must equal that.
    """
    if body.message_name is None:
        raise invalid("请指明消息名。", "No message name supplied")
    if body.process_variables_local or body.process_variables_to_triggered_scope or body.local_correlation_keys:
        raise invalid("消息不支持局部变量。", "Local variables of a message are not supported: use processVariables.")
    keys, values = plain(body.correlation_keys), plain(body.process_variables)
    region = access.region_of(request, body.tenant_id)
    with open_act(request, Scope.OPERATE, region) as act:
        waits = [each for each in outside.message_waits(act, body.message_name) if _is_meant(act, each, body, keys)]
        starts = body.process_instance_id is None and (not waits or body.all) and not keys
        if len(waits) > 1 and not body.all:
            raise NoMatch(
                f"消息 {body.message_name} 有 {len(waits)} 个接收者,无法确定给谁。",
                f"Cannot correlate message '{body.message_name}': {len(waits)} executions match the correlation keys",
            )
        for each in waits:
            outside.deliver_message(act, each, values)
        started = (
            outside.start_with_message(act, body.message_name, values, business_key=body.business_key) if starts else []
        )
        if len(started) > 1 and not body.all:
            raise NoMatch(
                f"消息 {body.message_name} 会启动 {len(started)} 个流程,无法确定哪一个。",
                f"Cannot correlate message '{body.message_name}': {len(started)} process definitions match",
            )
        if not waits and not started and not body.all:
            raise NoMatch(
                f"没有流程或实例等待消息 {body.message_name}。",
                f"Cannot correlate message '{body.message_name}': No process definition or execution matches the parameters",
            )
        return reply(_results(request, act, body, waits, started)) if body.result_enabled else nothing()


@signals.post("")
def broadcast(request: Request, body: Signal) -> Response:
    """Tell a signal to everyone in the region who waits for it. Each hears it in a transaction of its own, right after this."""
    values = plain(body.variables)
    if body.execution_id is not None:
        raise invalid(
            "信号发给所有等待者,不能指定一个。", "A signal is told to all who wait for it; executionId is not supported."
        )
    region = access.region_of(request, body.tenant_id)
    with open_act(request, Scope.OPERATE, region) as act:
        outside.broadcast_signal(act, body.name, values)
    return nothing()


def _is_meant(act: Act, wait: MessageWait, body: Correlation, keys: Mapping[str, Json]) -> bool:
    if body.process_instance_id is not None:
        number = number_in(body.process_instance_id, "流程实例", "Process instance")
        if wait.instance_id != number:
            return False
    if wait.key is not None:
        given = body.business_key if not keys else str(next(iter(keys.values())))
        return len(keys) <= 1 and given == wait.key
    if body.business_key is not None and body.business_key != wait.business_key:
        return False
    return act.work.variables(wait.instance_id, list(keys)) == dict(keys) if keys else True


def _results(
    request: Request, act: Act, body: Correlation, waits: Sequence[MessageWait], started: Sequence[int]
) -> list[dict[str, Any]]:
    """`MessageCorrelationResultWithVariableDto`."""
    results: list[dict[str, Any]] = []
    for each in waits:
        row = act.work.instance(each.instance_id)
        execution = {
            "id": str(each.element_instance_id), "processInstanceId": str(each.instance_id),
            "ended": row.state is InstanceState.COMPLETED, "tenantId": tenant_of(request, act.region),
        }  # fmt: skip
        results.append({"resultType": "Execution", "processInstance": None, "execution": execution})
    for number in started:
        row = act.work.instance(number)
        named = definition_id(row.process_id, act.work.definition(row.definition_id).version, row.definition_id)
        instance = {"links": [], **of_row(request, row, named)}
        results.append({"resultType": "ProcessDefinition", "processInstance": instance, "execution": None})
    for result, number in zip(results, [*(each.instance_id for each in waits), *started], strict=True):
        result["variables"] = all_typed(act.work.variables(number)) if body.variables_in_result_enabled else None
    return results


__all__ = ["RestError", "messages", "signals"]

"""Messages and signals, and who waits for messages."""

from datetime import timedelta
from typing import Any

from fastapi import Request, Response

from api import access
from api.access import Scope
from api.camunda8 import shapes
from api.camunda8.bodies import Broadcast, Correlate, Publish, SearchBody, read_moment
from api.camunda8.door import documents, everywhere, key, reading, reply, router_of, see, tenant
from api.camunda8.fields import Field, Table, answer, number, text, word
from api.camunda8.fields import key as key_field
from casework import outside
from engine.errors import InvalidInput
from engine.ids import first_id
from engine.search import Condition, Op, Query

router = router_of("/messages")
signals = router_of("/signals")
subscriptions = router_of("/message-subscriptions")
LONGEST_LIFE = timedelta(days=3650)


def read_as_id(value: Any) -> int:
    """A moment as the first id of its millisecond: ids are in time order."""
    return first_id(read_moment(value))


SUBSCRIPTIONS = Table(
    {
        "businessId": text("business_key"), "messageSubscriptionKey": key_field("id"), "processDefinitionId": text("process_id"),
        "processDefinitionKey": key_field("definition_id"), "processDefinitionName": text("process_name"),
        "processDefinitionVersion": number("version"), "processInstanceKey": key_field("instance_id"),
        "elementId": text("element_id"), "elementInstanceKey": key_field("element_instance_id"),
        "messageSubscriptionState": word("kind", {"CREATED": "message", "CORRELATED": "-", "DELETED": "-", "MIGRATED": "-"}),
        "messageSubscriptionType": word("starts", {"START_EVENT": 1, "PROCESS_EVENT": 0}), "lastUpdatedDate": Field("id", read_as_id, sizes=True),
        "messageName": text("name"), "correlationKey": text("key"), "tenantId": text("region", ask=False),
        "toolName": text("kind", ask=False), "inboundConnectorType": text("kind", ask=False),
    },
    absent=frozenset({"toolName", "inboundConnectorType"}),
)  # fmt: skip


@router.post("/publication")
@documents()
def publish(request: Request, body: Publish) -> Response:
    """Give a message to those that wait for it, and keep it for its time to live."""
    _not_by_business_id(body.business_id)
    life = min(timedelta(milliseconds=max(0, min(body.time_to_live, 2**48))), LONGEST_LIFE)
    region = tenant(request, body.tenant_id)
    outside.check_names(body.variables or {})
    with access.open_act(request, Scope.OPERATE, region) as act:
        message_id, _, is_known = outside.publish_message(
            act, body.name, body.correlation_key, body.variables or {}, message_id=body.message_id, time_to_live=life
        )
        if is_known:
            raise InvalidInput(
                f"编号为 {body.message_id} 的消息已经发布过。",
                f"A message {body.name} with the id {body.message_id} and this key was published already.",
            )
    return reply({"tenantId": access.tenant_of(request, region), "messageKey": key(message_id)})


@router.post("/correlation")
@documents(404)
def correlate(request: Request, body: Correlate) -> Response:
    """Give a message to exactly one that waits for it, or start one with it. 404 where nobody takes it."""
    _not_by_business_id(body.business_id)
    region = tenant(request, body.tenant_id)
    outside.check_names(body.variables or {})
    with access.open_act(request, Scope.OPERATE, region) as act:
        told = outside.correlate_message(act, body.name, body.correlation_key, body.variables or {})
    return reply(
        {
            "tenantId": access.tenant_of(request, region),
            "messageKey": key(told.id),
            "processInstanceKey": key(told.instance_ids[0]),
        }
    )


@signals.post("/broadcast")
@documents(404)
def broadcast(request: Request, body: Broadcast) -> Response:
    """Tell a signal to all of the region that wait for it."""
    region = tenant(request, body.tenant_id)
    outside.check_names(body.variables or {})
    with access.open_act(request, Scope.OPERATE, region) as act:
        signal_id = outside.broadcast_signal(act, body.signal_name, body.variables or {})
    return reply({"tenantId": access.tenant_of(request, region), "signalKey": key(signal_id)})


@subscriptions.post("/search")
def search(request: Request, body: SearchBody | None = None) -> Response:
    """Who waits for messages now."""
    asked = SUBSCRIPTIONS.query(request, body)
    query = Query((Condition("kind", Op.EQ, "message"), *asked.conditions), asked.sort, asked.page)
    with reading(request) as act:
        see(act, query.only("instance_id"), "subscriptions")
        found = act.work.search_subscriptions(query, everywhere=everywhere(act))
    return reply(answer(found, lambda each: shapes.subscription(request, each)))


def _not_by_business_id(named: str | None) -> None:
    """What would be given to instances of one business id only must not be given to others instead."""
    if named is not None:
        raise InvalidInput("消息不按业务编号投递。", "businessId: messages are not told apart by it here.")

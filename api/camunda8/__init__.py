"""Camunda 8's Orchestration Cluster REST API (/v2), as far as docs/camunda-api.md says: one file per noun of the address."""

from api.camunda8 import (
    decisions,
    definitions,
    deployments,
    elements,
    files,
    incidents,
    instances,
    jobs,
    links,
    messages,
    session,
    status,
    tasks,
    variables,
)

ROUTERS = (
    status.router,
    session.router,
    session.clock,
    deployments.router,
    definitions.router,
    definitions.forms,
    decisions.router,
    decisions.requirements,
    instances.router,
    tasks.router,
    elements.router,
    variables.router,
    jobs.router,
    messages.router,
    messages.signals,
    messages.subscriptions,
    incidents.router,
    files.router,
)
"""All routes of this door."""

SIGNPOSTS = links.router
"""Addresses beside the door, to which the Modeler sends people."""

"""/engine-rest: the REST API of Camunda 7 (version 7.24), as far as the Modeler, workers and clients of that dialect need it.

Shapes and statuses are those of its published OpenAPI; who may do what is asked of `api.access` and of casework, as everywhere.
"""

from api import problems
from api.camunda7 import (
    decisions,
    definitions,
    deployments,
    engine,
    errors,
    events,
    external_tasks,
    history,
    incidents,
    instances,
    tasks,
    variables,
)

ROUTERS = (
    engine.router,
    engine.signposts,
    deployments.router,
    definitions.router,
    decisions.router,
    instances.router,
    tasks.router,
    external_tasks.router,
    events.messages,
    events.signals,
    incidents.router,
    variables.router,
    history.router,
)
"""All routes of this door."""

problems.write_for(errors.PREFIX, errors.write)

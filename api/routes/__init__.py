"""One file per noun of the address; each route is one call into casework."""

from api import camunda7, camunda8, oauth
from api.routes import administration, cases, deployments, documents, records, session, system, tasks

ROUTERS = (
    system.router,
    system.signed,
    session.router,
    session.signed,
    tasks.router,
    cases.router,
    documents.router,
    records.router,
    deployments.router,
    administration.router,
    *camunda8.ROUTERS,
    camunda8.SIGNPOSTS,
    oauth.router,
    *camunda7.ROUTERS,
)
"""All routes of the product, in the order in which an address is looked for."""

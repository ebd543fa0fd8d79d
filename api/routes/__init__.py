"""One file per noun of the address; each route is one call into casework."""

from api import oauth
from api.routes import administration, cases, deployments, documents, records, session, system, tasks, v2

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
    v2.router,
    v2.clock,
    oauth.router,
)
"""All routes of the product, in the order in which an address is looked for."""

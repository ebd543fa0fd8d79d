"""The unit of work: commands on instances, each run at once, all inside one transaction.

A command locks the root of the tree, loads the instances it needs, changes them, runs them to their next waits and saves
them with the list of those waits and one history entry. Then `on_change` may react, with rows only. The caller's mistake is
raised and nothing is saved; the model's becomes an incident.

`unit` locks, loads and saves; `definitions` finds what is deployed, `reads` looks, `searches` finds by fields; commands stand by what they are about:
`starts`, `waits` (tasks, variables, timers), `messages`, `jobs`, `instances`, `operations` (move, suspend).
"""

from engine.work.instances import InstanceCommands
from engine.work.jobs import JobCommands
from engine.work.messages import MessageCommands
from engine.work.operations import OperationCommands
from engine.work.searches import Searches
from engine.work.waits import WaitCommands


class Work(WaitCommands, MessageCommands, JobCommands, InstanceCommands, OperationCommands, Searches):
    """Commands and reads of one transaction. Open one with `ProcessEngine.work`.

    `connection` is the transaction: the layer above writes its own rows on it. `now` is the engine's clock at the start of
    the work; `leased_now` the machine's, for locks and back-offs.
    """


__all__ = ["Work"]

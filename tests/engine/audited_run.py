"""Deploys and runs a model with conditions, mappings, scripts, decisions and timers, and counts what Python compiled meanwhile."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from engine.model import Resource
from engine.persistence.tables import metadata
from tests.engine.diagrams import Body, inputs, outputs, resource
from tests.engine.lab import Lab

DECISION = b"""<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="file" name="file" namespace="test">
  <decision id="power" name="power"><decisionTable id="t" hitPolicy="FIRST">
    <input id="i" label="amount"><inputExpression id="ie" typeRef="number"><text>amount</text></inputExpression></input>
    <output id="o" name="power" typeRef="string"/>
    <rule id="r1"><inputEntry id="a"><text>&lt;= 10</text></inputEntry><outputEntry id="b"><text>"low"</text></outputEntry></rule>
    <rule id="r2"><inputEntry id="c"><text>-</text></inputEntry><outputEntry id="d"><text>"high"</text></outputEntry></rule>
  </decisionTable></decision>
</definitions>"""


def model() -> Resource:
    body = Body()
    body.start().user("a", io=inputs(x="=amount * 2") + outputs(y="=x + 1")).script(
        "s", "=for i in [1,2] return i * y", "list"
    )
    called = '<zeebe:calledDecision decisionId="power" resultVariable="power"/>'
    body.node("businessRuleTask", "rule", ext=called).gateway("exclusive", "g", default="g-end").user("b").end()
    body.boundary("t", "b", body.timer("timeDuration", '=duration("PT1H")')).end("late")
    body.flow("start -> a -> s -> rule -> g -> end").flow("g -> b", '=power = "high"').flow("t -> late")
    return resource(body)


def scenario(lab: Lab) -> str:
    lab.deploy(model(), Resource("power.dmn", DECISION))
    instance = lab.start(amount=50)
    lab.complete(instance, "a")
    lab.advance(hours=1)
    return lab.state(instance)


def main() -> None:
    lab = Lab(f"sqlite:///{sys.argv[1]}")
    metadata.create_all(lab.database.engine)
    scenario(lab)  # libraries import and prepare themselves on first use
    seen: list[str] = []
    watching = True

    def hook(name: str, _arguments: object) -> None:
        if watching and name in ("compile", "exec"):
            seen.append(name)

    sys.addaudithook(hook)
    lab.engine.definitions.__init__(lab.engine.definitions.functions)  # type: ignore[misc]  # forget every parsed model
    state = scenario(lab)
    watching = False
    print(f"{state}; compiled or executed: {len(seen)}")


main()

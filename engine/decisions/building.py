"""Records into a decision model: references resolved, cycles found, everything compiled."""

from __future__ import annotations

from collections.abc import Iterable

from engine.decisions import records
from engine.decisions.boxed import Compiler
from engine.decisions.model import Decision, DecisionModel, FunctionNode, InputNode, Node, ServiceNode
from engine.decisions.reading import read_model
from engine.decisions.records import Place
from engine.decisions.report import DecisionRefused, Report
from engine.feel import ExtraFunctions
from engine.xml import Node as XmlNode
from engine.xml import XmlRefused, parse_xml


def parse_decisions(xml: bytes, *, functions: ExtraFunctions | None = None, file: str = "") -> DecisionModel:
    """The decision model of a DMN 1.1 to 1.5 file; raises DecisionRefused with everything that is wrong with it.

    `functions` are offered to its FEEL besides the built-in ones; `file` is only put into problems.
    """
    try:
        root = parse_xml(xml, file=file)
    except XmlRefused as refused:
        raise DecisionRefused([refused.problem]) from None
    report = Report(file)
    model = build(root, report, functions or {})
    if report.problems or model is None:
        raise DecisionRefused(report.problems)
    return model


def build(root: XmlNode, report: Report, functions: ExtraFunctions) -> DecisionModel | None:
    """The model with what could be understood, everything else in the report; None if it is no DMN."""
    record = read_model(root, report)
    return None if record is None else _Builder(record, report, functions).model()


class _Builder:
    def __init__(self, record: records.ModelRecord, report: Report, functions: ExtraFunctions) -> None:
        self._record = record
        self._report = report
        self._compiler = Compiler(report, functions)
        self._compiler.use_types(record.items)
        self._model = DecisionModel(record.id, record.name, record.namespace)
        self._known: dict[str, tuple[str, ...]] = {each.id: (each.variable.name,) for each in record.inputs}
        self._known |= {each.id: (each.variable.name, *each.aliases) for each in record.decisions}
        self._known |= {each.id: (each.variable.name,) for each in record.knowledge}
        self._known |= {each.id: (each.variable.name,) for each in record.services}

    def model(self) -> DecisionModel:
        nodes: list[Node] = [self._input(each) for each in self._record.inputs]
        nodes += [self._knowledge(each) for each in self._record.knowledge]
        nodes += [self._service(each) for each in self._record.services]
        for node in nodes:
            self._model.nodes[node.id] = node
        for record in self._record.decisions:
            decision = self._decision(record)
            self._model.nodes[decision.id] = self._model.decisions[decision.id] = decision
        if not self._record.decisions:
            self._report.add(
                "dmn-empty", Place(self._record.id or None, None), "文件中没有决策。", "The file has no decision."
            )
        self._find_cycles()
        return self._model

    def _input(self, record: records.InputData) -> InputNode:
        variable = record.variable
        return InputNode(record.id, variable.name, self._compiler.types.of(variable.type_ref, variable.place))

    def _knowledge(self, record: records.KnowledgeRecord) -> FunctionNode:
        variable, function = record.variable, record.function
        parameters = () if function is None else function.parameters
        names = (*self._names(record.requires, variable.place), *(each.name for each in parameters))
        types = self._compiler.types
        return FunctionNode(
            id=record.id,
            name=variable.name,
            parameters=tuple(each.name for each in parameters),
            parameter_types=tuple(types.of(each.type_ref, each.place) for each in parameters),
            declared=types.of(variable.type_ref, variable.place),
            logic=self._compiler.compile(None if function is None else function.body, names),
            requires=record.requires,
        )

    def _service(self, record: records.ServiceRecord) -> ServiceNode:
        variable = record.variable
        inside = (*record.outputs, *record.input_data, *record.input_decisions)
        self._names(inside, variable.place)
        return ServiceNode(
            id=record.id,
            name=variable.name,
            outputs=record.outputs,
            input_data=tuple(each for each in record.input_data if each in self._known),
            input_decisions=tuple(each for each in record.input_decisions if each in self._known),
            declared=self._compiler.types.of(variable.type_ref, variable.place),
        )

    def _decision(self, record: records.DecisionRecord) -> Decision:
        variable = record.variable
        names = self._names(record.requires, variable.place)
        data = {each.id for each in self._record.inputs}
        inside = {name for each in record.requires if each not in data for name in self._known.get(each, ())}
        self._compiler.reads = set()
        logic = self._compiler.compile(record.logic, names)
        return Decision(
            id=record.id,
            name=record.name,
            variable=variable.name,
            aliases=record.aliases,
            declared=self._compiler.types.of(variable.type_ref, variable.place),
            logic=logic,
            requires=record.requires,
            reads=frozenset(self._compiler.reads.difference(inside)),
            model=self._model,
        )

    def _names(self, required: Iterable[str], place: Place) -> tuple[str, ...]:
        """Names of the required elements; a reference to nothing is reported."""
        names: list[str] = []
        for identifier in required:
            if identifier in self._known:
                names.extend(self._known[identifier])
            else:
                self._report.add(
                    "dmn-reference",
                    place,
                    f"引用的元素“{identifier}”不存在。",
                    f"The element '{identifier}' that is referred to does not exist.",
                )
        return tuple(names)

    def _find_cycles(self) -> None:
        """Report decisions that require themselves, each cycle once."""
        done: set[str] = set()
        for start in self._model.nodes:
            path: list[str] = []
            stack = [(start, iter(self._model.below(self._model.nodes[start])))] if start not in done else []
            path.extend([start] if stack else [])
            while stack:
                node, below = stack[-1]
                following = next(below, None)
                if following is None:
                    stack.pop()
                    path.pop()
                    done.add(node)
                elif following in path:
                    self._report_cycle(path[path.index(following) :])
                elif following not in done:
                    stack.append((following, iter(self._model.below(self._model.nodes[following]))))
                    path.append(following)

    def _report_cycle(self, cycle: list[str]) -> None:
        way = " → ".join([*cycle, cycle[0]])
        self._report.add(
            "dmn-cycle", Place(cycle[0], None), f"决策循环依赖:{way}。", f"The decisions require each other: {way}."
        )

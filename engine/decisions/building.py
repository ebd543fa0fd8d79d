"""Records into a decision model: references resolved, cycles found, everything compiled."""

from __future__ import annotations

from collections.abc import Iterable

from engine.decisions import records
from engine.decisions.boxed import Compiler
from engine.decisions.imports import Library
from engine.decisions.model import Decision, DecisionModel, FunctionNode, InputNode, Node, ServiceNode
from engine.decisions.reading import read_model
from engine.decisions.records import Place
from engine.decisions.report import DecisionRefused, Report
from engine.decisions.session import Declared
from engine.feel import ExtraFunctions
from engine.xml import Node as XmlNode
from engine.xml import XmlRefused, parse_xml


def parse_decisions(
    xml: bytes, *, functions: ExtraFunctions | None = None, file: str = "", imports: Library | None = None
) -> DecisionModel:
    """The decision model of a DMN 1.1 to 1.5 file; raises DecisionRefused with everything that is wrong with it.

    `functions` are offered to its FEEL besides the built-in ones; `file` is only put into problems; `imports` are the
    files that it may import.
    """
    try:
        root = parse_xml(xml, file=file)
    except XmlRefused as refused:
        raise DecisionRefused([refused.problem]) from None
    report = Report(file)
    model = build(root, report, functions or {}, imports or {})
    if report.problems or model is None:
        raise DecisionRefused(report.problems)
    return model


def build(root: XmlNode, report: Report, functions: ExtraFunctions, imports: Library) -> DecisionModel | None:
    """The model with what could be understood, everything else in the report; None if it is no DMN."""
    record = read_model(root, report)
    if record is None:
        return None
    model = _Builder(record, report, functions, _Shelf(imports, functions, record.namespace)).model()
    if not (record.decisions or record.knowledge or record.items):
        report.add("dmn-empty", Place(record.id or None, None), "文件中没有决策。", "The file has no decision.")
    return model


class _Shelf:
    """The imported files of one model, each built once."""

    def __init__(self, files: Library, functions: ExtraFunctions, namespace: str) -> None:
        self._files = files
        self._functions = functions
        self._built: dict[str, _Builder | None] = {}
        self._open = [namespace]

    def take(self, wanted: records.Import, report: Report) -> _Builder | None:
        """The imported file, or a problem at the place of the import."""
        namespace = wanted.namespace
        if namespace in self._open:
            report.add("dmn-import", wanted.place, "文件互相引入。", "The files import each other.")
            return None
        if namespace not in self._files:
            report.add(
                "dmn-import",
                wanted.place,
                f"引入的文件(命名空间“{namespace}”)不在同一次部署中。",
                f"The imported file, of namespace '{namespace}', is not in the same deployment.",
            )
            return None
        if namespace not in self._built:
            self._open.append(namespace)
            self._built[namespace] = self._build(namespace)
            self._open.pop()
        built = self._built[namespace]
        if built is None:
            report.add(
                "dmn-import",
                wanted.place,
                f"引入的文件(命名空间“{namespace}”)本身有错误。",
                f"The imported file, of namespace '{namespace}', has mistakes of its own.",
            )
        return built

    def _build(self, namespace: str) -> _Builder | None:
        own = Report()
        record = read_model(parse_xml(self._files[namespace]), own, f"{namespace}#")
        builder = None if record is None else _Builder(record, own, self._functions, self)
        if builder is not None:
            builder.model()
        return None if own.problems else builder


class _Builder:
    def __init__(self, record: records.ModelRecord, report: Report, functions: ExtraFunctions, shelf: _Shelf) -> None:
        self._record = record
        self._report = report
        self._compiler = Compiler(report, functions)
        self._model = DecisionModel(record.id, record.name, record.namespace)
        self._spaces: dict[str, str] = {}  # ids of imported elements to the name of their import
        self._absent: set[str] = set()  # namespaces of imports that were refused, which is said once
        self._known: dict[str, tuple[str, ...]] = {}
        self._compiler.use_types(record.items, self._import(shelf))
        self._known |= {each.id: (each.variable.name,) for each in record.inputs}
        self._known |= {each.id: (each.variable.name, *each.aliases) for each in record.decisions}
        self._known |= {each.id: (each.variable.name,) for each in record.knowledge}
        self._known |= {each.id: (each.variable.name,) for each in record.services}

    def _import(self, shelf: _Shelf) -> dict[str, Declared]:
        """Take over the elements of imported files; gives their types."""
        types: dict[str, Declared] = {}
        for wanted in self._record.imports:
            built = shelf.take(wanted, self._report)
            if built is None:
                self._absent.add(wanted.namespace)
                continue
            self._model.imports.update({wanted.namespace}, built._model.imports)  # noqa: SLF001 - of this class
            for identifier, node in built._model.nodes.items():  # noqa: SLF001
                self._model.nodes[identifier] = node
                if identifier.startswith(f"{wanted.namespace}#"):
                    self._spaces[identifier] = wanted.name
                    self._known[identifier] = (wanted.name,) if wanted.name else built._known[identifier]  # noqa: SLF001
            point = f"{wanted.name}." if wanted.name else ""
            types |= {point + name: each for name, each in built._compiler.types.own().items()}  # noqa: SLF001
        return types

    def model(self) -> DecisionModel:
        nodes: list[Node] = [self._input(each) for each in self._record.inputs]
        nodes += [self._knowledge(each) for each in self._record.knowledge]
        nodes += [self._service(each) for each in self._record.services]
        for node in nodes:
            self._model.nodes[node.id] = node
        for record in self._record.decisions:
            decision = self._decision(record)
            self._model.nodes[decision.id] = self._model.decisions[decision.id] = decision
        self._find_cycles()
        self._model.tables.extend(self._compiler.tables)
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
            imported=self._imported(record.requires),
        )

    def _imported(self, required: tuple[str, ...]) -> dict[str, str]:
        return {each: self._spaces[each] for each in required if each in self._spaces}

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
        data = {each for each, node in self._model.nodes.items() if isinstance(node, InputNode)} - self._spaces.keys()
        inside = {name for each in record.requires if each not in data for name in self._known.get(each, ())}
        self._compiler.reads = set()
        self._compiler.known = self._types_of(record.requires)
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
            imported=self._imported(record.requires),
        )

    def _types_of(self, required: tuple[str, ...]) -> dict[str, Declared]:
        """The types that required inputs and decisions are held to, by the names they are known by."""
        inputs = {each.id: each.variable for each in self._record.inputs}
        decided = {each.id: each.variable for each in self._record.decisions}
        variables = [found for each in required if (found := inputs.get(each) or decided.get(each)) is not None]
        return {each.name: self._compiler.types.of(each.type_ref, each.place) for each in variables}

    def _names(self, required: Iterable[str], place: Place) -> tuple[str, ...]:
        """Names of the required elements; a reference to nothing is reported."""
        names: list[str] = []
        for identifier in required:
            if identifier in self._known:
                names.extend(self._known[identifier])
            elif identifier.rpartition("#")[0] not in self._absent:
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

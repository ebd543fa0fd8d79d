"""A DMN file into records (DMN 1.1 to 1.5; diagram interchange and vendor extensions are passed over).

Nothing is compiled here. What is not DMN, or names what does not exist, goes to the report.
"""

from __future__ import annotations

from collections.abc import Callable

from lxml import etree

from engine.decisions import records
from engine.decisions.elements import (
    NAMESPACES,
    check_language,
    child,
    children,
    is_dmn,
    local,
    optional_text,
    place_of,
    text_of,
    type_ref_of,
)
from engine.decisions.records import Boxed, Place, Variable
from engine.decisions.report import Report
from engine.decisions.table_reading import read_table
from engine.xml import Node, line_of

_REQUIREMENTS = ("informationRequirement", "knowledgeRequirement")
_REQUIRED = ("requiredDecision", "requiredInput", "requiredKnowledge")


def read_model(root: Node, report: Report, prefix: str = "") -> records.ModelRecord | None:
    """The records of a file; None (and a problem) if it is no DMN at all.

    `prefix` stands before the ids of everything in it: an imported file's ids may be those of another.
    """
    if etree.QName(root).localname != "definitions" or not is_dmn(root):
        place = Place(None, line_of(root))
        report.add(
            "dmn-root",
            place,
            "这不是 DMN 文件(根元素应为 DMN 1.1 至 1.5 的 definitions)。",
            "This is not a DMN file (its root should be 'definitions' of DMN 1.1 to 1.5).",
        )
        return None
    return _Reader(root, report, prefix).model()


class _Reader:
    def __init__(self, root: Node, report: Report, prefix: str) -> None:
        self._root = root
        self._report = report
        self._prefix = prefix
        self._ids: set[str] = set()
        self._imports = tuple(filter(None, (self._import(each) for each in children(root, "import"))))
        self._imported = {each.namespace for each in self._imports}

    def model(self) -> records.ModelRecord:
        root = self._root
        check_language(self._report, root)
        return records.ModelRecord(
            id=root.get("id", ""),
            name=root.get("name", ""),
            namespace=root.get("namespace", ""),
            imports=self._imports,
            items=tuple(self._item(each) for each in children(root, "itemDefinition")),
            inputs=tuple(
                records.InputData(self._id(each), self._variable(each)) for each in children(root, "inputData")
            ),
            decisions=tuple(self._decision(each) for each in children(root, "decision")),
            knowledge=tuple(self._knowledge(each) for each in children(root, "businessKnowledgeModel")),
            services=tuple(self._service(each) for each in children(root, "decisionService")),
        )

    def _import(self, element: Node) -> records.Import | None:
        kind = element.get("importType", "")
        if kind.removesuffix("/") not in {each.removesuffix("/") for each in NAMESPACES}:
            self._report.add(
                "dmn-import",
                place_of(element),
                f"只能引入 DMN 文件,不能引入“{kind}”。",
                f"Only DMN files can be imported, not '{kind}'.",
            )
            return None
        name = " ".join(element.get("name", "").split())
        return records.Import(place_of(element), name, element.get("namespace", ""))

    # ------------------------------------------------------------------ requirements graph

    def _id(self, element: Node) -> str:
        written = element.get("id") or ""
        known = written in self._ids
        self._ids.add(written)
        if not written:
            name = element.get("name", "")
            self._report.add(
                "dmn-id",
                place_of(element),
                f"元素 {local(element)}“{name}”没有 id。",
                f"The {local(element)} '{name}' has no id.",
            )
        elif known:
            self._report.add(
                "dmn-id", place_of(element), f"id“{written}”重复。", f"The id '{written}' occurs more than once."
            )
        else:
            return self._prefix + written
        return f"{local(element)}@{len(self._ids)}:{line_of(element)}"  # so that reading can go on

    def _variable(self, element: Node) -> Variable:
        """The variable that carries an element's value; without one, the element's own name."""
        inner = child(element, "variable")
        name = (None if inner is None else inner.get("name")) or element.get("name") or element.get("id") or ""
        return Variable(place_of(element), " ".join(name.split()), type_ref_of(inner))

    def _requires(self, element: Node) -> tuple[str, ...]:
        requirements = (each for each in children(element) if local(each) in _REQUIREMENTS)
        return tuple(
            self._reference(required)
            for requirement in requirements
            for required in children(requirement)
            if local(required) in _REQUIRED
        )

    def _reference(self, element: Node) -> str:
        href = element.get("href", "")
        namespace, _, local = href.rpartition("#")
        if namespace in self._imported:
            return href
        if namespace not in ("", self._root.get("namespace")):
            self._report.add(
                "dmn-reference",
                place_of(element),
                f"“{href}”指向另一个文件,但没有引入它(import)。",
                f"'{href}' points into another file, which is not imported.",
            )
        return self._prefix + local

    def _decision(self, element: Node) -> records.DecisionRecord:
        identifier, name, variable = self._id(element), element.get("name", ""), self._variable(element)
        named = () if child(element, "variable") is not None else (" ".join(name.split()),)
        return records.DecisionRecord(
            id=identifier,
            name=name,
            variable=variable,
            aliases=tuple(each for each in (element.get("id", ""), *named) if each and each != variable.name),
            logic=self._logic(element),
            requires=self._requires(element),
        )

    def _logic(self, element: Node) -> Boxed | None:
        for each in children(element):
            if local(each) in _BOXED:
                return self._boxed(each)
        self._report.add(
            "dmn-logic",
            place_of(element),
            f"决策“{element.get('name', '')}”没有决策逻辑(表或表达式)。",
            f"The decision '{element.get('name', '')}' has no logic (a table or an expression).",
        )
        return None

    def _knowledge(self, element: Node) -> records.KnowledgeRecord:
        logic = child(element, "encapsulatedLogic")
        return records.KnowledgeRecord(
            id=self._id(element),
            variable=self._variable(element),
            function=None if logic is None else self._function(logic),
            requires=self._requires(element),
        )

    def _service(self, element: Node) -> records.ServiceRecord:
        def references(name: str) -> tuple[str, ...]:
            return tuple(self._reference(each) for each in children(element, name))

        return records.ServiceRecord(
            id=self._id(element),
            variable=self._variable(element),
            outputs=references("outputDecision"),
            encapsulated=references("encapsulatedDecision"),
            input_decisions=references("inputDecision"),
            input_data=references("inputData"),
        )

    def _item(self, element: Node) -> records.ItemDefinition:
        function = child(element, "functionItem")
        signature = None
        if function is not None:
            parameters = tuple(
                Variable(place_of(each), each.get("name", ""), type_ref_of(each))
                for each in children(function, "parameters")
            )
            signature = (parameters, function.get("outputTypeRef"))
        return records.ItemDefinition(
            place=place_of(element),
            name=element.get("name", ""),
            type_ref=type_ref_of(element),
            components=tuple(self._item(each) for each in children(element, "itemComponent")),
            is_collection=element.get("isCollection") in ("true", "1"),
            allowed=optional_text(child(element, "allowedValues"), element),
            constraint=optional_text(child(element, "typeConstraint"), element),
            function=signature,
        )

    # ------------------------------------------------------------------ boxed expressions

    def _boxed(self, element: Node) -> Boxed:
        check_language(self._report, element)
        boxed = _BOXED[local(element)](self, element)
        type_ref = element.get("typeRef")
        return records.Typed(place_of(element), type_ref.removeprefix("feel:"), boxed) if type_ref else boxed

    def _inner(self, element: Node | None) -> Boxed | None:
        """The boxed expression directly below `element`."""
        if element is None:
            return None
        return next((self._boxed(each) for each in children(element) if local(each) in _BOXED), None)

    def _literal(self, element: Node) -> Boxed:
        if child(element, "importedValues") is not None:
            self._report.add("dmn-import", place_of(element), "不支持引入的值。", "Imported values are not supported.")
        return records.LiteralExpression(place_of(element), text_of(element, element))

    def _context(self, element: Node) -> Boxed:
        entries = []
        for entry in children(element, "contextEntry"):
            has_variable = child(entry, "variable") is not None
            entries.append(records.ContextEntry(self._variable(entry) if has_variable else None, self._inner(entry)))
        return records.Context(place_of(element), tuple(entries))

    def _invocation(self, element: Node) -> Boxed:
        bindings = []
        for binding in children(element, "binding"):
            parameter = child(binding, "parameter")
            name = "" if parameter is None else parameter.get("name", "")
            bindings.append((Variable(place_of(binding), name, type_ref_of(parameter)), self._inner(binding)))
        return records.Invocation(place_of(element), self._inner(element), tuple(bindings))

    def _function(self, element: Node) -> records.FunctionDefinition:
        parameters = tuple(
            Variable(place_of(each), " ".join(each.get("name", "").split()), type_ref_of(each))
            for each in children(element, "formalParameter")
        )
        kind = element.get("kind", "FEEL")
        if kind != "FEEL":
            self._report.add(
                "dmn-function",
                place_of(element),
                f"不支持 {kind} 函数,请使用 FEEL。",
                f"Functions in {kind} are not supported; use FEEL.",
            )
        return records.FunctionDefinition(place_of(element), parameters, self._inner(element), kind)

    def _list(self, element: Node) -> Boxed:
        items = tuple(self._boxed(each) for each in children(element) if local(each) in _BOXED)
        return records.ListExpression(place_of(element), items)

    def _relation(self, element: Node) -> Boxed:
        columns = tuple(each.get("name", "") for each in children(element, "column"))
        rows = tuple(
            tuple(self._boxed(each) for each in children(row) if local(each) in _BOXED)
            for row in children(element, "row")
        )
        for row, row_element in zip(rows, children(element, "row"), strict=True):
            if len(row) != len(columns):
                self._report.add(
                    "dmn-relation",
                    place_of(row_element),
                    f"这一行有 {len(row)} 格,应为 {len(columns)} 格。",
                    f"This row has {len(row)} cells instead of {len(columns)}.",
                )
        return records.Relation(place_of(element), columns, rows)

    def _conditional(self, element: Node) -> Boxed:
        parts = (self._inner(child(element, name)) for name in ("if", "then", "else"))
        return records.Conditional(place_of(element), *parts)

    def _filter(self, element: Node) -> Boxed:
        return records.Filter(
            place_of(element), self._inner(child(element, "in")), self._inner(child(element, "match"))
        )

    def _iteration(self, element: Node) -> Boxed:
        word = local(element)
        body = "return" if word == "for" else "satisfies"
        return records.Iteration(
            place_of(element),
            word,
            " ".join(element.get("iteratorVariable", "").split()),
            self._inner(child(element, "in")),
            self._inner(child(element, body)),
        )

    def _table(self, element: Node) -> Boxed:
        return read_table(self._report, element)


_BOXED: dict[str, Callable[[_Reader, Node], Boxed]] = {
    "literalExpression": _Reader._literal,  # noqa: SLF001 - the table of this class
    "context": _Reader._context,  # noqa: SLF001
    "invocation": _Reader._invocation,  # noqa: SLF001
    "functionDefinition": _Reader._function,  # noqa: SLF001
    "list": _Reader._list,  # noqa: SLF001
    "relation": _Reader._relation,  # noqa: SLF001
    "conditional": _Reader._conditional,  # noqa: SLF001
    "filter": _Reader._filter,  # noqa: SLF001
    "for": _Reader._iteration,  # noqa: SLF001
    "some": _Reader._iteration,  # noqa: SLF001
    "every": _Reader._iteration,  # noqa: SLF001
    "decisionTable": _Reader._table,  # noqa: SLF001
}

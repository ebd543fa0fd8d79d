"""A DMN file into records (DMN 1.1 to 1.5; diagram interchange and vendor extensions are passed over).

Nothing is compiled here. What is not DMN, or names what does not exist, goes to the report.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from lxml import etree

from engine.decisions import records
from engine.decisions.records import Aggregator, Boxed, HitPolicy, Place, Text, Variable
from engine.decisions.report import Report
from engine.xml import Node, line_of

# Of DMN 1.1 to 1.5; 1.6 keeps the pattern. Elements of every other namespace are extensions.
_NAMESPACES = frozenset(
    {
        "http://www.omg.org/spec/DMN/20151101/dmn.xsd",
        "http://www.omg.org/spec/DMN/20180521/MODEL/",
        "https://www.omg.org/spec/DMN/20191111/MODEL/",
        "https://www.omg.org/spec/DMN/20211108/MODEL/",
        "https://www.omg.org/spec/DMN/20230324/MODEL/",
        "https://www.omg.org/spec/DMN/20240513/MODEL/",
    }
)
_FEEL_LANGUAGES = ("feel", "/FEEL/", "/FEEL/20140401", "http://www.omg.org/spec/FEEL/20140401")
_REQUIREMENTS = ("informationRequirement", "knowledgeRequirement")
_REQUIRED = ("requiredDecision", "requiredInput", "requiredKnowledge")


def read_model(root: Node, report: Report, prefix: str = "") -> records.ModelRecord | None:
    """The records of a file; None (and a problem) if it is no DMN at all.

    `prefix` stands before the ids of everything in it: an imported file's ids may be those of another.
    """
    if etree.QName(root).localname != "definitions" or not _is_dmn(root):
        place = Place(None, line_of(root))
        report.add(
            "dmn-root",
            place,
            "这不是 DMN 文件(根元素应为 DMN 1.1 至 1.5 的 definitions)。",
            "This is not a DMN file (its root should be 'definitions' of DMN 1.1 to 1.5).",
        )
        return None
    return _Reader(root, report, prefix).model()


def _is_dmn(element: Node) -> bool:
    return etree.QName(element).namespace in _NAMESPACES


def _children(element: Node, name: str | None = None) -> Iterator[Node]:
    for child in element:
        # Comments and processing instructions are children too; their tag is no name (the stubs say it always is).
        tag: object = child.tag
        if isinstance(tag, str) and _is_dmn(child) and (name is None or _local(child) == name):
            yield child


def _child(element: Node, name: str) -> Node | None:
    return next(_children(element, name), None)


def _local(element: Node) -> str:
    return etree.QName(element).localname


def _place(element: Node) -> Place:
    holder: Node | None = element
    while holder is not None and holder.get("id") is None:
        holder = holder.getparent()
    return Place(None if holder is None else holder.get("id"), line_of(element))


def _text(element: Node | None, parent: Node) -> Text:
    """The `text` below an expression element, or nothing at the place of its parent."""
    if element is None:
        return Text(_place(parent), "")
    inner = _child(element, "text")
    return Text(_place(element), "") if inner is None else Text(_place(inner), _content(inner))


def _content(element: Node) -> str:
    return "".join(str(piece) for piece in element.itertext())


def _optional_text(element: Node | None, parent: Node) -> Text | None:
    text = _text(element, parent)
    return text if text.source.strip() else None


def _type_ref(element: Node | None) -> str | None:
    """The attribute of DMN 1.2 and later, or the element of an item definition; prefixes of DMN 1.1 are dropped."""
    if element is None:
        return None
    written = element.get("typeRef")
    if written is None:
        inner = _child(element, "typeRef")
        written = None if inner is None else inner.text
    if written is None or not written.strip():
        return None
    written = written.strip()
    return written.removeprefix("feel:")


class _Reader:
    def __init__(self, root: Node, report: Report, prefix: str) -> None:
        self._root = root
        self._report = report
        self._prefix = prefix
        self._ids: set[str] = set()
        self._imports = tuple(filter(None, (self._import(each) for each in _children(root, "import"))))
        self._imported = {each.namespace for each in self._imports}

    def model(self) -> records.ModelRecord:
        root = self._root
        self._check_language(root)
        return records.ModelRecord(
            id=root.get("id", ""),
            name=root.get("name", ""),
            namespace=root.get("namespace", ""),
            imports=self._imports,
            items=tuple(self._item(each) for each in _children(root, "itemDefinition")),
            inputs=tuple(
                records.InputData(self._id(each), self._variable(each)) for each in _children(root, "inputData")
            ),
            decisions=tuple(self._decision(each) for each in _children(root, "decision")),
            knowledge=tuple(self._knowledge(each) for each in _children(root, "businessKnowledgeModel")),
            services=tuple(self._service(each) for each in _children(root, "decisionService")),
        )

    def _import(self, element: Node) -> records.Import | None:
        kind = element.get("importType", "")
        if kind.removesuffix("/") not in {each.removesuffix("/") for each in _NAMESPACES}:
            self._report.add(
                "dmn-import",
                _place(element),
                f"只能引入 DMN 文件,不能引入“{kind}”。",
                f"Only DMN files can be imported, not '{kind}'.",
            )
            return None
        name = " ".join(element.get("name", "").split())
        return records.Import(_place(element), name, element.get("namespace", ""))

    # ------------------------------------------------------------------ requirements graph

    def _id(self, element: Node) -> str:
        written = element.get("id") or ""
        known = written in self._ids
        self._ids.add(written)
        if not written:
            name = element.get("name", "")
            self._report.add(
                "dmn-id",
                _place(element),
                f"元素 {_local(element)}“{name}”没有 id。",
                f"The {_local(element)} '{name}' has no id.",
            )
        elif known:
            self._report.add(
                "dmn-id", _place(element), f"id“{written}”重复。", f"The id '{written}' occurs more than once."
            )
        else:
            return self._prefix + written
        return f"{_local(element)}@{len(self._ids)}:{line_of(element)}"  # so that reading can go on

    def _variable(self, element: Node) -> Variable:
        """The variable that carries an element's value; without one, the element's own name."""
        inner = _child(element, "variable")
        name = (None if inner is None else inner.get("name")) or element.get("name") or element.get("id") or ""
        return Variable(_place(element), " ".join(name.split()), _type_ref(inner))

    def _requires(self, element: Node) -> tuple[str, ...]:
        requirements = (each for each in _children(element) if _local(each) in _REQUIREMENTS)
        return tuple(
            self._reference(required)
            for requirement in requirements
            for required in _children(requirement)
            if _local(required) in _REQUIRED
        )

    def _reference(self, element: Node) -> str:
        href = element.get("href", "")
        namespace, _, local = href.rpartition("#")
        if namespace in self._imported:
            return href
        if namespace not in ("", self._root.get("namespace")):
            self._report.add(
                "dmn-reference",
                _place(element),
                f"“{href}”指向另一个文件,但没有引入它(import)。",
                f"'{href}' points into another file, which is not imported.",
            )
        return self._prefix + local

    def _decision(self, element: Node) -> records.DecisionRecord:
        identifier, name, variable = self._id(element), element.get("name", ""), self._variable(element)
        named = () if _child(element, "variable") is not None else (" ".join(name.split()),)
        return records.DecisionRecord(
            id=identifier,
            name=name,
            variable=variable,
            aliases=tuple(each for each in (element.get("id", ""), *named) if each and each != variable.name),
            logic=self._logic(element),
            requires=self._requires(element),
        )

    def _logic(self, element: Node) -> Boxed | None:
        for child in _children(element):
            if _local(child) in _BOXED:
                return self._boxed(child)
        self._report.add(
            "dmn-logic",
            _place(element),
            f"决策“{element.get('name', '')}”没有决策逻辑(表或表达式)。",
            f"The decision '{element.get('name', '')}' has no logic (a table or an expression).",
        )
        return None

    def _knowledge(self, element: Node) -> records.KnowledgeRecord:
        logic = _child(element, "encapsulatedLogic")
        return records.KnowledgeRecord(
            id=self._id(element),
            variable=self._variable(element),
            function=None if logic is None else self._function(logic),
            requires=self._requires(element),
        )

    def _service(self, element: Node) -> records.ServiceRecord:
        def references(name: str) -> tuple[str, ...]:
            return tuple(self._reference(each) for each in _children(element, name))

        return records.ServiceRecord(
            id=self._id(element),
            variable=self._variable(element),
            outputs=references("outputDecision"),
            encapsulated=references("encapsulatedDecision"),
            input_decisions=references("inputDecision"),
            input_data=references("inputData"),
        )

    def _item(self, element: Node) -> records.ItemDefinition:
        function = _child(element, "functionItem")
        signature = None
        if function is not None:
            parameters = tuple(
                Variable(_place(each), each.get("name", ""), _type_ref(each))
                for each in _children(function, "parameters")
            )
            signature = (parameters, function.get("outputTypeRef"))
        return records.ItemDefinition(
            place=_place(element),
            name=element.get("name", ""),
            type_ref=_type_ref(element),
            components=tuple(self._item(each) for each in _children(element, "itemComponent")),
            is_collection=element.get("isCollection") in ("true", "1"),
            allowed=_optional_text(_child(element, "allowedValues"), element),
            constraint=_optional_text(_child(element, "typeConstraint"), element),
            function=signature,
        )

    # ------------------------------------------------------------------ boxed expressions

    def _check_language(self, element: Node) -> None:
        language = element.get("expressionLanguage")
        if language and not language.lower().rstrip("/").endswith("feel") and language not in _FEEL_LANGUAGES:
            self._report.add(
                "dmn-language",
                _place(element),
                f"表达式语言“{language}”不受支持,请使用 FEEL。",
                f"The expression language '{language}' is not supported; use FEEL.",
            )

    def _boxed(self, element: Node) -> Boxed:
        self._check_language(element)
        boxed = _BOXED[_local(element)](self, element)
        type_ref = element.get("typeRef")
        return records.Typed(_place(element), type_ref.removeprefix("feel:"), boxed) if type_ref else boxed

    def _inner(self, element: Node | None) -> Boxed | None:
        """The boxed expression directly below `element`."""
        if element is None:
            return None
        return next((self._boxed(each) for each in _children(element) if _local(each) in _BOXED), None)

    def _literal(self, element: Node) -> Boxed:
        if _child(element, "importedValues") is not None:
            self._report.add("dmn-import", _place(element), "不支持引入的值。", "Imported values are not supported.")
        return records.LiteralExpression(_place(element), _text(element, element))

    def _context(self, element: Node) -> Boxed:
        entries = []
        for entry in _children(element, "contextEntry"):
            has_variable = _child(entry, "variable") is not None
            entries.append(records.ContextEntry(self._variable(entry) if has_variable else None, self._inner(entry)))
        return records.Context(_place(element), tuple(entries))

    def _invocation(self, element: Node) -> Boxed:
        bindings = []
        for binding in _children(element, "binding"):
            parameter = _child(binding, "parameter")
            name = "" if parameter is None else parameter.get("name", "")
            bindings.append((Variable(_place(binding), name, _type_ref(parameter)), self._inner(binding)))
        return records.Invocation(_place(element), self._inner(element), tuple(bindings))

    def _function(self, element: Node) -> records.FunctionDefinition:
        parameters = tuple(
            Variable(_place(each), " ".join(each.get("name", "").split()), _type_ref(each))
            for each in _children(element, "formalParameter")
        )
        kind = element.get("kind", "FEEL")
        if kind != "FEEL":
            self._report.add(
                "dmn-function",
                _place(element),
                f"不支持 {kind} 函数,请使用 FEEL。",
                f"Functions in {kind} are not supported; use FEEL.",
            )
        return records.FunctionDefinition(_place(element), parameters, self._inner(element), kind)

    def _list(self, element: Node) -> Boxed:
        items = tuple(self._boxed(each) for each in _children(element) if _local(each) in _BOXED)
        return records.ListExpression(_place(element), items)

    def _relation(self, element: Node) -> Boxed:
        columns = tuple(each.get("name", "") for each in _children(element, "column"))
        rows = tuple(
            tuple(self._boxed(each) for each in _children(row) if _local(each) in _BOXED)
            for row in _children(element, "row")
        )
        for row, row_element in zip(rows, _children(element, "row"), strict=True):
            if len(row) != len(columns):
                self._report.add(
                    "dmn-relation",
                    _place(row_element),
                    f"这一行有 {len(row)} 格,应为 {len(columns)} 格。",
                    f"This row has {len(row)} cells instead of {len(columns)}.",
                )
        return records.Relation(_place(element), columns, rows)

    def _conditional(self, element: Node) -> Boxed:
        parts = (self._inner(_child(element, name)) for name in ("if", "then", "else"))
        return records.Conditional(_place(element), *parts)

    def _filter(self, element: Node) -> Boxed:
        return records.Filter(
            _place(element), self._inner(_child(element, "in")), self._inner(_child(element, "match"))
        )

    def _iteration(self, element: Node) -> Boxed:
        word = _local(element)
        body = "return" if word == "for" else "satisfies"
        return records.Iteration(
            _place(element),
            word,
            " ".join(element.get("iteratorVariable", "").split()),
            self._inner(_child(element, "in")),
            self._inner(_child(element, body)),
        )

    # ------------------------------------------------------------------ decision tables

    def _table(self, element: Node) -> Boxed:
        inputs = tuple(self._input(each) for each in _children(element, "input"))
        outputs = tuple(self._output(each) for each in _children(element, "output"))
        table = records.DecisionTable(
            place=_place(element),
            hit_policy=self._hit_policy(element),
            aggregator=self._aggregator(element),
            inputs=inputs,
            outputs=outputs,
            rules=tuple(self._rule(each, len(inputs), len(outputs)) for each in _children(element, "rule")),
        )
        self._check_table(table)
        return table

    def _hit_policy(self, element: Node) -> HitPolicy:
        written = element.get("hitPolicy", HitPolicy.UNIQUE)
        try:
            return HitPolicy(written)
        except ValueError:
            self._report.add(
                "dmn-hit-policy",
                _place(element),
                f"没有名为“{written}”的命中策略。",
                f"There is no hit policy '{written}'.",
            )
            return HitPolicy.UNIQUE

    def _aggregator(self, element: Node) -> Aggregator | None:
        written = element.get("aggregation")
        if not written:
            return None
        try:
            return Aggregator(written)
        except ValueError:
            self._report.add(
                "dmn-aggregation",
                _place(element),
                f"没有名为“{written}”的汇总方式。",
                f"There is no aggregation '{written}'.",
            )
            return None

    def _check_table(self, table: records.DecisionTable) -> None:
        if not table.outputs:
            self._report.add("dmn-table", table.place, "决策表没有输出列。", "The decision table has no output.")
        if table.aggregator is not None and table.hit_policy is not HitPolicy.COLLECT:
            self._report.add(
                "dmn-aggregation",
                table.place,
                "只有命中策略 COLLECT 可以汇总。",
                "Only the hit policy COLLECT can aggregate.",
            )
        if table.aggregator is not None and len(table.outputs) > 1:
            self._report.add(
                "dmn-aggregation",
                table.place,
                "有多个输出列时不能汇总。",
                "Several outputs cannot be aggregated.",
            )
        if table.hit_policy in (HitPolicy.PRIORITY, HitPolicy.OUTPUT_ORDER) and not any(
            each.allowed for each in table.outputs
        ):
            self._report.add(
                "dmn-output-values",
                table.place,
                f"命中策略 {table.hit_policy} 需要按优先顺序列出输出值。",
                f"The hit policy {table.hit_policy} needs output values, in order of priority.",
            )
        names = [each.name for each in table.outputs]
        if len(names) > 1 and (not all(names) or len(set(names)) != len(names)):
            self._report.add(
                "dmn-output-name",
                table.place,
                "有多个输出列时,每列必须有各不相同的名称。",
                "With several outputs, each needs a name of its own.",
            )

    def _input(self, element: Node) -> records.InputColumn:
        expression = _child(element, "inputExpression")
        if expression is not None:
            self._check_language(expression)
        text = _text(expression, element)
        if not text.source.strip():
            self._report.add("dmn-input", _place(element), "输入列没有表达式。", "The input column has no expression.")
        return records.InputColumn(
            place=_place(element),
            label=element.get("label") or " ".join(text.source.split()),
            expression=text,
            type_ref=_type_ref(expression),
            allowed=_optional_text(_child(element, "inputValues"), element),
        )

    def _output(self, element: Node) -> records.OutputColumn:
        name = element.get("name", "")
        return records.OutputColumn(
            place=_place(element),
            name=" ".join(name.split()),
            label=element.get("label") or name,
            type_ref=_type_ref(element),
            allowed=_optional_text(_child(element, "outputValues"), element),
            default=_optional_text(_child(element, "defaultOutputEntry"), element),
        )

    def _rule(self, element: Node, inputs: int, outputs: int) -> records.Rule:
        tests = [self._cell(each) for each in _children(element, "inputEntry")]
        results = [self._cell(each) for each in _children(element, "outputEntry")]
        if len(tests) != inputs or len(results) != outputs:
            self._report.add(
                "dmn-rule",
                _place(element),
                f"这一行有 {len(tests)} 个条件和 {len(results)} 个结果,应为 {inputs} 个和 {outputs} 个。",
                f"This rule has {len(tests)} conditions and {len(results)} results instead of {inputs} and {outputs}.",
            )
        notes = [*_children(element, "description"), *_children(element, "annotationEntry")]
        annotation = "\n".join(filter(None, (_content(each).strip() for each in notes)))
        return records.Rule(_place(element), element.get("id", ""), tuple(tests), tuple(results), annotation)

    def _cell(self, element: Node) -> Text:
        self._check_language(element)
        return _text(element, element)


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

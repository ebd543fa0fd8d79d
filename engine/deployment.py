"""Deployment: several files become new versions together, or none does and every problem of every file is named.

A file whose content is the same as the newest version's (canonical form) makes no new version, unless something that it
pins has changed. Forms and decisions bound to the deployment are pinned here (`decisions` 5).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import PurePath
from typing import Any
from zoneinfo import ZoneInfo

from engine import limits
from engine.decisions import analyse, library, parse_decisions
from engine.definitions import Definitions
from engine.errors import DeploymentRefused, Problem
from engine.model import DeployedResource, Deployment, Json, Resource
from engine.parsing.bpmn import read_bpmn
from engine.parsing.canonical import canonical_form_hash, canonical_hash
from engine.parsing.forms import FormModel, read_form
from engine.parsing.records import Binding, Collaboration, Element, ElementKind, ProcessModel, Trigger
from engine.persistence import Connection
from engine.persistence import definitions as rows
from engine.start_events import starting_events
from engine.xml import parse_xml

Checker = Callable[[Resource], list[Problem]]
Rule = Callable[[Collaboration, Resource], list[Problem]]


@dataclass(slots=True)
class _Bundle:
    """The files of one deployment, read; `problems` gathers what is wrong with any of them."""

    problems: list[Problem] = field(default_factory=list)
    processes: dict[str, tuple[ProcessModel, Resource]] = field(default_factory=dict)
    decisions: dict[str, tuple[Any, Resource]] = field(default_factory=dict)
    forms: dict[str, tuple[FormModel, Resource]] = field(default_factory=dict)
    others: dict[str, Resource] = field(default_factory=dict)
    digests: dict[str, str] = field(default_factory=dict)
    dmn: dict[str, Resource] = field(default_factory=dict)
    """Decision files by their namespace, for those that import them."""

    @property
    def errors(self) -> list[Problem]:
        """The problems for which the files are not taken."""
        return [problem for problem in self.problems if problem.severity == "error"]

    @property
    def form_files(self) -> dict[str, str]:
        """Form ids by file name, which Camunda 7's form keys mean (`camunda-forms:deployment:x.form`)."""
        return {PurePath(resource.name).name: form_id for form_id, (_, resource) in self.forms.items()}

    def imported(self, namespaces: Iterable[str]) -> list[Resource]:
        """The files that a decision file needs beside itself."""
        return [self.dmn[namespace] for namespace in sorted(namespaces)]

    def add(self, kind: str, key: str, value: Any, resource: Resource, held: dict[str, Any]) -> None:
        if key in held:
            other = held[key][1].name
            self.problems.append(
                Problem(
                    f"{kind}-id-unique", f"同一次部署中 {kind} 标识 {key} 出现两次({other} 和 {resource.name})",
                    f"{kind} id {key} occurs twice in one deployment ({other} and {resource.name})", resource.name, key,
                )
            )  # fmt: skip
        held[key] = (value, resource)


class Deployer:
    """Reads, checks and stores the files of one deployment in the caller's transaction."""

    def __init__(
        self, definitions: Definitions, *, rules: Sequence[Rule], resource_kinds: Mapping[str, Checker], zone: ZoneInfo,
        regions: Callable[[Connection], Iterable[str]],
    ) -> None:  # fmt: skip
        self._definitions = definitions
        self._rules = rules
        self._kinds = resource_kinds
        self._zone = zone
        self._regions = regions

    def deploy(
        self, connection: Connection, resources: Sequence[Resource], *, name: str | None, at: datetime, by: str
    ) -> Deployment:
        """Store new versions. DeploymentRefused (the caller's files) with all problems, and nothing is stored.

        What does not keep the files from being used, such as gaps in a decision table, is among the deployment's warnings.
        """
        bundle = self._read(resources)
        if not bundle.errors:
            self._check_bindings(connection, bundle)
        if bundle.errors:
            raise DeploymentRefused(bundle.problems)
        return self._store(connection, bundle, resources, name=name, at=at, by=by)

    # -- reading ------------------------------------------------------------------------------------------------------

    def _read(self, resources: Sequence[Resource]) -> _Bundle:
        bundle = _Bundle()
        if not resources:
            bundle.problems.append(Problem("deployment-empty", "没有文件", "there is no file"))
        if len(resources) > limits.DEPLOYMENT_FILES:
            bundle.problems.append(Problem("deployment-size", f"一次最多部署 {limits.DEPLOYMENT_FILES} 个文件",
                                           f"at most {limits.DEPLOYMENT_FILES} files in one deployment"))  # fmt: skip
        elif sum(len(resource.content) for resource in resources) > limits.DEPLOYMENT_BYTES:
            bundle.problems.append(Problem("deployment-size", f"一次最多部署 {limits.DEPLOYMENT_BYTES} 字节",
                                           f"at most {limits.DEPLOYMENT_BYTES} bytes in one deployment"))  # fmt: skip
        else:
            files = [each for each in resources if PurePath(each.name).suffix.lower() == ".dmn"]
            for namespace, content in library(each.content for each in files).items():
                bundle.dmn[namespace] = next(each for each in files if each.content == content)
            for resource in resources:
                try:
                    self._read_one(bundle, resource)
                except DeploymentRefused as refused:
                    bundle.problems.extend(refused.problems)
        return bundle

    def _read_one(self, bundle: _Bundle, resource: Resource) -> None:
        match PurePath(resource.name).suffix.lower():
            case ".bpmn":
                file = read_bpmn(resource.content, file=resource.name, functions=self._definitions.functions)
                for rule in self._rules:
                    bundle.problems.extend(rule(file, resource))
                bundle.digests[resource.name] = canonical_hash(parse_xml(resource.content, file=resource.name))
                for process in file.processes:
                    bundle.add("process", process.id, process, resource, bundle.processes)
            case ".dmn":
                model = parse_decisions(
                    resource.content, file=resource.name, functions=self._definitions.functions,
                    imports={namespace: each.content for namespace, each in bundle.dmn.items()},
                )  # fmt: skip
                parts = [canonical_hash(parse_xml(each.content)) for each in (resource, *bundle.imported(model.imports))]
                whole = hashlib.sha256("".join(parts).encode()).hexdigest()
                bundle.digests[resource.name] = whole if model.imports else parts[0]
                bundle.problems.extend(analyse(model.tables, file=resource.name).problems)
                for decision_id, decision in model.decisions.items():
                    bundle.add("decision", decision_id, decision, resource, bundle.decisions)
            case ".form":
                form = read_form(resource.content, file=resource.name, functions=self._definitions.functions)
                bundle.digests[resource.name] = canonical_form_hash(form.schema)
                bundle.add("form", form.form_id, form, resource, bundle.forms)
            case suffix if suffix in self._kinds:
                bundle.problems.extend(self._kinds[suffix](resource))
                bundle.digests[resource.name] = hashlib.sha256(resource.content).hexdigest()
                bundle.others[resource.name] = resource
            case suffix:
                known = ", ".join((".bpmn", ".dmn", ".form", *self._kinds))
                bundle.problems.append(
                    Problem("resource-kind", f"不认识的文件种类 {suffix or '(无扩展名)'},可部署:{known}",
                            f"unknown kind of file {suffix or '(no suffix)'}; can be deployed: {known}", resource.name)
                )  # fmt: skip

    def _check_bindings(self, connection: Connection, bundle: _Bundle) -> None:
        """What an element binds to the deployment must be in it, or deployed already."""
        forms = {*bundle.forms, *bundle.form_files}
        for process, resource in bundle.processes.values():
            for element in process.elements.values():
                for kind, key, binding in references(element):
                    held = {"form": forms, "decision": bundle.decisions, "process": bundle.processes}[kind]
                    if binding is Binding.DEPLOYMENT and key not in held and rows.newest(connection, kind, key) is None:
                        word = {"form": "表单", "decision": "决策", "process": "流程"}[kind]
                        bundle.problems.append(
                            Problem(f"{kind}-found", f"{word} {key} 既不在这次部署中,也没有部署过",
                                    f"{kind} {key} is neither in this deployment nor deployed already", resource.name,
                                    element.id, element.name, element.line)
                        )  # fmt: skip

    # -- storing ------------------------------------------------------------------------------------------------------

    def _store(
        self,
        connection: Connection,
        bundle: _Bundle,
        resources: Sequence[Resource],
        *,
        name: str | None,
        at: datetime,
        by: str,
    ) -> Deployment:
        deployment_id = rows.add_deployment(connection, name, at, by)
        stored: dict[str, int] = {}

        def resource_id(resource: Resource) -> int:
            if resource.name not in stored:
                stored[resource.name] = rows.add_resource(connection, deployment_id, resource.name, resource.content)
            return stored[resource.name]

        made: list[DeployedResource] = []

        def put(
            kind: str, key: str, resource: Resource, *, title: str, tag: str | None, extra: Json, digest: str
        ) -> int:
            newest = rows.newest(connection, kind, key)
            if newest is not None and newest.digest == digest:
                made.append(
                    DeployedResource(
                        kind, key, newest.version, newest.id, resource.name, False, newest.name, newest.version_tag
                    )
                )
                return int(newest.id)
            version = 1 if newest is None else newest.version + 1
            definition_id = rows.add_definition(
                connection, kind=kind, key=key, version=version, version_tag=tag, name=title[:500], deployment_id=deployment_id,
                resource_id=resource_id(resource), digest=digest, extra=extra,
            )  # fmt: skip
            made.append(DeployedResource(kind, key, version, definition_id, resource.name, True, title, tag))
            return definition_id

        pinned: dict[str, int] = {}
        for key, (form, resource) in bundle.forms.items():
            pinned[f"form:{key}"] = put("form", key, resource, title=key, tag=form.version_tag, extra={},
                                        digest=bundle.digests[resource.name])  # fmt: skip
        files = bundle.form_files
        pinned.update({f"form:{file}": pinned[f"form:{form_id}"] for file, form_id in files.items()})
        for key, (decision, resource) in bundle.decisions.items():
            pinned[f"decision:{key}"] = put("decision", key, resource, title=decision.name or key,
                                            tag=getattr(decision, "version_tag", None),
                                            extra=_imports(map(resource_id, bundle.imported(decision.model.imports))),
                                            digest=bundle.digests[resource.name])  # fmt: skip
        for key, resource in bundle.others.items():
            put("resource", key, resource, title=key, tag=None, extra={}, digest=bundle.digests[key])
        for key, (process, resource) in bundle.processes.items():
            bindings = self._pin(connection, process, pinned)
            digest = hashlib.sha256(f"{bundle.digests[resource.name]}{sorted(bindings.items())}".encode()).hexdigest()
            extra = {
                "bindings": bindings,
                "properties": self._process_properties(process),
                "start_form": files.get(start_form, start_form) if (start_form := _start_form(process)) else None,
            }
            definition_id = put(
                "process", key, resource, title=process.name or key, tag=process.version_tag, extra=extra, digest=digest
            )
            pinned[f"process:{key}"] = definition_id
            if made[-1].is_new:
                starts = starting_events(process, definition_id, at, self._zone)
                timers = [row | {"region": region} for row in starts.timers for region in self._regions(connection)]
                rows.replace_starts(connection, process.id, starts.subscriptions, timers)
        rows.hold(connection, deployment_id, [item.id for item in made])
        return Deployment(deployment_id, at, tuple(made), warnings=tuple(bundle.problems))

    def _pin(self, connection: Connection, process: ProcessModel, pinned: Mapping[str, int]) -> dict[str, int]:
        bindings: dict[str, int] = {}
        for element in process.elements.values():
            for kind, key, binding in references(element):
                if binding is not Binding.DEPLOYMENT or kind == "process":
                    continue
                name = f"{kind}:{key}"
                if name in pinned:
                    bindings[name] = pinned[name]
                elif (newest := rows.newest(connection, kind, key)) is not None:
                    bindings[name] = newest.id
        return bindings

    def _process_properties(self, process: ProcessModel) -> dict[str, str]:
        """The process's own properties as texts; expressions cannot stand here, there is no instance to read from."""
        return {name: value.source for name, value in process.properties.items()}


def references(element: Element) -> Iterable[tuple[str, str, Binding]]:
    """What an element refers to by a fixed id: (kind, id, binding)."""
    task = element.user_task
    if task is not None and task.form is not None and task.form.form_id is not None:
        yield "form", task.form.form_id, task.form.binding
    if element.decision is not None and (key := element.decision.decision_id.literal) is not None:
        yield "decision", key, element.decision.binding
    if element.called is not None and (key := element.called.process_id.literal) is not None:
        yield "process", key, element.called.binding


def _imports(resource_ids: Iterable[int]) -> dict[str, Json]:
    """What a decision keeps of the files that its own imports."""
    found: list[Json] = [*resource_ids]
    return {"imports": found} if found else {}


def _start_form(process: ProcessModel) -> str | None:
    """The form of the process's none start event."""
    for element in process.children(process.id):
        if (
            element.kind is ElementKind.START_EVENT
            and element.event.trigger is Trigger.NONE
            and element.form is not None
        ):
            return element.form.form_id
    return None

"""The lint plug-in for Camunda Modeler: our rules of deployment as far as they can be decided on a diagram alone.

The logic is in `modeler/rules` (JavaScript, as the Modeler runs it); everything that is a table comes from here, so that the
plug-in knows the same words as the server: which tags, attributes and extensions are carried out, which job types and properties
there are, and what each rule says.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from casework import catalogue
from commands.rules import PAGES, read_rules
from engine.parsing.camunda7_words import CAMUNDA_7_WORDS
from engine.parsing.camunda8_words import CAMUNDA_8_WORDS
from engine.parsing.elements import BPMN_TAGS, Tag
from engine.parsing.survey import Vocabulary

SOURCES = PAGES.parents[1] / "modeler" / "rules"

_ERRORS = """
    activation-condition ad-hoc ambiguous-catch binding boundary-host called-decision called-element cancel-event candidates
    catch-trigger compensation-activity compensation-flow compensation-handler condition condition-missing condition-place connector
    correlation-key default-flow dialect end-without-start error-code error-reference escalation-code escalation-reference
    event-gateway event-sub-process-flow event-sub-process-loop event-sub-process-start execution-listener expression-without-equals
    extension-twice flow-contradiction flow-end flow-into-boundary flow-into-start flow-out-of-end flow-scope foreign-script
    form-reference gateway-direction gateway-without-outgoing implementation instantiate io-mapping java-code job-place
    job-retries job-type link-event listener-place loop-behaviour loop-characteristics loop-count loop-without-end message-flow
    message-name message-reference name-length no-executable-process no-incoming no-start non-interrupting priority process-property
    process-type property-name script several-triggers signal-name signal-reference start-events start-expression start-form
    start-trigger task-headers task-listener task-schedule text-format throw-trigger timer timer-place token-quantity
    unsupported-attribute unsupported-element unsupported-extension user-task-implementation variable-name version-tag
"""
ERRORS = frozenset(_ERRORS.split())
"""Rules of `docs/rules` that the plug-in decides; what it marks, a deployment refuses."""

WARNINGS = {"no-outgoing": "no-outgoing", "unreachable": "unreachable", "condition-place-unused": "condition-place"}
"""What a deployment only warns of: name in the plug-in -> page of the rule."""

CATALOGUE = {
    "job-known": ("作业类型须在目录中;clock.step 只作监听器。", "A job type of ours stands in the catalogue; clock.step is a listener only."),
    "job-words": ("作业的标头和输入须齐备,不得有不认识的。", "A job has the headers and inputs that it needs, and no unknown header."),
    "property-known": ("扩展属性在它所在的元素上须有意义。", "An extension property means something at its element."),
    "clock-edge": ("edge 须是 amber 或 due。", "edge is amber or due."),
    "four-eyes": ("notBy 所指的环节须在同一流程中。", "Steps named by notBy are in the same process."),
    "recusal-stage": ("回避环节须是所列之一。", "The recusal stage is one of the list."),
}
"""Rules of the catalogue (docs/catalogue.md) that need no deployed table."""

DESCRIPTOR = "module.exports = { name: 'yimen', script: './client.js' };\n"
"""The name becomes part of an address inside the Modeler, so it is small and plain."""


def plugin() -> dict[str, str]:
    """The files of the plug-in by name: what the Modeler loads as `resources/plugins/yimen-plugin`."""
    return {"index.js": DESCRIPTOR, "client.js": _bundle(tables())}


def server_only() -> list[str]:
    """The rules of BPMN files, by name, that a look at the diagram in the Modeler cannot decide."""
    decided = ERRORS | set(WARNINGS.values())
    return [rule.id for rule in read_rules() if rule.id not in decided]


def tables() -> dict[str, Any]:
    """Everything that the plug-in knows beside its logic."""
    said = {rule.id: {"zh": rule.zh, "en": rule.en} for rule in read_rules()}
    rules = {name: {"severity": "error", **said[name]} for name in sorted(ERRORS)}
    rules |= {name: {"severity": "warn", **said[page]} for name, page in WARNINGS.items()}
    rules |= {name: {"severity": "error", "zh": zh, "en": en} for name, (zh, en) in CATALOGUE.items()}
    return {
        "rules": rules,
        "bpmn": _tags(BPMN_TAGS),
        "camunda8": _vocabulary(CAMUNDA_8_WORDS),
        "camunda7": _vocabulary(CAMUNDA_7_WORDS),
        "catalogue": _catalogue(),
    }


def _catalogue() -> dict[str, Any]:
    timed = sorted(catalogue.TIMED)
    return {
        "jobs": {
            name: {
                "required": list(words.required), "optional": list(words.optional), "inputs": list(words.inputs),
                "oneOf": _sorted(words.one_of), "listener": words.listener,
            }
            for name, words in catalogue.JOBS.items()
        },
        "families": sorted(catalogue.FAMILIES),
        "properties": {
            "process": sorted(catalogue.PROCESS_PROPERTIES), "anywhere": sorted(catalogue.ANYWHERE),
            "userTask": sorted(catalogue.USER_TASK), "startEvent": sorted(catalogue.START_EVENT),
            "endEvent": sorted(catalogue.END_EVENT), "boundaryEvent": timed, "intermediateCatchEvent": timed,
        },
        "edges": sorted(catalogue.EDGES),
        "stages": sorted(catalogue.STAGES),
    }  # fmt: skip


def _vocabulary(words: Vocabulary) -> dict[str, Any]:
    return {
        "tags": _tags(words.tags), "bpmnTags": _tags(words.bpmn_tags), "extensions": _sorted(words.extensions),
        "attributes": _sorted(words.attributes), "everywhere": sorted(words.everywhere), "plain": _sorted(words.plain),
        "children": _sorted(words.children), "fixed": {tag: _sorted(fixed) for tag, fixed in sorted(words.fixed.items())},
        "repeatable": sorted(words.repeatable),
    }  # fmt: skip


def _tags(known: Mapping[str, Tag]) -> dict[str, Any]:
    return {
        name: {"attributes": sorted(tag.attributes), "fixed": _sorted(tag.fixed), "children": sorted(tag.children)}
        for name, tag in sorted(known.items())
    }


def _sorted(named: Mapping[str, Iterable[str]]) -> dict[str, list[str]]:
    return {name: sorted(values) for name, values in sorted(named.items())}


def _bundle(known: Mapping[str, Any], sources: Path = SOURCES) -> str:
    """One script out of the modules in `modeler/rules`, since the Modeler loads one and knows no `require`."""
    modules = "\n".join(
        f"{json.dumps('./' + file.stem)}: function(module, exports, require) {{\n{file.read_text('utf-8')}}},"
        for file in sorted(sources.glob("*.js"))
    )
    return _LOADER.format(modules=modules, tables=json.dumps(known, ensure_ascii=False, separators=(",", ":")))


_LOADER = """// Made by `yimen modeler plugin` out of modeler/rules and the tables of the server; change those instead.
(function() {{
'use strict';
const modules = {{
{modules}
}};
const loaded = {{}};
function load(name) {{
  if (!loaded[name]) {{
    loaded[name] = {{ exports: {{}} }};
    modules[name](loaded[name], loaded[name].exports, load);
  }}
  return loaded[name].exports;
}}
const plugin = load('./lint')({tables});
window.plugins = window.plugins || [];
for (const type of [ 'lintRules.bpmn', 'lintRules.cloud-bpmn' ]) {{
  window.plugins.push({{ plugin, type }});
}}
}})();
"""

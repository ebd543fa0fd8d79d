"""Context functions (DMN 1.5, table 83; Camunda's paths in `get value`)."""

from __future__ import annotations

from engine.feel.errors import FunctionFailed
from engine.feel.functions.registry import FunctionTable
from engine.feel.limits import Run
from engine.feel.values import Value

FUNCTIONS = FunctionTable()


@FUNCTIONS.add("get value", "m: context", "key: string")
def get_value(_run: Run, m: dict[str, Value], key: str) -> Value:
    if key not in m:
        raise FunctionFailed(f"没有“{key}”", f"there is no '{key}'")
    return m[key]


@FUNCTIONS.add("get value", "m: context", "keys: list")
def get_value_at(_run: Run, m: dict[str, Value], keys: list[Value]) -> Value:
    value: Value = m
    for key in keys:
        if not isinstance(value, dict) or not isinstance(key, str) or key not in value:
            raise FunctionFailed("路径中断", "the path leads nowhere")
        value = value[key]
    return value


@FUNCTIONS.add("get entries", "m: context")
def get_entries(_run: Run, m: dict[str, Value]) -> list[Value]:
    return [{"key": key, "value": value} for key, value in m.items()]


@FUNCTIONS.add("context", "entries: list | context")
def context(_run: Run, entries: list[Value] | dict[str, Value]) -> dict[str, Value]:
    """The inverse of `get entries`; every entry needs a `key` of its own and a `value`."""
    result: dict[str, Value] = {}
    for entry in entries if isinstance(entries, list) else [entries]:
        if not isinstance(entry, dict) or not isinstance(entry.get("key"), str) or "value" not in entry:
            raise FunctionFailed("条目必须有 key 和 value", "an entry needs a key and a value")
        if entry["key"] in result:
            raise FunctionFailed(f"键“{entry['key']}”重复", f"the key {entry['key']!r} occurs twice")
        result[entry["key"]] = entry["value"]
    return result


@FUNCTIONS.add("context put", "context: context", "key: string", "value")
def context_put(_run: Run, context: dict[str, Value], key: str, value: Value) -> dict[str, Value]:
    return {**context, key: value}


@FUNCTIONS.add("context put", "context: context", "keys: list", "value")
def context_put_at(_run: Run, context: dict[str, Value], keys: list[Value], value: Value) -> dict[str, Value]:
    """Put `value` at a path of keys; contexts on the way are made where they are missing."""
    path = [key for key in keys if isinstance(key, str)]
    if not path or len(path) != len(keys):
        raise FunctionFailed("键必须是文本列表", "the keys must be a list of strings")
    result = dict(context)
    inner = result
    for key in path[:-1]:
        below = inner.get(key)
        if below is not None and not isinstance(below, dict):
            raise FunctionFailed(f"“{key}”不是上下文", f"{key!r} is no context")
        copy = dict(below or {})
        inner[key] = copy
        inner = copy
    inner[path[-1]] = value
    return result


@FUNCTIONS.add("context merge", "contexts: list | context")
def context_merge(_run: Run, contexts: list[Value] | dict[str, Value]) -> dict[str, Value]:
    """One context of all entries; later contexts win."""
    result: dict[str, Value] = {}
    for each in contexts if isinstance(contexts, list) else [contexts]:
        if not isinstance(each, dict):
            raise FunctionFailed("列表中有不是上下文的元素", "the list holds an item that is no context")
        result.update(each)
    return result


@FUNCTIONS.add("context merge", "first: context", "second: context", "...contexts: context")
def context_merge_all(run: Run, *contexts: Value) -> dict[str, Value]:
    return context_merge(run, [*contexts])

"""Whatever is uploaded: the answer is a model or a named refusal, and it comes soon."""

import random
import time
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.errors import DeploymentRefused
from engine.limits import EXPRESSIONS, FLOW_ELEMENTS, PROBLEMS
from engine.parsing.bpmn import inspect_bpmn
from engine.parsing.forms import read_form

GOOD = (Path(__file__).parent / "diagrams" / "assistance.bpmn").read_bytes()
FORM = (
    b'{"type": "default", "id": "F", "components": [{"type": "textfield", "id": "a", "key": "k", "validate": '
    b'{"pattern": "a+"}, "conditional": {"hide": "=x > 1"}}]}'
)
PROCESS = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" '
    'id="d" targetNamespace="t"><process id="p" isExecutable="true">{}</process></definitions>'
)


def rules(body: str) -> list[str]:
    return [problem.rule for problem in inspect_bpmn(PROCESS.format(body).encode(), file="x.bpmn").problems]


def tasks(count: int) -> str:
    return "".join(f'<task id="t{number}"/>' for number in range(count))


def conditions(count: int) -> str:
    flows = "".join(
        f'<sequenceFlow id="f{n}" sourceRef="a" targetRef="b"><conditionExpression>=x &gt; {n}</conditionExpression></sequenceFlow>'
        for n in range(count)
    )
    return f'<task id="a"/><task id="b"/>{flows}'


def test_a_diagram_is_read_up_to_the_bound_of_its_elements() -> None:
    assert rules(tasks(FLOW_ELEMENTS)) == []
    assert rules(tasks(FLOW_ELEMENTS + 1)) == ["too-many-elements"]


def test_a_file_is_read_up_to_the_bound_of_its_expressions() -> None:
    assert rules(conditions(EXPRESSIONS)) == []
    assert rules(conditions(EXPRESSIONS + 1)) == ["feel-limit"]


def test_one_text_that_stands_many_times_counts_once() -> None:
    condition = "<conditionExpression>=x &gt; 1</conditionExpression>"
    flow = f'<sequenceFlow sourceRef="t0" targetRef="t1">{condition}</sequenceFlow>'

    assert rules(tasks(2) + flow * (EXPRESSIONS + 100)) == []


def test_problems_are_listed_up_to_their_bound_and_then_said_to_be_more() -> None:
    found = rules("".join(f'<complexGateway id="g{number}"/>' for number in range(PROBLEMS + 1)))

    assert len(found) == PROBLEMS + 1
    assert found[-1] == "more-problems"


@pytest.mark.parametrize(
    "body",
    [
        tasks(5_000) + "".join(f'<sequenceFlow id="f{n}" sourceRef="t0" targetRef="t{n + 1}"/>' for n in range(4_999)),
        tasks(2) + '<sequenceFlow sourceRef="t0" targetRef="t1"/>' * 9_990,
        '<task id="a"/>' * 9_990,
        "<foo a='1' b='2'/>" * 90_000,
        tasks(1) + '<boundaryEvent id="b{}" attachedToRef="t0"/>' * 9_000,
        "".join(f'<subProcess id="s{n}">' for n in range(240)) + "</subProcess>" * 240,
        conditions(1).replace("x &gt; 0", "(" * 9_000),
        "<task id='a'><documentation>" + "x<!-- -->" * 90_000 + "</documentation></task>",
        "<task id='a'><extensionElements><zeebe:properties>"
        + "".join(f'<zeebe:property name="p{n}" value="1"/>' for n in range(90_000))
        + "</zeebe:properties></extensionElements></task>",
    ],
    ids=["star", "parallel flows", "one id", "unknown", "boundaries", "nesting", "brackets", "comments", "properties"],
)
def test_a_large_strange_diagram_is_answered_within_seconds(body: str) -> None:
    started = time.thread_time()

    rules(body)

    assert time.thread_time() - started < 4


@pytest.mark.parametrize(
    "components",
    [
        b",".join(b'{"type":"textfield","id":"i%d","key":"k%d"}' % (n, n) for n in range(15_000)),
        b",".join(b'{"type":"textfield","id":"i%d","key":"k"}' % n for n in range(15_000)),
        b'{"type":"text","id":"t","text":"' + b"{{" * 400_000 + b'"}',
        b'{"type":"textfield","id":"t","key":"k","validate":{"pattern":"' + b"(a+)+" * 5_000 + b'"}}',
    ],
    ids=["many fields", "one key", "open templates", "pattern"],
)
def test_a_large_strange_form_is_answered_within_seconds(components: bytes) -> None:
    started = time.thread_time()

    with suppress(DeploymentRefused):
        read_form(b'{"type":"default","id":"F","components":[' + components + b"]}", file="f.form")

    assert time.thread_time() - started < 4


def mutated(data: bytes, seed: int) -> bytes:
    """A few pieces of a good file deleted, doubled, swapped or overwritten."""
    dice = random.Random(seed)
    text = bytearray(data)
    for _ in range(dice.randint(1, 6)):
        start = dice.randrange(len(text) + 1)
        end = min(len(text), start + dice.randint(1, 60))
        piece = bytes(text[start:end])
        text[start:end] = dice.choice(
            [b"", piece * 2, piece[::-1], dice.randbytes(dice.randint(1, 8)), b'"', b"<", b"="]
        )
    return bytes(text)


def mixed_up(data: bytes, seed: int) -> bytes:
    """A good file, still well-formed, in which attribute values have changed places: every reference may be wrong."""
    dice = random.Random(seed)
    parts = data.split(b'"')
    places = [
        n
        for n in range(1, len(parts), 2)
        if b"http" not in parts[n] and b"1.0" not in parts[n] and b"UTF" not in parts[n]
    ]
    for _ in range(dice.randint(1, 12)):
        one, other = dice.choice(places), dice.choice(places)
        parts[one], parts[other] = parts[other], parts[one]
    return b'"'.join(parts)


@pytest.mark.parametrize("change", [mutated, mixed_up])
@given(seed=st.integers(min_value=0, max_value=2**32))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_damaged_diagram_is_read_or_refused_by_name(change, seed: int) -> None:
    inspection = inspect_bpmn(change(GOOD, seed), file="x.bpmn")

    assert inspection.collaboration is not None or any(problem.severity == "error" for problem in inspection.problems)


@given(data=st.binary(max_size=400))
@settings(max_examples=150, deadline=None)
def test_any_bytes_are_read_or_refused_by_name(data: bytes) -> None:
    assert inspect_bpmn(data, file="x.bpmn").problems


def form_or_problems(data: bytes) -> object:
    try:
        return read_form(data, file="f.form")
    except DeploymentRefused as refused:
        return refused.problems


@pytest.mark.parametrize("change", [mutated, mixed_up])
@given(seed=st.integers(min_value=0, max_value=2**32))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_damaged_form_is_read_or_refused_by_name(change, seed: int) -> None:
    answer = form_or_problems(change(FORM, seed))

    assert answer

"""`yimen feel` and `yimen dmn` print values and the reasons for them; the exit code says whether there is an answer."""

import io
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from commands.__main__ import main
from tests.decisions.models import decision, given, literal, model, table

GRADES = model(
    given("points", "number"),
    decision("doubled", literal("points * 2"), requires=["<points"]),
    decision(
        "grade",
        table(["doubled"], ["mark"], [(["> 50"], ['"good"']), (["[10..50]"], ['"fair"'])]),
        requires=["doubled"],
    ),
)
TWICE = model(decision("d", table(["a"], ["x"], [(["> 1"], ["1"]), (["> 2"], ["2"])])))


def call(*arguments: str) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    return main(list(arguments), out=out, err=err), out.getvalue(), err.getvalue()


@pytest.fixture
def file(tmp_path: Path) -> Any:
    """Writes a file and gives its name."""

    def write(name: str, content: str | bytes) -> str:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return str(path)

    return write


# ---------------------------------------------------------------------- feel


@pytest.mark.parametrize(
    ("arguments", "printed"),
    [
        (["0.1 + 0.2"], "0.3"),
        (["=0.1 + 0.2"], "0.3"),
        (['"a" + "中"'], '"a中"'),
        (['@"2026-01-31" + @"P1M"'], "2026-02-28"),
        (["today()", "--now", "2026-01-31T00:30"], "2026-01-31"),
        (["now()", "--now", "2026-01-31T00:30:00Z"], "2026-01-31T08:30:00@Asia/Shanghai"),
        (["[1..5], > 9", "--unary", "3 * 4"], "true"),
        (["> 9", "--unary", "3"], "false"),
    ],
)
def test_the_first_line_is_the_value(arguments: list[str], printed: str) -> None:
    code, out, err = call("feel", *arguments)

    assert (code, out.splitlines()[0], err) == (0, printed, "")


def test_variables_keep_every_digit(file: Any) -> None:
    context = file("c.json", '{"amount": 0.1234567890123456789, "n": 12345678901234567890}')

    assert call("feel", "[amount, n + 1]", "--context", context)[1].splitlines() == [
        "[0.1234567890123456789, 12345678901234567891]",
        "读取 read: amount = 0.1234567890123456789",
        "读取 read: n = 12345678901234567890",
    ]


def test_a_name_with_an_operator_is_known_from_the_context(file: Any) -> None:
    assert call("feel", "self-employed", "--context", file("c.json", '{"self-employed": true, "self": 3}'))[
        1
    ].startswith("true\n")


def test_a_warning_tells_line_and_column() -> None:
    code, out, _ = call("feel", "1 +\n  missing")

    assert (code, out.splitlines()[:2]) == (0, ["null", "提醒 warning 2:3: missing-variable"])
    assert call("feel", "1 + missing", "--strict")[0] == 1


def test_json_gives_value_what_was_read_and_warnings(file: Any) -> None:
    context = file("c.json", '{"a": 0.10, "unread": 1}')
    code, out, _ = call("feel", '{day: date("2026-01-31"), sum: a + b}', "--context", context, "--json")
    document = json.loads(out, parse_float=Decimal)

    assert code == 0
    assert document["value"] == {"day": "2026-01-31", "sum": None}
    assert document["read"] == {"a": Decimal("0.1")}
    assert [(each["code"], each["line"], each["column"]) for each in document["warnings"]] == [
        ("missing-variable", 1, 36),
        ("wrong-type", 1, 32),
    ]


def test_a_mistake_is_shown_at_its_place() -> None:
    code, out, _ = call("feel", "1 + * 2")

    assert code == 1
    assert out.splitlines()[0] == "错误 error 1:5"
    assert out.splitlines()[-1] == "        ^"
    assert json.loads(call("feel", "1 + * 2", "--json")[1])["error"]["column"] == 5


def test_an_endless_expression_is_stopped() -> None:
    assert call("feel", "for a in 1..9999, b in 1..9999 return a")[0] == 1


@pytest.mark.parametrize(
    ("content", "arguments", "says"),
    [
        (None, [], "cannot open"),
        ("{", [], "not JSON"),
        ("[1]", [], "JSON object"),
        ("{}", ["--now", "yesterday"], "no moment"),
        ("{}", ["--unary", "1 +"], "--unary"),
    ],
)
def test_a_question_that_cannot_be_read_is_exit_code_2(
    file: Any, tmp_path: Path, content: str | None, arguments: list[str], says: str
) -> None:
    name = str(tmp_path / "none.json") if content is None else file("c.json", content)
    code, out, err = call("feel", "1", "--context", name, *arguments)

    assert (code, out) == (2, "")
    assert says in err


# ---------------------------------------------------------------------- dmn


def test_a_decision_is_printed_with_its_grounds(file: Any) -> None:
    code, out, err = call(
        "dmn", file("g.dmn", GRADES), "--decision", "grade", "--input", file("i.json", '{"points": 20}')
    )

    assert (code, err) == (0, "")
    assert out.splitlines() == [
        '"fair"',
        "",
        "doubled = 40",
        "    输入 input: points = 20",
        "",
        'grade (UNIQUE) = "fair"',
        "    输入 input: doubled = 40",
        '    命中 rule 2 (r2): mark = "fair"',
    ]


def test_a_decision_without_a_match_says_so(file: Any) -> None:
    out = call("dmn", file("g.dmn", GRADES), "--decision", "grade", "--input", file("i.json", '{"points": 1}'))[1]

    assert out.splitlines()[-1] == "    没有规则命中 no rule matches"


def test_json_gives_the_trace_as_the_history_keeps_it(file: Any) -> None:
    out = call(
        "dmn", file("g.dmn", GRADES), "--decision", "grade", "--input", file("i.json", '{"points": 30}'), "--json"
    )[1]
    document = json.loads(out)

    assert document["value"] == "good"
    assert [(step["id"], [rule["index"] for rule in step["rules"]]) for step in document["trace"]] == [
        ("doubled", []),
        ("grade", [1]),
    ]


def test_warnings_name_the_element(file: Any) -> None:
    code, out, _ = call("dmn", file("g.dmn", GRADES), "--decision", "grade", "--strict")

    assert code == 1
    assert "missing-variable" in out


@pytest.mark.parametrize(
    ("content", "arguments", "code", "says"),
    [
        (GRADES, [], 2, "choose with --decision: doubled, grade"),
        (GRADES, ["--decision", "none"], 2, "choose"),
        (model(decision("d", literal("1 +"))), [], 1, "feel-syntax [d]"),
        (b"no xml", [], 1, "xml-syntax"),
    ],
)
def test_what_is_not_answered_is_said(file: Any, content: bytes, arguments: list[str], code: int, says: str) -> None:
    got, _, err = call("dmn", file("g.dmn", content), *arguments)

    assert got == code
    assert says in err


def test_rules_that_contradict_each_other_are_named(file: Any) -> None:
    code, _, err = call("dmn", file("t.dmn", TWICE), "--input", file("i.json", '{"a": 5}'))

    assert code == 1
    assert "1 (r1), 2 (r2)" in err


def test_an_imported_file_is_named_after_the_one_that_imports_it(file: Any) -> None:
    kind = "https://www.omg.org/spec/DMN/20191111/MODEL/"
    shared = model(decision("base", literal("points + 1"))).replace(b"urn:m", b"urn:shared")
    own = model(
        f'<import namespace="urn:shared" name="shared" importType="{kind}"/>',
        decision("d", literal("shared.base * 2"), requires=["urn:shared#base"]),
    )

    assert call("dmn", file("own.dmn", own), file("s.dmn", shared), "--input", file("i.json", '{"points": 4}'))[
        1
    ].startswith("10\n")
    assert call("dmn", file("own.dmn", own))[0] == 1


GAPS = model(decision("d", table(["a"], ["x"], [(["< 3"], ["1"]), (["> limit"], ["2"])], input_types={"a": "number"})))


def test_the_faults_of_tables_are_printed_with_an_example(file: Any) -> None:
    code, out, err = call("dmn", file("t.dmn", TWICE), "--analyse")

    assert (code, err) == (1, "")
    assert "dmn-overlap [r2]" in out
    assert "Rules 1 and 2 match at once, but the hit policy is UNIQUE. For example: " in out
    assert out.endswith("tables: 1, faults: 2, not analysed: 0\n")


def test_programs_get_the_faults_with_rows_and_values(file: Any) -> None:
    code, out, _ = call("dmn", file("t.dmn", TWICE), "--analyse", "--json")
    fault, _ = json.loads(out)["faults"]

    assert code == 1
    assert (fault["rule"], fault["table"], fault["elementId"], fault["rows"]) == ("dmn-overlap", "t", "r2", [1, 2])
    assert len(fault["example"]) == 1


@pytest.mark.parametrize(("arguments", "code"), [([], 0), (["--strict"], 1)])
def test_what_could_not_be_analysed_fails_only_where_that_is_asked_for(
    file: Any, arguments: list[str], code: int
) -> None:
    got, out, _ = call("dmn", file("t.dmn", GAPS), "--analyse", *arguments)

    assert got == code
    assert "dmn-not-analysed [r2i1]" in out
    assert "reads limit" in out

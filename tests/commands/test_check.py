"""`yimen check` says what a deployment would say, to people and to programs, and its exit code says whether it would succeed."""

import io
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from commands.__main__ import main
from tests.sources import ROOT

HEAD = (
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="d" targetNamespace="t">\n'
)
GOOD = (
    HEAD
    + '<bpmn:process id="good" isExecutable="true"><bpmn:task id="a" name="核对" /></bpmn:process></bpmn:definitions>'
)
BAD = GOOD.replace('<bpmn:task id="a" name="核对" />', '\n<bpmn:serviceTask id="a" name="核对" />')
ODD = GOOD.replace(
    '<bpmn:task id="a" name="核对" />',
    '<bpmn:task id="a" /><bpmn:intermediateThrowEvent id="b" /><bpmn:sequenceFlow id="f" sourceRef="a" targetRef="b" />',
)
BOUND = GOOD.replace(
    '<bpmn:task id="a" name="核对" />',
    '<bpmn:userTask id="a"><bpmn:extensionElements><zeebe:userTask /><zeebe:formDefinition formId="F1" bindingType="deployment" />'
    "</bpmn:extensionElements></bpmn:userTask>",
)
FORM = json.dumps({"type": "default", "id": "F1", "schemaVersion": 19, "components": []})


def check(folder: Path, *arguments: str, **files: str) -> tuple[int, str, str]:
    """Exit code, output and error output of a check of these files (`name__bpmn` is `name.bpmn`) in `folder`."""
    names = []
    for name, text in files.items():
        file = folder / name.replace("__", ".")
        file.write_text(text, "utf-8")
        names.append(str(file))
    out, err = io.StringIO(), io.StringIO()
    code = main(["check", *arguments, *names], out=out, err=err)
    return code, out.getvalue(), err.getvalue()


def test_a_file_without_problems_passes(tmp_path: Path) -> None:
    code, out, _ = check(tmp_path, a__bpmn=GOOD)

    assert (code, out) == (0, "1 个文件,0 个错误,0 个提醒 / files: 1, errors: 0, warnings: 0\n")


def test_a_problem_has_its_file_line_severity_rule_and_element_and_both_sentences(tmp_path: Path) -> None:
    code, out, _ = check(tmp_path, a__bpmn=BAD)

    first, chinese, english, *_ = out.splitlines()
    assert code == 1
    assert first == f"{tmp_path / 'a.bpmn'}:3: 错误 error: implementation [a 核对]"
    assert re.fullmatch(r"    .*[\u4e00-\u9fff].*", chinese)
    assert re.fullmatch(r"    [^\u4e00-\u9fff]+", english)


@pytest.mark.parametrize(
    ("lang", "words"), [("zh", r"[^A-Z]*错误[^A-Z]*"), ("en", r"[^\u4e00-\u9fff]*errors: 1[^\u4e00-\u9fff]*")]
)
def test_one_language_is_printed_where_one_is_asked_for(tmp_path: Path, lang: str, words: str) -> None:
    _, out, _ = check(tmp_path, "--lang", lang, a__bpmn=BAD.replace("核对", ""))

    assert re.fullmatch(words, out.splitlines()[-1])


def test_warnings_are_printed_and_do_not_fail(tmp_path: Path) -> None:
    code, out, _ = check(tmp_path, a__bpmn=ODD)

    assert code == 0
    assert "提醒 warning: no-outgoing [b]" in out


def test_programs_get_the_same_as_json(tmp_path: Path) -> None:
    code, out, _ = check(tmp_path, "--json", a__bpmn=BAD)

    (problem,) = json.loads(out)
    assert code == 1
    assert (problem["line"], problem["severity"], problem["rule"]) == (3, "error", "implementation")
    assert (problem["elementId"], problem["elementName"]) == ("a", "核对")
    assert problem["zh"]
    assert problem["en"]


def test_problems_of_several_files_come_in_the_order_of_the_files(tmp_path: Path) -> None:
    _, out, _ = check(tmp_path, "--json", z__bpmn=BAD, a__form="{", b__dmn="<nothing/>")

    files = [Path(problem["file"]).name for problem in json.loads(out)]
    assert list(dict.fromkeys(files)) == ["z.bpmn", "a.form", "b.dmn"]


def test_what_is_bound_to_the_deployment_is_looked_for_among_the_files(tmp_path: Path) -> None:
    _, alone, _ = check(tmp_path, "--json", a__bpmn=BOUND)
    _, together, _ = check(tmp_path, "--json", a__bpmn=BOUND, b__form=FORM)

    assert [(problem["rule"], problem["severity"]) for problem in json.loads(alone)] == [("form-found", "warning")]
    assert json.loads(together) == []


def test_an_id_stands_in_one_file_of_a_deployment(tmp_path: Path) -> None:
    code, out, _ = check(tmp_path, "--json", a__bpmn=GOOD, b__bpmn=GOOD)

    assert code == 1
    assert [problem["rule"] for problem in json.loads(out)] == ["process-id-unique"]


def test_the_authoritys_own_rules_are_asked_too(tmp_path: Path) -> None:
    code, out, _ = check(
        tmp_path,
        "--json",
        a__bpmn=BOUND.replace(
            "</bpmn:extensionElements>",
            '<zeebe:properties><zeebe:property name="nonsense" value="1" /></zeebe:properties></bpmn:extensionElements>',
        ),
        b__form=FORM,
    )

    assert code == 1
    assert [problem["elementId"] for problem in json.loads(out)] == ["a"]


def test_a_kind_of_file_that_cannot_be_deployed_is_named(tmp_path: Path) -> None:
    code, out, _ = check(tmp_path, a__docx="")

    assert code == 1
    assert "resource-kind" in out


def test_a_file_that_is_not_there_is_no_answer(tmp_path: Path) -> None:
    code, out, err = check(tmp_path, str(tmp_path / "absent.bpmn"))

    assert (code, out) == (2, "")
    assert "absent.bpmn" in err


def test_no_file_is_no_answer(tmp_path: Path) -> None:
    assert check(tmp_path)[0] == 2


def test_all_rules_can_be_listed(tmp_path: Path) -> None:
    code, out, _ = check(tmp_path, "--rules", "--json")

    pages = sorted(page.stem for page in (ROOT / "docs" / "rules").glob("*.md") if page.stem != "README")
    assert code == 0
    assert [rule["rule"] for rule in json.loads(out)] == pages


def test_the_shipped_procedures_pass(tmp_path: Path) -> None:
    files = [
        str(file)
        for folder in ("processes", "forms")
        for file in sorted((ROOT / folder).rglob("*.*"))
        if file.suffix in {".bpmn", ".dmn", ".form"}
    ]
    code, out, _ = check(tmp_path, "--json", *files)

    # What the analysis of tables says of the shipped ones is judged in tests/decisions/judged_faults.txt.
    assert code == 0, out
    assert {row["rule"] for row in json.loads(out)} == {"dmn-gap"}, out


def test_it_runs_as_a_program_without_a_server(tmp_path: Path) -> None:
    file = tmp_path / "a.bpmn"
    file.write_text(GOOD, "utf-8")

    done = subprocess.run(
        [sys.executable, "-m", "commands", "check", str(file)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert "errors: 0" in done.stdout

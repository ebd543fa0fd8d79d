"""Laws of JUEL over generated trees and texts: what is printed reads back, and nothing but named refusals comes out."""

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.feel import FeelError
from engine.juel import compile_juel, parse_template, to_source
from engine.juel.methods import KNOWN
from engine.juel.tokens import KEYWORDS
from engine.juel.tree import Binary, Choice, Index, Invocation, Literal, Member, Name, Node, Template, Unary
from tests.feel.moment import NOW
from tests.juel.conftest import VARIABLES

BINARY = ["||", "&&", "==", "!=", "<", ">", "<=", ">=", "+", "-", "*", "/", "%"]
METHODS = sorted(KNOWN)
names = st.sampled_from([*VARIABLES, "户主", "_x", "a$b", "missing"])
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
literals = st.builds(
    Literal,
    st.one_of(
        st.integers(0, 10**20),
        st.decimals(0, 10**9, places=3).filter(lambda number: number.is_finite()),
        texts,
        st.booleans(),
        st.none(),
    ),
)


def _grown(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    return st.one_of(
        st.builds(Member, inner, names),
        st.builds(Index, inner, inner),
        st.builds(Unary, st.sampled_from(["!", "-", "empty"]), inner),
        st.builds(Binary, st.sampled_from(BINARY), inner, inner),
        st.builds(Choice, inner, inner, inner),
        st.builds(Invocation, inner, st.sampled_from(METHODS), st.lists(inner, max_size=2).map(tuple)),
        st.builds(
            Invocation, st.none(), st.sampled_from(["now", "dateTime", "S"]), st.lists(inner, max_size=1).map(tuple)
        ),
    )


nodes = st.recursive(st.one_of(literals, st.builds(Name, names)), _grown, max_leaves=12)


@given(nodes, st.booleans())
def test_a_printed_tree_reads_back_to_an_equal_tree(node: Node, deferred: bool) -> None:
    template = Template((node,), deferred)

    assert parse_template(to_source(template)) == template


@given(texts.filter(lambda text: "\\" not in text and not text.endswith(("$", "#"))), names)
def test_text_around_an_expression_reads_back(text: str, name: str) -> None:
    template = Template(tuple(part for part in (text, Name(name)) if part))

    assert parse_template(to_source(template)) == template


def _refusal(source: str) -> FeelError | None:
    """The named refusal, if there is no value; anything else that is raised fails the test."""
    try:
        compile_juel(source).evaluate(VARIABLES, now=NOW)
    except FeelError as refusal:
        return refusal
    return None


def _is_told(source: str) -> bool:
    refusal = _refusal(source)
    return refusal is None or bool(refusal.message_zh and refusal.message_en)


@given(nodes)
@settings(max_examples=400)
def test_a_generated_expression_has_a_value_or_is_refused_by_name(node: Node) -> None:
    assert _is_told(to_source(Template((node,))))


alphabet = st.sampled_from(
    [
        *"${}#()[]<>=!&|?:.,+-*/% '\"\\0a9",
        *KEYWORDS,
        *METHODS,
        *VARIABLES,
        "execution",
        "getVariable",
        "１",
        "，",
        "\n",
        "\ud800",
    ]
)


@given(st.lists(alphabet, max_size=25).map("".join))
@settings(max_examples=600)
def test_any_text_has_a_value_or_is_refused_by_name(text: str) -> None:
    assert _is_told(text)
    assert _is_told(f"${{{text}}}")


@given(st.integers(-(10**15), 10**15), st.integers(-(10**15), 10**15))
def test_whole_numbers_are_exact(left: int, right: int) -> None:
    variables = {"a": left, "b": right}
    total = compile_juel("${a + b}").evaluate(variables, now=NOW)
    product = compile_juel("${a * b}").evaluate(variables, now=NOW)

    assert (total, product) == (left + right, Decimal(left * right))


@given(st.integers(), st.integers())
def test_an_order_is_the_reverse_of_its_reverse(left: int, right: int) -> None:
    variables = {"a": left, "b": right}

    assert compile_juel("${a < b}").evaluate(variables, now=NOW) is compile_juel("${b > a}").evaluate(
        variables, now=NOW
    )
    assert compile_juel("${a == b}").evaluate(variables, now=NOW) is (left == right)

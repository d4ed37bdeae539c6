"""Nobody formats a text before it is told: an error, and a Text, take the template and what goes into it (errors.py).

Checked over src: what is given as a `template` (of an error, of Text, of a function that has such a parameter) is a constant, or
chosen among constants, or handed on as a template; it gets as many arguments as it has `{}`; nobody calls format on a constant of
texts.py; and a page asks browser/words.py what to say, where the wire takes `message`.
"""

import ast
import string
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

SOURCE = Path(__file__).parent.parent / "src" / "poolhouse"
LISTED = {
    "errors.py": {"'{}' * len(texts)"},
    # Lists of complaints that the AWS front end makes, which no page ever shows.
    "api/authorize.py": {"' '.join(problems)"},
    "api/constraints.py": {"message([each.text for each in violations])"},
}
# Attributes that hold a template: of an error or a Text, Spend.refusal, OAuthError.error.
KEPT = {"template", "refusal", "error"}
Function = ast.FunctionDef | ast.AsyncFunctionDef


def takers(trees: Mapping[str, ast.Module]) -> dict[str, int]:
    """Name of a class or function -> which of its positional arguments is a template. A name that means several functions counts
    in the file alone that has one with a template: `place:name`."""
    nodes = [(place, node) for place, tree in trees.items() for node in ast.walk(tree)]
    functions = [(place, node) for place, node in nodes if isinstance(node, Function)]
    names = [node.name for _, node in functions]
    found: dict[str, int] = {}
    for place, function in functions:
        if (at := _place(function)) is not None:
            found[function.name if names.count(function.name) == 1 else f"{place}:{function.name}"] = at
    classes = [node for _, node in nodes if isinstance(node, ast.ClassDef)]
    for node in classes:  # an __init__, or the fields of a struct
        own = [each for each in node.body if isinstance(each, Function) and each.name == "__init__"]
        fields = [each.target for each in node.body if isinstance(each, ast.AnnAssign)]
        at = _place(own[0]) if own else next((n for n, each in enumerate(fields) if _name(each) == "template"), None)
        if at is not None:
            found[node.name] = at
    while inherited := {
        node.name: found[_name(base)]
        for node in classes
        for base in node.bases
        if _name(base) in found and node.name not in found and not _has_init(node)
    }:
        found |= inherited
    return found


def _place(function: Function) -> int | None:
    names = [each.arg for each in function.args.args]
    is_method = names[:1] == ["self"]
    return names.index("template") - is_method if "template" in names else None


def _has_init(node: ast.ClassDef) -> bool:
    return any(isinstance(each, Function) and each.name == "__init__" for each in node.body)


def _name(node: ast.expr) -> str:
    return getattr(node, "id", None) or getattr(node, "attr", "")


def problems(
    place: str, tree: ast.Module, known: Mapping[str, int], constants: Mapping[str, str]
) -> Iterator[tuple[int, str]]:
    """(line, what is wrong)."""
    constants = {**constants, **literals(tree)}
    if place.startswith(("browser/", "pages/")):
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and node.attr == "message":
                yield node.lineno, "message is for the wire; a page says words(error.text)"
    for scope, call in _calls(tree):
        name = _name(call.func)
        if name == "format" and ast.unparse(call.func).startswith("texts."):
            yield call.lineno, "a text is formatted; give the error the template and its arguments"
        at = known.get(f"{place}:{name}", known.get(name))
        if name == "__init__" and ast.unparse(call.func).startswith("super()"):
            at = known.get(_base_of(tree, call))
        if at is None or len(call.args) <= at or any(isinstance(each, ast.Starred) for each in call.args[: at + 1]):
            continue
        template = call.args[at]
        if not _is_template(template, scope) and ast.unparse(template) not in LISTED.get(place, ()):
            yield call.lineno, f"{name} wants a template, a constant, and its arguments; not {ast.unparse(template)}"
            continue
        text = template.value if isinstance(template, ast.Constant) else constants.get(_name(template))
        given = _given(name, call, at)
        if isinstance(text, str) and given is not None and given != (wanted := holes(text)):
            yield call.lineno, f"{ast.unparse(template)} wants {wanted} arguments and gets {given}"


def _calls(node: ast.AST, scope: Function | None = None) -> Iterator[tuple[Function | None, ast.Call]]:
    """Every call, with the innermost function around it."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Call):
            yield scope, child
        yield from _calls(child, child if isinstance(child, Function) else scope)


def _base_of(tree: ast.Module, call: ast.Call) -> str:
    around = [each for each in ast.walk(tree) if isinstance(each, ast.ClassDef) and call in ast.walk(each)]
    return _name(around[-1].bases[0]) if around and around[-1].bases else ""


def _is_template(node: ast.expr, scope: Function | None) -> bool:
    match node:
        case ast.Constant():
            return True
        case ast.IfExp():
            return _is_template(node.body, scope) and _is_template(node.orelse, scope)
        case ast.Subscript():  # one of a table
            return _name(node.value).isupper()
        case ast.Attribute():
            return node.attr.isupper() or node.attr in KEPT
        case ast.Name():
            return node.id.isupper() or node.id == "template" or _is_chosen(node.id, scope)
        case ast.BoolOp():
            return all(_is_template(each, scope) for each in node.values)
        case _:
            return False


def _is_chosen(name: str, scope: Function | None) -> bool:
    """Whether all that a function assigns to a name of its own are templates."""
    found: list[bool] = []
    for each in ast.walk(scope) if scope is not None else ():
        targets = each.targets if isinstance(each, ast.Assign) else [getattr(each, "target", None)]
        if any(isinstance(target, ast.Name) and target.id == name for target in targets):
            found.append(
                isinstance(each, ast.Assign | ast.AnnAssign)
                and each.value is not None
                and _is_template(each.value, scope)
            )
    return bool(found) and all(found)


def _given(name: str, call: ast.Call, at: int) -> int | None:
    """How many arguments come behind the template; None where that cannot be seen."""
    behind = call.args[at + 1 :]
    if name == "Text":
        if behind and not isinstance(behind[0], ast.Tuple):
            return None
        behind = behind[0].elts if behind and isinstance(behind[0], ast.Tuple) else []
    elif name != "__init__" and not name[:1].isupper():  # a function, which has more to be given
        return None
    return None if any(isinstance(each, ast.Starred) for each in behind) else len(behind)


def holes(template: str) -> int:
    """How many different arguments go into a template. Braces with anything else in them are those of a text without any."""
    try:
        names = [name for _, name, _, _ in string.Formatter().parse(template) if name is not None]
    except ValueError:
        return 0
    return max(names.count(""), len({name for name in names if name.isdecimal()}))


def literals(tree: ast.Module) -> dict[str, str]:
    assigned = [each for each in tree.body if isinstance(each, ast.Assign) and isinstance(each.value, ast.Constant)]
    return {_name(each.targets[0]): each.value.value for each in assigned if isinstance(each.value.value, str)}


def main() -> None:
    trees = {path.relative_to(SOURCE).as_posix(): ast.parse(path.read_text()) for path in sorted(SOURCE.rglob("*.py"))}
    known = takers(trees)
    constants = next((literals(tree) for place, tree in trees.items() if place.endswith("/texts.py")), {})
    found = [
        f"{SOURCE / place}:{line}: {problem}\n"
        for place, tree in trees.items()
        for line, problem in problems(place, tree, known, constants)
    ]
    sys.stderr.writelines(found)
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()

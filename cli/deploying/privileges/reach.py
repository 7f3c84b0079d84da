"""Which functions can run where others do, and which AWS operations they ask for.

Types are followed by annotations: what a port is asked for is looked for in the adapters that are built on the way,
so that a process is not credited with adapters that only others build. What cannot be followed counts as asked of
everything that is built and has a method of that name: what is found is never too little on that account.
"""

import ast
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache

from cli.deploying.privileges.operations import asked_by
from cli.deploying.privileges.sources import ClassSource, ModuleSource, Sources


@dataclass(frozen=True, eq=False)
class Scope:
    """Where an expression stands."""

    module: ModuleSource
    owner: ClassSource | None
    function: ast.AST
    names: dict[str, ast.expr] = field(default_factory=dict)


class Reach:
    """What can run from some functions on."""

    def __init__(self, sources: Sources) -> None:
        """Begin with nothing."""
        self._sources = sources
        self._seen: set[ast.AST] = set()
        self._todo: list[Scope] = []
        self._demands: defaultdict[str, dict[ClassSource | None, None]] = defaultdict(dict)
        """What is asked for by name, and of which kinds; None is anything."""
        self._having: defaultdict[str, list[ClassSource]] = defaultdict(list)
        self.built: dict[ClassSource, None] = {}
        self.named: dict[ClassSource, None] = {}
        """Classes that functions name; those that constants hold are built, but nobody need have asked for them."""
        self.operations: set[str] = set()

    def add(self, module: ModuleSource, body: ast.AST, owner: ClassSource | None = None) -> None:
        """Let a function, or an expression of a module, be one that runs."""
        if body not in self._seen:
            self._seen.add(body)
            self._todo.append(Scope(module, owner, body, _names(body)))

    def add_all_of(self, module: ModuleSource) -> None:
        """Let everything of a module run."""
        for function in module.functions.values():
            self.add(module, function)
        for one in module.classes.values():
            self._build(one)
            for method in one.methods.values():
                self.add(module, method, one)

    def follow(self) -> "Reach":
        """Go on until nothing new is found."""
        while self._todo:
            self._scan(self._todo.pop())
        return self

    def runs(self, function: ast.AST) -> bool:
        """Tell whether a function was found to run."""
        return function in self._seen

    def _scan(self, scope: Scope) -> None:
        nodes, asked = _run(scope.function)
        self.operations |= asked
        for node in nodes:
            match node:
                case ast.Name(id=name, ctx=ast.Load()):
                    self._use(scope, name)
                case ast.Attribute(attr=name):
                    self._demand(scope, node, name)

    def _use(self, scope: Scope, name: str) -> None:
        match self._sources.look_up(scope.module, name):
            case ClassSource() as found:
                self._build(found)
                if isinstance(scope.function, ast.FunctionDef | ast.AsyncFunctionDef):
                    self.named[found] = None
            case (module, body):
                self.add(module, body)

    def _demand(self, scope: Scope, node: ast.Attribute, name: str) -> None:
        if isinstance(node.value, ast.Name):
            named = self._sources.look_up(scope.module, node.value.id)
            if isinstance(named, ModuleSource):
                self._use(Scope(named, None, node), name)
                return
            if node.value.id not in scope.names and self._sources.is_foreign(scope.module, node.value.id):
                return
        wanted: list[ClassSource | None] = [*self._types(scope, node.value)] or [None]
        for kind in wanted:
            if kind not in self._demands[name]:
                self._demands[name][kind] = None
                self._meet(kind, name)

    def _meet(self, kind: ClassSource | None, name: str) -> None:
        if kind is not None and not kind.is_protocol:
            self._run_method(kind, name)
        for one in self._having[name]:
            if self._serves(one, kind):
                self._run_method(one, name)

    def _build(self, found: ClassSource) -> None:
        if found in self.built or found.is_protocol:
            return
        self.built[found] = None
        for name in self._sources.methods(found):
            if name.startswith("__") and name.endswith("__"):
                self._run_method(found, name)
                continue
            self._having[name].append(found)
            if any(self._serves(found, kind) for kind in self._demands.get(name, ())):
                self._run_method(found, name)

    def _run_method(self, found: ClassSource, name: str) -> None:
        standing = self._sources.method(found, name)
        if standing is not None:
            owner, function = standing
            self.add(owner.module, function, found)

    def _serves(self, found: ClassSource, kind: ClassSource | None) -> bool:
        return kind is None or self._sources.serves(found, kind)

    def _types(self, scope: Scope, node: ast.expr, depth: int = 6) -> Iterator[ClassSource]:
        """Yield the classes that an expression's value may be of; none where that is not known."""
        if depth == 0:
            return
        match node:
            case ast.Name(id=name):
                yield from self._of_name(scope, name, depth - 1)
            case ast.Constant(value=str() as text) if text.isidentifier():
                yield from self._types(scope, ast.Name(text, ast.Load()), depth - 1)
            case ast.BinOp(left=left, right=right):
                yield from (kind for part in (left, right) for kind in self._types(scope, part, depth - 1))
            case ast.Attribute(value=value, attr=name):
                for kind in self._types(scope, value, depth - 1):
                    yield from self._of_attribute(kind, name, depth - 1)
            case ast.Call(func=called):
                yield from self._of_call(scope, called, depth - 1)

    def _of_name(self, scope: Scope, name: str, depth: int) -> Iterator[ClassSource]:
        if name in ("self", "cls") and scope.owner is not None:
            yield scope.owner
        elif name in scope.names:
            inner = Scope(scope.module, scope.owner, scope.function, scope.names | {name: ast.Constant(None)})
            yield from self._types(inner, scope.names[name], depth)
        elif isinstance(found := self._sources.look_up(scope.module, name), ClassSource):
            yield found

    def _of_attribute(self, kind: ClassSource, name: str, depth: int) -> Iterator[ClassSource]:
        for one in self._sources.line_of(kind):
            if name in one.fields:
                begin = one.methods.get("__init__")
                inside = Scope(one.module, kind, one.node, _names(begin) if begin else {})
                yield from self._types(inside, one.fields[name], depth)
                return
            if name in one.methods:
                returned = one.methods[name].returns
                if returned is not None:
                    yield from self._types(Scope(one.module, kind, one.node), returned, depth)
                return

    def _of_call(self, scope: Scope, called: ast.expr, depth: int) -> Iterator[ClassSource]:
        if isinstance(called, ast.Name):
            match self._sources.look_up(scope.module, called.id):
                case ClassSource() as found:
                    yield found
                case (module, ast.FunctionDef(returns=ast.expr() as returned)):
                    yield from self._types(Scope(module, None, returned), returned, depth)
        else:
            yield from self._types(scope, called, depth)


@cache
def _run(body: ast.AST) -> tuple[list[ast.Name | ast.Attribute], frozenset[str]]:
    """Return the names in what is run of a function when it is called, and the operations asked for there.

    Neither annotations nor decorators are.
    """
    found: list[ast.Name | ast.Attribute] = []
    asked: set[str] = set()
    parts: list[ast.AST] = [body]
    while parts:
        node = parts.pop()
        asked |= asked_by(node)
        if isinstance(node, ast.Name | ast.Attribute):
            found.append(node)
        for name, value in ast.iter_fields(node):
            if name not in ("annotation", "returns", "decorator_list"):
                parts += [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, ast.AST)]
    return found, frozenset(asked)


@cache
def _names(body: ast.AST) -> dict[str, ast.expr]:
    """Return the annotations of a function's arguments, and what its names are given."""
    if not isinstance(body, ast.FunctionDef | ast.AsyncFunctionDef):
        return {}
    arguments = (*body.args.posonlyargs, *body.args.args, *body.args.kwonlyargs)
    found = {one.arg: one.annotation for one in arguments if one.annotation is not None}
    for node in ast.walk(body):
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                found.setdefault(name, value)
    return found

"""The code as text: its modules, classes and functions by name, and what a name in one of them stands for."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

PACKAGES = ("shared", "web", "workers")
NOT_DEPLOYED = "shared.adapters.memory"
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(eq=False)
class ClassSource:
    """A class: where it stands, its methods and properties, and its fields' types as they are annotated."""

    module: "ModuleSource"
    node: ast.ClassDef
    methods: dict[str, Function] = field(default_factory=dict)
    fields: dict[str, ast.expr] = field(default_factory=dict)
    """Annotations, and for `self.x = argument` the argument's; what is computed stands as its expression."""

    @property
    def name(self) -> str:
        """Return the class's name in its module."""
        return self.node.name

    @cached_property
    def is_protocol(self) -> bool:
        """Tell whether it is a port: whatever has its methods is one."""
        return any("Protocol" in ast.unparse(base) for base in self.node.bases)


@dataclass(eq=False)
class ModuleSource:
    """A module: its classes, functions and constants, and whence its imported names come."""

    name: str
    tree: ast.Module
    imports: dict[str, str] = field(default_factory=dict)
    classes: dict[str, ClassSource] = field(default_factory=dict)
    functions: dict[str, Function] = field(default_factory=dict)
    constants: dict[str, ast.expr] = field(default_factory=dict)


Found = ClassSource | ModuleSource | tuple[ModuleSource, Function] | tuple[ModuleSource, ast.expr] | None


class Sources:
    """All modules of the packages under a root, read once; nothing of them is run."""

    def __init__(self, root: Path) -> None:
        """Read the files."""
        paths = [path for package in PACKAGES for path in sorted((root / package).rglob("*.py"))]
        named = {".".join(path.relative_to(root).with_suffix("").parts): path for path in paths}
        self._lines: dict[ClassSource, tuple[ClassSource, ...]] = {}
        self._methods: dict[ClassSource, dict[str, tuple[ClassSource, Function]]] = {}
        self._serving: dict[tuple[ClassSource, ClassSource], bool] = {}
        self.modules = {
            name.removesuffix(".__init__"): _module(name.removesuffix(".__init__"), ast.parse(path.read_text("utf-8")))
            for name, path in named.items()
            if not name.startswith(NOT_DEPLOYED)
        }

    def look_up(self, module: ModuleSource, name: str) -> Found:
        """Return what a name stands for in a module; None for what is not ours, or not known."""
        if name in module.classes:
            return module.classes[name]
        if name in module.functions:
            return module, module.functions[name]
        if name in module.imports:
            return self._imported(module.imports[name])
        return (module, module.constants[name]) if name in module.constants else None

    def is_foreign(self, module: ModuleSource, name: str) -> bool:
        """Tell whether a name stands for other people's code, or for what that made."""
        if name in module.imports and self.look_up(module, name) is None:
            return True
        match module.constants.get(name):
            case ast.Call(func=ast.Name(id=made) | ast.Attribute(value=ast.Name(id=made))):
                return made in module.imports and self.look_up(module, made) is None
        return False

    def line_of(self, found: ClassSource) -> tuple[ClassSource, ...]:
        """Return a class and all that it descends from, nearest first."""
        if found not in self._lines:
            above = [self._class_named(found.module, base) for base in found.node.bases]
            lines = [self.line_of(one) for one in above if one is not None]
            self._lines[found] = tuple(dict.fromkeys([found, *(one for line in lines for one in line)]))
        return self._lines[found]

    def method(self, found: ClassSource, name: str) -> tuple[ClassSource, Function] | None:
        """Return a method as a class has it, and the class that it stands in."""
        return self.methods(found).get(name)

    def methods(self, found: ClassSource) -> dict[str, tuple[ClassSource, Function]]:
        """Return all methods of a class by name, each with the class that it stands in."""
        if found not in self._methods:
            line = reversed(self.line_of(found))
            self._methods[found] = {name: (one, method) for one in line for name, method in one.methods.items()}
        return self._methods[found]

    def serves(self, found: ClassSource, kind: ClassSource) -> bool:
        """Tell whether a class is of a kind: it descends from it, or has all that a port asks for."""
        if (found, kind) not in self._serving:
            line = self.line_of(found)
            own = self.methods(found).keys()
            has_all = all(name in own or any(name in one.fields for one in line) for name in self.methods(kind))
            self._serving[found, kind] = has_all if kind.is_protocol else kind in line
        return self._serving[found, kind]

    def _class_named(self, module: ModuleSource, base: ast.expr) -> ClassSource | None:
        named = base.value if isinstance(base, ast.Subscript) else base
        found = self.look_up(module, named.id) if isinstance(named, ast.Name) else None
        return found if isinstance(found, ClassSource) else None

    def _imported(self, target: str) -> Found:
        if target in self.modules:
            return self.modules[target]
        place, _, name = target.rpartition(".")
        return self.look_up(self.modules[place], name) if place in self.modules else None


def _module(name: str, tree: ast.Module) -> ModuleSource:
    found = ModuleSource(name, tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found.imports.update({one.asname or one.name.partition(".")[0]: one.name for one in node.names})
        if isinstance(node, ast.ImportFrom):
            origin = ".".join(name.split(".")[: -node.level]) + "." if node.level else ""
            for one in node.names:
                found.imports[one.asname or one.name] = f"{origin}{node.module or ''}.{one.name}".strip(".")
    for statement in tree.body:
        _note(found, statement)
    return found


def _note(found: ModuleSource, statement: ast.stmt) -> None:
    match statement:
        case ast.ClassDef(name=name):
            found.classes[name] = _class(found, statement)
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
            found.functions[name] = statement
        case (
            ast.Assign(targets=[ast.Name(id=name)], value=value)
            | ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value)
        ):
            found.constants[name] = value


def _class(module: ModuleSource, node: ast.ClassDef) -> ClassSource:
    found = ClassSource(module, node)
    for statement in node.body:
        match statement:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                found.methods[name] = statement
            case ast.AnnAssign(target=ast.Name(id=name), annotation=annotation):
                found.fields[name] = annotation
    if (begin := found.methods.get("__init__")) is not None:
        found.fields.update(_kept(begin))
    return found


def _kept(begin: Function) -> Iterator[tuple[str, ast.expr]]:
    """Yield the attributes that `__init__` sets, with the argument's annotation or the expression."""
    given = {one.arg: one.annotation for one in (*begin.args.args, *begin.args.kwonlyargs) if one.annotation}
    for node in ast.walk(begin):
        if not isinstance(node, ast.Assign):
            continue
        for target in node.targets:
            yield from _pairs(target, node.value, given)


def _pairs(target: ast.expr, value: ast.expr, given: dict[str, ast.expr]) -> Iterator[tuple[str, ast.expr]]:
    match target, value:
        case ast.Tuple(elts=targets), ast.Tuple(elts=values):
            for one, other in zip(targets, values, strict=True):
                yield from _pairs(one, other, given)
        case ast.Attribute(value=ast.Name(id="self"), attr=name), ast.Name(id=argument):
            yield name, given.get(argument, value)
        case ast.Attribute(value=ast.Name(id="self"), attr=name), _:
            yield name, value

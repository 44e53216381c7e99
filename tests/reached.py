"""Which names of a program are reached from where it begins, and which are there for nobody but the tests.

Functions, classes and constants are followed through imports and modules, so that a name used only by an unused one is
unused too; methods and properties by name alone, in code that is reached and in templates.
"""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

Target = tuple[str, str]  # module and name; without a name the module itself
# What these decorators are put on runs by itself.
REGISTERING = {"get", "post", "own", "own_network", "command", "listens_for", "before_app_request"}
ADDRESS = re.compile(r"(\w+(?:\.\w+)+)(?::(\w+))?")
IMPORT = re.compile(r"^from ([\w.]+) import (\w+)$", re.MULTILINE)
HARMLESS = {"Exception", "Protocol", "NamedTuple", "IntEnum", "StrEnum"}  # bases that call no method made for them
SCOPES = (ast.FunctionDef, ast.Lambda, ast.GeneratorExp, ast.ListComp, ast.SetComp, ast.DictComp)


@dataclass
class Uses:
    """What a piece of code mentions."""

    targets: set[Target] = field(default_factory=set)
    attributes: set[str] = field(default_factory=set)


@dataclass
class Module:
    name: str
    source: str
    all: Mapping[str, str]  # module: source

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.source)

    @cached_property
    def definitions(self) -> dict[str, ast.stmt]:
        return {name: node for node in self.tree.body for name in _defined(node)}

    @cached_property
    def imported(self) -> dict[str, Target]:
        """{name here: what it is}, of our own modules only."""
        found: dict[str, Target] = {}
        for node in (each for each in self.tree.body if isinstance(each, ast.ImportFrom) and each.module):
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                found[alias.asname or alias.name] = (whole, "") if whole in self.all else (str(node.module), alias.name)
        return {here: target for here, target in found.items() if target[0] in self.all}

    def uses(self, *nodes: ast.AST, but: Iterable[ast.AST] = ()) -> Uses:
        found = Uses()
        for node in nodes:
            self._note(node, found, {id(each) for each in but}, frozenset())
        return found

    def _note(self, node: ast.AST, found: Uses, but: set[int], hidden: frozenset[str]) -> None:
        if id(node) in but:
            return
        if isinstance(node, SCOPES):
            hidden |= _local(node)
        module = None
        if isinstance(node, ast.Attribute):
            found.attributes.add(node.attr)
            if isinstance(node.value, ast.Name) and node.value.id not in hidden:
                module, name = self.imported.get(node.value.id, ("", "nothing"))
                if module and not name:  # looked into, not handed on
                    found.targets.add((module, node.attr))
                    return
        elif isinstance(node, ast.Name) and node.id not in hidden and isinstance(node.ctx, ast.Load):
            found.targets.add(self.imported.get(node.id, (self.name, node.id)))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            self._note_text(node.value, found)
        for child in ast.iter_child_nodes(node):
            self._note(child, found, but, hidden)

    def _note_text(self, text: str, found: Uses) -> None:
        """An address of code, code for another process, the name of a class in an annotation, or of an attribute."""
        found.targets |= set(IMPORT.findall(text))
        if address := ADDRESS.fullmatch(text):
            found.targets.add((address[1], address[2] or ""))
        if text.isidentifier():
            found.attributes.add(text)
        if text.isidentifier() and text[0].isupper():
            found.targets.add(self.imported.get(text, (self.name, text)))


def _local(scope: ast.AST) -> set[str]:
    inside = list(ast.walk(scope))
    stored = {each.id for each in inside if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)}
    return stored | {each.arg for each in inside if isinstance(each, ast.arg)}


def _defined(node: ast.stmt) -> list[str]:
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return [node.name]
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    flat = [each for target in targets for each in (target.elts if isinstance(target, ast.Tuple) else [target])]
    return [each.id for each in flat if isinstance(each, ast.Name)]


def _registered(node: ast.stmt) -> bool:
    called = [each.func if isinstance(each, ast.Call) else each for each in getattr(node, "decorator_list", ())]
    return any(
        isinstance(each, ast.Attribute) and each.attr in REGISTERING and getattr(each.value, "id", "") != "click"
        for each in called
    )


def _methods(node: ast.ClassDef) -> Iterator[ast.FunctionDef]:
    return (each for each in node.body if isinstance(each, ast.FunctionDef))


class Program:
    """`roots`: where it begins; `mentioned`: names that templates use."""

    def __init__(self, modules: Mapping[str, str], roots: Iterable[Target], mentioned: Iterable[str] = ()) -> None:
        self.modules = {name: Module(name, source, modules) for name, source in modules.items()}
        self.loaded: set[str] = set()
        self.handed_on: set[str] = set()  # modules used as values: whatever is asked of them by name may be meant
        self.reached: set[Target] = set()
        self.methods: set[tuple[str, str, str]] = set()
        self.attributes = set(mentioned)
        self._follow(Uses(set(roots)))
        before = -1
        while before != (before := len(self.reached) + len(self.methods)):
            self._follow_names()

    def unused(self) -> list[str]:
        out = []
        for module in self.modules.values():
            for name, node in module.definitions.items():
                if (module.name, name) not in self.reached and not name.startswith("__"):
                    out.append(f"{module.name}.{name}")
                elif isinstance(node, ast.ClassDef):
                    there = ((module.name, name, method.name) for method in _methods(node))
                    out += [".".join(each) for each in there if each not in self.methods]
        return sorted(out)

    def _follow(self, uses: Uses) -> None:
        waiting = [uses]
        while waiting:
            found = waiting.pop()
            self.attributes |= found.attributes
            waiting += [new for target in found.targets for new in self._reach(*target)]

    def _reach(self, name: str, what: str) -> list[Uses]:
        module = self.modules.get(name)
        if module is None:
            return []
        found = self._load(module)
        node = module.definitions.get(what)
        if not what:
            self.handed_on.add(name)
        elif node is None and what in module.imported:
            found.append(Uses({module.imported[what]}))
        elif node is not None and (name, what) not in self.reached:
            self.reached.add((name, what))
            found.append(module.uses(node, but=_methods(node) if isinstance(node, ast.ClassDef) else ()))
        return found

    def _load(self, module: Module) -> list[Uses]:
        """Its statements run: other modules are loaded, functions registered."""
        if module.name in self.loaded:
            return []
        self.loaded.add(module.name)
        parent = self.modules.get(module.name.rpartition(".")[0])
        others = [parent, *(self.modules[name] for name, _what in module.imported.values())]
        found = [new for other in others if other for new in self._load(other)]
        plain = [node for node in module.tree.body if not _defined(node)]
        itself = {(module.name, name) for name, node in module.definitions.items() if _registered(node)}
        return [*found, module.uses(*plain), Uses(itself)]

    def _follow_names(self) -> None:
        """What is only known by its name: of a module that is handed on, and of a class."""
        for name in sorted(self.handed_on):
            self._follow(Uses({(name, what) for what in self.modules[name].definitions if what in self.attributes}))
        for name, what in sorted(self.reached):
            node = self.modules[name].definitions[what]
            for method in _methods(node) if isinstance(node, ast.ClassDef) else ():
                known = (
                    method.name in self.attributes or method.name.startswith("__") or self._made_for_others(name, node)
                )
                if known and (name, what, method.name) not in self.methods:
                    self.methods.add((name, what, method.name))
                    self._follow(self.modules[name].uses(method))

    def _made_for_others(self, name: str, node: ast.stmt) -> bool:
        """A class of somebody else's kind, or of one of ours that is: its methods are called from there."""
        module = self.modules[name]
        bases = {getattr(base, "id", "") for base in node.bases} - HARMLESS if isinstance(node, ast.ClassDef) else set()
        ours = {base: module.imported.get(base, (name, base)) for base in bases}
        found = {base: self.modules[where].definitions.get(what) for base, (where, what) in ours.items()}
        return any(found[base] is None or self._made_for_others(ours[base][0], found[base]) for base in bases)

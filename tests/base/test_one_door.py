"""Every file of a user goes through one door, and nothing in one is ever run: held over the source itself."""

from __future__ import annotations

import ast
from pathlib import Path

import borderlab

SOURCE = Path(borderlab.__file__).parent
FILES = sorted(SOURCE.rglob("*.py"))

# What opens a file. A name alone is a call like open(…); a name after a dot is a call on anything.
OPENERS = {"open", "fdopen", "read_text", "read_bytes", "load", "loadtxt", "genfromtxt", "fromfile", "memmap",
           "ZipFile", "GzipFile", "read_csv", "read_parquet", "import_module", "run_path"}  # fmt: skip
MAKERS = {"mkdir", "makedirs", "write_text", "write_bytes", "mkdtemp", "mkstemp", "rmtree", "unlink", "rename",
          "replace_file", "symlink_to", "touch"}  # fmt: skip

# Where something is opened that is not a user's: what ships with the package, what a cache of our own holds, a working
# copy that the program itself has just made; each with what it opens.
OWN = {
    "base/inputfile.py": "the door",
    "base/safefile.py": "parts of our own, and the folder that is locked",
    "base/lock.py": "the lock of a folder, never through a link",
    "base/printing.py": "the null device",
    "base/machine.py": "what the kernel says of memory",
    "__init__.py": "modules of the package, by names of its own",
    "base/identity.py": "the package's own code and tables",
    "base/kernels.py": "the package's own code; stored code of our own, checked",
    "evidence/tables/table.py": "shipped tables",
    "evidence/catalogue/catalogue.py": "shipped tables",
    "evidence/provenance/usage.py": "the package's own code",
    "report/page/vega.py": "the chart bundle in our cache",
    "report/page/html.py": "shipped page parts",
    "report/page/map.py": "the shipped map",
    "crossings/surfaces/surface.py": "shipped surfaces and those of our cache",
    "explore/running/arrays.py": "members of a file that came through the door, or of a part of our own",
    "crossings/fitting/csv_file.py": "bytes that came through the door",
    "observe/reading/rawfile.py": "working copies of files that came through the door",
    "observe/reading/containers.py": "members of a file that came through the door; working copies",
    "observe/reading/staging.py": "working copies",
    "observe/store/store.py": "the store's own files",
    "observe/store/fetch.py": "a download into a working copy",
    "strategy/file/free_numbers.py": "text in memory",
    "strategy/file/parse.py": "text in memory",
    "base/yamlfile.py": "text in memory",
    "report/story/run.py": "the part of a folder that is being written",
}
MADE = {
    "base/safefile.py": "the place where output is made",
    "explore/running/store.py": "parts of our own that a killed run left",
    "base/kernels.py": "our cache",
    "observe/store/store.py": "the store",
    "base/lock.py": "the lock of a folder",
}


def calls(path):
    """(name, line, the call, the function around it) of every call in a file."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    around: dict[ast.AST, ast.AST | None] = {}

    def walk(node, function):
        for child in ast.iter_child_nodes(node):
            inside = child if isinstance(child, ast.FunctionDef) else function
            around[child] = inside
            walk(child, inside)

    walk(tree, None)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", None) or getattr(node.func, "attr", None)
            yield name, node.lineno, node, around[node]


def relative(path):
    return path.relative_to(SOURCE).as_posix()


def test_only_the_door_opens_what_a_user_names():
    found = [
        f"{relative(path)}:{line}: {name}(…)"
        for path in FILES
        if relative(path) not in OWN
        for name, line, call, _ in calls(path)
        if name in OPENERS and not _harmless(name, call)
    ]
    assert not found, "open a user's file by borderlab.base.inputfile, or say in this test what of our own it is"


def _harmless(name, call):
    """Store.open and the like read through the door; a bare read_text(…) is the door's own; a method of ours."""
    owner = getattr(getattr(call.func, "value", None), "id", "")
    bare = isinstance(call.func, ast.Name) and name in ("read_text", "read_bytes")
    return bare or (name == "open" and owner in ("Store", "cls", "opener", "webbrowser"))


def test_only_the_safe_place_makes_what_a_user_is_given():
    found = []
    for path in FILES:
        if relative(path) in MADE:
            continue
        text = path.read_text(encoding="utf-8")
        found += [
            f"{relative(path)}:{line}: {name}(…)"
            for name, line, _, function in calls(path)
            if name in MAKERS and not _in_a_part(text, function)
        ]
    assert not found, "write by borderlab.base.safefile"


def _in_a_part(text, function):
    """Written within a block of whole_file or whole_folder, or into a part that such a block handed over."""
    if function is None:
        return False
    segment = ast.get_source_segment(text, function) or ""
    handed = {argument.arg for argument in function.args.args} & {"part", "folder", "path", "store"}
    return "whole_file(" in segment or "whole_folder(" in segment or "TemporaryDirectory(" in segment or bool(handed)


def test_the_lists_of_what_is_our_own_name_files_that_are_there():
    gone = [name for name in {**OWN, **MADE} if not (SOURCE / name).exists()]
    assert not gone


RUNNERS = {"pickle", "cPickle", "dill", "cloudpickle", "marshal", "shelve", "joblib", "importlib", "runpy", "code",
           "subprocess", "ctypes", "cffi", "imp"}  # fmt: skip
RUNS = {"eval", "exec", "compile", "__import__", "system", "popen", "spawnv", "execv"}
ALLOWED = {
    ("__init__.py", "importlib"): "modules of the package, by names that stand there",
    ("report/page/vega.py", "importlib"): "importlib.metadata: which version of a library is installed",
    ("base/identity.py", "importlib"): "importlib.metadata: which versions of libraries are installed",
    ("base/kernels.py", "importlib"): "importlib.metadata: which versions of compilers are installed",
    ("model/core/course.py", "exec"): "our own course, written from the declared modules",
    ("model/core/course.py", "compile"): "our own course, written from the declared modules",
    ("base/kernels.py", "pickle"): "numba's own store, which we read only where its checksum holds",
}


def test_nothing_in_the_source_can_run_what_a_file_says():
    found = [fault for path in FILES for fault in runs(path)]
    assert not found


def runs(path):
    """What in a file of the source could run something that is not its own text."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = []
    for node in ast.walk(tree):
        names = []
        if isinstance(node, ast.Import):
            names = [one.name.split(".")[0] for one in node.names]
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names = [(node.module or "").split(".")[0]]
        found += [name for name in names if name in RUNNERS]
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", None)
            attribute = getattr(node.func, "attr", None)
            owner = getattr(getattr(node.func, "value", None), "id", "")
            if name in RUNS or (attribute in RUNS and owner in ("os", "builtins")):
                found.append(f"{name or attribute}(…) on line {node.lineno}")
            for keyword in node.keywords:
                if keyword.arg == "allow_pickle" and getattr(keyword.value, "value", None) is not False:
                    found.append(f"allow_pickle on line {node.lineno}")
    return [f"{relative(path)}: {fault}" for fault in found if (relative(path), fault.split("(")[0]) not in ALLOWED]

"""The budgets of the house: nothing grows past what one screen and one head can hold."""

from statistics import median

from tests.house.sources import ROOT, length, sources, templates

CODE = (*sources("portal"), *sources("tools"))


def test_no_file_is_longer_than_300_lines():
    long = {str(source): source.lines for source in (*CODE, *sources("tests")) if source.lines > 300}
    assert not long


def test_the_shared_fixtures_stay_under_150_lines():
    long = {str(s): s.lines for s in sources("tests") if s.path.name == "conftest.py" and s.lines > 150}
    assert not long


def test_half_the_files_are_shorter_than_80_lines():
    assert median(source.lines for source in sources("portal")) <= 80


def test_no_function_is_longer_than_40_lines():
    long = {
        f"{source}:{node.lineno} {node.name}": length(node)
        for source in (*CODE, *sources("tests"))
        for node in source.functions()
        if length(node) > 40
    }
    assert not long


def test_half_the_functions_are_shorter_than_8_lines():
    assert median(length(node) for source in CODE for node in source.functions()) <= 8


def test_no_view_is_longer_than_20_lines():
    long = {
        f"{source}:{node.lineno} {node.name}": length(node)
        for source in CODE
        if source.path.match("portal/**/*.py") and source.is_furniture("views")
        for node in source.functions()
        if length(node) > 20
    }
    assert not long


def test_no_template_is_longer_than_120_lines():
    lines = {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in templates()}
    assert not {name: number for name, number in lines.items() if number > 120}


def test_there_are_four_layouts_at_most():
    assert len([path for path in templates() if path.parent.name == "layouts"]) <= 4

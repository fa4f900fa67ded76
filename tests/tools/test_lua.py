from __future__ import annotations

from pathlib import Path

import pytest

from tools.lua import ROOT, Script, lint


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("local x = = 2", "syntax errors: line 1:10"),
        ("local a = 1\nreturn a + b.c", "line 2: nothing declares b"),
        ("local a = ARGV\nreturn {[key] = a}", "line 2: nothing declares key"),
        ("total = 1", "line 1: nothing declares total"),
        (
            "if ARGV[1] then\n  local a = 1\n  return a\nelse\n  return a\nend",
            "line 5: nothing declares a",
        ),
        ("do\n  local a = 1\n  return a\nend\nreturn a", "line 5: nothing declares a"),
        ("local a = a\nreturn a", "line 1: nothing declares a"),
        ("return function() return missing() end", "line 1: nothing declares missing"),
        ("local a, b = 1, 2\nreturn a", "line 1: nothing reads the local b"),
        ("for i = 1, 2 do redis.log(1) end", "line 1: nothing reads the local i"),
        ("local function f() return 1 end", "line 1: nothing reads the local f"),
    ],
)
def test_a_problem_is_told_with_its_line(text: str, problem: str) -> None:
    script = Script(text)
    (told,) = script.problems + script.unread()
    assert told.startswith(problem)


@pytest.mark.parametrize(
    "text",
    [
        "local _, path = KEYS[1], ARGV[1]\nreturn path:upper().length",
        "local n = 0\nrepeat\n  local done = n > 3\n  n = n + 1\nuntil done",
        "local function depth(n) return n == 0 and 0 or depth(n - 1) end\nreturn depth(3)",
        "for _, name in ipairs(KEYS) do redis.call('SET', name, cjson.encode({type = name})) end",
        "local function join(...) return table.concat({...}, ':') end\nreturn join(unpack(ARGV))",
    ],
)
def test_a_sound_script_has_no_problem(text: str) -> None:
    script = Script(text)
    assert script.problems + script.unread() == []


def test_what_the_common_file_declares_may_be_used_and_must_be(tmp_path: Path) -> None:
    (tmp_path / "common.lua").write_text("local used = 1\nlocal unused = 2\n")
    (tmp_path / "a.lua").write_text("return used\n")
    (told,) = lint(tmp_path)
    assert told == f"{tmp_path}/common.lua: line 2: nothing reads the local unused"


@pytest.mark.slow
def test_the_scripts_are_there_and_sound() -> None:
    folder = ROOT / "rewriter" / "queue" / "lua"
    assert list(folder.glob("*.lua"))
    assert list(lint(folder)) == []

"""What a person expects of a command: help with examples, completion, suggestions, defaults, colours, more or less said."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest

from wikicable import cli
from wikicable.cli import COMMANDS
from wikicable.commands.output import account
from wikicable.notices import Kind, Notice


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "page.txt").write_text("====== Title ======\n\nSome [[page]].\n", "utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


# -- help ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_of_every_command_has_examples(name, capsys):
    assert cli.run([name, "--help"]) == 0
    assert f"\n  wikicable {name} " in capsys.readouterr().out.replace(f"wikicable {name}\n", f"wikicable {name} \n")


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_says_what_it_does(name):
    command = cli.cli.get_command(click.Context(cli.cli), name)
    assert command is not None
    options = [parameter for parameter in command.params if isinstance(parameter, click.Option)]
    assert not [option.name for option in options if not option.help]


def test_what_was_most_likely_meant_is_said(capsys):
    assert cli.run(["convrt"]) == 6
    assert "did you mean convert?" in capsys.readouterr().err
    assert cli.run(["convert", "--strickt"]) == 6
    assert "--strict" in capsys.readouterr().err


# -- completion ----------------------------------------------------------------------------------


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_is_what_the_shell_understands(shell, capsys):
    assert cli.run(["completion", shell]) == 0
    script = capsys.readouterr().out
    assert "_WIKICABLE_COMPLETE" in script
    if program := shutil.which(shell):
        subprocess.run([program, "-n"], input=script.encode(), check=True)


@pytest.mark.parametrize(
    ("words", "completed"),
    [
        ("wikicable con", {"convert"}),
        ("wikicable convert -t markd", {"markdown"}),
        ("wikicable convert -f doc", {"docx", "docbook"}),
        ("wikicable convert --lua", {"--lua-filter"}),
    ],
)
def test_commands_options_and_formats_are_completed(words, completed):
    env = {
        **os.environ,
        "COMP_WORDS": words,
        "COMP_CWORD": str(words.count(" ")),
        "_WIKICABLE_COMPLETE": "bash_complete",
    }
    ran = subprocess.run([sys.executable, "-m", "wikicable"], env=env, capture_output=True, text=True, check=False)
    assert completed <= {line.partition(",")[2] for line in ran.stdout.splitlines()}


# -- defaults ------------------------------------------------------------------------------------


def test_a_file_of_defaults_is_a_command_line(folder, capsys):
    (folder / "house.yaml").write_text(
        "from: dokuwiki\nto: html\ninput-files: [page.txt]\noutput-file: ${.}/out.html\nstandalone: true\n"
        "metadata:\n  title: From the file\n  lang: ko\n",
        "utf-8",
    )
    assert cli.run(["convert", "-d", "house.yaml", "-M", "title=From the line"]) == 0
    written = (folder / "out.html").read_text("utf-8")
    assert "<title>From the line</title>" in written
    assert 'lang="ko"' in written
    assert cli.run(["convert", "-d", "house.yaml", "-t", "markdown", "-o", "out.md", "-W", "standalone=x"]) == 6


def test_the_command_line_has_the_last_word(folder, capsysbinary):
    (folder / "house.yaml").write_text("to: html\noutput-file: out.html\n", "utf-8")
    assert cli.run(["convert", "page.txt", "-d", "house.yaml", "-t", "dokuwiki", "-o", "-"]) == 0
    assert capsysbinary.readouterr().out.startswith(b"====== Title")
    assert not (folder / "out.html").exists()


def test_filters_of_a_file_of_defaults_are_taken(folder, capsysbinary):
    (folder / "up.lua").write_text("function Str(s) s.text = s.text:upper() return s end", "utf-8")
    (folder / "house.yaml").write_text("to: dokuwiki\nfilters:\n- ${.}/up.lua\n", "utf-8")
    assert cli.run(["convert", "page.txt", "--defaults", "house.yaml"]) == 0
    assert b"SOME" in capsysbinary.readouterr().out


@pytest.mark.parametrize(
    ("text", "code", "says"),
    [
        ("form: html", 6, "no key 'form'; did you mean from"),
        ("[a", 64, "not YAML"),
        ("- a", 64, "no keys with values"),
        ("metadata: 5", 6, "metadata: takes no int"),
        ("filters: [[]]", 6, "filters"),
    ],
)
def test_a_mistake_in_a_file_of_defaults_is_one_line(folder, capsys, text, code, says):
    (folder / "house.yaml").write_text(text, "utf-8")
    assert cli.run(["convert", "page.txt", "-d", "house.yaml"]) == code
    said = capsys.readouterr().err
    assert says in said
    assert said.count("\n") == 1


# -- more or less --------------------------------------------------------------------------------


def test_verbose_tells_what_is_done(folder, capsys):
    assert cli.run(["convert", "page.txt", "-t", "html", "-o", "out.html", "--verbose"]) == 0
    assert capsys.readouterr().err.startswith("page.txt: dokuwiki to html, ")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("environment", "is_coloured"), [({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)]
)
def test_colour_is_for_terminals_whose_owner_wants_it(monkeypatch, environment, is_coloured):
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    account([Notice(Kind.DROPPED, "table.colspan")], None, strict=False, quiet=False)
    assert ("\x1b[" in terminal.getvalue()) == is_coloured

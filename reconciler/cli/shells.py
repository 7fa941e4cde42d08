"""Completion as shells ask for it: the scripts, and the answers to what they ask.

Click does most of it (click.palletsprojects.com/en/stable/shell-completion). In bash, words with quotes and
brackets in them, such as ``github_issue_label.triage["bug"]``, and ``--option=value`` need a script of ours.
"""

from typing import ClassVar

import click
from click.shell_completion import BashComplete, ShellComplete, add_completion_class, get_completion_class

from reconciler.cli.invocation import Invocation

VARIABLE = "_RECONCILER_COMPLETE"
"""The environment variable by which a shell's script asks: ``bash_complete``; ``bash_source`` prints it."""

SHELLS = ("bash", "zsh", "fish")

_BASH = """\
%(complete_func)s() {
    local IFS=$'\\n' answer line type value typed="${COMP_WORDS[COMP_CWORD]}"
    answer=$(env COMP_WORDS="${COMP_WORDS[*]}" COMP_CWORD="$COMP_CWORD" \\
        %(complete_var)s=bash_complete "$1" 2>/dev/null)
    COMPREPLY=()
    while IFS= read -r line; do
        type=${line%%%%,*} value=${line#*,}
        case $type in
            dir) compopt -o dirnames 2>/dev/null ;;
            file) compopt -o default 2>/dev/null ;;
            plain)
                case $value in *=) compopt -o nospace 2>/dev/null ;; esac
                case $typed in
                    \\'*) ;;
                    \\"*) value=${value//\\\\/\\\\\\\\} value=${value//\\"/\\\\\\"} ;;
                    *) printf -v value %%q "$value" ;;
                esac
                COMPREPLY+=("$value")
                ;;
        esac
    done <<< "$answer"
}
complete -o nosort -F %(complete_func)s %(prog_name)s 2>/dev/null || \\
    complete -F %(complete_func)s %(prog_name)s
"""


class _Bash(BashComplete):
    source_template: ClassVar[str] = _BASH

    def get_completion_args(self) -> tuple[list[str], str]:
        """The words so far and the one being typed; to bash, ``--option=value`` is three words."""
        args, begun = super().get_completion_args()
        words: list[str] = []
        for word in (*args, begun):
            if words and (word == "=" or (words[-1].endswith("=") and words[-1].startswith("--"))):
                words[-1] += word
            else:
                words.append(word)
        return words[:-1], words[-1]


add_completion_class(_Bash, "bash")


def script(shell: str, command: click.Command) -> str:
    """What a shell must read so that it completes; ``shell`` is one of ``SHELLS``."""
    return _completion(shell)(command, {}, "reconciler", VARIABLE).source()


def answer(command: click.Command, invocation: Invocation) -> int:
    """Do what the environment asks for, and nothing when that makes no sense; returns the exit code."""
    shell, _, instruction = invocation.environ[VARIABLE].partition("_")
    if shell not in SHELLS or instruction not in ("source", "complete"):
        return 1
    try:
        completion = _completion(shell)(command, {"obj": invocation}, "reconciler", VARIABLE)
        click.echo(completion.source() if instruction == "source" else completion.complete())
    except (Exception, KeyboardInterrupt):  # noqa: BLE001 (somebody is typing: a traceback would be in the way)
        return 1
    return 0


def _completion(shell: str) -> type[ShellComplete]:
    found = get_completion_class(shell)
    if found is None:
        raise click.ClickException(f"click cannot complete in {shell}.")
    return found

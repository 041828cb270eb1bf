"""The door: few, plain verbs. Nothing heavy is imported until a command needs it."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable

INTERRUPTED = 130


def main() -> None:
    """Run the command line; the process ends with its exit code."""
    if sys.platform == "win32":
        # A pipe or a file there gets a code page that lacks the characters of tables and sentences.
        for stream in (sys.stdout, sys.stderr):
            stream.reconfigure(encoding="utf-8")
    code = guarded(lambda: dispatch(sys.argv[1:]))
    # All that is left lives to the end: Python's last search for garbage would cost another tenth.
    gc.freeze()
    sys.exit(code)


def dispatch(arguments: list[str]) -> int:
    """Carry out a command line and return its exit code."""
    # Imports allocate objects that all live on; looking for garbage among them as often as by default costs a tenth of
    # a short run.
    gc.set_threshold(500_000, 20, 20)
    if arguments[:1] == ["run"] and not {"--help", "-h"} & set(arguments):
        # Hydra reads the rest of the line itself; the parser of the other commands is not even imported.
        from stancebench.cli.run import run

        return run(arguments[1:])
    if arguments[:1] == ["score"]:
        from stancebench.cli.score import score_command

        return score_command(arguments[1:])
    _check_verb(arguments)
    from stancebench.cli.app import app

    result = app(args=arguments, standalone_mode=False)
    return result if isinstance(result, int) else 0


VERBS: dict[str, tuple[str, ...]] = {
    "run": (),
    "ls": (),
    "show": (),
    "table": (),
    "slices": (),
    "report": (),
    "reproduce": (),
    "score": (),
    "compare": (),
    "audit": (),
    "probe": (),
    "power": (),
    "check": (),
    "check-model": (),
    "corpus": ("check", "stats", "wording", "draw", "show", "export", "import"),
    "cite": (),
    "track": ("sync",),
    "ui": (),
}
"""every command and its own commands: what a misspelt one is compared with before the parser is imported"""


def _check_verb(arguments: list[str]) -> None:
    verb, then = arguments[:1], arguments[1:2]
    if not verb or verb[0].startswith("-"):
        return
    from stancebench.errors import unknown

    if verb[0] not in VERBS:
        raise unknown("command", verb[0], VERBS, "Type `stancebench --help`.")
    inner = VERBS[verb[0]]
    if inner and then and not then[0].startswith("-") and then[0] not in inner:
        whole = [f"{verb[0]} {name}" for name in inner]
        raise unknown("command", f"{verb[0]} {then[0]}", whole, f"Type `stancebench {verb[0]} --help`.")


def guarded(command: Callable[[], int]) -> int:
    """Return a command's exit code; a user's mistake is one message, a bug keeps its traceback."""
    from stancebench.errors import StancebenchError

    try:
        return command()
    except StancebenchError as e:
        print(f"stancebench: {e}", file=sys.stderr)
        return e.exit_code
    except KeyboardInterrupt:
        print("stancebench: Interrupted. What was finished is kept.", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        # `stancebench ls runs | head` has read enough.
        sys.stderr.close()
        return 0
    except Exception as e:
        if type(e).__module__.startswith(("click", "typer")) and hasattr(e, "show"):
            e.show()
            return int(getattr(e, "exit_code", 2))
        if type(e).__name__ in ("Abort", "Exit"):
            return int(getattr(e, "exit_code", 1))
        raise

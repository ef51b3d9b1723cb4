"""The command `simsearch`, also `python -m simsearch`."""

import sys


def main() -> None:
    """Run it. Ctrl-C while it is still loading ends it without a message."""
    try:
        from simsearch.cli.main import main as run
    except KeyboardInterrupt:
        sys.exit(130)
    run()


if __name__ == "__main__":
    main()

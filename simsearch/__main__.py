"""The command `simsearch`, which is `python -m simsearch` too."""

import sys


def main() -> None:
    """Run it; Ctrl-C while it is still being loaded ends it, for there is nothing to tell yet."""
    try:
        from simsearch.cli.main import main as run
    except KeyboardInterrupt:
        sys.exit(130)
    run()


if __name__ == "__main__":
    main()

"""Where the program ``graphsvc`` begins: light, so that Ctrl+C is heard while the rest is still being imported."""

from __future__ import annotations

import os
import sys


def main() -> None:
    """Run the command line; an interrupt at any moment is one line and exit code 130."""
    try:
        from graphsvc.cli.main import main as run

        run()
    except KeyboardInterrupt:
        sys.stderr.write("Stopped.\n")
        sys.stderr.flush()
        os._exit(130)  # half-imported libraries do not end in good order


if __name__ == "__main__":
    main()

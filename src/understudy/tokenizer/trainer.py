"""SentencePiece's trainer as a process of its own: ``python -m understudy.tokenizer.trainer OPTIONS``.

OPTIONS is a JSON object of the trainer's options. The serialized model goes to standard output; the library's
log and then one JSON line, with the peak memory or the error, to standard error. A process of its own can be
stopped at any moment, shows its progress, and says how much memory training took and nothing else.
"""

from __future__ import annotations

import io
import json
import resource
import signal
import sys
from pathlib import Path

import sentencepiece


def peak_memory() -> int:
    """Peak memory of this process in bytes."""
    try:  # what `getrusage` says includes the parent's memory at the start
        status = Path("/proc/self/status").read_text()
        return int(status.split("VmHWM:")[1].split()[0]) * 1024
    except (OSError, IndexError):
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def main() -> None:
    """Train, and answer."""
    # A parent that is gone no longer reads the log: end with it.
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    model = io.BytesIO()
    try:
        sentencepiece.SentencePieceTrainer.Train(model_writer=model, minloglevel=0, **json.loads(sys.argv[1]))
    except RuntimeError as error:
        print(json.dumps({"error": str(error)}), file=sys.stderr)
        raise SystemExit(1) from None
    print(json.dumps({"peak_memory": peak_memory()}), file=sys.stderr, flush=True)
    sys.stdout.buffer.write(model.getvalue())


if __name__ == "__main__":
    main()

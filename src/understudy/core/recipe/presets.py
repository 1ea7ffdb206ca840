"""The encoders of the papers by name: paper A table 7, [B]'s 16-head student, and the two of table 6."""

from __future__ import annotations

PRESETS: dict[str, dict[str, int]] = {
    "5m": {"layers": 4, "hidden": 312, "ffn": 1200, "heads": 12, "max_length": 512},
    "17m": {"layers": 4, "hidden": 768, "ffn": 1200, "heads": 12, "max_length": 512},
    "17m-b": {"layers": 4, "hidden": 768, "ffn": 1200, "heads": 16, "max_length": 512},
    "85m": {"layers": 12, "hidden": 768, "ffn": 3072, "heads": 12, "max_length": 512},
    "170m": {"layers": 16, "hidden": 1024, "ffn": 3072, "heads": 16, "max_length": 512},
    # The paper prints 16 heads of 64, which is not 1536; 24 heads of 64 are.
    "700m": {"layers": 20, "hidden": 1536, "ffn": 6144, "heads": 24, "max_length": 1024},
    "2.3b": {"layers": 29, "hidden": 2560, "ffn": 10240, "heads": 32, "max_length": 512},
    "9.3b": {"layers": 46, "hidden": 4096, "ffn": 16384, "heads": 32, "max_length": 1024},
}
"""``max_length`` is the longest sequence of the whole training."""

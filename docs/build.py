"""The documentation as HTML: the repository's Markdown pages, and the API reference from the docstrings."""

from __future__ import annotations

import re
import shutil
import sys
from html import escape
from pathlib import Path

import pdoc
from markdown_it import MarkdownIt

REPOSITORY = Path(__file__).parents[1]
PAGES = (
    "README.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "docs/classification.md",
    "docs/confidence.md",
    "docs/corpus.md",
    "docs/decisions.md",
    "docs/distillation.md",
    "docs/finetuning.md",
    "docs/lab-notes.md",
    "docs/measures.md",
    "docs/pretrained.md",
    "docs/report.md",
    "docs/scale.md",
    "docs/schedules.md",
    "docs/search.md",
    "docs/studies/transfer-sets.md",
    "docs/suspects.md",
    "docs/training.md",
    "benchmarks/README.md",
    "benchmarks/RECORDS.md",
)
_LOCAL_LINK = re.compile(r'href="(?!\w+:|#)([^"#]+)\.md(#[^"]*)?"')
_TEMPLATE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>
body {{ font: 16px/1.6 system-ui, sans-serif; max-width: 54rem; margin: 2rem auto; padding: 0 1rem; }}
nav a {{ margin-right: 1rem; }}
img {{ max-width: 100%; }}
pre {{ background: #8882; padding: .8rem; overflow-x: auto; line-height: 1.4; }}
table {{ border-collapse: collapse; display: block; overflow-x: auto; }}
th, td {{ border-bottom: 1px solid #8886; padding: .3rem .8rem .3rem 0; text-align: left; }}
:root {{ color-scheme: light dark; }}
</style></head><body><nav>{navigation}</nav>{body}</body></html>
"""


def target(page: str) -> str:
    """Where a page goes: beside its kind, and the README as the entrance."""
    return "index.html" if page == "README.md" else page.removesuffix(".md") + ".html"


def build(out: Path) -> None:
    """Write every page and the reference of every public module under ``out``."""
    markdown = MarkdownIt("commonmark", {"html": True}).enable("table")
    for page in PAGES:
        up = "../" * page.count("/")
        links = {Path(name).stem: up + target(name) for name in PAGES if not name.startswith("benchmarks/")}
        links |= {"benchmarks": f"{up}benchmarks/README.html", "API": f"{up}api/understudy.html"}
        body = markdown.render((REPOSITORY / page).read_text(encoding="utf-8"))
        body = _LOCAL_LINK.sub(lambda match: f'href="{match[1]}.html{match[2] or ""}"', body)
        file = out / target(page)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(
            _TEMPLATE.format(
                title=f"understudy: {Path(page).stem}",
                navigation="".join(f'<a href="{href}">{escape(name)}</a>' for name, href in links.items()),
                body=body,
            ),
            encoding="utf-8",
        )
    for figure in (REPOSITORY / "docs").glob("*.svg"):
        shutil.copy(figure, out / "docs")
    shutil.copytree(REPOSITORY / "docs" / "images", out / "docs" / "images", dirs_exist_ok=True)
    # The README's links from other pages lead to the entrance.
    (out / "README.html").write_text('<meta http-equiv="refresh" content="0; url=index.html">\n')
    pdoc.render.configure(docformat="google", search=True)
    pdoc.pdoc("understudy", output_directory=out / "api")


if __name__ == "__main__":
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "build/docs")
    build(folder)
    print(f"Documentation: {folder / 'index.html'}")

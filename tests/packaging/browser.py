"""A browser with one page open, from Python: page/browser.js is at its other end."""

import json
import shutil
import subprocess
from pathlib import Path

DRIVER = Path(__file__).parent / "page" / "browser.js"
ELSEWHERE = "elsewhere.test"

# The figures of the page: each path with its value, or null where the page has none.
FIGURES = """Object.fromEntries([...document.querySelectorAll('[data-field]')]
  .map((element) => [element.dataset.field, element.dataset.value ?? null]))"""


class Browser:
    def __enter__(self):
        self.process = subprocess.Popen(["node", DRIVER, shutil.which("chromium")], text=True,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()

    def do(self, command, **details):
        self.process.stdin.write(json.dumps({"do": command, **details}) + "\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline() or '{"error": "the browser is gone"}')
        if "error" in answer:
            raise SystemExit(f"{command} {details}: {answer['error']}")
        return answer["result"]

    def open(self, url, **details):
        """Opens a page, and waits until it has figures."""
        self.do("open", url=url, **details)
        return self.wait("!!document.querySelector('[data-field=\"time\"]').dataset.value", 10)

    def look(self, expression):
        return self.do("look", expression=expression)

    def wait(self, expression, patience):
        """Whether an expression has become true within so many seconds."""
        return self.do("wait", expression=expression, patience=patience)

    def seen(self):
        """What the page said, asked for and was answered since it was opened."""
        return self.do("seen")

    def text(self, selector):
        """What somebody sees of an element, without what only a screen reader is told; "" of a hidden one."""
        return self.look(f"document.querySelector({json.dumps(selector)}).innerText").strip()

    def is_shown(self, selector):
        return self.look(shown(selector))

    def figures(self):
        return self.look(FIGURES)

    def fresh_figures(self, patience=10):
        """Figures that the page has asked for after this was called."""
        for _ in range(2):
            time = json.dumps(self.figures()["time"])
            if not self.wait(f"document.querySelector('[data-field=\"time\"]').dataset.value !== {time}", patience):
                raise SystemExit(f"the page had no new figures within {patience} s")
        return self.figures()


def shown(selector):
    """An expression that is true while an element takes room on the page."""
    return f"document.querySelector({json.dumps(selector)}).getClientRects().length > 0"

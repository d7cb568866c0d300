"""A browser with one open page, driven from Python through page/browser.js."""

import json
import shutil
import subprocess
from pathlib import Path

DRIVER = Path(__file__).parent / "page" / "browser.js"
ELSEWHERE = "elsewhere.test"

# The figures of the page: each path with its value, or null if the page has none.
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
        """Whether an expression becomes true within this many seconds."""
        return self.do("wait", expression=expression, patience=patience)

    def seen(self):
        """Console messages, requests and answers since the page was opened."""
        return self.do("seen")

    def text(self, selector):
        """The visible text of an element, without text that only screen readers get; "" for a hidden one."""
        return self.look(f"document.querySelector({json.dumps(selector)}).innerText").strip()

    def is_shown(self, selector):
        return self.look(shown(selector))

    def figures(self):
        return self.look(FIGURES)

    def fresh_figures(self, patience=10):
        """Figures that the page has requested after this call."""
        for _ in range(2):
            time = json.dumps(self.figures()["time"])
            if not self.wait(f"document.querySelector('[data-field=\"time\"]').dataset.value !== {time}", patience):
                raise SystemExit(f"the page had no new figures within {patience} s")
        return self.figures()


def shown(selector):
    """An expression that is true while an element takes up room on the page."""
    return f"document.querySelector({json.dumps(selector)}).getClientRects().length > 0"

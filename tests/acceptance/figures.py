"""The measured figures and their limits."""


class Figures:
    """A table of measured figures, each with a limit. A miss does not end the test."""

    def __init__(self):
        self.rows = []

    def add(self, what, measured, limit, ok):
        """One figure: its name, and its value and its limit as readable text."""
        self.rows.append((what, str(measured), str(limit), bool(ok)))
        print(f"  {'ok  ' if ok else 'MISS'}  {what}: {measured} ({limit})", flush=True)

    def at_most(self, what, measured, limit, unit=""):
        self.add(what, f"{readable(measured)}{unit}", f"<= {readable(limit)}{unit}", measured <= limit)

    def equal(self, what, measured, expected):
        self.add(what, readable(measured), f"= {readable(expected)}", measured == expected)

    def none(self, what, found):
        """Nothing may have been found; the first few findings are printed."""
        found = list(found)
        for item in found[:5]:
            print(f"        {item}")
        self.equal(what, len(found), 0)

    def holds(self, what, ok, measured):
        self.add(what, measured, "must hold", ok)

    def not_run(self, what, why):
        """Something that cannot be measured here. It does not count as a miss, but is clearly marked."""
        self.rows.append((what, "NOT RUN", why, True))
        print(f"  NOT RUN  {what}: {why}", flush=True)

    def all_met(self):
        return bool(self.rows) and all(ok for *_, ok in self.rows)

    def closing(self):
        """The end of the output: how many figures were met, and each one that was missed."""
        missed = [row for row in self.rows if not row[3]]
        lines = [f"{len(self.rows) - len(missed):,} of {len(self.rows):,} figures met."]
        lines += [f"MISS  {what}: {measured} ({limit})" for what, measured, limit, _ in missed]
        return "\n".join(lines)

    def table(self):
        """The figures as a Markdown table."""
        rows = [("what", "measured", "limit", "ok")]
        rows += [(what, measured, limit, verdict(measured, ok))
                 for what, measured, limit, ok in self.rows]
        widths = [max(len(row[column]) for row in rows) for column in range(4)]
        lines = ["| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths)) + " |"
                 for row in rows]
        lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
        return "\n".join(lines)


def verdict(measured, ok):
    return "MISS" if not ok else "NOT RUN" if measured == "NOT RUN" else "yes"


def readable(value):
    """Numbers with separated thousands, and no more digits than are significant."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return str(value)
    if isinstance(value, int):
        return f"{value:,}"
    digits = 4 if abs(value) < 0.1 else 2 if abs(value) < 100 else 0
    return f"{value:,.{digits}f}"

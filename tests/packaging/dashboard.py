"""The dashboard: its queries are PromQL, ask for metrics that exist, and have results on a recorded run."""

import json
import re

from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.cog.plugins import register_default_plugins
from grafana_foundation_sdk.models.dashboard import Dashboard

import scrapes
from generator import workplace
from linters import complaints
from shipped import ROOT

HERE = ROOT / "packaging/monitoring"
FILE = HERE / "dashboard.json"
NAME = re.compile(r"\b(?:access_log_generator|process)_\w+")
LABELS = re.compile(r"\bby \(([^)]*)\)|[{,]\s*(\w+)\s*=")
# An expression in the rules, on one line or several.
EXPRESSION = re.compile(r"^ +expr: (?:\|-\n(?: {10}.*\n)+|.*\n)", re.M)
# The suffix of a histogram's series. A gauge with such a suffix loses it in both sets, which does no harm.
PART = re.compile(r"_(?:bucket|sum|count)$")
# Labels of Prometheus itself, of its histograms and of its rules.
OTHER_LABELS = {"job", "instance", "le", "alertname"}
OUR_TYPES = {"row", "stat", "timeseries", "table"}
LABEL_VALUES = re.compile(r"label_values\((\w+).*, (\w+)\)")
RATE_INTERVAL = "1m"
SHOWN_AT_SECONDS = 60
# Another program that the same Prometheus scrapes.
ANOTHER = [{"series": f'{name}{{job="another",instance="x"}}', "values": f"{value}+1x{2 * SHOWN_AT_SECONDS}"}
           for name, value in (("up", 1), ("process_cpu_seconds_total", 5), ("process_start_time_seconds", 7),
                               ("process_resident_memory_bytes", 9), ("process_open_fds", 3))]


def measure(figures, recording, dead):
    """Checks it on recordings of a healthy generator and of one that was killed."""
    board = json.loads(FILE.read_text())
    panels = [panel for panel in board["panels"] if panel["type"] != "row"]
    asked = [(panel["title"], target["expr"]) for panel in panels for target in panel["targets"]]
    known(figures, board)
    form(figures, board, panels)
    queries = [expr for _, expr in asked] + [str(variable["query"]) for variable in board["templating"]["list"]]
    figures.none("dashboard.json: metrics that it does not show",
                 names(figures, recording, "dashboard.json", "\n".join(queries)))
    names(figures, recording, "alerts.yaml", "\n".join(EXPRESSION.findall((HERE / "alerts.yaml").read_text())))
    with workplace() as place:
        shows(figures, place, board, asked, recording)
        beside_others(figures, place, board, asked, recording)
        without_any(figures, place, board, asked, dead)


def known(figures, board):
    """Grafana knows every field: reading the dashboard into Grafana's types loses none."""
    mistaken = json.loads(FILE.read_text())
    mistaken["panels"][1]["options"]["colourMode"] = "value"
    figures.equal("Grafana's types: notice a mistake", list(lost(mistaken, read(mistaken))), [
        ".panels.1.options.colourMode"])
    figures.none("Grafana's types: fields of the dashboard that they do not know", lost(board, read(board)))


def read(board):
    register_default_plugins()
    return json.loads(JSONEncoder().encode(Dashboard.from_json(board)))


def lost(before, after, where=""):
    """Fields that are gone, or have another value."""
    if isinstance(before, (dict, list)) and type(before) is type(after):
        items = before.items() if isinstance(before, dict) else enumerate(before)
        after = after if isinstance(after, dict) else dict(enumerate(after))
        for key, value in items:
            yield from lost(value, after.get(key), f"{where}.{key}")
    # Empty values may be left out.
    elif before != after and before not in (None, False, "", [], {}):
        yield where


def form(figures, board, panels):
    figures.equal("dashboard: id, uid", (board["id"], board["uid"]), (None, "access-log-generator"))
    ids = [panel["id"] for panel in board["panels"]]
    figures.equal("dashboard: panels with the same id as another", len(ids) - len(set(ids)), 0)
    figures.none("dashboard: panels of a type that Grafana does not know or has deprecated",
                 (panel["type"] for panel in board["panels"] if panel["type"] not in OUR_TYPES))
    figures.none("dashboard: panels without a description, a unit or the data source", (
        panel["title"] for panel in panels
        if not panel.get("description") or not panel["fieldConfig"]["defaults"].get("unit")
        or panel["datasource"]["uid"] != "${datasource}"
        or any(target["datasource"]["uid"] != "${datasource}" for target in panel["targets"])))
    figures.none("dashboard: panels that overlap another", overlapping(board["panels"]))
    several = {variable["name"] for variable in board["templating"]["list"] if variable.get("multi")}
    figures.equal("dashboard: variables with more than one choice", sorted(several), ["instance", "job"])


def overlapping(panels):
    taken = set()
    for panel in panels:
        at = panel["gridPos"]
        cells = {(x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])}
        if cells & taken or at["x"] + at["w"] > 24:
            yield panel["title"]
        taken |= cells


def names(figures, recording, file, text):
    """Looks for metrics and labels that no answer of /metrics has."""
    series = {name for seen in recording.scrapes if seen for name in seen}
    known = {name.partition("{")[0] for name in series}
    labels = {label for name in series for label in re.findall(r'(\w+)="', name)} | OTHER_LABELS
    used = set(NAME.findall(text))
    asked = {label.strip() for group, one in LABELS.findall(text) for label in (group or one).split(",")}
    figures.holds(f"{file}: metrics that it uses", len(used) > 5, len(used))
    figures.none(f"{file}: metrics that no answer has", used - known)
    figures.none(f"{file}: labels that no answer has", asked - labels)
    return {family(name) for name in known} - {family(name) for name in used}


def family(name):
    return PART.sub("", name)


def shows(figures, place, board, asked, recording):
    """Each query is PromQL and has a result; promtool prints those that fail."""
    series = recording.input_series(2 * SHOWN_AT_SECONDS)
    checks = [has_result(expr) for _, expr in filled_in(board, asked, series)]
    passed, said = checked(place, series, checks)
    if not passed:
        print(said[:3000])
    figures.holds("dashboard: each query has a result on a recorded run", passed, f"{len(asked)} queries")
    passed, _ = checked(place, series, [has_result("access_log_generator_lines")])
    figures.holds("dashboard: a query without a result is noticed", not passed, "noticed" if not passed else "not")


def has_result(expr):
    return at_that_time(f"count({expr}) > bool 0", [{"labels": "{}", "value": 1}])


def beside_others(figures, place, board, asked, recording):
    """Even with all jobs chosen, no figure includes another program."""
    ours = recording.input_series(2 * SHOWN_AT_SECONDS)
    queries = filled_in(board, asked, ours + ANOTHER)
    figures.none("dashboard: panels that include another program", (
        title for title, expr in queries
        if result(place, ours, expr) != result(place, ours + ANOTHER, expr)))
    figures.holds("dashboard: another program is noticed",
                  result(place, ours, "sum(up)") != result(place, ours + ANOTHER, "sum(up)"), "in sum(up)")


def without_any(figures, place, board, asked, dead):
    """If no generator answers, the dashboard says so."""
    series = dead.input_series(2 * SHOWN_AT_SECONDS)
    shares = [at_that_time(expr, [{"labels": "{}", "value": 0}])
              for title, expr in filled_in(board, asked, series) if title in ("Healthy", "Ready")]
    passed, said = checked(place, series, shares)
    if not passed:
        print(said[:3000])
    figures.holds("dashboard: healthy and ready are 0 when none answers", passed and len(shares) == 2,
                  f"{len(shares)} queries")


def filled_in(board, asked, series):
    """The queries with their titles, as Grafana sends them when everything is chosen."""
    chosen = {variable["name"]: all_of(variable, series)
              for variable in board["templating"]["list"] if variable["type"] == "query"}
    values = {**chosen, "__rate_interval": RATE_INTERVAL}
    return [(title, re.sub(r"\$(\w+)", lambda name: values[name[1]], expr)) for title, expr in asked]


def all_of(variable, series):
    """The regular expression for all values: the variable's own, or else all values joined."""
    metric, label = LABEL_VALUES.fullmatch(variable["query"]["query"]).groups()
    seen = re.compile(rf'{metric}{{.*\b{label}="([^"]*)"')
    found = {match[1] for match in (seen.match(one["series"]) for one in series) if match}
    return variable.get("allValue") or "|".join(sorted(re.escape(value).replace("\\", "\\\\") for value in found))


def result(place, series, expr):
    """The result of a query in promtool's words, because the test tells promtool to expect none."""
    return checked(place, series, [at_that_time(expr, [])])[1]


def at_that_time(expr, samples):
    return {"expr": expr, "eval_time": f"{SHOWN_AT_SECONDS}s", "exp_samples": samples}


def checked(place, series, checks):
    rules = place / "none.json"
    rules.write_text(json.dumps({"groups": []}))
    return scrapes.promtool(place, rules, series, promql_expr_test=checks)

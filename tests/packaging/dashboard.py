"""The dashboard: what it asks for is there, is PromQL, and shows something of a recorded run."""

import json
import re

import scrapes
from generator import workplace
from linters import complaints
from shipped import ROOT

HERE = ROOT / "packaging/monitoring"
FILE = HERE / "dashboard.json"
NAME = re.compile(r"\b(?:access_log_generator|process)_\w+")
LABELS = re.compile(r"\bby \(([^)]*)\)|[{,]\s*(\w+)\s*=")
# Of Prometheus itself, and of its histograms and rules.
OTHER_LABELS = {"job", "instance", "le", "alertname"}
OUR_TYPES = {"row", "stat", "timeseries", "table"}
# What Grafana puts in the place of its variables.
VARIABLES = {"$job": ".+", "$instance": ".+", "$__rate_interval": "1m"}
SHOWN_AT_SECONDS = 60


def measure(figures, recording):
    board = json.loads(FILE.read_text())
    panels = [panel for panel in board["panels"] if panel["type"] != "row"]
    asked = [(panel["title"], target["expr"]) for panel in panels for target in panel["targets"]]
    form(figures, board, panels)
    names(figures, recording, "dashboard.json", "\n".join(expr for _, expr in asked) + variables(board))
    names(figures, recording, "alerts.yaml", "\n".join(expressions((HERE / "alerts.yaml").read_text())))
    with workplace() as place:
        shows(figures, place, asked, recording)


def form(figures, board, panels):
    figures.equal("dashboard: id, uid", (board["id"], board["uid"]), (None, "access-log-generator"))
    ids = [panel["id"] for panel in board["panels"]]
    figures.equal("dashboard: panels with the id of another", len(ids) - len(set(ids)), 0)
    figures.none("dashboard: panels of a type that Grafana is to give up or does not know",
                 (panel["type"] for panel in board["panels"] if panel["type"] not in OUR_TYPES))
    figures.none("dashboard: panels without a description, a unit or the data source", (
        panel["title"] for panel in panels
        if not panel.get("description") or not panel["fieldConfig"]["defaults"].get("unit")
        or panel["datasource"]["uid"] != "${datasource}"
        or any(target["datasource"]["uid"] != "${datasource}" for target in panel["targets"])))
    figures.none("dashboard: panels that lie over another", overlapping(board["panels"]))
    several = {variable["name"] for variable in board["templating"]["list"] if variable.get("multi")}
    figures.equal("dashboard: variables of which several may be chosen", sorted(several), ["instance", "job"])


def overlapping(panels):
    taken = set()
    for panel in panels:
        at = panel["gridPos"]
        cells = {(x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])}
        if cells & taken or at["x"] + at["w"] > 24:
            yield panel["title"]
        taken |= cells


def variables(board):
    """What the variables are looked up by."""
    return "\n" + "\n".join(str(variable.get("definition", "")) for variable in board["templating"]["list"])


def expressions(rules):
    """The expressions of a file of rules, one line or several."""
    return re.findall(r"^ +expr: (?:\|-\n((?: {10}.*\n)+)|.*\n)", rules, re.M) and [
        match[0] for match in re.finditer(r"^ +expr: (?:\|-\n(?: {10}.*\n)+|.*\n)", rules, re.M)]


def names(figures, recording, file, text):
    """Metrics and labels that no answer has."""
    series = {series for seen in recording.scrapes if seen for series in seen}
    known = {name.partition("{")[0] for name in series}
    labels = {label for name in series for label in re.findall(r'(\w+)="', name)} | OTHER_LABELS
    used = set(NAME.findall(text))
    asked = {label.strip() for group, one in LABELS.findall(text) for label in (group or one).split(",")}
    figures.holds(f"{file}: metrics that it uses", len(used) > 5, len(used))
    figures.none(f"{file}: metrics that no answer has", used - known)
    figures.none(f"{file}: labels that no answer has", asked - labels)
    if file == "dashboard.json":
        whole = {re.sub(r"_(bucket|sum|count)$", "", name) if name + "" not in used else name for name in known}
        figures.none(f"{file}: metrics that it does not show",
                     {name for name in whole if name not in used and f"{name}_bucket" not in used})


def shows(figures, place, asked, recording):
    """Each query has a result, and all are PromQL."""
    for variable, value in VARIABLES.items():
        asked = [(title, expr.replace(variable, value)) for title, expr in asked]
    none = place / "none.json"
    none.write_text(json.dumps({"groups": []}))
    series = recording.input_series(SHOWN_AT_SECONDS + 60)
    # One at a time would tell which fails, but it is seldom that one does.
    checks = [{"expr": f"count({expr}) > bool 0", "eval_time": f"{SHOWN_AT_SECONDS}s",
               "exp_samples": [{"labels": "{}", "value": 1}]} for _, expr in asked]
    passed, said = scrapes.promtool(place, none, series, promql_expr_test=checks)
    if not passed:
        print(said[:3000])
    figures.holds("dashboard: queries with a result, of a recorded run", passed, f"all of {len(asked)}" if passed else "not all")
    checks[0]["expr"] = 'count(access_log_generator_nothing) > bool 0'
    passed, _ = scrapes.promtool(place, none, series, promql_expr_test=checks)
    figures.equal("dashboard: a query without a result is noticed", passed, False)

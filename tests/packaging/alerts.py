"""Tests the alert rules on recordings of real runs: each fires where it should, and nowhere else."""

import re

import disks
import scrapes
from generator import workplace
from scenarios import SCENARIOS
from shipped import ROOT

RULES = ROOT / "packaging/monitoring/alerts.yaml"
PREFIX = "AccessLogGenerator"
NAMES = re.compile(rf"^ +- alert: {PREFIX}(\w+)$", re.M)
# All alerts that fired at any time.
FIRED = 'group by (alertname) (count_over_time(ALERTS{alertstate="firing"}[2h]))'
# Recordings are continued up to this second, longer than any rule waits.
CONTINUED_SECONDS = 3000
# Prometheus' default is a scrape a minute.
SELDOM = 60
# These do not fire for what begins and ends between two scrapes.
UNSEEN = {"Restarting"}
TEXTS = re.compile(r'Annotations:\{description="(.*)", summary="(.*)"\}')
# What a template prints if it has no value.
BROKEN = re.compile(r"<no value>|<error|%!|\{\{|NaN|Inf")


def measure(shipped, figures):
    """Returns the recordings by the names of their scenarios."""
    recordings, shown = {}, set()
    with workplace() as place:
        refusal = disks.why_not_mounted(place)
        for scenario in SCENARIOS:
            shown |= scenario.alerts
            if refusal and "disk" in scenario.name:
                figures.not_run(f"alerts: {scenario.name}", f"a tmpfs cannot be mounted here: {refusal}")
                continue
            recording = scenario.record(shipped.binary("x86_64"))
            recordings[scenario.name] = recording
            series = recording.input_series(CONTINUED_SECONDS, scenario.moving)
            judge(figures, place, scenario.name, series, scenario.alerts, scenario.minute)
            series = recording.input_series(CONTINUED_SECONDS, scenario.moving, SELDOM)
            fire(figures, place, f"{scenario.name}, a scrape a minute", series, scenario.alerts - UNSEEN, SELDOM)
        others = [{"series": 'up{job="another",instance="x"}', "values": f"1+0x{CONTINUED_SECONDS}"}]
        judge(figures, place, "no target", others, {"Missing"}, 40)
    figures.equal("alerts: rules without a scenario",
                  sorted(set(NAMES.findall(RULES.read_text())) - shown - {"Missing"}), [])
    return recordings


def judge(figures, place, name, series, alerts, minute):
    """Checks with `promtool test rules` that these alerts fire, no others do, and that their texts are complete."""
    fire(figures, place, name, series, alerts)
    # If the test expects no alert, promtool complains of each one and prints its text.
    for alert in sorted(alerts):
        none = {"alertname": PREFIX + alert, "eval_time": f"{minute}m", "exp_alerts": []}
        passed, said = scrapes.promtool(place, RULES, series, alert_rule_test=[none])
        texts = [text for found in TEXTS.findall(said) for text in found]
        sound = not passed and texts and not any(BROKEN.search(text) for text in texts)
        figures.holds(f"alerts: {name}, {alert} has its text", sound, texts[-1] if texts else said[:200])


def fire(figures, place, name, series, alerts, every=1):
    fired = [{"labels": f'{{alertname="{PREFIX}{alert}"}}', "value": 1} for alert in sorted(alerts)]
    all_of_them = {"expr": FIRED, "eval_time": f"{CONTINUED_SECONDS}s", "exp_samples": fired}
    passed, said = scrapes.promtool(place, RULES, series, every, promql_expr_test=[all_of_them])
    if not passed:
        print(said[:3000])
    figures.add(f"alerts: {name}", "as they should" if passed else "others",
                f"{', '.join(sorted(alerts)) or 'none'} fire", passed)

"""Checks the manifests as Kubernetes, the Prometheus Operator and Bacalhau would: against their schemas and the restricted
profile, and that every reference has its target."""

import copy
import json
import re
import shutil

import yaml

import pod_security
from bacalhau import mistakes as bacalhau_mistakes
from generator import workplace
from linters import complaints
from manifests import (BACALHAU, COMPONENTS, FLUENT_BIT, KUBERNETES, build, builder, claimed, configuration, generator,
                       only, overlay, pod, variables)
from shipped import PROGRAM, ROOT, run

KINDS = {"base": "Deployment", "statefulset": "StatefulSet", "job": "Job"}
IMAGE = f"ghcr.io/bacalhau-project/{PROGRAM}:latest"
NODE = ROOT / "target" / "packaging" / "kubernetes-models"
HERE = ROOT / "tests" / "packaging"


def measure(shipped, figures):
    bacalhau(shipped, figures)
    if builder() is None:
        figures.holds("kubernetes: kustomize or kubectl is there", False, "neither")
        return
    with workplace() as place:
        everything = {}
        for name, kind in KINDS.items():
            objects = build(KUBERNETES / name)
            everything[name] = objects
            judge(shipped, figures, place, f"kubernetes/{name}", objects, kind)
        for name in ("base", "statefulset"):
            objects = overlay(place / f"with-{name}", [KUBERNETES / name], COMPONENTS)
            everything[f"{name} and components"] = objects
            judge(shipped, figures, place, f"kubernetes/{name} with all components", objects, KINDS[name])
            with_sidecar(figures, f"kubernetes/{name} with Fluent Bit", objects, KINDS[name])
        documented(figures)
        notices(figures, place, everything["base"])
        pod_monitor(figures, place, everything["base and components"])
        one_number(figures, everything)


def judge(shipped, figures, place, name, objects, kind):
    workload = only(objects, kind)
    core = [one for one in objects if one["kind"] != "PodMonitor"]
    figures.none(f"{name}: kubernetes-validate --strict, of {len(core)} objects", validated(place, core))
    spec = pod(workload)
    figures.none(f"{name}: violations of the restricted pod security", pod_security.violations(spec))
    figures.none(f"{name}: rights and memory that it does not need", pod_security.beyond(spec))
    figures.none(f"{name}: references without a target", dangling(objects, workload))
    figures.equal(f"{name}: image", generator(workload)["image"], IMAGE)
    config = place / "config.yaml"
    config.write_text(configuration(objects, workload))
    figures.none(f"{name}: {PROGRAM} --check of the configuration",
                 complaints(shipped.binary("x86_64"), "--check", config))
    namespaces = {one["metadata"].get("namespace") for one in objects if one["kind"] != "Namespace"}
    figures.equal(f"{name}: namespaces", len(namespaces), 1)


def validated(place, objects):
    """The complaints of kubernetes-validate, which ends with 0 even if it knows no schema."""
    file = place / "objects.yaml"
    file.write_text(yaml.safe_dump_all(objects))
    said = run("kubernetes-validate", "--strict", file, check=False).stdout.splitlines()
    wrong = [line for line in said if not line.startswith("INFO")]
    passed = len([line for line in said if line.startswith("INFO") and " passed " in line])
    return wrong or ([] if passed == len(objects) else [f"{passed} of {len(objects)} passed"])


def names(figures, judge, said, mistake):
    """Checks that a judge names this mistake among its complaints."""
    said = [line for line in said if mistake in line]
    figures.holds(f"{judge}: names a mistake", said, said[0].strip()[-80:] if said else "not named")


def notices(figures, place, objects):
    """Shows each judge mistakes first."""
    faulty = copy.deepcopy(objects)
    only(faulty, "Deployment")["spec"]["replica"] = 1
    names(figures, "kubernetes-validate", validated(place, faulty), "replica")
    workload = only(objects, "Deployment")
    figures.none("pod security: mistakes that are overlooked", pod_security.overlooked(pod(workload)))
    missed = []
    for kind in ("ConfigMap", "PersistentVolumeClaim"):
        fewer = [one for one in objects if one["kind"] != kind]
        missed += [] if dangling(fewer, workload) else [kind]
    for path in (("Service", "spec", "ports", 0, "targetPort"), ("Service", "spec", "selector", "app")):
        faulty = copy.deepcopy(objects)
        at = only(faulty, path[0])
        for key in path[1:-1]:
            at = at[key]
        at[path[-1]] = "wrong"
        missed += [] if dangling(faulty, only(faulty, "Deployment")) else [path[-1]]
    figures.none("references: mistakes that are overlooked", missed)


def dangling(objects, workload):
    """References from one object to another that have no target."""
    names = {(one["kind"], one["metadata"]["name"]) for one in objects}
    labels = workload["spec"]["template"]["metadata"]["labels"]
    spec, wrong = pod(workload), []
    for volume in spec["volumes"]:
        for kind, key, name in (("ConfigMap", "configMap", "name"),
                                ("PersistentVolumeClaim", "persistentVolumeClaim", "claimName")):
            if key in volume and (kind, volume[key][name]) not in names:
                wrong.append(f"volume {volume['name']}: {kind} {volume[key][name]}")
    volumes = {one["name"] for one in spec["volumes"] + claimed(workload)}
    containers = spec["containers"] + spec.get("initContainers", [])
    ports = {port["name"] for container in containers for port in container.get("ports", ())}
    for container in containers:
        wrong += [f"{container['name']} mounts {one['name']}" for one in container["volumeMounts"]
                  if one["name"] not in volumes]
        wrong += [f"{container['name']}: {probe} asks port {container[probe]['httpGet']['port']}"
                  for probe in ("startupProbe", "livenessProbe", "readinessProbe")
                  if probe in container and container[probe]["httpGet"]["port"] not in ports]
    settings = yaml.safe_load(configuration(objects, workload))["output"] if not wrong else {}
    if "health_check" in settings:
        [port] = [one["containerPort"] for one in generator(workload)["ports"] if one["name"] == "health"]
        if settings["health_check"].get("port", 8080) != port:
            wrong.append(f"the configuration's port is not {port}")
    selectors = [("selector", workload["spec"].get("selector", {}).get("matchLabels", {}))]
    for other in objects:
        if other["kind"] == "Service":
            selectors.append(("Service", other["spec"]["selector"]))
            wrong += [f"Service: port {one['targetPort']}" for one in other["spec"]["ports"]
                      if one["targetPort"] not in ports]
        elif other["kind"] == "PodMonitor":
            selectors.append(("PodMonitor", other["spec"]["selector"]["matchLabels"]))
            wrong += [f"PodMonitor: port {one['port']}" for one in other["spec"]["podMetricsEndpoints"]
                      if one["port"] not in ports]
    wrong += [f"{who}: {wanted} of {labels}" for who, wanted in selectors if not wanted.items() <= labels.items()]
    service = workload["spec"].get("serviceName")
    if service and ("Service", service) not in names:
        wrong.append(f"serviceName {service}")
    return wrong


def documented(figures):
    """The kustomization in packaging/README.md has the components that are tested here, in the same order."""
    [text] = re.findall(r"^```text\n# kustomization.yaml\n(.*?)^```", (ROOT / "packaging" / "README.md").read_text(),
                        re.M | re.S)
    said = yaml.safe_load(text)
    figures.equal("packaging/README.md: components", said["components"],
                  [str(path.relative_to(ROOT)) for path in COMPONENTS])
    figures.equal("packaging/README.md: resources", said["resources"], ["packaging/kubernetes/statefulset"])


def with_sidecar(figures, name, objects, kind):
    workload = only(objects, kind)
    [sidecar] = pod(workload)["initContainers"]
    figures.equal(f"{name}: it runs beside, and ends last", sidecar.get("restartPolicy"), "Always")
    at = {mount["mountPath"]: mount for mount in sidecar["volumeMounts"]}
    figures.holds(f"{name}: the log's volume is shared, and only read", at["/var/log/app"]["name"] == "logs"
                  and at["/var/log/app"].get("readOnly"), at["/var/log/app"])
    conf = (FLUENT_BIT / "fluent-bit.conf").read_text()
    [database] = re.findall(r"^ +DB +(\S+)$", conf, re.M)
    kept = [mount for path, mount in at.items() if database.startswith(path + "/") and mount["name"] == "logs"]
    figures.holds(f"{name}: positions are on that volume", kept and not kept[0].get("readOnly"), database)
    [shown] = [one["data"]["fluent-bit.conf"] for one in objects if "fluent-bit.conf" in one.get("data", {})]
    figures.holds(f"{name}: the configuration is the shipped one", shown == conf, "the same")


def one_number(figures, everything):
    """The two settings for the number of shards agree."""
    stateful, job = only(everything["statefulset"], "StatefulSet"), only(everything["job"], "Job")
    figures.equal("kubernetes/statefulset: SHARD_COUNT, of replicas", variables(generator(stateful))["SHARD_COUNT"],
                  str(stateful["spec"]["replicas"]))
    figures.equal("kubernetes/statefulset: the first ordinal", stateful["spec"].get("ordinals", {}).get("start", 0), 0)
    figures.equal("kubernetes/job: SHARD_COUNT, of completions", variables(generator(job))["SHARD_COUNT"],
                  str(job["spec"]["completions"]))
    figures.equal("kubernetes/job: completionMode", job["spec"]["completionMode"], "Indexed")
    for name, workload in (("statefulset", stateful), ("job", job)):
        seed = yaml.safe_load(configuration(everything[name], workload))["output"].get("seed")
        figures.holds(f"kubernetes/{name}: all shards have one seed", seed is not None, seed)


def pod_monitor(figures, place, objects):
    """Checks against the schema of the Prometheus Operator's own definition, from an npm package."""
    name = "PodMonitor: complaints of its schema"
    if shutil.which("node") is None or shutil.which("npm") is None:
        figures.not_run(name, "there is no node")
        return
    monitor = only(objects, "PodMonitor")
    faulty = copy.deepcopy(monitor)
    faulty["spec"]["podMetricsEndpoints"][0]["interval"] = 15
    names(figures, "PodMonitor's schema", by_schema(place, faulty), "interval")
    figures.none(name, by_schema(place, monitor))


def by_schema(place, monitor):
    lock = HERE / "package-lock.json"
    installed = NODE / "installed.json"
    if not installed.exists() or installed.read_text() != lock.read_text():
        NODE.mkdir(parents=True, exist_ok=True)
        for file in (HERE / "package.json", lock):
            shutil.copy(file, NODE)
        run("npm", "ci", "--prefix", NODE, "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
        shutil.copy(lock, installed)
    # node looks for modules from the directory of the script.
    script = shutil.copy(HERE / "pod_monitor.mjs", NODE)
    file = place / "monitor.json"
    file.write_text(json.dumps(monitor))
    return complaints("node", script, file)


def bacalhau(shipped, figures):
    job = yaml.safe_load(BACALHAU.read_text())
    name = "bacalhau/job.yaml"
    faulty = copy.deepcopy(job)
    faulty["Tasks"][0]["Envs"] = faulty["Tasks"][0].pop("Env")
    names(figures, "Bacalhau's model of a job", bacalhau_mistakes(faulty), "Envs")
    figures.none(f"{name}: what Bacalhau's model of a job does not have", bacalhau_mistakes(job))
    [task] = job["Tasks"]
    figures.equal(f"{name}: SHARD_COUNT, of Count", task["Env"]["SHARD_COUNT"], str(job["Count"]))
    figures.none(f"{name}: {PROGRAM} --check of the configuration",
                 complaints("env", f"LOG_GENERATOR_CONFIG_YAML={task['Env']['LOG_GENERATOR_CONFIG_YAML']}",
                            shipped.binary("x86_64"), "--check"))

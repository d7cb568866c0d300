"""Reads the manifests as Kubernetes and Bacalhau do: the output of kustomize, and the containers that it asks for."""

import os
import re
import shutil
from dataclasses import dataclass, field

import yaml

from shipped import ROOT, run

KUBERNETES = ROOT / "packaging" / "kubernetes"
FLUENT_BIT = ROOT / "packaging" / "sidecars" / "fluent-bit"
BACALHAU = ROOT / "packaging" / "bacalhau" / "job.yaml"
# In the order of the kustomizations.
COMPONENTS = (FLUENT_BIT, KUBERNETES / "components" / "pod-monitor", KUBERNETES / "components" / "namespace")


def builder():
    """The command that builds a kustomization, or None."""
    for command in (("kustomize", "build"), ("kubectl", "kustomize")):
        if shutil.which(command[0]):
            return command
    return None


def build(directory):
    """The objects of a kustomization."""
    return [found for found in yaml.safe_load_all(run(*builder(), directory).stdout) if found]


def overlay(place, resources, components):
    """A user's kustomization that uses those of the repository."""
    place.mkdir()
    names = {"resources": resources, "components": components}
    text = {"apiVersion": "kustomize.config.k8s.io/v1beta1", "kind": "Kustomization"}
    text |= {key: [os.path.relpath(path.resolve(), place.resolve()) for path in paths] for key, paths in names.items()}
    (place / "kustomization.yaml").write_text(yaml.safe_dump(text))
    return build(place)


def only(objects, kind):
    [found] = [one for one in objects if one["kind"] == kind]
    return found


def pod(workload):
    return workload["spec"]["template"]["spec"]


def generator(workload):
    [found] = [one for one in pod(workload)["containers"] if one["name"] == "generator"]
    return found


def variables(container):
    """The environment in a manifest."""
    return {one["name"]: one["value"] for one in container.get("env", ())}


def configuration(objects, workload):
    """The text of the configuration that the generator finds."""
    container = generator(workload)
    path = variables(container)["LOG_GENERATOR_CONFIG_PATH"]
    for mount in container["volumeMounts"]:
        [volume] = [one for one in pod(workload)["volumes"] + claimed(workload) if one["name"] == mount["name"]]
        if "configMap" in volume and path.startswith(mount["mountPath"] + "/"):
            name = volume["configMap"]["name"]
            [data] = [one["data"] for one in objects if one["kind"] == "ConfigMap" and one["metadata"]["name"] == name]
            return data[path.removeprefix(mount["mountPath"] + "/")]
    raise SystemExit(f"nothing is mounted at {path}")


def claimed(workload):
    """The volumes that a StatefulSet adds to each pod."""
    return [{"name": claim["metadata"]["name"]} for claim in workload["spec"].get("volumeClaimTemplates", ())]


@dataclass
class Member:
    """One container of a fleet. `directory` is its log directory, seen from inside."""

    host: str
    image: str
    arguments: list
    environment: dict
    configuration: str | None
    directory: str
    # Where a volume is mounted, and whether each container has its own.
    volume: str
    alone: bool
    user: str | None = field(default=None)


def expanded(word, environment):
    """Replaces $(NAME) as Kubernetes does, if there is such a variable."""
    return re.sub(r"\$\((\w+)\)", lambda found: environment.get(found[1], found[0]), word)


def members(objects, workload):
    """The pods of a StatefulSet or of an Indexed Job."""
    container, name = generator(workload), workload["metadata"]["name"]
    text = configuration(objects, workload)
    job = workload["kind"] == "Job"
    [volume] = [mount["mountPath"] for mount in container["volumeMounts"] if mount["name"] == "logs"]
    for index in range(workload["spec"]["completions" if job else "replicas"]):
        environment = variables(container) | ({"JOB_COMPLETION_INDEX": str(index)} if job else {})
        arguments = [expanded(word, environment) for word in container.get("args", ())]
        yield Member(f"{name}-{index}", container["image"], arguments, environment, text,
                     directory(arguments, yaml.safe_load(text)), volume, not job)


def directory(arguments, settings):
    """The log directory."""
    flag = "--log-dir-override="
    return next((word.removeprefix(flag) for word in arguments if word.startswith(flag)),
                settings["output"].get("directory"))


def executions(job):
    """The executions of a Bacalhau job, with the variables that Bacalhau sets. Root makes their directories, and the image
    is the one that stays root."""
    [task] = job["Tasks"]
    parameters = task["Engine"]["Params"]
    [result] = task["ResultPaths"]
    for index in range(job["Count"]):
        environment = dict(task["Env"]) | {"BACALHAU_PARTITION_INDEX": str(index),
                                           "BACALHAU_PARTITION_COUNT": str(job["Count"])}
        settings = yaml.safe_load(environment["LOG_GENERATOR_CONFIG_YAML"])
        yield Member(f"execution{index}x", parameters["Image"], list(parameters["Parameters"]), environment, None,
                     directory(parameters["Parameters"], settings), result["Path"], True, "0:0")

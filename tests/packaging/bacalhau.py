"""Checks a job against Bacalhau's own model, from its Python client. The model allows any parameters for engines and
publishers, so those of the docker engine are listed here, as Bacalhau's decoder names them."""

DOCKER = {"Image": str, "Entrypoint": list, "Parameters": list, "EnvironmentVariables": list, "WorkingDirectory": str}
TYPES = {"batch", "ops", "service", "daemon"}
SCALARS = {"str": str, "int": int}
# Models that only wrap another one.
WRAPPED = {"AllOfTaskResources": "ResourcesConfig"}
# The client has a number, YAML has a name.
NETWORKS = {"None", "Full", "HTTP"}


def mistakes(job):
    import bacalhau_apiclient.models as models
    wrong = fields(models, "Job", job, "")
    wrong += [f"Type: {job.get('Type')}"] if job.get("Type") not in TYPES else []
    for task in job.get("Tasks", ()):
        engine = task.get("Engine", {})
        wrong += [f"Engine: {engine.get('Type')}"] if engine.get("Type") != "docker" else []
        wrong += [f"Engine.Params.{key}: {value!r}" for key, value in engine.get("Params", {}).items()
                  if not isinstance(value, DOCKER.get(key, ()))]
        wrong += ["Engine.Params.Image is missing"] if not engine.get("Params", {}).get("Image") else []
        wrong += [f"Env: {name} is Bacalhau's own" for name in task.get("Env", ()) if name.startswith("BACALHAU_")]
        if task.get("ResultPaths") and not task.get("Publisher"):
            wrong.append("ResultPaths without a Publisher")
    return wrong


def fields(models, kind, value, where):
    """Fields that the model does not have, and values of other types than the model's."""
    if kind in SCALARS:
        ok = isinstance(value, SCALARS[kind]) and not isinstance(value, bool)
        return [] if ok else [f"{where}: {value!r} is no {kind}"]
    if kind.startswith("list["):
        if not isinstance(value, list):
            return [f"{where}: {value!r} is no list"]
        return [one for index, item in enumerate(value)
                for one in fields(models, kind[5:-1], item, f"{where}[{index}]")]
    if kind.startswith("dict(str, "):
        if not isinstance(value, dict):
            return [f"{where}: {value!r} is no map"]
        inner = kind.removeprefix("dict(str, ")[:-1]
        return [] if inner == "object" else [one for key, item in value.items()
                                             for one in fields(models, inner, item, f"{where}.{key}")]
    if kind == "Network":
        return [] if value in NETWORKS else [f"{where}: {value!r} is no network"]
    if not isinstance(value, dict):
        return [f"{where}: {value!r} is no {kind}"]
    model = getattr(models, WRAPPED.get(kind, kind))
    known = {name: model.swagger_types[attribute] for attribute, name in model.attribute_map.items()}
    found = []
    for key, item in value.items():
        path = f"{where}.{key}".lstrip(".")
        found += fields(models, known[key], item, path) if key in known else [f"{path}: there is no such field"]
    return found

"""The restricted profile of the Pod Security Standards, field by field, as the Kubernetes documentation lists it. It
includes the baseline profile."""

import copy

CONTAINERS = ("containers", "initContainers", "ephemeralContainers")
VOLUMES = {"configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "persistentVolumeClaim", "projected", "secret"}
SECCOMP = {"RuntimeDefault", "Localhost"}
APP_ARMOR = {None, "RuntimeDefault", "Localhost"}
SELINUX_TYPES = {None, "", "container_t", "container_init_t", "container_kvm_t", "container_engine_t"}
SYSCTLS = {"kernel.shm_rmid_forced", "net.ipv4.ip_local_port_range", "net.ipv4.ip_unprivileged_port_start",
           "net.ipv4.tcp_syncookies", "net.ipv4.ping_group_range", "net.ipv4.ip_local_reserved_ports",
           "net.ipv4.tcp_keepalive_time", "net.ipv4.tcp_fin_timeout", "net.ipv4.tcp_keepalive_intvl",
           "net.ipv4.tcp_keepalive_probes"}
HOOKS = ("httpGet", "tcpSocket")


def violations(pod):
    """The fields of a pod's specification that the profile does not allow, with their values."""
    context = pod.get("securityContext", {})
    found = [f"{key}: {pod[key]}" for key in ("hostNetwork", "hostPID", "hostIPC") if pod.get(key)]
    found += [f"sysctls: {one['name']}" for one in context.get("sysctls", ()) if one["name"] not in SYSCTLS]
    for volume in pod.get("volumes", ()):
        kinds = set(volume) - {"name"}
        if not kinds <= VOLUMES:
            found.append(f"volumes, {volume['name']}: {', '.join(sorted(kinds))}")
    found += both(context, "securityContext")
    if context.get("runAsUser") == 0:
        found.append("securityContext.runAsUser: 0")
    for kind in CONTAINERS:
        for container in pod.get(kind, ()):
            name = f"{kind}, {container['name']}"
            found += [f"{name}, {one}" for one in in_container(container, context)]
    return found


def both(context, name):
    """The rules for fields that a pod's security context and a container's have in common."""
    wrong = []
    if context.get("windowsOptions", {}).get("hostProcess"):
        wrong.append(f"{name}.windowsOptions.hostProcess: true")
    if context.get("appArmorProfile", {}).get("type") not in APP_ARMOR:
        wrong.append(f"{name}.appArmorProfile: {context['appArmorProfile']}")
    selinux = context.get("seLinuxOptions", {})
    if selinux.get("type") not in SELINUX_TYPES or selinux.get("user") or selinux.get("role"):
        wrong.append(f"{name}.seLinuxOptions: {selinux}")
    return wrong


def in_container(container, of_pod):
    """The fields of a container. A field that it leaves out has the value of its pod."""
    context = container.get("securityContext", {})
    wrong = both(context, "securityContext")
    if context.get("privileged"):
        wrong.append("privileged: true")
    if context.get("allowPrivilegeEscalation") is not False:
        wrong.append(f"allowPrivilegeEscalation: {context.get('allowPrivilegeEscalation')}")
    capabilities = context.get("capabilities", {})
    if "ALL" not in capabilities.get("drop", ()):
        wrong.append(f"capabilities.drop: {capabilities.get('drop')}")
    if set(capabilities.get("add", ())) - {"NET_BIND_SERVICE"}:
        wrong.append(f"capabilities.add: {capabilities['add']}")
    if context.get("runAsNonRoot", of_pod.get("runAsNonRoot")) is not True:
        wrong.append("runAsNonRoot: not true")
    if context.get("runAsUser") == 0:
        wrong.append("runAsUser: 0")
    seccomp = context.get("seccompProfile", of_pod.get("seccompProfile", {})).get("type")
    if seccomp not in SECCOMP:
        wrong.append(f"seccompProfile.type: {seccomp}")
    if context.get("procMount") not in (None, "Default"):
        wrong.append(f"procMount: {context['procMount']}")
    wrong += [f"hostPort: {port['hostPort']}" for port in container.get("ports", ()) if port.get("hostPort")]
    probes = [container.get(name) for name in ("livenessProbe", "readinessProbe", "startupProbe")]
    probes += container.get("lifecycle", {}).values()
    wrong += [f"{hook}.host: {probe[hook]['host']}" for probe in probes if probe
              for hook in HOOKS if probe.get(hook, {}).get("host")]
    return wrong


def beyond(pod):
    """Fields that the profile allows, but that these pods do not need."""
    found = []
    if pod.get("automountServiceAccountToken") is not False:
        found.append("automountServiceAccountToken: not false")
    if pod.get("securityContext", {}).get("runAsUser") != 65532 or pod["securityContext"].get("fsGroup") != 65532:
        found.append("runAsUser, fsGroup: not 65532")
    for kind in CONTAINERS:
        for container in pod.get(kind, ()):
            if container.get("securityContext", {}).get("readOnlyRootFilesystem") is not True:
                found.append(f"{container['name']}, readOnlyRootFilesystem: not true")
            resources = container.get("resources", {})
            asked, limits = resources.get("requests", ()), resources.get("limits", ())
            if "cpu" not in asked or "memory" not in asked or "memory" not in limits:
                found.append(f"{container['name']}, resources: {resources}")
    return found


def overlooked(pod):
    """Mistakes in a correct pod that would not be noticed."""
    mistakes = {
        "hostNetwork": lambda pod, _: pod.update(hostNetwork=True),
        "hostPath": lambda pod, _: pod["volumes"].append({"name": "x", "hostPath": {"path": "/"}}),
        "sysctl": lambda pod, _: pod["securityContext"].update(sysctls=[{"name": "kernel.msgmax", "value": "1"}]),
        "root": lambda pod, _: pod["securityContext"].update(runAsUser=0),
        "runAsNonRoot": lambda pod, _: pod["securityContext"].pop("runAsNonRoot"),
        "seccompProfile": lambda pod, _: pod["securityContext"].pop("seccompProfile"),
        "privileged": lambda _, context: context.update(privileged=True),
        "escalation": lambda _, context: context.pop("allowPrivilegeEscalation"),
        "drop": lambda _, context: context.pop("capabilities"),
        "add": lambda _, context: context["capabilities"].update(add=["SYS_ADMIN"]),
        "unconfined": lambda _, context: context.update(seccompProfile={"type": "Unconfined"}),
        "a container's root": lambda _, context: context.update(runAsUser=0),
        "procMount": lambda _, context: context.update(procMount="Unmasked"),
        "appArmor": lambda _, context: context.update(appArmorProfile={"type": "Unconfined"}),
        "seLinux": lambda _, context: context.update(seLinuxOptions={"type": "spc_t"}),
        "hostProcess": lambda _, context: context.update(windowsOptions={"hostProcess": True}),
        "hostPort": lambda pod, _: pod["containers"][0].update(ports=[{"containerPort": 1, "hostPort": 1}]),
        "a probe's host": lambda pod, _: pod["containers"][0].update(
            livenessProbe={"httpGet": {"host": "127.0.0.1", "port": 1}}),
    }
    missed = []
    for name, make in mistakes.items():
        faulty = copy.deepcopy(pod)
        make(faulty, faulty["containers"][0]["securityContext"])
        if not violations(faulty):
            missed.append(name)
    return missed

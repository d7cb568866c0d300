"""The Debian packages: lintian finds no fault, and they install, run, upgrade and uninstall by Debian's rules, in a
Debian without systemd."""

import hashlib
import os
import platform
import shutil
import tomllib
from pathlib import Path

from chroot import chroot
from generator import complaints, workplace
from shipped import PROGRAM, ROOT, kept, run, version

ARCHITECTURES = {"amd64": "x86_64", "arm64": "aarch64"}
MACHINES = {"amd64": "Advanced Micro Devices X86-64", "arm64": "AArch64"}
NATIVE = {machine: architecture for architecture, machine in ARCHITECTURES.items()}.get(platform.machine())
CONFIGURATION = f"/etc/{PROGRAM}/config.yaml"
UNIT = f"/usr/lib/systemd/system/{PROGRAM}.service"
ENABLED = f"/etc/systemd/system/multi-user.target.wants/{PROGRAM}.service"
LOGS, PRIVATE_LOGS = f"/var/log/{PROGRAM}", f"/var/log/private/{PROGRAM}"
LINES = 100

FILES = sorted((
    CONFIGURATION, UNIT, f"/usr/bin/{PROGRAM}", f"/usr/share/man/man1/{PROGRAM}.1.gz",
    f"/usr/share/man/man5/{PROGRAM}.yaml.5.gz",
    f"/usr/share/bash-completion/completions/{PROGRAM}", f"/usr/share/zsh/vendor-completions/_{PROGRAM}",
    f"/usr/share/fish/vendor_completions.d/{PROGRAM}.fish", f"/usr/share/doc/{PROGRAM}/changelog.gz",
    f"/usr/share/doc/{PROGRAM}/copyright", f"/usr/share/doc/{PROGRAM}/NOTICES.gz", f"/usr/share/lintian/overrides/{PROGRAM}"))


def measure(shipped, figures):
    packages = built(shipped.directory)
    for architecture, package in packages.items():
        contents(shipped, figures, architecture, package)
        lintian(figures, architecture, package)
    reproducible(shipped, figures, packages)
    versions(figures, packages)
    with workplace() as place, chroot() as debian:
        life(figures, debian, packages[NATIVE], place)


def built(static, *architectures, check=True, **options):
    """The packages of a directory of static binaries, by architecture."""
    environment = {**os.environ, "CARGO_TARGET_DIR": str(static.parent)}
    environment.pop("SOURCE_DATE_EPOCH", None)
    done = run(ROOT / "packaging" / "deb", *architectures, check=check, env=environment, **options)
    if done.returncode:
        return {}
    packages = [Path(line) for line in done.stdout.splitlines() if line.endswith(".deb")]
    return {package.stem.rsplit("_", 1)[1]: package for package in packages}


def field(package, name):
    return run("dpkg-deb", "--field", package, name).stdout.strip()


def contents(shipped, figures, architecture, package):
    figures.equal(f"{architecture}: architecture", field(package, "Architecture"), architecture)
    with workplace() as place:
        run("dpkg-deb", "--raw-extract", package, place)
        found = sorted(f"/{path.relative_to(place)}" for path in place.rglob("*")
                       if not path.is_dir() and "DEBIAN" not in path.parts)
        figures.none(f"{architecture}: unexpected or missing files", set(found) ^ set(FILES))
        listed = run("dpkg-deb", "--contents", package).stdout.splitlines()
        figures.none(f"{architecture}: files that are not root's",
                     [line for line in listed if "root/root" not in line])
        figures.equal(f"{architecture}: conffiles", (place / "DEBIAN/conffiles").read_text().strip(),
                      CONFIGURATION)

        program = place / "usr/bin" / PROGRAM
        static = shipped.binary(ARCHITECTURES[architecture])
        figures.holds(f"{architecture}: the program is the static binary",
                      program.read_bytes() == static.read_bytes(), f"{static.stat().st_size:,} bytes")
        header = run("readelf", "--file-header", program).stdout
        machine = [line.split(":")[1].strip() for line in header.splitlines() if "Machine:" in line]
        figures.equal(f"{architecture}: machine of the program", " ".join(machine), MACHINES[architecture])
        emulator = [] if architecture == NATIVE else [f"qemu-{ARCHITECTURES[architecture]}-static"]
        figures.equal(f"{architecture}: version of package and program", field(package, "Version"),
                      version(*emulator, program).removeprefix("v").replace("-", "~", 1))
        run(*emulator, program, "--no-wait", "--lines", LINES, cwd=place,
            env={"LOG_GENERATOR_CONFIG_YAML": "output: {directory: logs, health_check: {enabled: false}}"})
        figures.equal(f"{architecture}: lines that it writes", lines(place / "logs/access.log"), LINES)


def lines(path):
    return len(path.read_text().splitlines()) if path.exists() else 0


def lintian(figures, architecture, package):
    figures.none(f"{architecture}: lintian's errors and warnings", judged(package))
    unseen = judged(package, "--no-override")
    figures.holds(f"{architecture}: overridden tags, each with a reason", unseen,
                  ", ".join(sorted(line.split()[2] for line in unseen)))


def judged(package, *options):
    said = run("lintian", "--allow-root", *options, package, check=False).stdout
    return [line for line in said.splitlines() if not line.startswith(("N:", "I:", "running with root"))]


def reproducible(shipped, figures, packages):
    """Builds the package again, in another directory and with another umask."""
    with workplace() as place:
        shutil.copytree(shipped.directory, place / "static", copy_function=shutil.copy)
        again = built(place / "static", umask=0o077, cwd=place)
        for architecture, package in packages.items():
            figures.equal(f"{architecture}: a second package of the same binary", digest(again[architecture]),
                          digest(package))


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16]


def versions(figures, packages):
    """A build of another commit than the tagged one has a version before the release."""
    release = tomllib.loads((ROOT / "Cargo.toml").read_text())["package"]["version"]
    own = field(packages[NATIVE], "Version")
    before = run("dpkg", "--compare-versions", own, "lt", release, check=False).returncode == 0
    figures.holds("the version is Cargo.toml's, or comes before it", own == release or before,
                  f"{own} {'=' if own == release else '<'} {release}")
    with workplace() as place:
        static = place / "static"
        stand_ins(static, f"v{release}", f"v{release}")
        names = sorted(package.name for package in built(static).values())
        figures.equal("packages of a release", " ".join(names),
                      f"{PROGRAM}_{release}_amd64.deb {PROGRAM}_{release}_arm64.deb")
        for other in ("v0.1.0", f"v{release}-dev.0000000"):
            stand_ins(static, f"v{release}", other)
            figures.none(f"packages where one of the binaries is {other}", built(static, check=False))


def stand_ins(directory, own, other):
    """Scripts in place of the binaries, which print these versions."""
    directory.mkdir(exist_ok=True)
    for machine in ARCHITECTURES.values():
        said = own if machine == platform.machine() else other
        script = directory / f"{PROGRAM}-{machine}"
        script.write_text(f"#!/bin/sh\necho 'Version: {said}'\necho 'Build Date: 2026-01-01T00:00:00Z'\n")
        script.chmod(0o755)


def successor(package, number, new_rate, place):
    """A later version of the package, with another configuration."""
    root = place / number
    run("dpkg-deb", "--raw-extract", package, root)
    control = root / "DEBIAN/control"
    own = f"Version: {field(package, 'Version')}\n"
    control.write_text(control.read_text().replace(own, f"Version: {number}\n"))
    configuration = root / CONFIGURATION.lstrip("/")
    configuration.write_text(configuration.read_text().replace("rate: 10 ", f"rate: {new_rate} "))
    path = place / f"{PROGRAM}_{number}.deb"
    run("dpkg-deb", "--root-owner-group", "--build", root, path)
    return path


def life(figures, debian, package, place):
    """From the first installation to the purge."""
    debian.path("/var/log/private").mkdir(mode=0o700)
    before = debian.everything()
    later = (("99.1", 15), ("99.2", 15), ("99.3", 20))
    packages = [package, *(successor(package, *each, place) for each in later)]
    inside = [f"/{package.name}" for package in packages]
    for source, path in zip(packages, inside):
        shutil.copy(source, debian.path(path))

    installed(figures, debian, inside[0])
    upgraded(figures, debian, inside[1:])
    removed(figures, debian)
    for path in inside:
        debian.path(path).unlink()
    after = debian.everything()
    figures.none("after purge: files that were not there before", after.keys() - before.keys())
    figures.none("after purge: files that differ from before",
                 [path for path in before if before[path] != after.get(path)])


def quiet(figures, what, done):
    """Checks that a step has ended with status 0 and without complaints."""
    unwell = [line for line in done.stdout.splitlines()
              if any(word in line.lower() for word in ("warning", "error", "fail", "not found"))]
    figures.holds(what, done.returncode == 0 and not unwell, "; ".join(unwell) or f"status {done.returncode}")


def installed(figures, debian, package):
    quiet(figures, "dpkg -i", debian.dpkg("--install", package, check=False))
    figures.none("dpkg --verify", debian.dpkg("--verify", PROGRAM, check=False).stdout.splitlines())
    link = debian.path(ENABLED)
    aim = link.readlink() if link.is_symlink() else "nothing"
    figures.holds("the service is enabled", debian.path(aim).is_file(), aim)
    unit = debian.path(UNIT).read_text().splitlines()
    command = next(line for line in unit if line.startswith("ExecStart=")).removeprefix("ExecStart=").split()
    checked = debian.run(*command, "--check", check=False)
    figures.equal("what the unit runs, with --check: status", checked.returncode, 0)
    ran = debian.run(*command, "--lines", LINES, "--no-wait", "--log-dir-override", "/logs", check=False)
    figures.equal("what the unit runs, to the end: status", ran.returncode, 0)
    figures.none("what the unit runs, to the end: complaints", complaints(ran.stdout))
    figures.equal("lines that it writes", lines(debian.path("/logs/access.log")), LINES)
    shutil.rmtree(debian.path("/logs"), ignore_errors=True)


def upgraded(figures, debian, successors):
    configuration, beside = debian.path(CONFIGURATION), debian.path(f"{CONFIGURATION}.dpkg-dist")
    quiet(figures, "upgrade with an unchanged configuration",
          debian.dpkg("--install", successors[0], check=False))
    figures.equal("the configuration is the new one", rate(configuration), "15")

    ours = configuration.read_text().replace("rate: 15 ", "rate: 25 ")
    configuration.write_text(ours)
    # An administrator has disabled the service.
    debian.path(ENABLED).unlink(missing_ok=True)
    quiet(figures, "upgrade with the same configuration in the package",
          debian.dpkg("--install", successors[1], check=False))
    figures.equal("the changed configuration afterwards", kept(configuration, ours), "as it was")
    figures.holds("no file beside the configuration", not beside.exists(), rate(beside))
    quiet(figures, "upgrade with another configuration in the package, with --force-confold",
          debian.dpkg("--force-confold", "--install", successors[2], check=False))
    figures.equal("the changed configuration after that upgrade", kept(configuration, ours), "as it was")
    figures.equal("the new configuration, beside it", rate(beside), "20")
    installed_now = debian.run("dpkg-query", "--show", "--showformat=${Version}", PROGRAM).stdout
    figures.equal("installed version", installed_now, "99.3")
    enabled = debian.path(ENABLED).is_symlink()
    figures.equal("a service that was disabled", "enabled" if enabled else "disabled", "disabled")


def rate(configuration):
    """The rate in a configuration, by which the test tells configurations apart."""
    text = configuration.read_text() if configuration.exists() else ""
    return next((line.split()[1] for line in text.splitlines() if line.startswith("  rate:")), "none")


def removed(figures, debian):
    # As systemd makes them for a service with DynamicUser.
    debian.path(PRIVATE_LOGS).mkdir()
    debian.path(f"{PRIVATE_LOGS}/access.log").write_text("a line\n")
    debian.path(LOGS).symlink_to(f"private/{PROGRAM}")
    quiet(figures, "dpkg -r", debian.dpkg("--remove", PROGRAM, check=False))
    kept = [path for path in FILES if debian.path(path).exists()]
    figures.equal("after remove: files that are left", " ".join(kept), CONFIGURATION)
    figures.holds("after remove: the logs are left", debian.path(f"{LOGS}/access.log").exists(), LOGS)
    quiet(figures, "dpkg -P", debian.dpkg("--purge", PROGRAM, check=False))

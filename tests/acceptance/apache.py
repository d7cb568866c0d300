"""A real Apache HTTP Server on loopback, to see what it writes for a request."""

import os
from pathlib import Path

from loopback import LoopbackServer

MODULES = Path("/usr/lib/apache2/modules")  # Debian's place for them

LOADED = ("mpm_event", "authn_core", "authn_anon", "auth_basic", "authz_core", "authz_user", "rewrite")

# What every server here has.
SERVER = """
ServerRoot "{place}"
ServerName {host}
Listen 127.0.0.1:{port}
PidFile "{place}/apache.pid"
DefaultRuntimeDir "{place}"
DocumentRoot "{place}/www"
ErrorLog "{place}/error.log"
Mutex pthread
StartServers 1
ServerLimit 1
ThreadsPerChild 8
MaxRequestWorkers 8
{modules}
{user}
"""

# Every user name is accepted, and none is demanded. The request says in a header of its own which status it wants.
CONFIGURATION = SERVER + """
LogLevel crit
AllowEncodedSlashes On
<Location />
  AuthType Basic
  AuthName everybody
  AuthBasicProvider anon
  Anonymous *
  Anonymous_NoUserID on
  Anonymous_MustGiveEmail off
  <RequireAny>
    Require valid-user
    Require expr "-z req('Authorization')"
  </RequireAny>
  RewriteEngine On
{rules}
</Location>
CustomLog "{log}" {format}
"""


class Apache(LoopbackServer):
    """A running server. `statuses` are those that a request may ask for by the header X-Status."""

    def __init__(self, place, log_format, host, statuses):
        super().__init__(place)
        (self.place / "www").mkdir()
        self.configuration = self.place / "apache.conf"
        self.configuration.write_text(CONFIGURATION.format(
            place=self.place, port=self.port, host=host, log=self.log, format=quoted(log_format),
            modules="\n".join(loading(LOADED)), rules="\n".join(rule(status) for status in statuses),
            user="User www-data\nGroup www-data" if os.geteuid() == 0 else ""))

    def command(self):
        return ["apache2", "-D", "FOREGROUND", "-f", self.configuration]


def rule(status):
    target = "http://elsewhere.example/" if 300 <= status < 400 else "-"
    return f'  RewriteCond "%{{HTTP:X-Status}}" "={status}"\n  RewriteRule ^ {target} [R={status},L]'


def loading(modules):
    """LoadModule lines. A module that has no file is compiled in."""
    for module in modules:
        path = MODULES / f"mod_{module}.so"
        if path.exists():
            yield f'LoadModule {module}_module "{path}"'


def quoted(text):
    """A LogFormat string as a quoted argument of the configuration file."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'

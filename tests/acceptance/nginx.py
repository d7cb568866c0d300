"""A real nginx on loopback, to see what it writes for a request."""

import subprocess
from pathlib import Path

from generator import free_port
from raw_http import exchange, logged, wait_for_port

# The request says in a header of its own which status it wants.
CONFIGURATION = """
daemon off;
master_process off;
pid "{place}/nginx.pid";
error_log "{place}/error.log" crit;
events {{ worker_connections 64; }}
http {{
  client_body_temp_path "{place}/temporary";
  proxy_temp_path "{place}/temporary";
  fastcgi_temp_path "{place}/temporary";
  uwsgi_temp_path "{place}/temporary";
  scgi_temp_path "{place}/temporary";
  default_type text/html;
  log_format tested escape={escape} {format};
  server {{
    listen 127.0.0.1:{port};
    server_name {host};
    access_log "{log}" tested;
{rules}
  }}
}}
"""


class Nginx:
    """A running server; a context, so that it never outlives its test. `place` is an empty directory, and `statuses` are
    those that a request may ask for by the header X-Status. `escape` is default, json or none."""

    def __init__(self, place, log_format, host, statuses, escape="default"):
        self.place, self.port, self.sent = Path(place), free_port(), 0
        self.log = self.place / "access.log"
        self.place.chmod(0o711)  # The server may read files as a user without rights.
        self.configuration = self.place / "nginx.conf"
        self.configuration.write_text(CONFIGURATION.format(
            place=self.place, port=self.port, host=host, log=self.log, escape=escape, format=quoted(log_format),
            rules="\n".join(rule(status) for status in statuses)))
        self.process = None

    def __enter__(self):
        self.process = subprocess.Popen(
            ["nginx", "-p", self.place, "-e", self.place / "error.log", "-c", self.configuration],
            stdin=subprocess.DEVNULL)
        wait_for_port(self.port, self.process)
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()

    def send(self, raw):
        """Sends the bytes of one request, and returns the answer."""
        self.sent += 1
        return exchange(self.port, raw)

    def lines(self):
        """What the server logged, a line for each request."""
        return logged(self.log, self.sent)


def rule(status):
    answer = f"{status} http://elsewhere.example/" if 300 <= status < 400 else f"{status}"
    return f'    if ($http_x_status = {status}) {{ return {answer}; }}'


def quoted(text):
    """A log_format string as a quoted argument of the configuration file."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"

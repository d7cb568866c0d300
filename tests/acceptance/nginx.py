"""A real nginx on loopback, to see what it writes for a request."""

from loopback import LoopbackServer

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


class Nginx(LoopbackServer):
    """A running server. `statuses` are those that a request may ask for by the header X-Status; `escape` is default, json or
    none."""

    def __init__(self, place, log_format, host, statuses, escape="default"):
        super().__init__(place)
        self.configuration = self.place / "nginx.conf"
        self.configuration.write_text(CONFIGURATION.format(
            place=self.place, port=self.port, host=host, log=self.log, escape=escape, format=quoted(log_format),
            rules="\n".join(rule(status) for status in statuses)))

    def command(self):
        return ["nginx", "-p", self.place, "-e", self.place / "error.log", "-c", self.configuration]


def rule(status):
    answer = f"{status} http://elsewhere.example/" if 300 <= status < 400 else f"{status}"
    return f'    if ($http_x_status = {status}) {{ return {answer}; }}'


def quoted(text):
    """A log_format string as a quoted argument of the configuration file."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"

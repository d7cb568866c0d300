"""Requests made by hand, byte by byte, because a client library would mend or refuse the hard ones."""

import base64
import socket
import time


def request(method, target, headers, version=b"HTTP/1.1"):
    """The bytes of a request. `headers` are pairs of a name and a value."""
    lines = [method + b" " + target + b" " + version]
    lines += [name + b": " + value for name, value in headers]
    return b"\r\n".join([*lines, b"", b""])


def authorization(user, password=b"secret"):
    """The header of HTTP basic authentication. The user name may have any byte but a colon."""
    return b"Authorization", b"Basic " + base64.b64encode(user + b":" + password)


def exchange(port, raw, patience=10):
    """Sends the bytes on a new connection and returns the whole answer. The client then sends nothing more, so that the
    server closes even a connection that was to be kept alive."""
    with socket.create_connection(("127.0.0.1", port), timeout=patience) as connection:
        connection.sendall(raw)
        connection.shutdown(socket.SHUT_WR)
        answer = b""
        try:
            while received := connection.recv(65536):
                answer += received
        except ConnectionResetError:
            pass  # The server closed before it read everything, which it may after an error.
        return answer


def wait_for_port(port, process, patience=10):
    """Waits until the server accepts connections."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise SystemExit(f"{process.args[0]} ended by itself with status {process.returncode}")
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.02)
    raise SystemExit(f"{process.args[0]} accepts no connection within {patience} s")


def logged(path, requests, patience=10):
    """The lines of a server's log, one for each request, as bytes without their newlines.

    A server logs a request a little after it has answered, so this waits for the last line.
    """
    deadline = time.monotonic() + patience
    while True:
        lines = path.read_bytes().split(b"\n")[:-1] if path.exists() else []
        if len(lines) == requests:
            return lines
        if time.monotonic() > deadline:
            raise SystemExit(f"{requests} requests were sent, but {path} has {len(lines)} lines")
        time.sleep(0.02)

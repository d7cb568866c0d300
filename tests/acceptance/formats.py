"""Lines in any format: read by programs of other people, and written by the servers that the formats come from."""

import error_formats
import further_logs
import named_formats
import random_formats
import real_servers


def measure(binary, figures):
    further_logs.measure(binary, figures)
    named_formats.measure(binary, figures)
    random_formats.measure(binary, figures)
    error_formats.measure(binary, figures)
    real_servers.measure(binary, figures)

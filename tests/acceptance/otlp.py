"""OpenTelemetry's own protocol definition, opentelemetry-proto, reads the lines of `otel`."""

import base64
import re
from itertools import islice

from google.protobuf import json_format
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest

from access_log import lines

# OTLP/JSON has ids in hexadecimal digits, where protobuf's JSON has base64.
IDS = re.compile(r'"(traceId|spanId)":"([^"]*)"')
DIGITS = {"traceId": re.compile("[0-9a-f]{32}"), "spanId": re.compile("[0-9a-f]{16}")}


def rejected(log, sample):
    """The first lines of a log that are no export request with one record, and why. Unknown names are faults, too."""
    return [f"{fault}: {line}" for line in islice(lines(log), sample) for fault in faults(line.decode())]


def faults(line):
    ids = IDS.findall(line)
    for name, value in ids:
        if not DIGITS[name].fullmatch(value):
            yield f"{name} {value}"
            return
    try:
        request = json_format.Parse(IDS.sub(with_base64, line), ExportLogsServiceRequest())
    except json_format.ParseError as error:
        yield error
        return
    records = [record for resource in request.resource_logs for scope in resource.scope_logs
               for record in scope.log_records]
    if len(records) != 1 or len(ids) != 2:
        yield f"{len(records)} records, {len(ids)} ids"
        return
    names = [attribute.key for attribute in records[0].attributes]
    if len(set(names)) < len(names):
        yield "an attribute twice"
    if not records[0].time_unix_nano:
        yield "no time"


def with_base64(found):
    return f'"{found[1]}":"{base64.b64encode(bytes.fromhex(found[2])).decode()}"'

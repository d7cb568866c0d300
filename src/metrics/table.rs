//! The table of metrics. packaging/README.md has a row for each, which a test checks.

use super::kind::MetricKind;
use super::metric::Metric;
use crate::log_id::stem;
use crate::status::Queue;
use crate::version;

/// All metrics, in the order of the answer.
pub const METRICS: &[Metric] = &[
    Metric {
        name: "build_info",
        kind: MetricKind::Gauge,
        help: "What this program is; always 1.",
        read: |_, series| {
            let labels = [("version", version::VERSION), ("commit", version::GIT_COMMIT)];
            series.labelled(&labels, 1);
        },
    },
    Metric {
        name: "configured_lines_per_second",
        kind: MetricKind::Gauge,
        help: "The configured rate, at multiplier 1.0; of a shard, its part of it.",
        read: |seen, series| series.value(seen.status.target().rate()),
    },
    Metric {
        name: "target_lines_per_second",
        kind: MetricKind::Gauge,
        help: "The rate that the traffic pattern asks for at the time the log has reached.",
        read: |seen, series| series.value(seen.status.target_now(seen.present)),
    },
    Metric {
        name: "achieved_lines_per_second",
        kind: MetricKind::Gauge,
        help: "Lines of access.log written per second, mean of the last 10 s.",
        read: |seen, series| series.value(seen.status.achieved(seen.now).rate),
    },
    Metric {
        name: "lines_written_total",
        kind: MetricKind::Counter,
        help: "Lines written, by log.",
        read: |seen, series| {
            for (log, file) in seen.status.run().logs.all() {
                series.labelled(&[("log", stem(file))], seen.status.written(log).lines);
            }
        },
    },
    Metric {
        name: "bytes_written_total",
        kind: MetricKind::Counter,
        help: "Bytes of lines written, by log, without those of a file's header.",
        read: |seen, series| {
            for (log, file) in seen.status.run().logs.all() {
                series.labelled(&[("log", stem(file))], seen.status.written(log).bytes);
            }
        },
    },
    Metric {
        name: "hits_total",
        kind: MetricKind::Counter,
        help: "Hits in access.log, by class of their status.",
        read: |seen, series| {
            for (class, hits) in seen.status.status_classes() {
                series.labelled(&[("status_class", class)], hits);
            }
        },
    },
    Metric {
        name: "lag_seconds",
        kind: MetricKind::Gauge,
        help: "How far what is written is behind the clock; 0 in a run that does not wait for it.",
        read: |seen, series| series.value(seen.status.lag(seen.present)),
    },
    Metric {
        name: "gaps_total",
        kind: MetricKind::Counter,
        help: "Spans of time that were left out because the run had fallen behind.",
        read: |seen, series| series.value(seen.status.gaps()),
    },
    Metric {
        name: "gap_lines_total",
        kind: MetricKind::Counter,
        help: "Lines that were left out in them.",
        read: |seen, series| series.value(seen.status.gap_lines()),
    },
    Metric {
        name: "gap_seconds_total",
        kind: MetricKind::Counter,
        help: "How long they were, in simulated time.",
        read: |seen, series| series.value(seen.status.gap_time().as_secs_f64()),
    },
    Metric {
        name: "live_sessions",
        kind: MetricKind::Gauge,
        help: "Sessions between two hits.",
        read: |seen, series| series.value(seen.status.engine().live_sessions()),
    },
    Metric {
        name: "queue_batches",
        kind: MetricKind::Gauge,
        help: "Batches that wait, of hits for a formatter or of lines for the writer.",
        read: |seen, series| {
            for queue in Queue::ALL {
                let (batches, _) = seen.status.engine().depth(queue);
                series.labelled(&[("queue", queue.name())], batches);
            }
        },
    },
    Metric {
        name: "queue_capacity_batches",
        kind: MetricKind::Gauge,
        help: "Batches that can wait there.",
        read: |seen, series| {
            for queue in Queue::ALL {
                let (_, capacity) = seen.status.engine().depth(queue);
                series.labelled(&[("queue", queue.name())], capacity);
            }
        },
    },
    Metric {
        name: "batch_latency_seconds",
        kind: MetricKind::Histogram,
        help: "How long a batch takes from the scheduler into the file.",
        read: |seen, series| series.histogram(&seen.status.engine().batch_latencies),
    },
    Metric {
        name: "rotation_pause_seconds",
        kind: MetricKind::Histogram,
        help: "How long a rotation held up the writer.",
        read: |seen, series| series.histogram(seen.status.rotation_pauses()),
    },
    Metric {
        name: "rotations_total",
        kind: MetricKind::Counter,
        help: "Files that were full and got another name.",
        read: |seen, series| series.value(seen.status.rotations()),
    },
    Metric {
        name: "compressed_files_total",
        kind: MetricKind::Counter,
        help: "Rotated files that were compressed.",
        read: |seen, series| series.value(seen.status.compressed_files()),
    },
    Metric {
        name: "deleted_files_total",
        kind: MetricKind::Counter,
        help: "Rotated files that were deleted, for their age or for room.",
        read: |seen, series| series.value(seen.status.deleted_files()),
    },
    Metric {
        name: "write_errors_total",
        kind: MetricKind::Counter,
        help: "Writes that failed, by kind of error; each was tried again.",
        read: |seen, series| {
            for (kind, errors) in seen.status.write_errors_by_kind() {
                series.labelled(&[("kind", kind.name())], errors);
            }
        },
    },
    Metric {
        name: "disk_free_bytes",
        kind: MetricKind::Gauge,
        help: "Free bytes in the file system of the logs.",
        read: |seen, series| {
            if let Some(bytes) = seen.status.disk_free_bytes() {
                series.value(bytes);
            }
        },
    },
    Metric {
        name: "healthy",
        kind: MetricKind::Gauge,
        help: "1 while lines reach the disk, as /health says.",
        read: |seen, series| series.value(u8::from(seen.status.is_healthy(seen.now))),
    },
    Metric {
        name: "ready",
        kind: MetricKind::Gauge,
        help: "1 while the run is under way, as /ready says.",
        read: |seen, series| series.value(u8::from(seen.status.ready(seen.now).0 == 200)),
    },
    Metric {
        name: "simulated_time_seconds",
        kind: MetricKind::Gauge,
        help: "The simulated time that the files have reached, in seconds since 1970.",
        read: |seen, series| {
            if let Some(time) = seen.status.simulated_time() {
                series.value(time.as_microsecond() as f64 / 1e6);
            }
        },
    },
    Metric {
        name: "shard_index",
        kind: MetricKind::Gauge,
        help: "Which shard of the site this is, from 0.",
        read: |seen, series| series.value(seen.status.run().shard.index),
    },
    Metric {
        name: "shards",
        kind: MetricKind::Gauge,
        help: "How many shards the site has.",
        read: |seen, series| series.value(seen.status.run().shard.count),
    },
    Metric {
        name: "process_start_time_seconds",
        kind: MetricKind::Gauge,
        help: "When the process started, in seconds since 1970.",
        read: |seen, series| {
            series.value(seen.status.run().started_at.as_microsecond() as f64 / 1e6);
        },
    },
    Metric {
        name: "process_cpu_seconds_total",
        kind: MetricKind::Counter,
        help: "Time on a processor, user and system.",
        read: |seen, series| {
            if let Some(process) = &seen.process {
                series.value(process.cpu_seconds);
            }
        },
    },
    Metric {
        name: "process_resident_memory_bytes",
        kind: MetricKind::Gauge,
        help: "Resident memory.",
        read: |seen, series| {
            if let Some(process) = &seen.process {
                series.value(process.resident_bytes);
            }
        },
    },
    Metric {
        name: "process_open_fds",
        kind: MetricKind::Gauge,
        help: "Open file descriptors.",
        read: |seen, series| {
            if let Some(process) = &seen.process {
                series.value(process.open_fds);
            }
        },
    },
];

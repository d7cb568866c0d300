//! The keys of the features around the files, which are off where their section is absent: `output.health_check`,
//! `output.log_rotation` and `output.disk_monitor`.

use std::net::Ipv4Addr;
use std::time::Duration;

use super::shapes::{self, json};
use super::{ConfigKey, Inside, KeyForm, KeyKind, NumberLimits, Section, Worded};
use super::{preset, print_feature, rows, section};
use crate::config::tree::Node;
use crate::config::{DiskMonitor, HealthCheck, LogRotation, Output, RotationPeriod, RotationUnit};

/// Bytes of what sizes are counted in.
pub const MIB: f64 = 1_048_576.0;
/// The smallest size in MiB that is one.
pub const LEAST_SIZE: f64 = 0.001;
/// The size at which a file is rotated.
pub const SIZE: NumberLimits = NumberLimits::between(0.0, 1_000_000.0).of("MiB (0 for no limit)");
/// How many units of time there are in a period.
pub const INTERVAL: (u64, u64) = (1, 1_000_000);
/// The floor of free space.
pub const FLOOR: NumberLimits = NumberLimits::between(0.0, 1_000_000.0).of("GiB");
/// The time between two looks.
pub const LOOKS: NumberLimits = NumberLimits::between(0.1, 86_400.0).of("seconds");

/// Where the endpoints listen.
pub const ADDRESS: Worded = Worded {
    range: "an IPv4 or IPv6 address",
    expected: "an IP address to listen on: \"0.0.0.0\" for every interface, \"127.0.0.1\" for this host alone",
    schema: || shapes::address(""),
};

/// When files are rotated.
pub const WHEN: Worded = Worded {
    range: "one of them",
    expected: "one of \"s\", \"m\", \"h\", \"d\", \"midnight\", \"w0\" (Monday) to \"w6\" (Sunday), or \"never\"",
    schema: || {
        json(
            r#"{"anyOf": [
              {"enum": ["s", "m", "h", "d", "midnight", "w0", "w1", "w2", "w3", "w4", "w5", "w6", "never"]},
              {"type": "string",
               "pattern": "^([SsMmHhDd]|[Ww][0-6]|[Mm][Ii][Dd][Nn][Ii][Gg][Hh][Tt]|[Nn][Ee][Vv][Ee][Rr])$"}
            ]}"#,
        )
    },
};

/// The endpoints.
pub(super) const HEALTH_CHECK: ConfigKey<Output> = section(
    "health_check",
    "the HTTP endpoints; off where this is absent",
    Inside::map(rows::<HealthCheck>),
    |output| Some(print_feature(output.health_check.as_ref())),
);

/// The rotation.
pub(super) const LOG_ROTATION: ConfigKey<Output> = section(
    "log_rotation",
    "when files are rotated and what is kept of them; off where this is absent",
    Inside { schema: rotates_at_some_time, ..Inside::map(rows::<LogRotation>) },
    |output| Some(print_feature(output.log_rotation.as_ref())),
);

/// The watch.
pub(super) const DISK_MONITOR: ConfigKey<Output> = section(
    "disk_monitor",
    "the floor of free space; where this is absent, it is `auto` wherever files are rotated",
    Inside::map(rows::<DiskMonitor>),
    |output| Some(print_feature(output.disk_monitor.as_ref())),
);

/// Whether a feature is on.
const fn switch<S>(about: &'static str) -> ConfigKey<S> {
    ConfigKey { name: "enabled", also: &[], about, example: "false", kind: KeyKind::Switch }
}

impl Section for HealthCheck {
    const KEYS: &'static [ConfigKey<Self>] = &[
        switch("serve /health and /ready"),
        ConfigKey {
            name: "port",
            also: &[],
            about: "the port; 0 lets the system choose",
            example: "8081",
            kind: KeyKind::Whole16 {
                range: (0, u16::MAX as u64),
                default: 8080,
                at: |health_check| &mut health_check.port,
            },
        },
        ConfigKey {
            name: "address",
            also: &[],
            about: "the address to listen on",
            example: r#""127.0.0.1""#,
            kind: KeyKind::Own {
                form: KeyForm::Worded(ADDRESS),
                told: None,
                print: |health_check| Some(Node::text(health_check.address.to_string())),
            },
        },
    ];

    fn blank() -> Self {
        Self { address: Ipv4Addr::UNSPECIFIED.into(), port: 0 }
    }
}

impl Section for LogRotation {
    const KEYS: &'static [ConfigKey<Self>] = &[
        switch("rotate"),
        ConfigKey {
            name: "max_size_mb",
            also: &[],
            about: "rotate before a file grows beyond this many MiB; 0 for no limit",
            example: "100",
            kind: KeyKind::Own {
                form: KeyForm::ZeroOr(LEAST_SIZE, SIZE),
                told: None,
                print: |rotation| {
                    let mib = |bytes| bytes as f64 / MIB;
                    Some(Node::number(rotation.max_bytes.map_or(0.0, mib)))
                },
            },
        },
        ConfigKey {
            name: "when",
            also: &[],
            about: "the unit of time: `s`, `m`, `h`, `d`, `midnight`, `w0` (Monday) to `w6` (Sunday), `never`; upper case too",
            example: r#""midnight""#,
            kind: KeyKind::Own {
                form: KeyForm::Worded(WHEN),
                told: None,
                print: |rotation| {
                    let unit = rotation.every.map(|period| unit(period.when));
                    Some(Node::text(unit.unwrap_or_else(|| "never".to_owned())))
                },
            },
        },
        ConfigKey {
            name: "interval",
            also: &[],
            about: "how many of that unit",
            example: "2",
            kind: KeyKind::Own {
                form: KeyForm::Whole(INTERVAL),
                told: None,
                print: |rotation| {
                    let interval = rotation.every.map_or(1, |period| period.interval);
                    Some(Node::number(interval.into()))
                },
            },
        },
        ConfigKey {
            name: "backup_count",
            also: &[],
            about: "old files kept of each log",
            example: "24",
            kind: KeyKind::Whole32 {
                range: (0, 100_000),
                default: 5,
                at: |rotation| &mut rotation.backup_count,
            },
        },
        ConfigKey {
            name: "compress",
            also: &[],
            about: "compress old files by gzip",
            example: "false",
            kind: KeyKind::Boolean { default: true, at: |rotation| &mut rotation.compress },
        },
        ConfigKey {
            name: "compression_level",
            also: &[],
            about: "gzip's level: 1 is fast, 9 small",
            example: "6",
            kind: KeyKind::Whole32 {
                range: (1, 9),
                default: 1,
                at: |rotation| &mut rotation.compression_level,
            },
        },
    ];

    fn blank() -> Self {
        Self {
            max_bytes: Some(1_000 << 20),
            every: Some(RotationPeriod { when: RotationUnit::Hour, interval: 1 }),
            backup_count: 0,
            compress: false,
            compression_level: 0,
        }
    }
}

fn unit(unit: RotationUnit) -> String {
    match unit {
        RotationUnit::Second => "s".into(),
        RotationUnit::Minute => "m".into(),
        RotationUnit::Hour => "h".into(),
        RotationUnit::Day => "d".into(),
        RotationUnit::Midnight => "midnight".into(),
        RotationUnit::Weekday(day) => format!("w{day}"),
    }
}

/// A rotation that is on and would never happen is an error: no size, and no time either.
fn rotates_at_some_time(map: Node) -> Node {
    shapes::with(
        map,
        "not",
        json(
            r#"{
              "properties": {
                "enabled": {"const": true},
                "max_size_mb": {"const": 0},
                "when": {"type": "string", "pattern": "^[Nn][Ee][Vv][Ee][Rr]$"}
              },
              "anyOf": [
                {"required": ["when"]},
                {"required": ["max_size_mb"], "properties": {"interval": false}}
              ]
            }"#,
        ),
    )
}

impl Section for DiskMonitor {
    const KEYS: &'static [ConfigKey<Self>] = &[
        switch("watch the free space"),
        ConfigKey {
            name: "min_free_gb",
            also: &[],
            about: "the floor in GiB, fractions allowed, or `auto`",
            example: "0.5",
            kind: KeyKind::Own {
                form: KeyForm::WordOr("auto", FLOOR),
                told: None,
                print: |watch| {
                    Some(watch.min_free_gb.map_or_else(|| Node::text("auto"), Node::number))
                },
            },
        },
        ConfigKey {
            name: "check_interval",
            also: &[],
            about: "seconds between two looks",
            example: "60",
            kind: KeyKind::Own {
                form: KeyForm::Number(LOOKS),
                told: None,
                print: |watch| Some(Node::number(watch.check_interval.as_secs_f64())),
            },
        },
    ];

    fn blank() -> Self {
        Self { min_free_gb: Some(1.0), check_interval: Duration::from_secs(300) }
    }
}

/// The guide's port, on every interface.
impl Default for HealthCheck {
    fn default() -> Self {
        preset()
    }
}

/// The guide's: hourly or at 1,000 MiB, five old files, compressed.
impl Default for LogRotation {
    fn default() -> Self {
        preset()
    }
}

/// The guide's: 1 GiB, every five minutes.
impl Default for DiskMonitor {
    fn default() -> Self {
        preset()
    }
}

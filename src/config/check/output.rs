//! `output`: where the lines go, how fast, and the features around the files.

use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use jiff::tz::{TimeZone, TimeZoneDatabase};

use super::cursor::{Item, Limits, Map};
use super::whole::LEAST_RATE;
use super::words::likely;
use crate::config::tree::Value;
use crate::config::{DiskMonitor, HealthCheck, LogRotation, Output, RotationPeriod, RotationUnit};
use crate::duration::parse_duration;

/// Lines a second.
pub const RATE: Limits = Limits::between(LEAST_RATE, 10_000_000.0);
/// What `pre_warm: true` means.
const A_DAY: Duration = Duration::from_secs(86_400);
const LONGEST_PRE_WARM: Duration = Duration::from_secs(3_660 * 86_400);
const MIB: f64 = 1_048_576.0;

/// Reads the section; absent is empty.
pub fn output(section: Option<Map<'_>>) -> Output {
    let mut output = Output {
        directory: PathBuf::from("./logs"),
        rate: 10.0,
        burst_seconds: 2.0,
        error_log: true,
        system_log: true,
        seed: None,
        debug: false,
        pre_warm: Duration::ZERO,
        timezone: TimeZone::UTC,
        health_check: None,
        log_rotation: None,
        disk_monitor: None,
    };
    let Some(map) = section else { return output };
    if let Some(path) = map.get("directory").and_then(|item| directory(&item)) {
        output.directory = path;
    }
    output.rate = map.number("rate", RATE, output.rate);
    let seconds = Limits::between(0.0, 3_600.0).of("seconds");
    output.burst_seconds = map.number("burst_seconds", seconds, output.burst_seconds);
    output.seed = map.get("seed").and_then(|item| match item.value() {
        Value::Null => None,
        _ => item.whole(0, u64::MAX),
    });
    output.error_log = log_is_on(&map, "error_log", "no_error_log");
    output.system_log = log_is_on(&map, "system_log", "no_system_log");
    output.debug = map.boolean("debug", output.debug);
    output.pre_warm = map.get("pre_warm").and_then(|item| pre_warm(&item)).unwrap_or_default();
    if let Some(zone) = map.get("timezone").and_then(|item| timezone(&item)) {
        output.timezone = zone;
    }
    output.health_check = map.feature("health_check").and_then(health_check);
    output.log_rotation = map.feature("log_rotation").and_then(log_rotation);
    output.disk_monitor = match map.get("disk_monitor") {
        Some(item) => item.feature().and_then(disk_monitor),
        // Where files are rotated, the oldest may go before the disk is full.
        None => output.log_rotation.as_ref().map(|_| DiskMonitor::auto()),
    };
    map.finish();
    output
}

/// Whether a log is written, by its key or by the older one, which means the opposite.
fn log_is_on(map: &Map<'_>, key: &'static str, older: &'static str) -> bool {
    let Some(item) = map.spelt(&[key, older]) else { return true };
    let is_older = item.path().ends_with(older);
    item.boolean().is_none_or(|on| on != is_older)
}

fn directory(item: &Item<'_>) -> Option<PathBuf> {
    let expected = "the directory of the log files, such as \"/var/log/app\"";
    let text = item.free_text(expected)?;
    if text.trim().is_empty() || text.contains('\0') {
        return item.wrong(expected);
    }
    Some(PathBuf::from(text))
}

fn pre_warm(item: &Item<'_>) -> Option<Duration> {
    const EXPECTED: &str = "true (24 hours), false, or how far back as a number with a unit: \
                            \"90m\", \"36h\" or \"7d\", at most \"3660d\"";
    match item.value() {
        Value::Bool(false) => Some(Duration::ZERO),
        Value::Bool(true) => Some(A_DAY),
        Value::Text(text) if text.ends_with(|last: char| last.is_ascii_digit()) => {
            item.wrong(EXPECTED)
        }
        Value::Text(text) => match parse_duration(text) {
            Ok(duration) if duration <= LONGEST_PRE_WARM => Some(duration),
            _ => item.wrong(EXPECTED),
        },
        _ => item.wrong(EXPECTED),
    }
}

/// From the database that is compiled in, so that the stream does not depend on the host's.
fn timezone(item: &Item<'_>) -> Option<TimeZone> {
    const EXPECTED: &str =
        "the IANA name of a time zone, such as \"UTC\" or \"Europe/Berlin\", or local";
    let name = item.text(EXPECTED)?;
    let database = TimeZoneDatabase::bundled();
    // "Etc/Unknown" is the library's own name for a zone that is not known.
    let zone = database.get(name).ok().filter(|zone| !zone.is_unknown());
    zone.or_else(|| {
        let names: Vec<String> = database.available().map(|name| name.to_string()).collect();
        let names = names.iter().map(String::as_str);
        // "Berlin" alone is more often meant than misspelt.
        let city = |full: &&str| {
            let last = full.rsplit('/').next().unwrap_or(full);
            last.eq_ignore_ascii_case(&name.replace(' ', "_"))
        };
        match names.clone().find(city).or_else(|| likely(name, names)) {
            Some(name) => item.wrong(format!("{EXPECTED}; did you mean \"{name}\"?")),
            None => item.wrong(EXPECTED),
        }
    })
}

fn health_check(map: Map<'_>) -> Option<HealthCheck> {
    let default = HealthCheck::default();
    let enabled = map.boolean("enabled", true);
    let port = map.whole("port", (0, u64::from(u16::MAX)), default.port.into()) as u16;
    let address = map.get("address").and_then(|item| address(&item));
    map.finish();
    let address = address.unwrap_or(default.address);
    enabled.then_some(HealthCheck { address, port })
}

fn address(item: &Item<'_>) -> Option<IpAddr> {
    const EXPECTED: &str = "an IP address to listen on: \"0.0.0.0\" for every interface, \
                            \"127.0.0.1\" for this host alone";
    let text = item.text(EXPECTED)?;
    text.parse().ok().or_else(|| item.wrong(EXPECTED))
}

/// With neither a size nor a time, both are the guide's; with one of them, the other is off.
fn log_rotation(map: Map<'_>) -> Option<LogRotation> {
    let default = LogRotation::default();
    let enabled = map.boolean("enabled", true);
    let size = map.get("max_size_mb");
    let when = map.get("when");
    let interval_item = map.get("interval");
    let interval = interval_item.as_ref().and_then(|item| item.whole(1, 1_000_000)).unwrap_or(1);
    let backup_count = map.whole("backup_count", (0, 100_000), default.backup_count.into()) as u32;
    let compress = map.boolean("compress", default.compress);
    let level = map.whole("compression_level", (1, 9), default.compression_level.into());

    let by_time = when.is_some() || interval_item.is_some();
    let max_bytes = match &size {
        Some(item) => max_bytes(item),
        None if by_time => None,
        None => default.max_bytes,
    };
    let unit = match &when {
        Some(item) => rotation_unit(item),
        None if interval_item.is_some() || size.is_none() => Some(RotationUnit::Hour),
        None => None,
    };
    let every = unit.map(|when| RotationPeriod { when, interval: interval as u32 });
    if enabled && max_bytes.is_none() && every.is_none() && when_is_understood(&size, &when) {
        map.item().error(
            "rotation is on but would never happen: give \"max_size_mb\" above 0 or \"when\", \
             or set \"enabled\" to false",
        );
    }
    map.finish();
    let compression_level = level as u32;
    enabled.then_some(LogRotation { max_bytes, every, backup_count, compress, compression_level })
}

/// Whether nothing that says when to rotate was reported already.
fn when_is_understood(size: &Option<Item<'_>>, when: &Option<Item<'_>>) -> bool {
    let never = |item: &Item<'_>| matches!(item.value(), Value::Text(text) if text == "never");
    let zero = |item: &Item<'_>| {
        matches!(item.value(), Value::Integer(0)) || matches!(item.value(), Value::Float(0.0))
    };
    size.as_ref().is_none_or(zero) && when.as_ref().is_none_or(never)
}

fn max_bytes(item: &Item<'_>) -> Option<u64> {
    let mib = item.number(Limits::between(0.0, 1_000_000.0).of("MiB (0 for no limit)"))?;
    if mib > 0.0 && mib < 0.001 {
        return item.wrong("0 for no limit, or at least 0.001 (MiB)");
    }
    (mib > 0.0).then_some((mib * MIB).round() as u64)
}

fn rotation_unit(item: &Item<'_>) -> Option<RotationUnit> {
    const EXPECTED: &str = "one of \"s\", \"m\", \"h\", \"d\", \"midnight\", \"w0\" (Monday) to \
                            \"w6\" (Sunday), or \"never\"";
    let text = item.text(EXPECTED)?;
    Some(match text.to_ascii_lowercase().as_str() {
        "s" => RotationUnit::Second,
        "m" => RotationUnit::Minute,
        "h" => RotationUnit::Hour,
        "d" => RotationUnit::Day,
        "midnight" => RotationUnit::Midnight,
        "never" => return None,
        other => match other.strip_prefix('w').map(str::parse) {
            Some(Ok(day @ 0..=6)) if other.len() == 2 => RotationUnit::Weekday(day),
            _ => {
                let unit = meant_unit(text).map(|unit| format!("; did you mean \"{unit}\"?"));
                return item.wrong(format!("{EXPECTED}{}", unit.unwrap_or_default()));
            }
        },
    })
}

/// The unit behind a word that other programs use for it, or that is misspelt.
fn meant_unit(text: &str) -> Option<&'static str> {
    const WORDS: [(&str, &str); 16] = [
        ("second", "s"),
        ("minute", "m"),
        ("hour", "h"),
        ("hourly", "h"),
        ("day", "d"),
        ("daily", "d"),
        ("weekly", "w0"),
        ("midnight", "midnight"),
        ("never", "never"),
        ("monday", "w0"),
        ("tuesday", "w1"),
        ("wednesday", "w2"),
        ("thursday", "w3"),
        ("friday", "w4"),
        ("saturday", "w5"),
        ("sunday", "w6"),
    ];
    let word = likely(text, WORDS.iter().map(|(word, _)| *word))?;
    WORDS.iter().find(|(known, _)| *known == word).map(|(_, unit)| *unit)
}

fn disk_monitor(map: Map<'_>) -> Option<DiskMonitor> {
    let default = DiskMonitor::default();
    let enabled = map.boolean("enabled", true);
    let min_free_gb = map.get("min_free_gb").map_or(default.min_free_gb, |item| min_free_gb(&item));
    let seconds = Limits::between(0.1, 86_400.0).of("seconds");
    let interval = map.number("check_interval", seconds, default.check_interval.as_secs_f64());
    let check_interval = Duration::from_secs_f64(interval);
    map.finish();
    enabled.then_some(DiskMonitor { min_free_gb, check_interval })
}

/// The floor in GiB; `None` is `auto`.
fn min_free_gb(item: &Item<'_>) -> Option<f64> {
    let gib = Limits::between(0.0, 1_000_000.0).of("GiB");
    match item.value() {
        Value::Text(text) if text.eq_ignore_ascii_case("auto") => None,
        _ => item.number(gib),
    }
}

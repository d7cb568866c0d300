//! `output`: where the lines go, how fast, and the features around the files.

use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use jiff::tz::{TimeZone, TimeZoneDatabase};

use super::cursor::{ConfigItem, Map};
use super::formats::{error_format, format};
use super::further_logs::further_logs;
use crate::config::keys::features::{ADDRESS, FLOOR, INTERVAL, LEAST_SIZE, LOOKS, MIB, SIZE, WHEN};
use crate::config::keys::output::{
    BURST_SECONDS, DESTINATION, DIRECTORY, LONGEST_PRE_WARM, PRE_WARM, SEED, TIMEZONE,
};
use crate::config::keys::{Section, preset};
use crate::config::tree::Value;
use crate::config::words::plain;
use crate::config::{
    Destination, DiskMonitor, HealthCheck, LogRotation, Output, RotationPeriod, RotationUnit,
};
use crate::duration::parse_duration;
use crate::likeness::likely;

/// What `pre_warm: true` means.
const A_DAY: Duration = Duration::from_secs(86_400);

/// Reads the section; absent is empty.
pub fn output(section: Option<Map<'_>>) -> Output {
    let mut output: Output = preset();
    let Some(map) = section else { return output };
    map.fill(Output::KEYS, &mut output);
    if let Some(destination) = map.get("destination").and_then(|item| destination(&item)) {
        output.destination = destination;
    }
    match map.get("directory") {
        Some(item) => output.directory = directory(&item).or(output.directory),
        None if output.destination == Destination::Stdout => output.directory = None,
        None => {}
    }
    if let Some(format) = map.get("format").and_then(|item| format(&item)) {
        output.format = format;
    }
    if let Some(format) = map.get("error_format").and_then(|item| error_format(&item)) {
        output.error_format = format;
    }
    if let Some(item) = map.get("logs") {
        output.logs = further_logs(&item);
        if !output.logs.is_empty() && output.directory.is_none() {
            item.warning(
                "with \"destination: stdout\" and no directory named, no file is written and these logs are not: \
                 name \"directory\" for them",
            );
        }
    }
    if let Some(seconds) = map.get("burst_seconds").and_then(|item| burst_seconds(&item)) {
        output.burst_seconds = seconds;
    }
    output.seed = map.get("seed").and_then(|item| match item.value() {
        Value::Null => None,
        _ => item.whole(SEED),
    });
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

fn directory(item: &ConfigItem<'_>) -> Option<PathBuf> {
    let text = item.free_text(DIRECTORY.expected)?;
    if text.trim().is_empty() || text.contains('\0') {
        return item.wrong(DIRECTORY.expected);
    }
    Some(PathBuf::from(text))
}

fn destination(item: &ConfigItem<'_>) -> Option<Destination> {
    let name = item.text(DESTINATION.expected)?;
    Destination::from_name(name).or_else(|| item.wrong(DESTINATION.expected))
}

fn burst_seconds(item: &ConfigItem<'_>) -> Option<Option<f64>> {
    match item.value() {
        Value::Text(text) if text == "auto" => Some(None),
        _ => item.number(BURST_SECONDS).map(Some),
    }
}

fn pre_warm(item: &ConfigItem<'_>) -> Option<Duration> {
    const EXPECTED: &str = PRE_WARM.expected;
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
fn timezone(item: &ConfigItem<'_>) -> Option<TimeZone> {
    const EXPECTED: &str = TIMEZONE.expected;
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
    let mut on = HealthCheck::default();
    let enabled = map.is_on();
    map.fill(HealthCheck::KEYS, &mut on);
    if let Some(address) = map.get("address").and_then(|item| address(&item)) {
        on.address = address;
    }
    map.finish();
    enabled.then_some(on)
}

fn address(item: &ConfigItem<'_>) -> Option<IpAddr> {
    let text = item.text(ADDRESS.expected)?;
    text.parse().ok().or_else(|| item.wrong(ADDRESS.expected))
}

/// With neither a size nor a time, both are the guide's; with one of them, the other is off.
fn log_rotation(map: Map<'_>) -> Option<LogRotation> {
    let mut on = LogRotation::default();
    let enabled = map.is_on();
    map.fill(LogRotation::KEYS, &mut on);
    let size = map.get("max_size_mb");
    let when = map.get("when");
    let interval_item = map.get("interval");
    let interval = interval_item.as_ref().and_then(|item| item.whole(INTERVAL)).unwrap_or(1);

    let by_time = when.is_some() || interval_item.is_some();
    on.max_bytes = match &size {
        Some(item) => max_bytes(item),
        None if by_time => None,
        None => on.max_bytes,
    };
    let unit = match &when {
        Some(item) => rotation_unit(item),
        None if interval_item.is_some() || size.is_none() => Some(RotationUnit::Hour),
        None => None,
    };
    on.every = unit.map(|when| RotationPeriod { when, interval: interval as u32 });
    let never = on.max_bytes.is_none() && on.every.is_none();
    if enabled && never && when_is_understood(&size, &when) {
        map.item().error(
            "rotation is on but would never happen: give \"max_size_mb\" above 0 or \"when\", \
             or set \"enabled\" to false",
        );
    }
    map.finish();
    enabled.then_some(on)
}

/// Whether nothing that says when to rotate was reported already.
fn when_is_understood(size: &Option<ConfigItem<'_>>, when: &Option<ConfigItem<'_>>) -> bool {
    let never =
        |item: &ConfigItem<'_>| matches!(item.value(), Value::Text(text) if text == "never");
    let zero = |item: &ConfigItem<'_>| {
        matches!(item.value(), Value::Integer(0)) || matches!(item.value(), Value::Float(0.0))
    };
    size.as_ref().is_none_or(zero) && when.as_ref().is_none_or(never)
}

fn max_bytes(item: &ConfigItem<'_>) -> Option<u64> {
    let mib = item.number(SIZE)?;
    if mib > 0.0 && mib < LEAST_SIZE {
        return item.wrong(format!("0 for no limit, or at least {} (MiB)", plain(LEAST_SIZE)));
    }
    (mib > 0.0).then_some((mib * MIB).round() as u64)
}

fn rotation_unit(item: &ConfigItem<'_>) -> Option<RotationUnit> {
    const EXPECTED: &str = WHEN.expected;
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
    let mut on = DiskMonitor::default();
    let enabled = map.is_on();
    map.fill(DiskMonitor::KEYS, &mut on);
    if let Some(item) = map.get("min_free_gb") {
        on.min_free_gb = min_free_gb(&item);
    }
    if let Some(seconds) = map.get("check_interval").and_then(|item| item.number(LOOKS)) {
        on.check_interval = Duration::from_secs_f64(seconds);
    }
    map.finish();
    enabled.then_some(on)
}

/// The floor in GiB; `None` is `auto`.
fn min_free_gb(item: &ConfigItem<'_>) -> Option<f64> {
    match item.value() {
        Value::Text(text) if text.eq_ignore_ascii_case("auto") => None,
        _ => item.number(FLOOR),
    }
}

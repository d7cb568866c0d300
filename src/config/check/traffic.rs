//! `traffic_patterns`: the rate's multiplier for each hour of the day.

use super::cursor::ConfigItem;
use crate::config::keys::traffic::{self, MULTIPLIER, UNCHANGED, WHOLE_DAY};
use crate::config::tree::{Value, quoted};

const HOURS: &str = traffic::HOURS.expected;

/// A range of hours and where it stands.
struct HourRange<'a> {
    item: ConfigItem<'a>,
    text: String,
    start: usize,
    /// Hours in it, 1 to 24.
    length: usize,
    multiplier: f64,
}

impl HourRange<'_> {
    fn hours(&self) -> impl Iterator<Item = usize> {
        (self.start..self.start + self.length).map(|hour| hour % 24)
    }
}

/// Reads the section, a list of ranges or a map with `hourly`; absent is 1.0 throughout.
pub fn traffic_patterns(item: Option<ConfigItem<'_>>) -> [f64; 24] {
    let Some(item) = item else { return [UNCHANGED; 24] };
    let Some(mut ranges) = ranges(&item) else { return [UNCHANGED; 24] };
    if let [only] = ranges.as_mut_slice()
        && only.text == "0-23"
    {
        only.length = 24; // older configurations mean the whole day by it
    }
    spread(&item, &ranges)
}

/// `None` where something was wrong, or where there is no range at all.
fn ranges<'a>(item: &ConfigItem<'a>) -> Option<Vec<HourRange<'a>>> {
    const EXPECTED: &str = "a list of ranges, such as - {time: \"9-12\", multiplier: 0.7}, or a \
                            map such as hourly: {\"9-12\": 0.7}";
    let mut ranges = Vec::new();
    let mut count = 0;
    if let Value::Map(_) = item.value() {
        let map = item.map(EXPECTED)?;
        let hourly = map.require("hourly", "a map such as hourly: {\"9-12\": 0.7}");
        map.finish();
        let hourly = hourly?.map("a map of hours and multipliers, such as \"9-12\": 0.7")?;
        for (key, item) in hourly.entries() {
            count += 1;
            let hours = hours(key);
            if hours.is_none() {
                hourly.wrong_key(key, format!("found {}, expected {HOURS}", quoted(key)));
            }
            let multiplier = item.number(MULTIPLIER);
            if let (Some((start, length)), Some(multiplier)) = (hours, multiplier) {
                ranges.push(HourRange { item, text: plain(key), start, length, multiplier });
            }
        }
    } else {
        for item in item.list(EXPECTED)? {
            count += 1;
            let Some(map) = item.map("a map with \"time\" and \"multiplier\"") else { continue };
            let time = map.get("time");
            let multiplier = map.get("multiplier");
            map.finish();
            let multiplier = match multiplier {
                Some(item) => item.number(MULTIPLIER),
                None => Some(UNCHANGED),
            };
            let text = match time.as_ref().map(ConfigItem::value) {
                Some(Value::Integer(hour)) => hour.to_string(),
                Some(Value::Text(text)) => plain(text),
                Some(_) => String::new(),
                None => traffic::hours(WHOLE_DAY),
            };
            let item = time.unwrap_or(item);
            let hours = hours(&text).or_else(|| item.wrong(HOURS));
            if let (Some((start, length)), Some(multiplier)) = (hours, multiplier) {
                ranges.push(HourRange { item, text, start, length, multiplier });
            }
        }
    }
    (count > 0 && ranges.len() == count).then_some(ranges)
}

fn plain(text: &str) -> String {
    text.chars().filter(|c| *c != ' ').collect()
}

/// The first hour of a range and how many hours it has.
fn hours(text: &str) -> Option<(usize, usize)> {
    let hour = |text: &str| -> Option<usize> {
        let text = text.trim();
        let is_hour = (1..=2).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
        is_hour.then(|| text.parse().ok()).flatten()
    };
    let (start, end) = match text.split_once('-') {
        Some((start, end)) => (hour(start)?, hour(end)?),
        None => (hour(text)?, hour(text)? + 1),
    };
    if start > 23 || end > 24 || start == end {
        return None;
    }
    Some((start, if end > start { end - start } else { end + 24 - start }))
}

/// Lays the ranges over the day; reports overlaps, gaps and a day without traffic.
fn spread(section: &ConfigItem<'_>, ranges: &[HourRange<'_>]) -> [f64; 24] {
    let mut owners: [Option<usize>; 24] = [None; 24];
    let mut overlaps = false;
    for (index, range) in ranges.iter().enumerate() {
        let mut clashes = Vec::new();
        for hour in range.hours() {
            match owners[hour] {
                Some(other) if !clashes.contains(&other) => {
                    clashes.push(other);
                    let (first, second) = (&ranges[other], range);
                    second.item.error_with(
                        first.item.id(),
                        format!(
                            "found \"{}\", which overlaps \"{}\" of {} at hour {hour}, expected \
                             each hour in one range (the end is not part of it)",
                            second.text,
                            first.text,
                            first.item.path()
                        ),
                    );
                }
                Some(_) => {}
                None => owners[hour] = Some(index),
            }
        }
        overlaps |= !clashes.is_empty();
    }
    let pattern = owners.map(|owner| owner.map_or(UNCHANGED, |index| ranges[index].multiplier));
    if !overlaps {
        if pattern.iter().all(|multiplier| *multiplier == 0.0) {
            section.error("found only multipliers of 0, expected at least one hour above 0");
        }
        let gaps = gaps(&owners);
        if !gaps.is_empty() {
            section.warning(format!(
                "no range covers the hours {}; their multiplier is 1.0",
                gaps.join(", ")
            ));
        }
    }
    pattern
}

fn gaps(owners: &[Option<usize>; 24]) -> Vec<String> {
    let mut gaps = Vec::new();
    let mut hour = 0;
    while hour < 24 {
        let end = (hour..24).find(|&h| owners[h].is_some()).unwrap_or(24);
        if end > hour {
            gaps.push(format!("{hour}-{end}"));
        }
        hour = end.max(hour + 1);
    }
    gaps
}

#[cfg(test)]
mod tests {
    use super::hours;

    #[test]
    fn a_range_of_hours_excludes_its_end_and_may_wrap_past_midnight() {
        assert_eq!(hours("9-12"), Some((9, 3)));
        assert_eq!(hours("21-2"), Some((21, 5)));
        assert_eq!(hours("22-0"), Some((22, 2)));
        assert_eq!(hours("21-24"), Some((21, 3)));
        assert_eq!(hours("0-24"), Some((0, 24)));
        assert_eq!(hours("7"), Some((7, 1)));
        assert_eq!(hours("23"), Some((23, 1)));
        assert_eq!(hours("09 - 12"), Some((9, 3)));
        for wrong in ["", "-", "9-", "-9", "9-9", "24-2", "9-25", "24", "9-12-15", "a-b", "+9-12"] {
            assert_eq!(hours(wrong), None, "{wrong:?}");
        }
    }
}

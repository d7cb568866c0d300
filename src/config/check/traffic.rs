//! `traffic_patterns`: the rate's multiplier for each hour of the week.

use super::cursor::{ConfigItem, Map};
use crate::config::keys::traffic::{self, DAYS, MULTIPLIER, UNCHANGED, WHOLE_DAY};
use crate::config::tree::{Value, quoted};
use crate::config::{TrafficCurve, WeekDays};

const HOURS: &str = traffic::HOURS.expected;

/// A range of hours and where it stands.
struct HourRange<'a> {
    item: ConfigItem<'a>,
    text: String,
    /// The days that it names.
    days: Option<WeekDays>,
    start: usize,
    /// Hours in it, 1 to 24.
    length: usize,
    multiplier: f64,
}

impl HourRange<'_> {
    /// Its hours, as days and hours. What lies past midnight belongs to the day after.
    fn hours(&self) -> impl Iterator<Item = (usize, usize)> {
        let days = self.days.unwrap_or(WeekDays::ALL);
        let hours = self.start..self.start + self.length;
        let of_day = move |day| hours.clone().map(move |hour| ((day + hour / 24) % 7, hour % 24));
        (0..7).filter(move |day| days.has(*day)).flat_map(of_day)
    }
}

/// Reads how the rate goes from one hour to the next.
pub fn curve(item: &ConfigItem<'_>) -> Option<TrafficCurve> {
    let expected = TrafficCurve::EXPECTED;
    TrafficCurve::from_name(item.text(expected)?).or_else(|| item.wrong(expected))
}

/// Reads the section, a list of ranges or a map with `hourly`; absent is 1.0 throughout.
pub fn traffic_patterns(item: Option<ConfigItem<'_>>) -> [[f64; 24]; 7] {
    let even = [[UNCHANGED; 24]; 7];
    let Some(item) = item else { return even };
    let Some(mut ranges) = ranges(&item) else { return even };
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
                let text = plain(key);
                ranges.push(HourRange { item, text, days: None, start, length, multiplier });
            }
        }
    } else {
        for item in item.list(EXPECTED)? {
            count += 1;
            let map = item.map("a map with \"time\" and \"multiplier\"");
            ranges.extend(map.and_then(|map| entry(item, map)));
        }
    }
    (count > 0 && ranges.len() == count).then_some(ranges)
}

/// An entry of the list.
fn entry<'a>(item: ConfigItem<'a>, map: Map<'a>) -> Option<HourRange<'a>> {
    let (days, time, multiplier) = (map.get("days"), map.get("time"), map.get("multiplier"));
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
    let days = days.map(|item| self::days(&item));
    let item = time.unwrap_or(item);
    let hours = hours(&text).or_else(|| item.wrong(HOURS));
    let ((start, length), multiplier) = (hours?, multiplier?);
    let days = match days {
        Some(days) => Some(days?),
        None => None,
    };
    Some(HourRange { item, text, days, start, length, multiplier })
}

/// Days, in one text or in a list of such.
fn days(item: &ConfigItem<'_>) -> Option<WeekDays> {
    let of = |item: &ConfigItem<'_>| {
        let Value::Text(text) = item.value() else { return item.wrong(DAYS.expected) };
        WeekDays::from_text(text).or_else(|| item.wrong(DAYS.expected))
    };
    let Value::List(_) = item.value() else { return of(item) };
    let days: Vec<Option<WeekDays>> = item.list(DAYS.expected)?.iter().map(of).collect();
    if days.is_empty() {
        return item.wrong(DAYS.expected);
    }
    days.into_iter().try_fold(WeekDays::NONE, |all, days| Some(all.and(days?)))
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

/// Which range has each hour of the week.
type Owners = [[Option<usize>; 24]; 7];

/// Lays the ranges over the week, those that name days above the others; reports overlaps, gaps and a week without
/// traffic.
fn spread(section: &ConfigItem<'_>, ranges: &[HourRange<'_>]) -> [[f64; 24]; 7] {
    let (mut named, mut any): (Owners, Owners) = ([[None; 24]; 7], [[None; 24]; 7]);
    let mut overlaps = false;
    for (index, range) in ranges.iter().enumerate() {
        let owners = if range.days.is_some() { &mut named } else { &mut any };
        let mut clashes = Vec::new();
        for (day, hour) in range.hours() {
            match owners[day][hour] {
                Some(other) if !clashes.contains(&other) => {
                    clashes.push(other);
                    clash(&ranges[other], range, day, hour);
                }
                Some(_) => {}
                None => owners[day][hour] = Some(index),
            }
        }
        overlaps |= !clashes.is_empty();
    }
    let owners: Owners =
        std::array::from_fn(|day| std::array::from_fn(|hour| named[day][hour].or(any[day][hour])));
    let multiplier =
        |owner: Option<usize>| owner.map_or(UNCHANGED, |owner| ranges[owner].multiplier);
    let pattern = owners.map(|day| day.map(multiplier));
    if !overlaps {
        if pattern.iter().flatten().all(|multiplier| *multiplier == 0.0) {
            section.error("found only multipliers of 0, expected at least one hour above 0");
        }
        let gaps = gaps_of_the_week(&owners);
        if !gaps.is_empty() {
            section.warning(format!("no range covers the hours {gaps}; their multiplier is 1.0"));
        }
    }
    pattern
}

/// Reports that two ranges have an hour in common.
fn clash(first: &HourRange<'_>, second: &HourRange<'_>, day: usize, hour: usize) {
    let of = match first.days {
        Some(_) => format!(" of {}", WeekDays::name(day)),
        None => String::new(),
    };
    second.item.error_with(
        first.item.id(),
        format!(
            "found \"{}\", which overlaps \"{}\" of {} at hour {hour}{of}, expected each hour in one range \
             (the end is not part of it)",
            second.text,
            first.text,
            first.item.path()
        ),
    );
}

/// The hours that no range covers, with their days if these differ.
fn gaps_of_the_week(owners: &Owners) -> String {
    let gaps = owners.each_ref().map(gaps);
    let groups = WeekDays::alike(&gaps);
    let texts = groups.into_iter().filter(|(_, gaps)| !gaps.is_empty()).map(|(days, gaps)| {
        let gaps = gaps.join(", ");
        if days == WeekDays::ALL { gaps } else { format!("{gaps} of {}", days.texts().join(", ")) }
    });
    texts.collect::<Vec<_>>().join("; ")
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

//! Repetitions in the form of cron: minute, hour, day of the month, month and day of the week, by the clocks of the log's time
//! zone (POSIX crontab, with names and steps as Vixie's cron has them).

use jiff::civil::{Date, DateTime};

/// The names of months and days, in their order.
const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const DAYS: [&str; 7] = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

/// When something repeats: a bit for each value that a field allows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cron {
    text: String,
    minutes: u64,
    hours: u64,
    days: u64,
    months: u64,
    weekdays: u64,
    /// Whether a day that meets one of the fields for days is enough: both are restricted.
    either_day: bool,
}

impl Cron {
    /// Parses five fields; `None` for any other text, and for days that no year has.
    pub fn parse(text: &str) -> Option<Self> {
        let fields: Vec<&str> = text.split_whitespace().collect();
        let [minutes, hours, days, months, weekdays] = fields[..] else { return None };
        let cron = Self {
            text: fields.join(" "),
            minutes: field(minutes, 0, 59, &[])?,
            hours: field(hours, 0, 23, &[])?,
            days: field(days, 1, 31, &[])?,
            months: field(months, 1, 12, &MONTHS)?,
            // 7 is Sunday, too.
            weekdays: field(weekdays, 0, 7, &DAYS)? | field(weekdays, 0, 7, &DAYS)? >> 7 & 1,
            either_day: !days.starts_with('*') && !weekdays.starts_with('*'),
        };
        // A leap year that begins with a Saturday has every date; each weekday is among its dates.
        let first = Date::new(2_000, 1, 1).expect("2000 had a first day");
        first.series(jiff::ToSpan::day(1)).take(366).any(|date| cron.has_day(date)).then_some(cron)
    }

    /// The text, with single spaces.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether it repeats on a day.
    pub fn has_day(&self, date: Date) -> bool {
        let bit = |mask: u64, number: i8| mask >> number & 1 == 1;
        let weekday = bit(self.weekdays, date.weekday().to_sunday_zero_offset());
        let day = bit(self.days, date.day());
        bit(self.months, date.month())
            && if self.either_day { day || weekday } else { day && weekday }
    }

    /// The times of a day on which it repeats, in order.
    pub fn times_of(&self, date: Date) -> impl DoubleEndedIterator<Item = DateTime> {
        let (hours, minutes) = (self.hours, self.minutes);
        let bits = |mask: u64, most: i8| (0..most).filter(move |bit| mask >> bit & 1 == 1);
        bits(hours, 24)
            .flat_map(move |hour| bits(minutes, 60).map(move |minute| date.at(hour, minute, 0, 0)))
    }
}

/// The values that a field allows: a list of `*`, a number or name, or a range of them, each perhaps with a step.
fn field(text: &str, low: u32, high: u32, names: &[&str]) -> Option<u64> {
    let value = |text: &str| {
        let named = names.iter().position(|name| text.eq_ignore_ascii_case(name));
        let number = match named {
            Some(place) => place as u32 + low,
            None if text.bytes().all(|byte| byte.is_ascii_digit()) => text.parse().ok()?,
            None => return None,
        };
        (low..=high).contains(&number).then_some(number)
    };
    text.split(',').try_fold(0, |mask, part| {
        let (range, step) = match part.split_once('/') {
            Some((range, step)) => {
                (range, step.parse().ok().filter(|step| (1..60).contains(step))?)
            }
            None => (part, 1),
        };
        let (from, to) = match range.split_once('-') {
            _ if range == "*" => (low, high),
            Some((from, to)) => (value(from)?, value(to)?),
            None if part.contains('/') => (value(range)?, high),
            None => (value(range)?, value(range)?),
        };
        let values = (from..=to).step_by(step as usize);
        (from <= to).then(|| values.fold(mask, |mask, value| mask | 1 << value))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn times(text: &str, date: &str) -> Vec<String> {
        let (cron, date) = (Cron::parse(text).unwrap(), date.parse().unwrap());
        let times =
            cron.has_day(date).then(|| cron.times_of(date).map(|time| time.time().to_string()));
        times.into_iter().flatten().collect()
    }

    #[test]
    fn fields_allow_what_cron_says_that_they_do() {
        // 2026-11-02 is a Monday.
        assert_eq!(times("0 3 * * *", "2026-11-02"), ["03:00:00"]);
        assert_eq!(times("*/20 3,5-6 * * *", "2026-11-02").len(), 9);
        assert_eq!(times("30 9 * * mon-fri", "2026-11-07"), Vec::<String>::new());
        assert_eq!(times("30 9 * NOV Mon", "2026-11-02"), ["09:30:00"]);
        assert_eq!(times("0 0 13 * 5", "2026-11-13"), ["00:00:00"]);
        assert_eq!(times("0 0 13 * 5", "2026-11-06"), ["00:00:00"], "either day is enough");
        assert_eq!(times("5/25 0 * * 7", "2026-11-08"), ["00:05:00", "00:30:00", "00:55:00"]);
    }

    #[test]
    fn anything_else_is_refused() {
        for text in [
            "",
            "* * * *",
            "60 * * * *",
            "* 24 * * *",
            "* * 0 * *",
            "* * * 13 *",
            "a b c d e",
            "5-3 * * * *",
            "*/0 * * * *",
            "* * 31 2 *",
            "+5 * * * *",
            "* * * * * *",
        ] {
            assert_eq!(Cron::parse(text), None, "{text}");
        }
    }
}

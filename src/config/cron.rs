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

/// A field of the five: what it is called, its values, what is right, and its names.
struct CronField {
    place: &'static str,
    low: u32,
    high: u32,
    right: &'static str,
    names: &'static [&'static str],
}

const MINUTE: CronField =
    CronField { place: "first", low: 0, high: 59, right: "minutes from 0 to 59", names: &[] };
const HOUR: CronField =
    CronField { place: "second", low: 0, high: 23, right: "hours from 0 to 23", names: &[] };
const DAY: CronField = CronField {
    place: "third",
    low: 1,
    high: 31,
    right: "days of the month from 1 to 31",
    names: &[],
};
const MONTH: CronField = CronField {
    place: "fourth",
    low: 1,
    high: 12,
    right: "months from 1 to 12 or jan to dec",
    names: &MONTHS,
};
/// 7 is Sunday, too.
const WEEKDAY: CronField = CronField {
    place: "fifth",
    low: 0,
    high: 7,
    right: "days of the week from 0 to 7 or sun to sat",
    names: &DAYS,
};

impl Cron {
    /// Whether a text that is no repetition was meant as one.
    pub fn is_meant(text: &str) -> bool {
        let first = text.split_whitespace().next().unwrap_or_default();
        match text.split_whitespace().count() {
            5 => true,
            4 | 6 => first.bytes().all(|byte| byte.is_ascii_digit() || b"*/,-".contains(&byte)),
            _ => first.starts_with('*'),
        }
    }

    /// Parses five fields.
    ///
    /// # Errors
    /// What would be right in the place of another text, or of days that no year has.
    pub fn parse(text: &str) -> Result<Self, String> {
        let fields: Vec<&str> = text.split_whitespace().collect();
        let [minutes, hours, days, months, weekdays] = fields[..] else {
            return Err(format!(
                "cron's five fields, which are minute, hour, day of the month, month and day of the week, not {}",
                fields.len()
            ));
        };
        let cron = Self {
            text: fields.join(" "),
            minutes: MINUTE.values(minutes)?,
            hours: HOUR.values(hours)?,
            days: DAY.values(days)?,
            months: MONTH.values(months)?,
            weekdays: WEEKDAY.values(weekdays)?,
            either_day: !days.starts_with('*') && !weekdays.starts_with('*'),
        };
        // A leap year that begins with a Saturday has every date; each weekday is among its dates.
        let first = Date::new(2_000, 1, 1).expect("2000 had a first day");
        let mut dates = first.series(jiff::ToSpan::day(1)).take(366);
        if dates.any(|date| cron.has_day(date)) {
            return Ok(cron);
        }
        Err(format!(
            "a day in cron's third field that a month in its fourth one has, not \"{days}\" and \"{months}\""
        ))
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

impl CronField {
    /// The values that a text allows: a list of `*`, a number or name, or a range of them, each perhaps with a step.
    fn values(&self, text: &str) -> Result<u64, String> {
        text.split(',').try_fold(0, |mask, part| Ok(mask | self.part(part)?))
    }

    fn part(&self, part: &str) -> Result<u64, String> {
        let wrong =
            |right: &str| Err(format!("{right} in cron's {} field, not \"{part}\"", self.place));
        let (range, step) = match part.split_once('/') {
            Some((range, step)) => (range, step.parse().ok()),
            None => (part, Some(1)),
        };
        let Some(step) = step.filter(|step| (1..60).contains(step)) else {
            return wrong("a step from 1 to 59");
        };
        let ends = match range.split_once('-') {
            _ if range == "*" => Some((self.low, self.high)),
            Some((from, to)) => self.value(from).zip(self.value(to)),
            None if part.contains('/') => self.value(range).map(|from| (from, self.high)),
            None => self.value(range).map(|value| (value, value)),
        };
        let Some((from, mut to)) = ends else { return wrong(self.right) };
        let is_week = self.high == WEEKDAY.high;
        if is_week && from > to {
            // Friday to Monday goes over the end of the week.
            to += 7;
        }
        if from > to {
            return wrong("a range from the lower to the higher value");
        }
        let bit = |value| if is_week { value % 7 } else { value };
        Ok((from..=to).step_by(step).fold(0, |mask, value| mask | 1 << bit(value)))
    }

    fn value(&self, text: &str) -> Option<u32> {
        let named = self.names.iter().position(|name| text.eq_ignore_ascii_case(name));
        let number = match named {
            Some(place) => place as u32 + self.low,
            None if text.bytes().all(|byte| byte.is_ascii_digit()) => text.parse().ok()?,
            None => return None,
        };
        (self.low..=self.high).contains(&number).then_some(number)
    }
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
    fn days_of_the_week_may_go_over_its_end() {
        // 2026-11-05 is a Thursday.
        let days = |text: &str| -> String {
            let cron = Cron::parse(text).unwrap();
            let first: Date = "2026-11-05".parse().unwrap();
            let has = |day| cron.has_day(first.checked_add(jiff::ToSpan::days(day)).unwrap());
            (0..7)
                .map(|day| if has(day) { "TFSSMTW".as_bytes()[day as usize] as char } else { '.' })
                .collect()
        };
        for (text, expected) in [
            ("0 22 * * fri-mon", ".FSSM.."),
            ("0 22 * * 5-1", ".FSSM.."),
            ("0 22 * * sat-sun", "..SS..."),
            ("0 22 * * 7-3", "...SMTW"),
            ("0 22 * * fri-mon/2", ".F.S..."),
            ("0 22 * * 5-7", ".FSS..."),
            ("0 22 * * sun-sat", "TFSSMTW"),
        ] {
            assert_eq!(days(text), expected, "{text}");
        }
    }

    #[test]
    fn an_error_names_the_field_that_is_wrong_and_what_would_be_right() {
        for (text, expected) in [
            ("60 * * * *", "minutes from 0 to 59 in cron's first field, not \"60\""),
            ("0 7,24 * * *", "hours from 0 to 23 in cron's second field, not \"24\""),
            ("0 0 0 * *", "days of the month from 1 to 31 in cron's third field, not \"0\""),
            (
                "0 0 1 sept *",
                "months from 1 to 12 or jan to dec in cron's fourth field, not \"sept\"",
            ),
            (
                "0 0 * * 8",
                "days of the week from 0 to 7 or sun to sat in cron's fifth field, not \"8\"",
            ),
            ("*/90 * * * *", "a step from 1 to 59 in cron's first field, not \"*/90\""),
            (
                "0 22-2 * * *",
                "a range from the lower to the higher value in cron's second field, not \"22-2\"",
            ),
            (
                "0 0 31 2 *",
                "a day in cron's third field that a month in its fourth one has, not \"31\" and \"2\"",
            ),
            (
                "0 3 * *",
                "cron's five fields, which are minute, hour, day of the month, month and day of the week, not 4",
            ),
        ] {
            assert_eq!(Cron::parse(text).unwrap_err(), expected);
            assert!(Cron::is_meant(text), "{text}");
        }
        for text in ["", "+1h", "3 per day", "2026-11-27 20:00:00", "on demand", "tomorrow"] {
            assert!(!Cron::is_meant(text), "{text}");
        }
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
            assert!(Cron::parse(text).is_err(), "{text}");
        }
    }
}

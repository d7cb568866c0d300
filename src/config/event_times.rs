//! When an event of a scenario happens: `at`.

use super::cron::Cron;
use super::words::{grouped, plain};
use crate::moment::Moment;

/// The fewest and the most events a day that come at random.
const A_DAY: std::ops::RangeInclusive<f64> = 0.01..=1_000.0;
const PER_DAY: &str = " per day";
const ON_DEMAND: &str = "on demand";

/// When an event happens.
#[derive(Clone, Debug, PartialEq)]
pub enum EventTimes {
    /// Once.
    Once {
        /// The text of the instant.
        text: String,
        /// The instant.
        at: Moment,
    },
    /// As cron says.
    Repeated(Cron),
    /// So often a day in the mean, at random.
    Random(f64),
    /// When it is started by hand, and at no other time.
    OnDemand,
}

impl EventTimes {
    /// What would be right.
    pub const EXPECTED: &'static str = "a time such as \"+2h\" after the start or \"2026-11-27T20:00:00Z\", the five fields of \
         cron such as \"0 3 * * mon-fri\", a number of events such as \"3 per day\", or \"on demand\" for `ctl start`";

    /// Reads a text.
    ///
    /// # Errors
    /// What would be right: of what was meant, if that can be told.
    pub fn parse(text: &str) -> Result<Self, String> {
        if text == ON_DEMAND {
            return Ok(Self::OnDemand);
        }
        if let Some(number) = text.strip_suffix(PER_DAY) {
            return match number.trim().parse() {
                Ok(number) if A_DAY.contains(&number) => Ok(Self::Random(number)),
                Ok(_) => Err(format!(
                    "{} to {} per day; cron's five fields repeat up to once a minute",
                    plain(*A_DAY.start()),
                    grouped(*A_DAY.end())
                )),
                Err(_) => Err("a number of events a day, such as \"3 per day\"".to_owned()),
            };
        }
        if Cron::is_meant(text) {
            return Cron::parse(text).map(Self::Repeated);
        }
        match Moment::parse(text) {
            Some(Moment::Ago(_)) | None => Err(right_moment(text).to_owned()),
            Some(at) => Ok(Self::Once { text: text.to_owned(), at }),
        }
    }

    /// The text that [`EventTimes::parse`] reads back.
    pub fn text(&self) -> String {
        match self {
            Self::Once { text, .. } => text.clone(),
            Self::Repeated(cron) => cron.text().to_owned(),
            Self::Random(number) => format!("{}{PER_DAY}", plain(*number)),
            Self::OnDemand => ON_DEMAND.to_owned(),
        }
    }
}

/// What would be right in the place of a text that was meant as an instant.
fn right_moment(text: &str) -> &'static str {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    match text.as_bytes().first() {
        Some(b'-') => "a time after the start of the run, such as \"+2h\"",
        Some(b'+') => {
            "a length of time after the start of the run, such as \"+90s\", \"+1h30m\" or \"+7d\", 100 years \
             (\"+36525d\") at the most"
        }
        Some(b'@') => "seconds since 1970 such as \"@1793491200\", up to the year 2499",
        _ if digits == 4 && text[digits..].starts_with('-') => {
            "an instant such as \"2026-11-27T20:00:00Z\", \"2026-11-27T20:00:00\" or \"2026-11-27\", from 1970 to 2499"
        }
        _ => EventTimes::EXPECTED,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_is_written_as_it_was() {
        for text in
            ["+2h", "2026-11-27", "@1793491200", "0 3 * * fri-mon", "0.5 per day", "on demand"]
        {
            assert_eq!(EventTimes::parse(text).unwrap().text(), text);
        }
        assert_eq!(EventTimes::parse("1000 per day"), Ok(EventTimes::Random(1_000.0)));
    }

    #[test]
    fn an_error_names_the_limit_that_was_broken() {
        let limits = "0.01 to 1,000 per day; ";
        for (text, expected) in [
            ("1440 per day", limits),
            ("100000 per day", limits),
            ("0.001 per day", limits),
            ("NaN per day", limits),
            ("many per day", "a number of events a day, such as \"3 per day\""),
            ("+99999d", "a length of time after the start of the run, such as "),
            ("+90", "a length of time after the start of the run, such as "),
            ("-1h", "a time after the start of the run, such as \"+2h\""),
            ("@99999999999", "seconds since 1970 such as \"@1793491200\", up to the year 2499"),
            ("2600-01-01", "an instant such as \"2026-11-27T20:00:00Z\", "),
            ("60 * * * *", "minutes from 0 to 59 in cron's first field, "),
            ("yesterday", EventTimes::EXPECTED),
            ("3 per hour", EventTimes::EXPECTED),
        ] {
            let error = EventTimes::parse(text).unwrap_err();
            assert!(error.starts_with(expected), "{text}: {error}");
        }
    }
}

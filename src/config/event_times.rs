//! When an event of a scenario happens: `at`.

use super::cron::Cron;
use super::words::plain;
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
    pub fn parse(text: &str) -> Option<Self> {
        if text == ON_DEMAND {
            return Some(Self::OnDemand);
        }
        if let Some(number) = text.strip_suffix(PER_DAY) {
            let number: f64 = number.trim().parse().ok()?;
            return A_DAY.contains(&number).then_some(Self::Random(number));
        }
        if let Some(cron) = Cron::parse(text) {
            return Some(Self::Repeated(cron));
        }
        let at = Moment::parse(text).filter(|at| !matches!(at, Moment::Ago(_)))?;
        Some(Self::Once { text: text.to_owned(), at })
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

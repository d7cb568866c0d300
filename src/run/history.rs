//! How much of a history stays. Lines of the past are rotated as they would have been then, and only
//! some of the rotated files are kept. These are pure estimates; no file and no clock may enter here.

use crate::config::{Config, LogRotation};
use crate::files::schedule::Schedule;
use crate::time::{SECOND, Time};

/// The approximate length of a line of access.log, bytes. It differs little between sites, because half
/// of it is the user agent.
const MEAN_LINE: u64 = 230;
/// As many for a line that is packed.
const MEAN_PACKED_LINE: u64 = 35;
/// The most periods that are looked at. A history that has more is not estimated.
const MOST_PERIODS: usize = 200_000;

/// The files of a history that is longer than rotation keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Surplus {
    /// The approximate number of lines of access.log in the history.
    pub lines: u64,
    /// The approximate number of files that they fill.
    pub files: u64,
    /// The approximate number of lines that are kept, including the active file.
    pub kept_lines: u64,
    /// How many rotated files of each log are kept.
    pub backup_count: u32,
}

impl Surplus {
    /// The part of the history of this span that is deleted right away; `None` if all of it stays.
    /// `is_packed` says whether the logs are compressed as they are written. `lines` returns how many lines there are from one time to another.
    pub fn of(
        config: &Config,
        span: (Time, Time),
        is_packed: bool,
        lines: impl Fn(Time, Time) -> u64,
    ) -> Option<Self> {
        let rotation = config.output.log_rotation.as_ref()?;
        let mean = if is_packed { MEAN_PACKED_LINE } else { MEAN_LINE };
        let periods = periods(config, rotation, span, mean, lines)?;
        let files = periods.iter().map(|period| period.files).sum();
        let mut room = u64::from(rotation.backup_count) + 1;
        if files <= room {
            return None;
        }
        let mut kept_lines = 0;
        for Period { lines, files } in periods.iter().rev() {
            let kept = room.min(*files);
            kept_lines += lines * kept / files;
            room -= kept;
        }
        let lines = periods.iter().map(|period| period.lines).sum();
        Some(Self { lines, files, kept_lines, backup_count: rotation.backup_count })
    }
}

/// The lines of one rotation period, and the files that they fill.
struct Period {
    lines: u64,
    files: u64,
}

/// The periods of a history that have lines; `None` if there are too many to look at.
fn periods(
    config: &Config,
    rotation: &LogRotation,
    (start, end): (Time, Time),
    mean_line: u64,
    lines: impl Fn(Time, Time) -> u64,
) -> Option<Vec<Period>> {
    let zone = config.output.timezone.clone();
    let schedule = rotation.every.map(|period| Schedule::new(period, zone));
    let mut periods = Vec::new();
    let mut at = start;
    while at < end {
        if periods.len() == MOST_PERIODS {
            return None;
        }
        let period_end =
            schedule.as_ref().map_or(end, |schedule| schedule.end_of_period(at)).min(end);
        let lines = lines(at, period_end);
        let most = rotation.max_bytes.unwrap_or(u64::MAX);
        let files = lines.saturating_mul(mean_line).div_ceil(most);
        if lines > 0 {
            periods.push(Period { lines, files: files.max(1) });
        }
        at = period_end.max(at + SECOND);
    }
    Some(periods)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{RotationPeriod, RotationUnit};

    const HOUR: Time = 3_600 * SECOND;
    const START: Time = 1_793_491_200 * SECOND;

    fn config(when: Option<RotationUnit>, max_bytes: Option<u64>) -> Config {
        let every = when.map(|when| RotationPeriod { when, interval: 1 });
        let rotation = LogRotation { every, max_bytes, backup_count: 5, ..LogRotation::default() };
        let mut config = Config::default();
        config.output.log_rotation = Some(rotation);
        config
    }

    /// A thousand lines an hour.
    fn lines(from: Time, until: Time) -> u64 {
        (until - from) * 1_000 / HOUR
    }

    #[test]
    fn a_history_that_fits_into_the_files_that_are_kept_loses_nothing() {
        let config = config(Some(RotationUnit::Hour), None);
        assert_eq!(Surplus::of(&config, (START, START + 6 * HOUR), false, lines), None);
        assert_eq!(
            Surplus::of(&Config::default(), (START, START + 600 * HOUR), false, lines),
            None
        );
        assert_eq!(Surplus::of(&config, (START, START), false, lines), None);
    }

    #[test]
    fn of_a_day_by_the_hour_the_last_six_hours_stay() {
        let config = config(Some(RotationUnit::Hour), None);
        let surplus =
            Surplus::of(&config, (START + HOUR / 2, START + 24 * HOUR + HOUR / 2), false, lines);
        let expected = Surplus { lines: 24_000, files: 25, kept_lines: 5_500, backup_count: 5 };
        assert_eq!(surplus, Some(expected));
    }

    #[test]
    fn files_that_are_full_before_their_period_ends_count_too() {
        let config = config(Some(RotationUnit::Hour), Some(100 * MEAN_LINE));
        let surplus = Surplus::of(&config, (START, START + 2 * HOUR), false, lines).unwrap();
        assert_eq!((surplus.files, surplus.kept_lines), (20, 600));
        let config = self::config(None, Some(100 * MEAN_LINE));
        let surplus = Surplus::of(&config, (START, START + HOUR), false, lines).unwrap();
        assert_eq!((surplus.files, surplus.kept_lines), (10, 600));
    }

    #[test]
    fn hours_without_lines_have_no_files() {
        let config = config(Some(RotationUnit::Hour), None);
        let every_fifth = |from: Time, until: Time| {
            if (from / HOUR).is_multiple_of(5) { lines(from, until) } else { 0 }
        };
        assert_eq!(Surplus::of(&config, (START, START + 30 * HOUR), false, every_fifth), None);
    }
}

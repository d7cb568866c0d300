//! The time in the stamp of a received line. It is a hint where to look for the line, never a proof:
//! received lines may be broken in any way. And which lines have none, because they are a header's.

use std::sync::Arc;

use jiff::tz::TimeZone;

use crate::log_format::stamp::Stamp;
use crate::log_format::{FileHeader, LogFormat};
use crate::time::{SECOND, Time};

/// The shortest time that stamps can tell apart, ns: all are read to the second.
pub const RESOLUTION: Time = SECOND;
/// How many lines together decide about the time.
const ASKED: usize = 15;

/// How the lines of some runs show their time.
#[derive(Clone, Debug)]
pub struct Stamps {
    forms: Arc<[(Stamp, TimeZone)]>,
    /// Whether the files of one of the runs begin with a header.
    with_header: bool,
}

impl Stamps {
    /// The stamps of lines of these formats, each with the zone of its run; `None` if one of them shows no time to the
    /// second.
    pub fn of<'a>(
        formats: impl IntoIterator<Item = (&'a LogFormat, &'a TimeZone)>,
    ) -> Option<Self> {
        let (mut forms, mut with_header): (Vec<(Stamp, TimeZone)>, _) = (Vec::new(), false);
        for (format, zone) in formats {
            let form = (format.stamp()?, zone.clone());
            if !forms.contains(&form) {
                forms.push(form);
            }
            with_header |= format.file_header().is_some();
        }
        Some(Self { forms: forms.into(), with_header })
    }

    /// Lets lines show their time as another format has it, too, if it shows one.
    pub fn add(&mut self, format: &LogFormat, zone: &TimeZone) {
        let Some(stamp) = format.stamp() else { return };
        let form = (stamp, zone.clone());
        if !self.forms.contains(&form) {
            self.forms = self.forms.iter().cloned().chain([form]).collect();
        }
    }

    /// Whether a line is one of a header.
    pub fn is_header(&self, line: &[u8]) -> bool {
        self.with_header && FileHeader::has(line)
    }

    /// The time of a line's stamp; `None` if it has none.
    pub fn read(&self, line: &[u8]) -> Option<Time> {
        self.forms.iter().find_map(|(stamp, zone)| stamp.read(line, zone))
    }

    /// The median of the times of the first few lines: a single broken stamp does not change it. `None` if
    /// none of them has a stamp.
    pub fn median<'a>(&self, lines: impl Iterator<Item = &'a [u8]>) -> Option<Time> {
        let mut stamps: Vec<Time> = lines.take(ASKED).filter_map(|line| self.read(line)).collect();
        stamps.sort_unstable();
        // Of two, this is the earlier one.
        stamps.get(stamps.len().checked_sub(1)? / 2).copied()
    }

    /// The earliest time of the first few lines; `None` if none of them has a stamp.
    pub fn earliest<'a>(&self, lines: impl Iterator<Item = &'a [u8]>) -> Option<Time> {
        lines.take(ASKED).filter_map(|line| self.read(line)).min()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    fn of(configs: &[&Config]) -> Option<Stamps> {
        Stamps::of(configs.iter().map(|config| (&config.output.format, &config.output.timezone)))
    }

    #[test]
    fn one_broken_stamp_among_many_changes_nothing() {
        let stamps = of(&[&Config::default()]).unwrap();
        let right = b" [10/Oct/2024:13:55:36 +0000]".as_slice();
        let wrong = b" [10/Oct/2031:13:55:36 +0000]".as_slice();
        let read = stamps.read(right);
        assert_eq!(stamps.median([wrong, right, b"none", right].into_iter()), read);
        assert_eq!(stamps.median([wrong, right].into_iter()), read);
        assert_eq!(stamps.median([b"none".as_slice()].into_iter()), None);
    }

    #[test]
    fn runs_of_several_formats_have_the_stamps_of_each() {
        let other = Config::from_yaml("output: {format: json, timezone: Europe/Berlin}").unwrap();
        let stamps = of(&[&Config::default(), &other]).unwrap();
        let time = Some(1_728_568_536 * SECOND);
        assert_eq!(stamps.read(b"- - [10/Oct/2024:13:55:36 +0000] \"GET"), time);
        assert_eq!(stamps.read(b"{\"time\":\"2024-10-10T15:55:36.999+02:00\"}"), time);
        let hourly = Config::from_yaml("output: {format: '%{%H:%M}t %h'}").unwrap();
        assert!(of(&[&hourly]).is_none());
    }
}

//! The names of rotated files: their form, which is older, and which one comes next.
//!
//! Examples are `access.log-20241010T130000` and `access.log-20241010T130000.001`, with `.gz` added once
//! compressed. Everything that deletes, compresses or counts files goes through [`RotatedName::parse`]:
//! a name that it does not know is not ours. No I/O may enter here.

use jiff::SignedDuration;
use jiff::civil::DateTime;

use crate::codec::Codec;
use crate::log_id::stem;

/// What is put before and after the name of an archive that is being written. No pattern for logs
/// (`access.log*`, `*.log*`) or for archives (`*.gz`) matches the result, so no reader picks up half an
/// archive.
const UNFINISHED: (&str, &str) = (".", ".unfinished");

/// The ending that earlier versions gave to an archive that was being written.
const UNFINISHED_EARLIER: &str = ".tmp";

/// The least digits that a number has.
const DIGITS: usize = 3;

/// The part of a rotated file's name that follows the log's.
///
/// It is ordered by age, oldest first. Of the two forms of one file, the plain one comes before the
/// compressed one. `ls -v` and `sort -V` give the same order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RotatedName {
    /// The time of the first line, to the second, as local time in the log's time zone.
    pub stamp: DateTime,
    /// Tells files with the same stamp apart: 0 if the name has none, then `.001`, `.002`, ...
    pub number: u32,
    /// The form in which the file is compressed, if it is.
    pub compressed: Option<Codec>,
}

impl RotatedName {
    /// The name for a file whose first line is stamped `stamp`; `existing` are the log's rotated files.
    /// The name sorts after all of them. If `stamp` does not, because it is taken or because the zone's
    /// clocks went back, the name uses the newest file's stamp with the next number.
    pub fn next(stamp: DateTime, existing: impl IntoIterator<Item = Self>) -> Self {
        match existing.into_iter().max() {
            Some(newest) if newest.stamp >= stamp => newest.following(),
            _ => Self { stamp, number: 0, compressed: None },
        }
    }

    /// Parses the name of a rotated file of `log`; `None` for any other name.
    pub fn parse(log: &str, file_name: &str) -> Option<Self> {
        let rest = file_name.strip_prefix(log)?.strip_prefix('-')?;
        let strip = |codec: Codec| Some((rest.strip_suffix(codec.ending())?, Some(codec)));
        let (rest, compressed) = Codec::ALL.into_iter().find_map(strip).unwrap_or((rest, None));
        let (stamp, number) = match rest.split_once('.') {
            Some((stamp, number)) => (stamp, parse_number(number)?),
            None => (rest, 0),
        };
        Some(Self { stamp: parse_stamp(stamp)?, number, compressed })
    }

    /// Parses the name of an archive of `log` that this version or an earlier one did not finish; `None`
    /// for any other name.
    pub fn parse_unfinished(log: &str, file_name: &str) -> Option<Self> {
        let (before, behind) = UNFINISHED;
        let file_name = match file_name.strip_suffix(UNFINISHED_EARLIER) {
            Some(earlier) => {
                Self::parse(log, earlier).filter(|name| name.compressed.is_some())?.file_name(log)
            }
            None => {
                let name = file_name.strip_prefix(before)?.strip_suffix(behind)?;
                let rest = name.strip_prefix(stem(log))?;
                format!("{log}{rest}{}", Codec::Gzip.ending())
            }
        };
        Self::parse(log, &file_name)
    }

    /// The full file name for a log.
    pub fn file_name(&self, log: &str) -> String {
        let Self { stamp, number, compressed } = self;
        let number = match number {
            0 => String::new(),
            number => format!(".{number:0DIGITS$}"),
        };
        let end = compressed.map_or("", Codec::ending);
        format!("{log}-{}{number}{end}", stamp.strftime("%Y%m%dT%H%M%S"))
    }

    /// The name under which this file's archive is written until it is whole.
    pub fn unfinished_file_name(&self, log: &str) -> String {
        let (before, behind) = UNFINISHED;
        format!("{before}{}{behind}", self.original().file_name(stem(log)))
    }

    /// The next name after this one: the next number, or the next second after the last number.
    fn following(self) -> Self {
        match self.number.checked_add(1) {
            Some(number) => Self { number, compressed: None, ..self },
            None => Self {
                stamp: self.stamp.saturating_add(SignedDuration::from_secs(1)),
                number: 0,
                compressed: None,
            },
        }
    }

    /// The name of the same file once the compressor has compressed it.
    pub fn archive(self) -> Self {
        Self { compressed: Some(Codec::Gzip), ..self }
    }

    /// The name of the same file before it was compressed.
    pub fn original(self) -> Self {
        Self { compressed: None, ..self }
    }
}

/// Parses a stamp such as `20241010T130000`.
fn parse_stamp(text: &str) -> Option<DateTime> {
    let (date, time) = text.split_once('T')?;
    if !text.is_ascii() || date.len() != 8 || time.len() != 6 {
        return None;
    }
    let (year, month, day) = (digits(&date[..4])?, digits(&date[4..6])?, digits(&date[6..])?);
    let (hour, minute, second) = (digits(&time[..2])?, digits(&time[2..4])?, digits(&time[4..])?);
    let [month, day, hour, minute, second] =
        [month, day, hour, minute, second].map(|number| number as i8);
    DateTime::new(year as i16, month, day, hour, minute, second, 0).ok()
}

/// Parses `001`, `999`, `1000`, with no more leading zeros than needed.
fn parse_number(text: &str) -> Option<u32> {
    let number = digits(text)?;
    (number > 0 && format!("{number:0DIGITS$}") == text).then_some(number)
}

/// Parses digits only: the parser of `u32` accepts a sign too.
fn digits(text: &str) -> Option<u32> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests;

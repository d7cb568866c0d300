//! Forms read back from a line.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use super::time_form::{MONTHS, TimeForm, TimePart};
use crate::time::{SECOND, Time};

const EPOCH: DateTime = DateTime::constant(1970, 1, 1, 0, 0, 0, 0);

/// What was read of an instant so far.
#[derive(Default)]
struct Seen {
    year: Option<i16>,
    month: Option<i8>,
    day: Option<i8>,
    hour: i8,
    /// Whether the hour is one of the afternoon, of a form that counts to 12.
    afternoon: Option<bool>,
    minute: i8,
    second: i8,
    offset: Option<i64>,
    epoch: Option<u64>,
}

impl TimeForm {
    /// Whether an instant can be read back to the second.
    pub fn is_readable(&self) -> bool {
        let has = |wanted: TimePart| self.parts().contains(&wanted);
        let all_known = self.parts().iter().all(|part| match part {
            TimePart::Directive(letter) => "YmdebHkMajyCIlpPAB".contains(*letter),
            part => *part != TimePart::Zone,
        });
        let any = |letters: &str| letters.chars().any(|letter| has(TimePart::Directive(letter)));
        let hour = any("Hk") || (any("Il") && any("pP"));
        let time = hour && any("M") && has(TimePart::Second);
        let date = any("Yy") && any("mbB") && any("de");
        let epoch = has(TimePart::Epoch) || has(TimePart::HexEpoch);
        all_known && (epoch || (date && time))
    }

    /// Reads the second of an instant at the beginning of `text`; `None` if there is none of this form. A form without an
    /// offset shows the clocks of `zone`, or UTC if that is its zone; if it leaves open which of two hours it means when they went back, the first is
    /// taken.
    pub fn read(&self, text: &[u8], zone: &TimeZone) -> Option<Time> {
        let mut seen = Seen::default();
        let mut rest = text;
        for part in self.parts() {
            rest = seen.part(part, rest)?;
        }
        if self.is_utc() { seen.time(&TimeZone::UTC) } else { seen.time(zone) }
    }
}

impl Seen {
    /// Reads one part, and returns what follows it.
    fn part<'t>(&mut self, part: &TimePart, text: &'t [u8]) -> Option<&'t [u8]> {
        match part {
            TimePart::Text(expected) => return text.strip_prefix(expected.as_bytes()),
            TimePart::Second => self.second = number(text, 2)? as i8,
            TimePart::Epoch => self.epoch = Some(number(text, 10)?),
            TimePart::HexEpoch => {
                let digits = std::str::from_utf8(text.get(..8)?).ok()?;
                self.epoch = Some(u64::from_str_radix(digits, 16).ok()?);
            }
            TimePart::Offset { colon } => return self.offset(text, *colon),
            TimePart::Zone => return None,
            TimePart::Directive(letter) => return self.directive(*letter, text),
        }
        let length = match part {
            TimePart::Second => 2,
            TimePart::HexEpoch => 8,
            _ => 10,
        };
        Some(&text[length..])
    }

    fn offset<'t>(&mut self, text: &'t [u8], colon: bool) -> Option<&'t [u8]> {
        let (sign, rest) = text.split_first()?;
        let hours = number(rest, 2)? as i64;
        let rest = if colon { rest[2..].strip_prefix(b":")? } else { &rest[2..] };
        let seconds = (hours * 60 + number(rest, 2)? as i64) * 60;
        self.offset = Some(match sign {
            b'+' => seconds,
            b'-' => -seconds,
            _ => return None,
        });
        Some(&rest[2..])
    }

    fn directive<'t>(&mut self, letter: char, text: &'t [u8]) -> Option<&'t [u8]> {
        let mut length = 2;
        match letter {
            'Y' => {
                length = 4;
                self.year = Some(number(text, length)? as i16);
            }
            'm' => self.month = Some(number(text, 2)? as i8),
            'd' => self.day = Some(number(text, 2)? as i8),
            'e' => self.day = Some(spaced(text)?),
            // As POSIX has it: 69 to 99 are of the last century.
            'y' => {
                let year = number(text, 2)? as i16;
                self.year = self.year.or(Some(if year < 69 { 2000 } else { 1900 } + year));
            }
            'H' | 'I' => self.hour = number(text, 2)? as i8,
            'k' | 'l' => self.hour = spaced(text)?,
            'p' | 'P' => self.afternoon = Some(text.first()?.eq_ignore_ascii_case(&b'p')),
            'M' => self.minute = number(text, 2)? as i8,
            'b' => {
                length = 3;
                let month = MONTHS.iter().position(|month| text.starts_with(*month))?;
                self.month = Some(month as i8 + 1);
            }
            'B' => {
                let month = MONTHS.iter().position(|month| text.starts_with(*month))?;
                self.month = Some(month as i8 + 1);
                length = letters(text);
            }
            'A' => length = letters(text),
            'a' | 'j' => length = 3,
            'C' => {}
            _ => return None,
        }
        text.get(length..)
    }

    fn time(&self, zone: &TimeZone) -> Option<Time> {
        if let Some(epoch) = self.epoch {
            return epoch.checked_mul(SECOND);
        }
        let (year, month, day) = (self.year?, self.month?, self.day?);
        let hour = match self.afternoon {
            Some(afternoon) => self.hour % 12 + if afternoon { 12 } else { 0 },
            None => self.hour,
        };
        let local = DateTime::new(year, month, day, hour, self.minute, self.second, 0).ok()?;
        let seconds = match self.offset {
            Some(offset) => local.duration_since(EPOCH).as_secs() - offset,
            None => zone.to_ambiguous_timestamp(local).compatible().ok()?.as_second(),
        };
        // The offsets whose seconds a stamp does not show ended in 1972, with Liberia's.
        u64::try_from(seconds).ok()?.checked_mul(SECOND)
    }
}

/// How many letters a text begins with.
fn letters(text: &[u8]) -> usize {
    text.iter().take_while(|byte| byte.is_ascii_alphabetic()).count()
}

/// A number of exactly so many digits.
fn number(text: &[u8], digits: usize) -> Option<u64> {
    let digits = text.get(..digits)?;
    let is_number = digits.iter().all(u8::is_ascii_digit);
    is_number.then(|| digits.iter().fold(0, |sum, digit| sum * 10 + u64::from(digit - b'0')))
}

/// A number of two digits, of which the first may be a space.
fn spaced(text: &[u8]) -> Option<i8> {
    match text.first()? {
        b' ' => number(&text[1..], 1).map(|number| number as i8),
        _ => number(text, 2).map(|number| number as i8),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::log_format::time_form::utc_face;

    #[test]
    fn a_form_with_a_whole_time_is_read_back_to_the_second() {
        for form in [
            "%d/%b/%Y:%H:%M:%S %z",
            "%d/%b/%y %I:%M:%S %p",
            "%y-%m-%d %T",
            "%D %T",
            "%a %e %b %Y %r",
            "%A, %d %B %Y %l:%M:%S %P",
            "%s",
        ] {
            let read = TimeForm::parse(form).unwrap();
            assert!(read.is_readable(), "{form}");
            // Midnight, noon, and the hours around them.
            for epoch in (0..48).map(|hour| 1_794_096_009 + hour * 3_600) {
                let shown = read.show(&utc_face(epoch), epoch);
                let time = read.read(shown.as_bytes(), &TimeZone::UTC);
                assert_eq!(time, Some(epoch as Time * SECOND), "{form}: {shown}");
            }
        }
        for form in ["%H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d %I:%M:%S", "%j %T", "%F %T %Z"] {
            assert!(!TimeForm::parse(form).unwrap().is_readable(), "{form}");
        }
    }

    #[test]
    fn a_line_feed_in_a_form_is_refused() {
        assert_eq!(TimeForm::parse("%H\n%M"), Err(2));
    }
}

//! The forms in which a line can write an instant, in the notation of strftime(3), and how they are read back. A time that
//! was read is a hint at when the line was written, never a proof: lines from elsewhere may be broken in any way.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::fmt::strtime;
use jiff::tz::Offset;

/// A form of instants.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TimeForm {
    parts: Vec<TimePart>,
    /// Whether the form shows UTC, whatever the log's zone is.
    utc: bool,
}

/// A part of a form.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum TimePart {
    /// Text as it is.
    Text(String),
    /// `%S`: the second, two digits.
    Second,
    /// `%s`: the seconds since 1970, ten digits.
    Epoch,
    /// The same in hexadecimal, eight digits.
    HexEpoch,
    /// `%z`, and `%:z` with a colon: the offset from UTC.
    Offset {
        /// Whether a colon stands between hours and minutes.
        colon: bool,
    },
    /// `%Z`: the zone's abbreviation.
    Zone,
    /// Any other directive of strftime, by its letter.
    Directive(char),
}

/// What the clocks of a zone show at an instant.
#[derive(Clone, Copy, Debug)]
pub struct ClockFace {
    /// Date and time of day.
    pub local: DateTime,
    /// The offset from UTC.
    pub offset: Offset,
    /// The zone's abbreviation at that time.
    pub zone: ZoneName,
}

/// The abbreviation of a zone, such as `CET`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ZoneName {
    text: [u8; Self::LONGEST],
    len: usize,
}

impl ZoneName {
    /// The longest abbreviation, bytes; POSIX demands 6 at least.
    const LONGEST: usize = 8;
    /// That of UTC.
    pub const UTC: Self = Self { text: *b"UTC\0\0\0\0\0", len: 3 };

    /// Keeps an abbreviation, cut to 8 bytes.
    pub fn new(name: &str) -> Self {
        let len = name.len().min(Self::LONGEST);
        let mut text = [0; Self::LONGEST];
        text[..len].copy_from_slice(&name.as_bytes()[..len]);
        Self { text, len }
    }
}

/// The digits in a rendered form that change with each second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ticking {
    /// The second of the minute, two digits.
    Second,
    /// The seconds since 1970, ten digits.
    Epoch,
    /// The same in hexadecimal, eight digits.
    HexEpoch,
}

impl Ticking {
    /// Writes the digits at the beginning of `out`.
    #[inline]
    pub fn write(self, second: i8, epoch: i64, out: &mut [u8]) {
        match self {
            Self::Second => two(out, second),
            Self::Epoch => digits(&mut out[..EPOCH_DIGITS], epoch as u64, 10),
            Self::HexEpoch => digits(&mut out[..HEX_EPOCH_DIGITS], epoch as u64, 16),
        }
    }
}

/// The abbreviations of the months in the C locale.
pub const MONTHS: [&[u8; 3]; 12] = [
    b"Jan", b"Feb", b"Mar", b"Apr", b"May", b"Jun", b"Jul", b"Aug", b"Sep", b"Oct", b"Nov", b"Dec",
];

const EPOCH_DIGITS: usize = 10;
const HEX_EPOCH_DIGITS: usize = 8;

/// Directives that stand for several: what the C locale makes of them.
const COMPOSITES: [(char, &str); 8] = [
    ('c', "%a %b %e %H:%M:%S %Y"),
    ('D', "%m/%d/%y"),
    ('F', "%Y-%m-%d"),
    ('R', "%H:%M"),
    ('r', "%I:%M:%S %p"),
    ('T', "%H:%M:%S"),
    ('x', "%m/%d/%y"),
    ('X', "%H:%M:%S"),
];
/// The directives that stand for themselves.
const PLAIN: &str = "aAbBCdegGHIjklmMpPuUVwWyY";

impl TimeForm {
    /// Reads a form in strftime's notation.
    ///
    /// # Errors
    /// The byte position of a directive that is not known.
    pub fn parse(format: &str) -> Result<Self, usize> {
        let mut parts = Vec::new();
        let mut chars = format.char_indices();
        while let Some((at, c)) = chars.next() {
            // A line of a log is one line.
            if c == '\n' || c == '\r' {
                return Err(at);
            }
            if c != '%' {
                text(&mut parts, c);
                continue;
            }
            let (_, directive) = chars.next().ok_or(at)?;
            match directive {
                '%' => text(&mut parts, '%'),
                'n' | 't' => text(&mut parts, ' '),
                'S' => parts.push(TimePart::Second),
                's' => parts.push(TimePart::Epoch),
                'z' => parts.push(TimePart::Offset { colon: false }),
                ':' => match chars.next() {
                    Some((_, 'z')) => parts.push(TimePart::Offset { colon: true }),
                    Some((_, 'x')) => parts.push(TimePart::HexEpoch),
                    _ => return Err(at),
                },
                'Z' => parts.push(TimePart::Zone),
                'h' => parts.push(TimePart::Directive('b')),
                plain if PLAIN.contains(plain) => parts.push(TimePart::Directive(plain)),
                other => {
                    let composite = COMPOSITES.iter().find(|(letter, _)| *letter == other);
                    let (_, format) = composite.ok_or(at)?;
                    parts.extend(Self::parse(format)?.parts);
                }
            }
        }
        Ok(Self { parts, utc: false })
    }

    /// The same form, showing UTC.
    pub fn in_utc(self) -> Self {
        Self { utc: true, ..self }
    }

    /// This form with a text behind it.
    pub fn followed_by_text(mut self, text: &str) -> Self {
        self.parts.push(TimePart::Text(text.to_owned()));
        self
    }

    /// This form with another behind it.
    pub fn followed_by(mut self, next: &Self) -> Self {
        self.parts.extend_from_slice(&next.parts);
        self
    }

    /// Whether the form shows UTC, whatever the log's zone is.
    pub fn is_utc(&self) -> bool {
        self.utc
    }

    /// The parts, in their order.
    pub fn parts(&self) -> &[TimePart] {
        &self.parts
    }

    /// The most bytes that the form can have.
    pub fn longest(&self) -> usize {
        let longest = |part: &TimePart| match part {
            TimePart::Text(text) => text.len(),
            TimePart::Second => 2,
            TimePart::Epoch => EPOCH_DIGITS,
            TimePart::HexEpoch => HEX_EPOCH_DIGITS,
            TimePart::Offset { .. } => 6,
            TimePart::Zone => ZoneName::LONGEST,
            // "September" and "Wednesday"
            TimePart::Directive(_) => 9,
        };
        self.parts.iter().map(longest).sum()
    }

    /// Appends what the form makes of an instant, with zeros for the digits that tick, and calls `ticks` with the place of
    /// each of these in `out`.
    pub fn write(
        &self,
        face: &ClockFace,
        out: &mut Vec<u8>,
        mut ticks: impl FnMut(usize, Ticking),
    ) {
        let mut ticking = |out: &mut Vec<u8>, digits, kind| {
            ticks(out.len(), kind);
            out.resize(out.len() + digits, b'0');
        };
        for part in &self.parts {
            match part {
                TimePart::Text(text) => out.extend_from_slice(text.as_bytes()),
                TimePart::Second => ticking(out, 2, Ticking::Second),
                TimePart::Epoch => ticking(out, EPOCH_DIGITS, Ticking::Epoch),
                TimePart::HexEpoch => ticking(out, HEX_EPOCH_DIGITS, Ticking::HexEpoch),
                TimePart::Offset { colon } => offset(face.offset, *colon, out),
                TimePart::Zone => out.extend_from_slice(&face.zone.text[..face.zone.len]),
                TimePart::Directive(letter) => directive(*letter, face.local, out),
            }
        }
    }

    /// What the form makes of an instant.
    pub fn show(&self, face: &ClockFace, epoch: i64) -> String {
        let (mut out, mut places) = (Vec::new(), Vec::new());
        self.write(face, &mut out, |at, ticking| places.push((at, ticking)));
        for (at, ticking) in places {
            ticking.write(face.local.second(), epoch, &mut out[at..]);
        }
        String::from_utf8(out).expect("it is made of texts")
    }
}

/// What the clocks of UTC show at a number of seconds since 1970.
pub fn utc_face(epoch: i64) -> ClockFace {
    let instant = Timestamp::from_second(epoch).unwrap_or(Timestamp::UNIX_EPOCH);
    ClockFace { local: Offset::UTC.to_datetime(instant), offset: Offset::UTC, zone: ZoneName::UTC }
}

fn text(parts: &mut Vec<TimePart>, c: char) {
    match parts.last_mut() {
        Some(TimePart::Text(text)) => text.push(c),
        _ => parts.push(TimePart::Text(c.to_string())),
    }
}

/// An offset with seconds (before 1972) is cut to the minute, as strftime's `%z` does.
fn offset(offset: Offset, colon: bool, out: &mut Vec<u8>) {
    let minutes = offset.seconds() / 60;
    out.push(if minutes < 0 { b'-' } else { b'+' });
    pair(out, (minutes.abs() / 60) as i8);
    if colon {
        out.push(b':');
    }
    pair(out, (minutes.abs() % 60) as i8);
}

/// The usual directives by hand, because a log with few lines has another minute in each; the others by the library.
fn directive(letter: char, local: DateTime, out: &mut Vec<u8>) {
    match letter {
        'Y' => {
            pair(out, (local.year() / 100) as i8);
            pair(out, (local.year() % 100) as i8);
        }
        'm' => pair(out, local.month()),
        'd' => pair(out, local.day()),
        'H' => pair(out, local.hour()),
        'M' => pair(out, local.minute()),
        'b' => out.extend_from_slice(MONTHS[local.month() as usize - 1]),
        _ => {
            let text = strtime::format(format!("%{letter}"), local);
            out.extend_from_slice(text.expect("the library knows the directive").as_bytes());
        }
    }
}

fn pair(out: &mut Vec<u8>, number: i8) {
    let mut digits = [0; 2];
    two(&mut digits, number);
    out.extend_from_slice(&digits);
}

/// Writes two digits.
fn two(out: &mut [u8], number: i8) {
    out[0] = b'0' + number as u8 / 10;
    out[1] = b'0' + number as u8 % 10;
}

/// Fills `out` with the last digits of a number.
fn digits(out: &mut [u8], mut number: u64, base: u64) {
    for digit in out.iter_mut().rev() {
        *digit = b"0123456789abcdef"[(number % base) as usize];
        number /= base;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_writes_what_strftime_writes_in_the_c_locale() {
        // 2026-11-08T07:05:09Z, a Sunday, the 312th day of the year.
        let at = 1_794_121_509;
        let shown = |form: &str| TimeForm::parse(form).unwrap().show(&utc_face(at), at);
        for (form, expected) in [
            ("[%d/%b/%Y:%H:%M:%S %z]", "[08/Nov/2026:07:05:09 +0000]"),
            ("%FT%T%:z", "2026-11-08T07:05:09+00:00"),
            ("%c", "Sun Nov  8 07:05:09 2026"),
            ("%D %R %r %x %X", "11/08/26 07:05 07:05:09 AM 11/08/26 07:05:09"),
            ("%a %A %h %B %C %e %k %l %I %p %P", "Sun Sunday Nov November 20  8  7  7 07 AM am"),
            ("%j %u %w %U %W %V %G %g %y", "312 7 0 45 44 45 2026 26 26"),
            ("%s %:x %Z %% %n|", "1794121509 6af01f25 UTC %  |"),
        ] {
            assert_eq!(shown(form), expected, "{form}");
            assert!(shown(form).len() <= TimeForm::parse(form).unwrap().longest());
        }
    }

    #[test]
    fn what_is_no_directive_is_named_by_its_place() {
        for (form, at) in [("%Y %Q", 3), ("é%", 2), ("%:q", 0)] {
            assert_eq!(TimeForm::parse(form), Err(at), "{form}");
        }
    }
}

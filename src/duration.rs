//! Durations as people write them: `30s`, `90m`, `1h30m`, `7d`. The command line and the configuration
//! share this grammar.

use std::time::Duration;

/// The units, the longest first, which is the order in which they must follow each other.
const UNITS: [(&str, u64); 5] =
    [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1)];

/// The longest duration: 100 years, in milliseconds. No run and no history is longer.
const LONGEST: u64 = 36_525 * 86_400_000;

/// Parses a duration: whole numbers with the units `d`, `h`, `m`, `s` and `ms`, each at most once and
/// the longest first, or one whole number of seconds. At most 100 years (`36525d`).
///
/// # Errors
/// What was found and what would be right, as one phrase without the name of the setting.
pub fn parse_duration(text: &str) -> Result<Duration, String> {
    let wrong = |what: &str| {
        format!("found `{text}`, {what}; a length of time is written like 30s, 90m, 1h30m or 7d")
    };
    if text.is_empty() {
        return Err(wrong("which is empty"));
    }
    let mut total = 0_u64;
    let mut rest = text;
    let mut allowed = &UNITS[..];
    while !rest.is_empty() {
        let (digits, after) = split(rest, |c| c.is_ascii_digit());
        let (unit, next) = split(after, |c| !c.is_ascii_digit());
        if digits.is_empty() {
            return Err(wrong("where a whole number must come before each unit"));
        }
        let position = match unit {
            // A bare number means seconds, but only alone: the 30 of `1h30` could mean anything.
            "" if rest.len() == text.len() => allowed.iter().position(|(name, _)| *name == "s"),
            "" => return Err(wrong(&format!("where {digits} has no unit"))),
            _ if !UNITS.iter().any(|(name, _)| *name == unit) => {
                return Err(wrong(&format!("where `{unit}` is not a unit (d, h, m, s, ms)")));
            }
            _ => allowed.iter().position(|(name, _)| *name == unit),
        };
        let Some(position) = position else {
            return Err(wrong("where each unit may come once, the longest first"));
        };
        total = digits
            .parse::<u64>()
            .ok()
            .and_then(|number| number.checked_mul(allowed[position].1))
            .and_then(|part| total.checked_add(part))
            .filter(|total| *total <= LONGEST)
            .ok_or_else(|| wrong("which is longer than 100 years"))?;
        allowed = &allowed[position + 1..];
        rest = next;
    }
    Ok(Duration::from_millis(total))
}

/// Formats a duration so that [`parse_duration`] reads it back: in the longest unit that divides it, to
/// the millisecond.
pub fn format_duration(duration: Duration) -> String {
    let millis = duration.as_millis() as u64;
    let divides = |(_, length): &&(&str, u64)| millis.is_multiple_of(*length) && millis > 0;
    let (unit, length) = UNITS.iter().find(divides).unwrap_or(&("s", 1_000));
    format!("{}{unit}", millis / length)
}

/// Splits `text` after the longest prefix whose characters are all `wanted`.
fn split(text: &str, wanted: impl Fn(char) -> bool) -> (&str, &str) {
    text.split_at(text.find(|c| !wanted(c)).unwrap_or(text.len()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn seconds(text: &str) -> f64 {
        parse_duration(text).unwrap().as_secs_f64()
    }

    #[test]
    fn each_unit_has_its_length() {
        assert_eq!(seconds("7d"), 604_800.0);
        assert_eq!(seconds("36h"), 129_600.0);
        assert_eq!(seconds("90m"), 5_400.0);
        assert_eq!(seconds("30s"), 30.0);
        assert_eq!(seconds("250ms"), 0.25);
    }

    #[test]
    fn units_add_up() {
        assert_eq!(seconds("1d2h3m4s5ms"), 93_784.005);
    }

    #[test]
    fn a_bare_number_is_seconds() {
        assert_eq!(seconds("30"), 30.0);
        assert_eq!(seconds("0"), 0.0);
    }

    #[test]
    fn the_longest_is_a_hundred_years() {
        assert_eq!(seconds("36525d"), 3_155_760_000.0);
        for text in ["36525d1ms", "36526d", "99999999999999999999s", "18446744073709551615d"] {
            assert!(parse_duration(text).unwrap_err().contains("100 years"), "{text}");
        }
    }

    #[test]
    fn what_is_wrong_is_said() {
        for (text, expected) in [
            ("", "which is empty"),
            ("1.5h", "`.` is not a unit"),
            ("-5s", "a whole number must come before"),
            ("s", "a whole number must come before"),
            ("1h30", "where 30 has no unit"),
            ("5 s", "` s` is not a unit"),
            ("5sec", "`sec` is not a unit"),
            ("5M", "`M` is not a unit"),
            ("5m1h", "the longest first"),
            ("5m5m", "each unit may come once"),
            ("5\u{b5}s", "`\u{b5}s` is not a unit"),
        ] {
            let error = parse_duration(text).unwrap_err();
            assert!(error.contains(expected), "{text:?}: {error}");
            assert!(error.contains(&format!("found `{text}`")), "{error}");
        }
    }

    #[test]
    fn a_length_is_written_in_the_longest_unit_that_divides_it() {
        let written = |millis| format_duration(Duration::from_millis(millis));
        assert_eq!(written(0), "0s");
        assert_eq!(written(604_800_000), "7d");
        assert_eq!(written(5_400_000), "90m");
        assert_eq!(written(1_001), "1001ms");
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back(millis in 0..LONGEST) {
            let duration = Duration::from_millis(millis);
            prop_assert_eq!(parse_duration(&format_duration(duration)), Ok(duration));
        }

        #[test]
        fn no_text_makes_it_panic(text in "\\PC{0,12}|[0-9dhms.]{0,24}") {
            let _ = parse_duration(&text);
        }

        #[test]
        fn what_was_written_is_what_is_read(h in 0_u64..99, m in 0_u64..999, s in 0_u64..999) {
            let read = parse_duration(&format!("{h}h{m}m{s}s")).unwrap();
            prop_assert_eq!(read.as_secs(), h * 3600 + m * 60 + s);
        }
    }
}

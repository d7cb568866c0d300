//! The wording of messages: key paths, numbers, and the key that was probably meant.

use super::tree::quoted;
use crate::duration::parse_duration;

/// A key path with one more key; keys that are not plain words are quoted.
pub fn path_of(path: &str, key: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    let is_word = (1..=60).contains(&key.len()) && key.chars().all(plain);
    let key = if is_word { key.to_owned() } else { quoted(key) };
    if path.is_empty() { key } else { format!("{path}.{key}") }
}

/// A number for a message, with no more zeros than a reader can count: 0.00000001, but 1e-320.
pub fn plain(number: f64) -> String {
    const READABLE: std::ops::Range<f64> = 1e-9..1e18;
    if number == 0.0 || READABLE.contains(&number.abs()) {
        format!("{number}")
    } else {
        format!("{number:?}")
    }
}

/// A number for a message: whole ones with their thousands apart.
pub fn grouped(number: f64) -> String {
    if number.fract() != 0.0 || number.abs() >= 1e18 {
        return plain(number);
    }
    let sign = if number < 0.0 { "-" } else { "" };
    format!("{sign}{}", grouped_whole(number.abs() as u64))
}

/// A whole number for a message, its thousands apart.
pub fn grouped_whole(number: u64) -> String {
    let digits = number.to_string();
    let head = digits.len() % 3;
    let mut shown = digits[..head].to_owned();
    for (index, chunk) in digits.as_bytes()[head..].chunks(3).enumerate() {
        if index > 0 || head > 0 {
            shown.push(',');
        }
        shown.push_str(&String::from_utf8_lossy(chunk));
    }
    shown
}

/// What to write in place of text that was meant as a number of `unit`; empty if it was not.
pub fn suggestion_for_number(text: &str, unit: &str) -> String {
    let text = text.trim();
    if !unit.is_empty() {
        let with_unit = text.ends_with(|last: char| last.is_ascii_alphabetic());
        if unit == "seconds"
            && with_unit
            && let Ok(span) = parse_duration(text)
        {
            return format!(": write {}, seconds without a unit", span.as_secs());
        }
        let number = text.trim_end_matches(|c: char| c.is_alphabetic()).trim_end();
        if number.len() < text.len() && number.parse::<f64>().is_ok() {
            return format!(": write {number}, without a unit");
        }
    }
    if let Some(percent) = text.strip_suffix('%')
        && let Ok(percent) = percent.trim().parse::<f64>()
    {
        return format!(": write {}", percent / 100.0);
    }
    let plain = text.replace('_', "");
    let comma = text.replacen(',', ".", 1);
    match (plain.parse::<f64>(), comma.parse::<f64>()) {
        (Ok(number), _) if number.is_finite() => format!(": write {number}, without quotes or _"),
        (_, Ok(number)) if number.is_finite() => format!(": write {number}, with a point"),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_that_is_no_plain_word_is_quoted_in_its_path() {
        assert_eq!(path_of("", "output"), "output");
        assert_eq!(path_of("navigation.home", "/about"), "navigation.home.\"/about\"");
        assert_eq!(path_of("a", ""), "a.\"\"");
    }

    #[test]
    fn thousands_stand_apart() {
        assert_eq!(grouped(0.0), "0");
        assert_eq!(grouped(999.0), "999");
        assert_eq!(grouped(1_000.0), "1,000");
        assert_eq!(grouped(10_000_000.0), "10,000,000");
        assert_eq!(grouped(0.001), "0.001");
    }

    #[test]
    fn no_number_is_shown_with_more_zeros_than_a_reader_can_count() {
        for number in [1e-320, 5e-324, 1e-10, -1e-300, 1e300, f64::MAX, 1e-9, 0.1, 1e17, 0.0] {
            assert!(grouped(number).len() <= 25, "{}", grouped(number));
            assert!(plain(number).len() <= 25, "{}", plain(number));
        }
        assert_eq!(plain(1e-320), "1e-320");
        assert_eq!(plain(0.000_000_01), "0.00000001");
        assert_eq!(plain(10_000.0), "10000");
    }

    #[test]
    fn text_that_was_meant_as_a_number_is_shown_as_one() {
        assert_eq!(suggestion_for_number("10", ""), ": write 10, without quotes or _");
        assert_eq!(suggestion_for_number("1_000", ""), ": write 1000, without quotes or _");
        assert_eq!(suggestion_for_number("5 %", ""), ": write 0.05");
        assert_eq!(suggestion_for_number("0,5", ""), ": write 0.5, with a point");
        assert_eq!(suggestion_for_number("2m", "seconds"), ": write 120, seconds without a unit");
        assert_eq!(suggestion_for_number("100MB", "MiB"), ": write 100, without a unit");
        assert_eq!(suggestion_for_number("100MB", ""), "");
        assert_eq!(suggestion_for_number("nan", ""), "");
        assert_eq!(suggestion_for_number("fast", ""), "");
    }
}

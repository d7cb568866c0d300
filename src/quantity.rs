//! Large numbers as people write them: `5k`, `1.5M`, `2G`, in powers of 1000. No I/O and no limits may
//! enter here: callers check the range.

/// Parses a number with or without a suffix: `k` or `K` for 1,000, `M` for 1,000,000, `G` for
/// 1,000,000,000. `None` for any other text. As for [`str::parse`], infinity and NaN are numbers.
pub fn parse_quantity(text: &str) -> Option<f64> {
    let (number, unit) = match text.char_indices().next_back()? {
        (end, 'k' | 'K') => (&text[..end], 1e3),
        (end, 'M') => (&text[..end], 1e6),
        (end, 'G') => (&text[..end], 1e9),
        _ => (text, 1.0),
    };
    let number: f64 = number.parse().ok()?;
    Some(number * unit)
}

/// As [`parse_quantity`], for whole numbers of 64 bits. A number of digits alone is exact, however long it is.
pub fn parse_whole(text: &str) -> Option<u64> {
    // Every whole number below 2^53 is exact in an `f64`.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    let by_suffix = || {
        text.ends_with(['k', 'K', 'M', 'G'])
            .then(|| parse_quantity(text))
            .flatten()
            .filter(|number| (0.0..EXACT).contains(number) && number.fract() == 0.0)
            .map(|number| number as u64)
    };
    text.parse().ok().or_else(by_suffix)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_suffix_counts_by_thousands() {
        for (text, expected) in [
            ("5", Some(5.0)),
            ("0.1", Some(0.1)),
            ("5k", Some(5_000.0)),
            ("5K", Some(5_000.0)),
            ("1.5M", Some(1_500_000.0)),
            ("2G", Some(2e9)),
            ("-5k", Some(-5_000.0)),
            ("5m", None),
            ("5 k", None),
            ("5kk", None),
            ("k", None),
            ("", None),
            ("5é", None),
        ] {
            assert_eq!(parse_quantity(text), expected, "{text}");
        }
    }

    #[test]
    fn a_whole_number_is_exact_and_has_no_fraction() {
        for (text, expected) in [
            ("18446744073709551615", Some(u64::MAX)),
            ("1.5k", Some(1_500)),
            ("2M", Some(2_000_000)),
            ("1.5", None),
            ("0.0001k", None),
            ("-1k", None),
            ("1e6", None),
            ("infM", None),
            ("NaNk", None),
        ] {
            assert_eq!(parse_whole(text), expected, "{text}");
        }
    }
}

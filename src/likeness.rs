//! Which name was probably meant.

/// A longer name is like none, because the time grows with the length.
const LONGEST: usize = 100;

/// The name that was probably meant.
pub fn likely<'n>(name: &str, known: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    /// Below this likeness (1 is equal) a guess would mislead more often than help.
    const ENOUGH: f64 = 0.6;
    if name.len() > LONGEST {
        return None;
    }
    let name = name.to_lowercase();
    let likeness = |known: &str| {
        let known = known.to_lowercase();
        let is_part = !name.is_empty()
            && (known.starts_with(&format!("{name}_")) || known.ends_with(&format!("_{name}")));
        let alike = strsim::normalized_damerau_levenshtein(&name, &known);
        if is_part { alike.max(ENOUGH) } else { alike }
    };
    known
        .into_iter()
        .map(|known| (likeness(known), known))
        .filter(|(likeness, _)| *likeness >= ENOUGH)
        .reduce(|best, other| if other.0 > best.0 { other } else { best })
        .map(|(_, known)| known)
}

/// The names that differ in a third of their letters at most, the nearest first and no more than `count`. Capitals count less
/// than other letters.
pub fn nearest<'n>(
    name: &str,
    known: impl IntoIterator<Item = &'n str>,
    count: usize,
) -> Vec<&'n str> {
    const ENOUGH: f64 = 2.0 / 3.0;
    if name.len() > LONGEST {
        return Vec::new();
    }
    let likeness = |known: &str| {
        let lower = |text: &str| text.to_lowercase();
        let of_letters = strsim::normalized_damerau_levenshtein(&lower(name), &lower(known));
        let of_all = strsim::normalized_damerau_levenshtein(name, known);
        (of_letters >= ENOUGH).then_some(of_letters + of_all)
    };
    let mut known: Vec<(f64, &str)> =
        known.into_iter().filter_map(|known| Some((likeness(known)?, known))).collect();
    known.sort_by(|one, other| other.0.total_cmp(&one.0));
    known.into_iter().take(count).map(|(_, name)| name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_likely_name_is_near_or_none() {
        let known = ["directory", "rate", "min_page_view_interval"];
        assert_eq!(likely("directry", known), Some("directory"));
        assert_eq!(likely("Rate", known), Some("rate"));
        assert_eq!(likely("colour", known), None);
    }

    #[test]
    fn the_nearest_names_come_first_and_distant_ones_not_at_all() {
        let known = ["%h", "%q", "status", "time_local", "time_iso8601"];
        assert_eq!(nearest("%Q", known, 2), ["%q"]);
        assert_eq!(
            nearest("time_loca", ["time_locale", "time_local"], 2),
            ["time_local", "time_locale"]
        );
        assert_eq!(nearest("time_loca", ["time_locale", "time_local"], 1), ["time_local"]);
        for distant in ["%J", "colour", "st", "", &"status".repeat(20)] {
            assert!(nearest(distant, known, 3).is_empty(), "{distant}");
        }
    }
}

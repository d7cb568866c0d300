//! Which name was probably meant.

/// The name that was probably meant.
pub fn likely<'n>(name: &str, known: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    /// Below this likeness (1 is equal) a guess would mislead more often than help.
    const ENOUGH: f64 = 0.6;
    /// No name is as long, and the time grows with the length.
    const LONGEST: usize = 100;
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

/// The `count` names that are the most alike, the nearest first. Capitals count less than other letters.
pub fn nearest<'n>(
    name: &str,
    known: impl IntoIterator<Item = &'n str>,
    count: usize,
) -> Vec<&'n str> {
    let likeness = |known: &str| {
        let lower = |text: &str| text.to_lowercase();
        strsim::normalized_damerau_levenshtein(name, known)
            + strsim::normalized_damerau_levenshtein(&lower(name), &lower(known))
    };
    let mut known: Vec<(f64, &str)> =
        known.into_iter().map(|known| (likeness(known), known)).collect();
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
    fn the_nearest_names_come_first() {
        assert_eq!(nearest("%Q", ["%h", "%q", "%{Referer}i"], 2), ["%q", "%h"]);
    }
}

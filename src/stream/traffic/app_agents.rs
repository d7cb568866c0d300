//! What the site's own application says it is, by the versions that are in use at the same time: the latest within weeks, and a
//! tail of old ones that never update.

/// Versions of the application with the number of their build, the most frequent first.
const VERSIONS: [(&str, u16); 9] = [
    ("7.14.0", 2214),
    ("7.13.2", 2190),
    ("7.13.0", 2181),
    ("7.12.1", 2160),
    ("7.10.0", 2117),
    ("7.6.3", 2044),
    ("6.22.0", 1892),
    ("6.9.1", 1640),
    ("5.31.4", 1288),
];
/// Versions of iOS with those of CFNetwork and Darwin that belong to them.
const APPLE: [(&str, &str, &str); 6] = [
    ("18.6.2", "3826.600.41", "24.6.0"),
    ("26.0.1", "3860.100.1", "25.0.0"),
    ("18.5", "3826.500.131", "24.5.0"),
    ("18.3.2", "3826.400.120", "24.3.0"),
    ("17.6.1", "1498.700.2", "23.6.0"),
    ("16.7.12", "1410.1", "22.6.0"),
];
/// Android devices with their version.
const ANDROID: [(&str, u8); 8] = [
    ("SM-A546B", 15),
    ("SM-S928B", 15),
    ("Pixel 8", 16),
    ("SM-A155F", 14),
    ("23053RN02A", 14),
    ("CPH2449", 15),
    ("moto g52", 13),
    ("SM-A217F", 12),
];
/// By how much each further version, system or device is rarer than the one before it.
const NEXT: f64 = 0.58;
/// People with Android; the others have iOS.
const ON_ANDROID: f64 = 0.56;

/// All agents of the application, each with its share; the shares add up to 1.
pub fn app_agents() -> Vec<(String, f64)> {
    let mut list = Vec::new();
    for ((version, build), share) in VERSIONS.iter().zip(falling(VERSIONS.len())) {
        for ((ios, network, darwin), own) in APPLE.iter().zip(falling(APPLE.len())) {
            let share = share * own * (1.0 - ON_ANDROID);
            // Calls by the system's own library, and those by the library that names the device.
            list.push((format!("Shop/{build} CFNetwork/{network} Darwin/{darwin}"), share * 0.7));
            list.push((format!("Shop/{version} (iPhone; iOS {ios}; Scale/3.00)"), share * 0.3));
        }
        for ((device, android), own) in ANDROID.iter().zip(falling(ANDROID.len())) {
            let agent = format!("Shop/{version} (Android {android}; {device}) okhttp/4.12.0");
            list.push((agent, share * own * ON_ANDROID));
        }
    }
    list
}

fn falling(len: usize) -> impl Iterator<Item = f64> {
    let sum: f64 = (0..len as i32).map(|rank| NEXT.powi(rank)).sum();
    (0..len as i32).map(move |rank| NEXT.powi(rank) / sum)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn the_agents_of_the_application_are_distinct_and_their_shares_add_up() {
        let agents = app_agents();
        let distinct: HashSet<&String> = agents.iter().map(|(agent, _)| agent).collect();
        assert_eq!(distinct.len(), agents.len());
        let sum: f64 = agents.iter().map(|(_, share)| share).sum();
        assert!((sum - 1.0).abs() < 1e-9, "{sum}");
    }
}

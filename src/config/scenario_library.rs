//! Scenarios that come with the program: stories that people know, each with what an alert should say of it.

/// The scenarios: their names and texts.
pub const LIBRARY: [(&str, &str); 13] = [
    ("flash_sale", include_str!("../../configs/scenarios/flash_sale.yaml")),
    ("bad_deploy", include_str!("../../configs/scenarios/bad_deploy.yaml")),
    (
        "credential_stuffing_night",
        include_str!("../../configs/scenarios/credential_stuffing_night.yaml"),
    ),
    ("scanner_season", include_str!("../../configs/scenarios/scanner_season.yaml")),
    ("slow_database", include_str!("../../configs/scenarios/slow_database.yaml")),
    ("cdn_outage", include_str!("../../configs/scenarios/cdn_outage.yaml")),
    ("scraper", include_str!("../../configs/scenarios/scraper.yaml")),
    ("ddos", include_str!("../../configs/scenarios/ddos.yaml")),
    ("certificate", include_str!("../../configs/scenarios/certificate.yaml")),
    ("half_fleet_down", include_str!("../../configs/scenarios/half_fleet_down.yaml")),
    ("noisy_neighbour", include_str!("../../configs/scenarios/noisy_neighbour.yaml")),
    ("broken_shipper", include_str!("../../configs/scenarios/broken_shipper.yaml")),
    ("black_friday", include_str!("../../configs/scenarios/black_friday.yaml")),
];

/// The text of a scenario.
pub fn text(name: &str) -> Option<&'static str> {
    LIBRARY.iter().find(|(known, _)| *known == name).map(|(_, text)| *text)
}

/// The names of all scenarios.
pub const NAMES: [&str; LIBRARY.len()] = {
    let mut names = [""; LIBRARY.len()];
    let mut place = 0;
    while place < names.len() {
        names[place] = LIBRARY[place].0;
        place += 1;
    }
    names
};

/// What each scenario is for, as `--list-scenarios` prints it.
pub fn listing() -> String {
    let mut out = String::new();
    for (name, text) in LIBRARY {
        let said = text.lines().take_while(|line| line.starts_with('#'));
        let said: Vec<&str> = said.map(|line| line.trim_start_matches(['#', ' '])).collect();
        out.push_str(&format!("{name}\n  {}\n", said.join("\n  ")));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_scenario_says_what_it_is_and_what_an_alert_should_say() {
        for (name, text) in LIBRARY {
            let said: String = text.lines().take_while(|line| line.starts_with('#')).collect();
            assert!(said.contains(": ") && said.contains("An alert should say"), "{name}");
        }
    }
}

//! Under which numbers public catalogues know the attacks.

use super::payloads::payloads;
use crate::config::event_kind::EventKind;

/// The numbers of an attack.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AttackReferences {
    /// Weaknesses: `CWE-89`.
    pub cwe: Vec<&'static str>,
    /// OWASP's risks of sites (`A03:2021`) and of APIs (`API1:2023`), and its automated threats (`OAT-008`).
    pub owasp: Vec<&'static str>,
    /// Techniques of MITRE ATT&CK: `T1190`.
    pub attack: Vec<&'static str>,
}

/// The attacks without a file of payloads, which has the numbers of the others. ATT&CK has no technique for carding.
const WITHOUT_PAYLOADS: [(EventKind, [&[&str]; 3]); 7] = [
    (EventKind::CredentialStuffing, [&["CWE-307"], &["A07:2021", "OAT-008"], &["T1110.004"]]),
    (EventKind::PasswordSpraying, [&["CWE-307"], &["A07:2021", "OAT-007"], &["T1110.003"]]),
    (EventKind::Scraping, [&["CWE-799"], &["A04:2021", "OAT-011"], &["T1594"]]),
    (EventKind::Carding, [&["CWE-799"], &["A04:2021", "OAT-001"], &[]]),
    (EventKind::Ddos, [&["CWE-400"], &["A04:2021", "OAT-015"], &["T1499.003"]]),
    (EventKind::IdEnumeration, [&["CWE-639"], &["A01:2021", "API1:2023"], &["T1190"]]),
    (EventKind::AccountTakeover, [&["CWE-308"], &["A07:2021"], &["T1078"]]),
];

/// The numbers of a kind of attack; `None` for what is no attack.
pub fn references(kind: EventKind) -> Option<AttackReferences> {
    if let Some(file) = payloads(kind) {
        return Some(AttackReferences { cwe: file.cwe, owasp: file.owasp, attack: file.attack });
    }
    let (_, [cwe, owasp, attack]) = WITHOUT_PAYLOADS.iter().find(|row| row.0 == kind)?;
    Some(AttackReferences { cwe: cwe.to_vec(), owasp: owasp.to_vec(), attack: attack.to_vec() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::event_kind::{EventClass, KINDS};

    #[test]
    fn each_attack_and_nothing_else_has_numbers_in_the_forms_of_their_catalogues() {
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|c| c.is_ascii_digit());
        for row in KINDS {
            let found = references(row.kind);
            assert_eq!(found.is_some(), row.class == EventClass::Attack, "{}", row.name);
            let Some(AttackReferences { cwe, owasp, attack }) = found else { continue };
            assert!(!cwe.is_empty() && !owasp.is_empty(), "{}", row.name);
            assert!(cwe.iter().all(|id| id.strip_prefix("CWE-").is_some_and(digits)), "{cwe:?}");
            for id in owasp {
                let threat = id.strip_prefix("OAT-").is_some_and(digits);
                let risk = id.split_once(':').is_some_and(|(number, year)| {
                    digits(number.trim_start_matches("API").trim_start_matches('A')) && digits(year)
                });
                assert!(threat || risk, "{id}");
            }
            for id in attack {
                let parts: Vec<_> = id.trim_start_matches('T').split('.').collect();
                assert!(id.starts_with('T') && parts.iter().all(|part| digits(part)), "{id}");
            }
        }
    }
}

//! The payloads of attacks: text files, a request on each line. They are made for logs: names and addresses are those of examples
//! (RFC 2606, RFC 5737), and nothing in them works.

use crate::config::event_kind::EventKind;

/// A request of an attack, as its file has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Payload {
    /// The stage of the attack.
    pub stage: &'static str,
    /// The method, as HTTP spells it.
    pub method: &'static str,
    /// Where the payload stands.
    pub place: PayloadPlace,
    /// The status with which a site answers that withstands it.
    pub patched: u16,
    /// The status with which a site answers that does not.
    pub unpatched: u16,
    /// What is sent.
    pub text: &'static str,
}

/// Where a payload stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PayloadPlace {
    /// The whole target.
    Path,
    /// The query of a page.
    Query,
    /// A header: the user agent.
    Agent,
}

/// What a file says of its attack.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PayloadFile {
    /// Weaknesses: `CWE-89`.
    pub cwe: Vec<&'static str>,
    /// Categories of OWASP: `A03:2021`.
    pub owasp: Vec<&'static str>,
    /// Techniques of MITRE ATT&CK: `T1190`.
    pub attack: Vec<&'static str>,
    /// The user agents of the tool; none where the attacker has a browser's or a script's.
    pub agents: Vec<&'static str>,
    /// The requests, in the order in which they are sent.
    pub requests: Vec<Payload>,
}

/// The text of the file of a kind; `None` for kinds that have no payloads.
fn text(kind: EventKind) -> Option<&'static str> {
    Some(match kind {
        EventKind::DirectoryProbing => include_str!("payloads/directory_probing.txt"),
        EventKind::Nikto => include_str!("payloads/nikto.txt"),
        EventKind::Sqlmap => include_str!("payloads/sqlmap.txt"),
        EventKind::Nuclei => include_str!("payloads/nuclei.txt"),
        EventKind::SqlInjection => include_str!("payloads/sql_injection.txt"),
        EventKind::Xss => include_str!("payloads/xss.txt"),
        EventKind::PathTraversal => include_str!("payloads/path_traversal.txt"),
        EventKind::Log4shell => include_str!("payloads/log4shell.txt"),
        EventKind::TemplateInjection => include_str!("payloads/template_injection.txt"),
        EventKind::Ssrf => include_str!("payloads/ssrf.txt"),
        EventKind::WebShell => include_str!("payloads/web_shell.txt"),
        _ => return None,
    })
}

/// The payloads of a kind; `None` for kinds that have none.
pub fn payloads(kind: EventKind) -> Option<PayloadFile> {
    let mut file = PayloadFile::default();
    for line in text(kind)?.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
        if let Some(said) = line.strip_prefix("@ ") {
            let (key, value) = said.split_once(' ').expect("what a file says has a value");
            let list = match key {
                "cwe" => &mut file.cwe,
                "owasp" => &mut file.owasp,
                "attack" => &mut file.attack,
                "agent" => &mut file.agents,
                _ => panic!("no file says {key}"),
            };
            list.push(value);
        } else {
            file.requests.push(request(line).expect("each line of a file is a request"));
        }
    }
    Some(file)
}

fn request(line: &'static str) -> Option<Payload> {
    let fields: Vec<&str> = line.split('\t').collect();
    let [stage, method, place, patched, unpatched, text] = fields[..] else { return None };
    let place = match place {
        "path" => PayloadPlace::Path,
        "query" => PayloadPlace::Query,
        // An application logs one header as it logs the other.
        "agent" | "referrer" => PayloadPlace::Agent,
        _ => return None,
    };
    let (patched, unpatched) = (patched.parse().ok()?, unpatched.parse().ok()?);
    Some(Payload { stage, method, place, patched, unpatched, text })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::event_kind::KINDS;
    use crate::stream::scenario::marks::stages;

    #[test]
    fn each_request_of_a_file_stands_as_it_would_on_the_wire_and_has_a_stage_of_its_kind() {
        let mut requests = 0;
        for kind in KINDS.iter().map(|row| row.kind) {
            let Some(file) = payloads(kind) else { continue };
            assert!(!file.cwe.is_empty() && !file.attack.is_empty(), "{}", kind.name());
            for payload in &file.requests {
                assert!(stages(kind).contains(&payload.stage), "{payload:?}");
                assert!(payload.text.is_ascii(), "{payload:?}");
                if payload.place != PayloadPlace::Agent {
                    assert!(!payload.text.contains('"'), "{payload:?}");
                    assert!(
                        payload.text.bytes().all(|byte| byte.is_ascii_graphic()),
                        "{payload:?}"
                    );
                }
                assert_eq!(payload.text.starts_with('/'), payload.place == PayloadPlace::Path);
                requests += 1;
            }
        }
        assert!(requests > 500, "{requests}");
    }
}

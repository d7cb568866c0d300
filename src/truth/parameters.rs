//! What the configuration says of an event, as ground truth has it.

use serde_json::{Value, json};

use crate::config::ScenarioEvent;
use crate::config::event_key::EventKey;
use crate::config::event_kind::EventClass;
use crate::duration::format_duration;
use crate::stream::attack::references::references;

/// The parameters of an event as a JSON object: the keys of its kind with their values, its shape, and the numbers of an
/// attack in public catalogues. What is not configured has the value by which it happened.
pub fn parameters(event: &ScenarioEvent) -> String {
    let of_key = |key: &EventKey| {
        let value = match key {
            EventKey::Multiplier => event.multiplier.map(Value::from)?,
            EventKey::Share if event.kind.class() == EventClass::Log => {
                event.share_of_lines().into()
            }
            EventKey::Share => event.share.map(Value::from)?,
            EventKey::Status => event.status().number().into(),
            EventKey::Cause => event.cause().name().into(),
            EventKey::Page => event.page.as_deref().map(Value::from)?,
            EventKey::Visitors => event.visitors.map(Value::from)?,
            EventKey::Upstream => event.upstream.map(Value::from)?,
            EventKey::Factor => event.factor().into(),
            EventKey::Timeout => format_duration(event.timeout()).into(),
            EventKey::Rate => event.rate().into(),
            EventKey::Addresses => event.addresses().into(),
            EventKey::Patched => event.is_patched().into(),
            EventKey::Length => event.line_length().into(),
            EventKey::Offset => event.offset().into(),
            // Without one, it is for the log's own format to say.
            EventKey::Format => event.format.as_ref().map(|format| format.text().into())?,
        };
        Some((key.name(), value))
    };
    let mut all: Vec<(&str, Value)> = event.kind.keys().iter().filter_map(of_key).collect();
    all.push(("shape", event.shape.name().into()));
    if let Some(ids) = references(event.kind) {
        all.extend([("cwe", json!(ids.cwe)), ("owasp", json!(ids.owasp))]);
        all.push(("attack", json!(ids.attack)));
    }
    let all: Vec<String> = all.iter().map(|(key, value)| format!("\"{key}\":{value}")).collect();
    format!("{{{}}}", all.join(","))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    fn shown(event: &str) -> String {
        let yaml = format!("profile: shop\nscenario: [{{at: +1h, for: 1h, {event}}}]");
        let config = Config::from_yaml(&yaml).unwrap();
        parameters(&config.scenario[0])
    }

    #[test]
    fn an_event_has_the_keys_of_its_kind_with_what_it_happened_by() {
        for (event, expected) in [
            (
                "kind: flash_crowd, multiplier: 3, page: /cart",
                r#"{"multiplier":3.0,"page":"/cart","shape":"step"}"#,
            ),
            (
                "kind: server_errors, share: 0.2, shape: ramp",
                r#"{"share":0.2,"status":500,"cause":"exception","shape":"ramp"}"#,
            ),
            (
                "kind: path_down, page: /checkout, status: 503",
                r#"{"status":503,"cause":"none_is_up","page":"/checkout","shape":"step"}"#,
            ),
            (
                "kind: credential_stuffing, rate: 7.5, patched: false",
                r#"{"rate":7.5,"addresses":40,"patched":false,"shape":"step","cwe":["CWE-307"],"owasp":["A07:2021","OAT-008"],"attack":["T1110.004"]}"#,
            ),
            (
                "kind: sql_injection, addresses: 9",
                r#"{"rate":2.0,"addresses":9,"patched":true,"shape":"step","cwe":["CWE-89"],"owasp":["A03:2021"],"attack":["T1190"]}"#,
            ),
        ] {
            assert_eq!(shown(event), expected);
        }
    }
}

//! `output.timezone: local`: the zone of the host, by its name, so that the recorded configuration
//! means the same on every host.

use std::fs;
use std::path::{Path, PathBuf};

use jiff::tz::TimeZoneDatabase;

use super::variables::Variables;
use crate::config::report::{FindingReport, Severity};
use crate::config::tree::{Node, Value, quoted};

/// The word that stands for the host's zone.
const LOCAL: &str = "local";
/// Links into the database of zones, and files that hold a zone's name.
const LINK: &str = "/etc/localtime";
const NAMES: [&str; 2] = ["/etc/timezone", "/var/db/zoneinfo"];

/// Puts the name of the host's zone in the place of `local`, and says what it is and where that was
/// found. The name is that of `TZ`, else of the zone that the host is set to, else UTC.
pub fn resolve(
    root: &mut Node,
    host: &Path,
    variables: Variables<'_>,
    report: &FindingReport,
) -> Option<String> {
    let node = root.at_mut(&["output", "timezone"])?;
    if !matches!(&node.value, Value::Text(text) if text == LOCAL) {
        return None;
    }
    let (name, from) = named(host, variables);
    let known = TimeZoneDatabase::bundled().get(&name).ok().filter(|zone| !zone.is_unknown());
    if known.is_none() {
        let message = format!(
            "found local, and by {from} that is {}, expected the IANA name of a zone there, such as \
             \"Europe/Berlin\", or here in the place of local",
            quoted(&name)
        );
        report.note(Severity::Error, node.id, "output.timezone", message);
    }
    let said = format!("output.timezone local is {name}, from {from}");
    // What is not known was reported; nothing starts.
    node.value = Value::Text(if known.is_some() { name } else { "UTC".to_owned() });
    Some(said)
}

/// The zone's name and where it was found.
fn named(host: &Path, variables: Variables<'_>) -> (String, String) {
    if let Some(value) = variables("TZ").filter(|value| !value.is_empty()) {
        let text = value.to_string_lossy().into_owned();
        let name = text.strip_prefix(':').unwrap_or(&text);
        // TZ may name a file of the database.
        let name = in_database(Path::new(name)).unwrap_or_else(|| name.to_owned());
        return (name, "TZ".to_owned());
    }
    if let Some(name) = fs::read_link(below(host, LINK)).ok().and_then(|link| in_database(&link)) {
        return (name, LINK.to_owned());
    }
    for path in NAMES {
        if let Ok(text) = fs::read_to_string(below(host, path))
            && let Some(name) = text.split_whitespace().next()
        {
            return (name.to_owned(), path.to_owned());
        }
    }
    ("UTC".to_owned(), format!("neither TZ nor {LINK}, which names no zone"))
}

/// A path of the host, below another root in tests.
fn below(host: &Path, path: &str) -> PathBuf {
    host.join(path.trim_start_matches('/'))
}

/// The name of a zone whose file this is: what is behind `zoneinfo/`.
fn in_database(path: &Path) -> Option<String> {
    let (_, name) = path.to_str()?.rsplit_once("zoneinfo/")?;
    Some(name.trim_start_matches("posix/").to_owned())
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    fn zone(host: &Path, tz: Option<&str>) -> (String, String) {
        named(host, &|name| tz.filter(|_| name == "TZ").map(Into::into))
    }

    #[test]
    fn the_hosts_zone_is_that_of_tz_then_of_the_link_then_of_the_file_then_utc() {
        let host = tempfile::tempdir().unwrap();
        fs::create_dir(host.path().join("etc")).unwrap();
        let found = |tz| zone(host.path(), tz).0;
        assert_eq!(found(None), "UTC");
        fs::write(host.path().join("etc/timezone"), "Asia/Tokyo\n").unwrap();
        assert_eq!(found(None), "Asia/Tokyo");
        let link = host.path().join("etc/localtime");
        symlink("../usr/share/zoneinfo/America/Argentina/Salta", link).unwrap();
        assert_eq!(found(None), "America/Argentina/Salta");
        assert_eq!(found(Some("")), "America/Argentina/Salta");
        assert_eq!(found(Some("Europe/Berlin")), "Europe/Berlin");
        assert_eq!(found(Some(":/usr/share/zoneinfo/Europe/Paris")), "Europe/Paris");
    }

    #[test]
    fn a_copy_of_a_zone_names_none() {
        let host = tempfile::tempdir().unwrap();
        fs::create_dir(host.path().join("etc")).unwrap();
        fs::write(host.path().join("etc/localtime"), "TZif2").unwrap();
        let (name, from) = zone(host.path(), None);
        assert_eq!((&*name, &*from), ("UTC", "neither TZ nor /etc/localtime, which names no zone"));
    }
}

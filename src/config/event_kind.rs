//! What can happen in a scenario: the kinds of events, what each does, and which keys it takes.

use serde::Serialize;

use super::event_key::EventKey;

/// What an event changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum EventClass {
    /// How many come.
    Load,
    /// What the server answers.
    Failure,
    /// Requests that mean harm.
    Attack,
    /// What becomes of the lines of the log itself.
    Log,
}

impl EventClass {
    /// All classes.
    pub const ALL: [Self; 4] = [Self::Load, Self::Failure, Self::Attack, Self::Log];

    /// The class with a name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|class| class.name() == name)
    }

    /// Its name in ground truth.
    pub fn name(self) -> &'static str {
        match self {
            Self::Load => "load",
            Self::Failure => "failure",
            Self::Attack => "attack",
            Self::Log => "log",
        }
    }
}

/// A kind of event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum EventKind {
    /// More lines, or fewer.
    Surge,
    /// More people, who come to one page.
    FlashCrowd,
    /// Clients that ask again and again, because the application fails.
    RetryStorm,
    /// More crawlers.
    BotWave,
    /// Failures of the application.
    ServerErrors,
    /// A page that fails whenever it is asked for.
    PathDown,
    /// A version that fails and is taken back.
    BadDeploy,
    /// A dependency that fails every other half minute.
    FlappingDependency,
    /// Answers that take longer, until visitors and server give up.
    SlowResponses,
    /// A disk without room: what writes fails, and what is read is cut short.
    DiskFull,
    /// A certificate that browsers no longer trust.
    CertificateExpired,
    /// Many passwords for many users.
    CredentialStuffing,
    /// One password for many users, slowly.
    PasswordSpraying,
    /// Paths that a site may have.
    DirectoryProbing,
    /// The manner of nikto.
    Nikto,
    /// The manner of sqlmap.
    Sqlmap,
    /// The manner of nuclei.
    Nuclei,
    /// SQL in parameters.
    SqlInjection,
    /// Scripts in parameters.
    Xss,
    /// Files outside the site.
    PathTraversal,
    /// Lookups in headers and parameters.
    Log4shell,
    /// Expressions of templates in parameters.
    TemplateInjection,
    /// Addresses of the inside in parameters.
    Ssrf,
    /// A file that is uploaded and used.
    WebShell,
    /// The whole catalogue, without assets.
    Scraping,
    /// Cards that are tried.
    Carding,
    /// More requests than the server stands.
    Ddos,
    /// Number after number.
    IdEnumeration,
    /// A log-in from elsewhere.
    AccountTakeover,
    /// Lines that are not there.
    LinesDropped,
    /// Lines that are there twice.
    LinesDoubled,
    /// Lines that end in their middle.
    LinesTorn,
    /// Lines in which another write stands.
    LinesInterleaved,
    /// Lines that come later than their time.
    LinesOutOfOrder,
    /// Lines that are not UTF-8.
    LinesInLatin1,
    /// Lines with a hole of NULs.
    NulBytes,
    /// Lines that are longer than readers expect.
    LongLines,
    /// Lines without one of their fields.
    FieldMissing,
    /// Lines in another format.
    FormatChange,
    /// Lines of a server with a wrong clock.
    ClockSkew,
}

/// What is known of a kind.
#[derive(Debug)]
pub struct EventKindRow {
    /// The kind.
    pub kind: EventKind,
    /// Its name in configurations and ground truth.
    pub name: &'static str,
    /// What it changes.
    pub class: EventClass,
    /// What happens, in a sentence without its full stop.
    pub about: &'static str,
    /// How many lines a second an attack makes if nothing is configured.
    pub rate: f64,
    /// From how many addresses.
    pub addresses: u32,
}

const fn load(kind: EventKind, name: &'static str, about: &'static str) -> EventKindRow {
    EventKindRow { kind, name, class: EventClass::Load, about, rate: 0.0, addresses: 0 }
}

const fn failure(kind: EventKind, name: &'static str, about: &'static str) -> EventKindRow {
    EventKindRow { kind, name, class: EventClass::Failure, about, rate: 0.0, addresses: 0 }
}

const fn attack(
    kind: EventKind,
    name: &'static str,
    (rate, addresses): (f64, u32),
    about: &'static str,
) -> EventKindRow {
    EventKindRow { kind, name, class: EventClass::Attack, about, rate, addresses }
}

const fn log(kind: EventKind, name: &'static str, about: &'static str) -> EventKindRow {
    EventKindRow { kind, name, class: EventClass::Log, about, rate: 0.0, addresses: 0 }
}

use EventKind as Is;

/// All kinds, in the order of their discriminants.
pub const KINDS: &[EventKindRow] = &[
    load(Is::Surge, "surge", "`multiplier` times the lines; below 1, fewer"),
    load(
        Is::FlashCrowd,
        "flash_crowd",
        "`multiplier` times the lines: the people who come in addition enter at `page` from one site that links to it",
    ),
    load(
        Is::RetryStorm,
        "retry_storm",
        "`multiplier` times the lines: `share` of the application's answers fail with `status`, and the browsers and programs that \
         are answered so ask again at once, over and over",
    ),
    load(
        Is::BotWave,
        "bot_wave",
        "`multiplier` times the lines of crawlers, and all others as usual",
    ),
    failure(
        Is::ServerErrors,
        "server_errors",
        "`share` of the application's answers, or of those to `page`, are errors with `status`",
    ),
    failure(Is::PathDown, "path_down", "each request for `page` fails with `status`"),
    failure(
        Is::BadDeploy,
        "bad_deploy",
        "a new version: its assets are missing (404) and `share` of the application's answers fail, until it is taken back",
    ),
    failure(
        Is::FlappingDependency,
        "flapping_dependency",
        "for 30 s of each minute, `share` of the application's answers, or of those to `page`, fail with `status`",
    ),
    failure(
        Is::SlowResponses,
        "slow_responses",
        "the application, or `page`, takes `factor` times as long: after `timeout` the server gives up (504), and people lose \
         patience before (499)",
    ),
    failure(
        Is::DiskFull,
        "disk_full",
        "the server's disk is full: `share` of what writes (POST, PUT) fails with `status`, and `share` of the pages end in the midst",
    ),
    failure(
        Is::CertificateExpired,
        "certificate_expired",
        "`share` of the people and of the programs that check certificates stay away; others come as usual",
    ),
    attack(
        Is::CredentialStuffing,
        "credential_stuffing",
        (5.0, 40),
        "log-ins with stolen passwords, of which 1 in 150 is right",
    ),
    attack(
        Is::PasswordSpraying,
        "password_spraying",
        (0.5, 25),
        "one password after the other for many users, slowly and from many addresses",
    ),
    attack(Is::DirectoryProbing, "directory_probing", (8.0, 2), "paths that a site may have"),
    attack(Is::Nikto, "nikto", (12.0, 1), "requests in the manner of nikto"),
    attack(Is::Sqlmap, "sqlmap", (6.0, 1), "requests in the manner of sqlmap"),
    attack(Is::Nuclei, "nuclei", (15.0, 2), "requests in the manner of nuclei"),
    attack(Is::SqlInjection, "sql_injection", (2.0, 3), "SQL in parameters"),
    attack(Is::Xss, "xss", (2.0, 3), "scripts in parameters"),
    attack(Is::PathTraversal, "path_traversal", (3.0, 3), "paths to files outside the site"),
    attack(Is::Log4shell, "log4shell", (2.0, 8), "lookups of Log4j in headers and parameters"),
    attack(
        Is::TemplateInjection,
        "template_injection",
        (2.0, 2),
        "expressions of template engines in parameters",
    ),
    attack(Is::Ssrf, "ssrf", (1.0, 2), "addresses of the inside in parameters"),
    attack(Is::WebShell, "web_shell", (0.5, 1), "a file that is uploaded, and commands sent to it"),
    attack(Is::Scraping, "scraping", (10.0, 6), "page after page, without assets"),
    attack(Is::Carding, "carding", (1.5, 12), "cards that are tried at the checkout"),
    attack(Is::Ddos, "ddos", (200.0, 500), "requests for expensive pages from everywhere"),
    attack(Is::IdEnumeration, "id_enumeration", (0.7, 1), "number after number in a parameter"),
    attack(
        Is::AccountTakeover,
        "account_takeover",
        (0.2, 1),
        "a log-in from an unusual country that is right at once, and changes to the account",
    ),
    log(Is::LinesDropped, "lines_dropped", "lines are not in the log"),
    log(Is::LinesDoubled, "lines_doubled", "lines stand in the log twice, one behind the other"),
    log(Is::LinesTorn, "lines_torn", "lines end somewhere in their middle; the rest is missing"),
    log(
        Is::LinesInterleaved,
        "lines_interleaved",
        "another write begins in the middle of a line, as where two processes write to one file without a lock",
    ),
    log(
        Is::LinesOutOfOrder,
        "lines_out_of_order",
        "lines come up to `offset` seconds (5) after the time that they show",
    ),
    log(
        Is::LinesInLatin1,
        "lines_in_latin1",
        "a letter of the line is one of ISO 8859-1, so that the line is not UTF-8",
    ),
    log(
        Is::NulBytes,
        "nul_bytes",
        "NUL bytes stand in the place of the line's first half, as after a crash",
    ),
    log(
        Is::LongLines,
        "long_lines",
        "a word of the line is so long that the line has `length` bytes (16,384)",
    ),
    log(
        Is::FieldMissing,
        "field_missing",
        "lines lack their status; in a format without one, the last field that can be left out",
    ),
    log(
        Is::FormatChange,
        "format_change",
        "lines are in the format `format` (`common`, or `combined` where that is the log's own)",
    ),
    log(
        Is::ClockSkew,
        "clock_skew",
        "the clock of one server of several is wrong: its lines show a time that is off by `offset` seconds",
    ),
];

impl EventKind {
    /// What is known of the kind.
    pub fn row(self) -> &'static EventKindRow {
        &KINDS[self as usize]
    }

    /// Its name in configurations and ground truth.
    pub fn name(self) -> &'static str {
        self.row().name
    }

    /// What it changes.
    pub fn class(self) -> EventClass {
        self.row().class
    }

    /// What a report says of lines that it spoils, behind their number.
    pub fn spoilt(self) -> &'static str {
        match self {
            Self::LinesDropped => "dropped",
            Self::LinesDoubled => "doubled",
            Self::LinesTorn => "torn",
            Self::LinesInterleaved => "interleaved",
            Self::LinesOutOfOrder => "out of order",
            Self::LinesInLatin1 => "in Latin-1",
            Self::NulBytes => "with NUL bytes",
            Self::LongLines => "very long",
            Self::FieldMissing => "without a field",
            Self::FormatChange => "in another format",
            Self::ClockSkew => "with a wrong clock",
            _ => "",
        }
    }

    /// Whether lines of the log are not as many as hits while it is on.
    pub fn changes_count(self) -> bool {
        matches!(self, Self::LinesDropped | Self::LinesDoubled)
    }

    /// Whether it changes what the server answers.
    pub fn fails(self) -> bool {
        let is_failure = self.class() == EventClass::Failure && self != Self::CertificateExpired;
        is_failure || self == Self::RetryStorm
    }

    /// The kind with a name.
    pub fn from_name(name: &str) -> Option<Self> {
        KINDS.iter().find(|row| row.name == name).map(|row| row.kind)
    }

    /// The keys that it takes beside those of every event.
    pub fn keys(self) -> &'static [EventKey] {
        use EventKey::{
            Addresses, Cause, Factor, Format, Length, Multiplier, Offset, Page, Patched, Rate,
            Share, Status, Timeout, Upstream, Visitors,
        };
        match self {
            Self::Surge => &[Multiplier],
            Self::FlashCrowd => &[Multiplier, Page],
            Self::RetryStorm => &[Multiplier, Share, Status, Cause],
            Self::BotWave => &[Multiplier],
            Self::CertificateExpired => &[Share],
            Self::ServerErrors | Self::FlappingDependency => {
                &[Share, Status, Cause, Page, Visitors, Upstream]
            }
            Self::DiskFull => &[Share, Status],
            Self::PathDown => &[Status, Cause, Page, Visitors, Upstream],
            Self::BadDeploy => &[Share, Status, Cause],
            Self::LongLines => &[Share, Length],
            Self::LinesOutOfOrder | Self::ClockSkew => &[Share, Offset],
            Self::FormatChange => &[Share, Format],
            Self::SlowResponses => &[Factor, Timeout, Page, Visitors, Upstream],
            kind if kind.class() == EventClass::Log => &[Share],
            _ => &[Rate, Addresses, Patched],
        }
    }

    /// The keys among these without which it says nothing.
    pub fn required(self) -> &'static [EventKey] {
        match self {
            Self::Surge | Self::BotWave => &[EventKey::Multiplier],
            Self::RetryStorm => &[EventKey::Multiplier, EventKey::Share],
            Self::FlashCrowd => &[EventKey::Multiplier, EventKey::Page],
            Self::ServerErrors | Self::BadDeploy | Self::FlappingDependency => &[EventKey::Share],
            Self::PathDown => &[EventKey::Page],
            Self::ClockSkew => &[EventKey::Offset],
            Self::SlowResponses => &[EventKey::Factor],
            _ => &[],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_has_its_row_at_its_place() {
        for (place, row) in KINDS.iter().enumerate() {
            assert_eq!(row.kind as usize, place, "{}", row.name);
            assert_eq!(EventKind::from_name(row.name), Some(row.kind));
            assert!(row.kind.required().iter().all(|key| row.kind.keys().contains(key)));
        }
    }
}

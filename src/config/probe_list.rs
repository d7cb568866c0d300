//! What scanners try: lists that are built in, and requests that are configured.

/// A list of paths that scanners try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum ProbeList {
    /// What a survey of the net asks each host for.
    Survey,
    /// Settings and keys that were left behind.
    Secrets,
    /// Traces that show software with weak places.
    Traces,
    /// Copies of WordPress, and its doors.
    WordPress,
    /// Shells that others have left.
    Shells,
    /// A tool for tests that runs what it is sent.
    PhpUnit,
    /// Routers, and servers of applications.
    Devices,
    /// Pages that administer databases.
    Panels,
}

impl ProbeList {
    /// All lists, in the order of their discriminants.
    pub const ALL: [Self; 8] = [
        Self::Survey,
        Self::Secrets,
        Self::Traces,
        Self::WordPress,
        Self::Shells,
        Self::PhpUnit,
        Self::Devices,
        Self::Panels,
    ];

    /// As it is configured.
    pub fn name(self) -> &'static str {
        match self {
            Self::Survey => "survey",
            Self::Secrets => "secrets",
            Self::Traces => "traces",
            Self::WordPress => "wordpress",
            Self::Shells => "shells",
            Self::PhpUnit => "phpunit",
            Self::Devices => "devices",
            Self::Panels => "panels",
        }
    }
}

/// What a scanner tries, as it is configured.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ScannerPath {
    /// All requests of a list.
    List(ProbeList),
    /// One request: a path, with the method before it unless that is GET.
    Request(String),
}

impl ScannerPath {
    /// The methods that may stand before a path.
    pub const METHODS: [&str; 6] = ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"];

    /// What a text says; `None` if it is neither the name of a list nor a request.
    pub fn parse(text: &str) -> Option<Self> {
        if let Some(list) = ProbeList::ALL.into_iter().find(|list| list.name() == text) {
            return Some(Self::List(list));
        }
        let target = match text.split_once(' ') {
            Some((method, target)) if Self::METHODS.contains(&method) => target,
            Some(_) => return None,
            None => text,
        };
        let is_plain = target.bytes().all(|byte| byte.is_ascii_graphic());
        (target.starts_with('/') && is_plain).then(|| Self::Request(text.to_owned()))
    }

    /// As it is written.
    pub fn text(&self) -> &str {
        match self {
            Self::List(list) => list.name(),
            Self::Request(text) => text,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_is_the_name_of_a_list_or_a_request_and_is_printed_as_it_was_written() {
        let names = ProbeList::ALL.map(ProbeList::name);
        for text in names.into_iter().chain(["/", "/.env", "POST /login.php?a=1", "OPTIONS /"]) {
            assert_eq!(ScannerPath::parse(text).unwrap().text(), text);
        }
        for wrong in
            ["", "env", "post /a", "BREW /a", "/a b", "GET  /a", "POST", "/\u{e9}", "SECRETS"]
        {
            assert_eq!(ScannerPath::parse(wrong), None, "{wrong:?}");
        }
    }
}

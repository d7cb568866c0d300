//! What is wrong with a configuration: findings as their readers see them, and the list on which
//! the checks write them down.

use std::cell::{Cell, RefCell};
use std::fmt;

use super::raw::{self, Location};
use super::tree::NodeId;

/// The most findings that are told; the rest are counted.
const MOST_TOLD: usize = 100;

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// Nothing starts.
    Error,
    /// A key that means nothing: a warning in a run, an error where the configuration is checked.
    UnknownKey,
    /// A page that gets no hits: a warning in a run, an error where the configuration is checked.
    Unreached,
    /// Runs, but perhaps not as meant.
    Warning,
    /// Runs as meant; said for the reader who wonders. It never changes how anything ends.
    Note,
}

impl Severity {
    /// How bad it is where the configuration is checked before it is used.
    pub fn checked(self) -> Self {
        match self {
            Self::UnknownKey | Self::Unreached => Self::Error,
            other => other,
        }
    }

    /// What stands behind a finding of this kind; nothing behind an error.
    pub fn mark(self) -> &'static str {
        match self {
            Self::Error => "",
            Self::UnknownKey | Self::Unreached | Self::Warning => " (a warning)",
            Self::Note => " (a note)",
        }
    }
}

/// One thing that is wrong: where, what was found and what would be right.
///
/// `config/config.yaml:14:11: traffic_patterns[2].time: found "9-25", expected …`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// How bad it is.
    pub severity: Severity,
    /// The file, variable or flag.
    pub source: String,
    /// The line and column, where they are known.
    pub location: Option<Location>,
    /// The key path; empty for the configuration as a whole.
    pub path: String,
    /// What was found and what would be right.
    pub message: String,
}

impl Finding {
    /// An error of a whole source: a file that cannot be read, a variable that is empty.
    pub fn of_source(source: impl Into<String>, message: impl Into<String>) -> Self {
        let (source, message) = (source.into(), message.into());
        Self { severity: Severity::Error, source, location: None, path: String::new(), message }
    }

    /// A warning of a whole source.
    pub fn warning_of_source(source: impl Into<String>, message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::of_source(source, message) }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.source)?;
        if let Some(Location { line, column }) = self.location {
            write!(f, ":{line}:{column}")?;
        }
        if !self.path.is_empty() {
            write!(f, ": {}", self.path)?;
        }
        write!(f, ": {}", self.message)
    }
}

/// A configuration that cannot be used, with everything that is wrong with it: one finding a line,
/// then how many there are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigErrors {
    /// The errors, and the warnings and notes that may explain them, in the order of the text.
    pub findings: Vec<Finding>,
    /// How many more errors there are.
    pub untold: usize,
}

impl ConfigErrors {
    /// A single error.
    pub fn one(finding: Finding) -> Self {
        Self { findings: vec![finding], untold: 0 }
    }
}

impl fmt::Display for ConfigErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for finding in &self.findings {
            writeln!(f, "{finding}{}", finding.severity.mark())?;
        }
        if self.untold > 0 {
            writeln!(f, "… and {} more", self.untold)?;
        }
        let told = self.findings.iter().filter(|finding| finding.severity == Severity::Error);
        let count = told.count() + self.untold;
        write!(f, "{count} error{}; nothing was started", if count == 1 { "" } else { "s" })
    }
}

impl std::error::Error for ConfigErrors {}

/// The list on which checks write down what they find.
#[derive(Debug, Default)]
pub struct FindingReport {
    noted: RefCell<Vec<Noted>>,
    errors: Cell<usize>,
    told: Cell<usize>,
}

#[derive(Debug, PartialEq, Eq)]
struct Noted {
    severity: Severity,
    node: NodeId,
    /// A second place that the message speaks of.
    other: Option<NodeId>,
    path: String,
    message: String,
}

impl FindingReport {
    /// Writes down a finding about a node.
    pub fn note(&self, severity: Severity, node: NodeId, path: &str, message: String) {
        self.note_with(severity, (node, None), path, message);
    }

    /// Writes down a finding about two nodes; the line of the second is told at the end.
    pub fn note_with(
        &self,
        severity: Severity,
        (node, other): (NodeId, Option<NodeId>),
        path: &str,
        message: String,
    ) {
        let noted = Noted { severity, node, other, path: path.to_owned(), message };
        let mut list = self.noted.borrow_mut();
        // Two checks may look at one value; the person who mends it needs to hear of it once.
        if list.contains(&noted) {
            return;
        }
        let is_error = severity == Severity::Error;
        self.errors.set(self.errors.get() + usize::from(is_error));
        let of_kind = list.iter().filter(|n| (n.severity == Severity::Error) == is_error).count();
        if of_kind < MOST_TOLD {
            self.told.set(self.told.get() + usize::from(is_error));
            list.push(noted);
        }
    }

    /// The number of errors so far.
    pub fn errors(&self) -> usize {
        self.errors.get()
    }

    /// The findings in the order of `text`, and how many errors are left out.
    pub fn findings(self, source: &str, text: &str) -> (Vec<Finding>, usize) {
        let untold = self.errors.get() - self.told.get();
        let noted = self.noted.into_inner();
        let ids = noted.iter().flat_map(|n| [Some(n.node), n.other]).flatten();
        let places = raw::locate(text, ids);
        let finding = |noted: Noted| {
            let mut message = noted.message;
            if let Some(other) = noted.other.and_then(|other| places.get(&other)) {
                message.push_str(&format!(" (the other is at line {})", other.line));
            }
            let (severity, source) = (noted.severity, source.to_owned());
            let location = places.get(&noted.node).copied();
            Finding { severity, source, location, path: noted.path, message }
        };
        let mut findings: Vec<Finding> = noted.into_iter().map(finding).collect();
        findings.sort_by_key(|finding| finding.location);
        (findings, untold)
    }
}

//! What `ctl` and a run say to each other over the socket in the log directory: a request is one line of words, and so is its
//! answer, as JSON. Pure: [`ctl`](crate::ctl) asks, and the thread `control` answers.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::quantity::parse_quantity;

/// The socket in the log directory. Only its owner may use it.
pub const SOCKET: &str = ".access-log-generator.sock";
/// The longest request, bytes.
pub const LONGEST: u64 = 1 << 10;

/// What a run is asked.
#[derive(Clone, Debug, PartialEq)]
pub enum ControlRequest {
    /// How it is doing: the answer of /health.
    Status,
    /// To go on at another rate, lines per second over all shards.
    Rate(f64),
    /// To start an event of the scenario, by its name.
    Start(String),
    /// To stop an event of the scenario, by its name.
    Stop(String),
    /// To write nothing until it is told to go on.
    Pause,
    /// To go on after a pause.
    Resume,
    /// To rotate its files.
    Rotate,
    /// To read its configuration again.
    Reload,
}

/// The answer to a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ControlReply {
    /// It is carried out: what the run does, or what was asked for.
    Done(String),
    /// It is refused, for this reason.
    Refused(String),
}

/// What can be asked, with what each needs: for help, and for errors.
pub const REQUESTS: [(&str, &str); 8] = [
    ("status", "Say how the run is doing: what /health says"),
    ("rate N", "Go on at N lines per second, over all shards"),
    ("start EVENT", "Start an event of the scenario, by its name"),
    ("stop EVENT", "Stop an event of the scenario"),
    ("pause", "Write nothing until resume; what would have been due is left out"),
    ("resume", "Go on after a pause"),
    ("rotate", "Rotate the log files now"),
    ("reload", "Read the configuration again, as SIGHUP does"),
];

impl ControlRequest {
    /// The first words of all requests.
    pub fn names() -> impl Iterator<Item = &'static str> {
        REQUESTS.iter().map(|(usage, _)| usage.split(' ').next().unwrap_or(usage))
    }

    /// Reads the words of a request.
    ///
    /// # Errors
    /// What was found, and what would be right.
    pub fn parse(words: &[&str]) -> Result<Self, String> {
        let without = |request: Self| match words {
            [_] => Ok(request),
            [name, more, ..] => Err(format!("`{name}` takes no more words; found `{more}`")),
            [] => unreachable!("its name was read"),
        };
        let event = |request: fn(String) -> Self| match words {
            [_, event] => Ok(request((*event).to_owned())),
            [name, ..] => Err(format!("`{name}` needs the name of one event of the scenario")),
            [] => unreachable!("its name was read"),
        };
        match words.first().copied() {
            Some("status") => without(Self::Status),
            Some("pause") => without(Self::Pause),
            Some("resume") => without(Self::Resume),
            Some("rotate") => without(Self::Rotate),
            Some("reload") => without(Self::Reload),
            Some("start") => event(Self::Start),
            Some("stop") => event(Self::Stop),
            Some("rate") => match words {
                [_, rate] => parse_quantity(rate).map(Self::Rate).ok_or_else(|| {
                    format!("`rate {rate}`: expected lines per second, such as 500 or 5k")
                }),
                _ => Err("`rate` needs one number, lines per second".to_owned()),
            },
            other => {
                let usages: Vec<&str> = REQUESTS.iter().map(|(usage, _)| *usage).collect();
                let found =
                    other.map_or("nothing was asked".to_owned(), |word| format!("found `{word}`"));
                Err(format!("{found}; expected {}", usages.join(", ")))
            }
        }
    }
}

/// The words that [`ControlRequest::parse`] reads.
impl fmt::Display for ControlRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Status => f.write_str("status"),
            Self::Rate(rate) => write!(f, "rate {rate}"),
            Self::Start(event) => write!(f, "start {event}"),
            Self::Stop(event) => write!(f, "stop {event}"),
            Self::Pause => f.write_str("pause"),
            Self::Resume => f.write_str("resume"),
            Self::Rotate => f.write_str("rotate"),
            Self::Reload => f.write_str("reload"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back() {
        let requests = [
            ControlRequest::Status,
            ControlRequest::Rate(0.5),
            ControlRequest::Start("sale".into()),
            ControlRequest::Stop("sale".into()),
            ControlRequest::Pause,
            ControlRequest::Resume,
            ControlRequest::Rotate,
            ControlRequest::Reload,
        ];
        assert_eq!(requests.len(), REQUESTS.len());
        for (request, name) in requests.into_iter().zip(ControlRequest::names()) {
            let text = request.to_string();
            let words: Vec<&str> = text.split(' ').collect();
            assert_eq!((ControlRequest::parse(&words), words[0]), (Ok(request), name));
        }
    }

    #[test]
    fn what_is_wrong_is_said_with_what_would_be_right() {
        for (words, expected) in [
            (vec![], "nothing was asked; expected status, rate N"),
            (vec!["faster"], "found `faster`; expected status"),
            (vec!["rate"], "needs one number"),
            (vec!["rate", "much"], "expected lines per second"),
            (vec!["start"], "needs the name of one event"),
            (vec!["pause", "now"], "takes no more words; found `now`"),
        ] {
            let error = ControlRequest::parse(&words).unwrap_err();
            assert!(error.contains(expected), "{words:?}: {error}");
        }
    }
}

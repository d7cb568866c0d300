//! What the text of an element follows from, and so which table can hold it.

use crate::log_format::{Condition, Element, Field};

/// What the text of an element depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depends {
    /// Nothing: it is the same in every line.
    Nothing,
    /// The second of the hit.
    Second,
    /// The method, the URL and the outcome of the hit.
    Request,
    /// The page that the visitor came from.
    Referrer,
    /// The visitor's user agent.
    Agent,
    /// More than a table could hold.
    Alone,
}

/// What of a request a text depends on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RequestNeeds {
    /// The method.
    pub method: bool,
    /// The outcome.
    pub outcome: bool,
    /// The URL, whatever the outcome.
    pub url: bool,
    /// The URL if the request was a success, and nothing of it otherwise.
    pub answer: bool,
}

impl RequestNeeds {
    /// Everything that either of two texts needs.
    pub fn and(self, other: Self) -> Self {
        Self {
            method: self.method || other.method,
            outcome: self.outcome || other.outcome,
            url: self.url || other.url,
            answer: self.answer || other.answer,
        }
    }

    /// Whether one table, or one for success and one for the rest, can hold such a text.
    pub fn fit_a_table(self) -> bool {
        let Self { method, outcome, url, answer } = self;
        if url { !(method || outcome || answer) } else { !(method && answer) }
    }

    /// Whether the text differs from URL to URL.
    pub fn any_url(self) -> bool {
        self.url || self.answer
    }
}

/// What an element depends on.
pub fn depends(element: &Element) -> Depends {
    match element {
        Element::Literal(_) => Depends::Nothing,
        Element::Time(_) => Depends::Second,
        Element::Field { field, .. } => of_field(*field),
        Element::Choice { condition, then, otherwise } => {
            let of = of_condition(condition);
            let within = then.iter().chain(otherwise).map(depends);
            let all = within.fold(of, |all, one| match one {
                Depends::Nothing => all,
                one if one == all => all,
                _ => Depends::Alone,
            });
            match all {
                Depends::Request if !needs(element).fit_a_table() => Depends::Alone,
                Depends::Second => Depends::Alone,
                all => all,
            }
        }
    }
}

fn of_field(field: Field) -> Depends {
    match field {
        Field::Referrer => Depends::Referrer,
        Field::Agent => Depends::Agent,
        field if of_request(field).is_some() => Depends::Request,
        _ => Depends::Alone,
    }
}

fn of_condition(condition: &Condition) -> Depends {
    match condition {
        Condition::StatusIs(_) => Depends::Request,
        Condition::FailedAs(_) => Depends::Alone,
        Condition::Has(field) => match presence(*field) {
            Presence::ByUrl | Presence::ByOutcome | Presence::Read => Depends::Request,
            Presence::FromAPage => Depends::Referrer,
            _ => Depends::Alone,
        },
    }
}

/// Which hits have a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// All.
    Always,
    /// All of a site with TLS, and none of another.
    WithTls,
    /// Those of visitors who are logged in.
    LoggedIn,
    /// Those of visitors who have been here before in their session.
    OnReturn,
    /// Those that come from another page.
    FromAPage,
    /// Those for some URLs.
    ByUrl,
    /// Those with some outcomes.
    ByOutcome,
    /// Those whose request line the server could read.
    Read,
    /// Those that belong to an event of a scenario.
    InEvent,
    /// Those whose line an event of a scenario spoils.
    Spoilt,
}

/// Which hits have a field. This is the one place that knows.
pub fn presence(field: Field) -> Presence {
    match field {
        Field::TlsVersion(_) | Field::TlsCipher | Field::TlsCipherCode => Presence::WithTls,
        Field::Method => Presence::Read,
        Field::User => Presence::LoggedIn,
        Field::SessionId => Presence::OnReturn,
        Field::Event | Field::Stage => Presence::InEvent,
        Field::Spoilt => Presence::Spoilt,
        Field::Referrer => Presence::FromAPage,
        Field::Query | Field::QueryString => Presence::ByUrl,
        Field::BodyBytes
        | Field::VaryingBodyBytes
        | Field::ContentType
        | Field::FailedStatus
        | Field::ServerErrorStatus
        | Field::Level
        | Field::Failure
        | Field::UpstreamTime(_)
        | Field::UpstreamHeaderTime(_)
        | Field::UpstreamConnectTime(_)
        | Field::UpstreamAddress => Presence::ByOutcome,
        _ => Presence::Always,
    }
}

/// Whether all hits of every site have a field.
pub fn is_certain(field: Field) -> bool {
    presence(field) == Presence::Always
}

/// What of a request an element needs.
pub fn needs(element: &Element) -> RequestNeeds {
    match element {
        Element::Field { field, .. } => of_request(*field).unwrap_or_default(),
        Element::Choice { condition, then, otherwise } => {
            let outcome = RequestNeeds { outcome: true, ..RequestNeeds::default() };
            let first = match condition {
                Condition::Has(field) if presence(*field) == Presence::ByUrl => {
                    of_request(*field).unwrap_or_default()
                }
                Condition::Has(field) if presence(*field) == Presence::Read => {
                    RequestNeeds { method: true, ..RequestNeeds::default() }
                }
                _ => outcome,
            };
            then.iter().chain(otherwise).map(needs).fold(first, RequestNeeds::and)
        }
        Element::Literal(_) | Element::Time(_) => RequestNeeds::default(),
    }
}

/// What of a request a field needs; `None` if it follows from more than the request.
fn of_request(field: Field) -> Option<RequestNeeds> {
    let none = RequestNeeds::default();
    match field {
        Field::Method => Some(RequestNeeds { method: true, ..none }),
        Field::Status
        | Field::FailedStatus
        | Field::ServerErrorStatus
        | Field::ConnectionStatus
        | Field::Outcome
        | Field::Level => Some(RequestNeeds { outcome: true, ..none }),
        Field::Target | Field::Path | Field::DecodedPath | Field::Query | Field::QueryString => {
            Some(RequestNeeds { url: true, ..none })
        }
        Field::BodyBytes | Field::BytesSent | Field::ContentType => {
            Some(RequestNeeds { outcome: true, answer: true, ..none })
        }
        _ => None,
    }
}

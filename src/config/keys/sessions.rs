//! The keys of `state_transitions` and `session`: where a session goes and how long it takes.

use super::shapes;
use super::weights::{self, STATES};
use super::{Also, ConfigKey, Inside, KeyForm, KeyKind, NumberLimits, Section};
use crate::config::tree::Node;
use crate::config::{SessionTimes, State, StateTransitions, defaults};

/// The tables of the states that lead to END alone, and their other spellings. They may be given and say nothing
/// new, so that they are no rows.
pub const LAST: [(State, [&str; 2]); 4] = [
    (State::Logout, ["LOGOUT", "logout"]),
    (State::Abandon, ["ABANDON", "abandon"]),
    (State::Leave, ["LEAVE", "leave"]),
    (State::Error, ["ERROR", "error"]),
];

const OVER: &str = "a session that reaches END is over";
/// Tables that older configurations have, and why they do nothing.
pub const OLDER: &[(&str, &str)] = &[("END", OVER), ("end", OVER)];

/// The table of one state.
const fn table(
    name: &'static str,
    also: &'static [Also],
    about: &'static str,
    print: fn(&StateTransitions) -> Option<Node>,
) -> ConfigKey<StateTransitions> {
    let kind = KeyKind::Own { form: KeyForm::Worded(STATES), told: None, print };
    ConfigKey { name, also, about, example: r#"{"BROWSING": 0.9, "ABANDON": 0.1}"#, kind }
}

fn printed(table: &[(State, f64)]) -> Option<Node> {
    (!table.is_empty())
        .then(|| weights::print(table.iter().map(|(state, weight)| (state.name(), *weight))))
}

/// The table of START.
pub const START: ConfigKey<StateTransitions> =
    table("START", &[Also::Same("start")], "the first state", |tables| printed(&tables.start));
/// The table of LOGIN.
pub const LOGIN: ConfigKey<StateTransitions> =
    table("LOGIN", &[Also::Same("login")], "after `POST /login`", |tables| printed(&tables.login));
/// The table of DIRECT_ACCESS.
pub const DIRECT_ACCESS: ConfigKey<StateTransitions> =
    table("DIRECT_ACCESS", &[Also::Same("direct_access")], "after the entry page", |tables| {
        printed(&tables.direct_access)
    });
/// The table of BROWSING.
pub const BROWSING: ConfigKey<StateTransitions> =
    table("BROWSING", &[Also::Same("browsing")], "after a spell of page views", |tables| {
        printed(&tables.browsing)
    });

impl Section for StateTransitions {
    const KEYS: &'static [ConfigKey<Self>] = &[START, LOGIN, DIRECT_ACCESS, BROWSING];

    fn blank() -> Self {
        defaults::state_transitions()
    }
}

/// The tables of a session's states.
pub(super) const TRANSITIONS: Inside = Inside {
    older: OLDER,
    schema: |map| {
        LAST.iter().fold(map, |map, (state, [upper, lower])| {
            let about = format!("After {}: END alone", state.name());
            let table = || shapes::described(weights::only_end(), &about);
            let map = shapes::with_property(map, upper, table());
            let map = shapes::with_property(map, lower, table());
            shapes::either(map, upper, lower)
        })
    },
    ..Inside::map(super::rows::<StateTransitions>)
};

/// A spell of page views.
pub const DURATION: NumberLimits = NumberLimits::between(0.0, 86_400.0).of("seconds");
/// The time between two page views.
pub const INTERVAL: NumberLimits = NumberLimits::between(0.001, 86_400.0).of("seconds");
/// The mean of the shortest and the longest of them: p/2 and 3p/2 lie within [`INTERVAL`].
pub const MEAN_INTERVAL: NumberLimits = NumberLimits::between(0.002, 57_600.0).of("seconds");
const MEAN: &[Also] = &[Also::Other(
    "page_view_interval",
    KeyForm::Number(MEAN_INTERVAL),
    "the mean time p between two page views, in place of the shortest, p/2, and the longest, 3p/2",
)];
const ORDER: &str = "at least the shortest";

impl Section for SessionTimes {
    const KEYS: &'static [ConfigKey<Self>] = &[
        ConfigKey {
            name: "min_browsing_duration",
            also: &[],
            about: "the shortest spell of page views",
            example: "",
            kind: KeyKind::Number {
                limits: DURATION,
                default: 10.0,
                at: |times| &mut times.min_browsing_duration,
            },
        },
        ConfigKey {
            name: "max_browsing_duration",
            also: &[],
            about: "the longest spell of page views",
            example: "",
            kind: KeyKind::Number {
                limits: DURATION.and(ORDER),
                default: 300.0,
                at: |times| &mut times.max_browsing_duration,
            },
        },
        ConfigKey {
            name: "min_page_view_interval",
            also: MEAN,
            about: "the shortest time between two page views",
            example: "",
            kind: KeyKind::Number {
                limits: INTERVAL,
                default: 2.0,
                at: |times| &mut times.min_page_view_interval,
            },
        },
        ConfigKey {
            name: "max_page_view_interval",
            also: MEAN,
            about: "the longest time between two page views",
            example: "",
            kind: KeyKind::Number {
                limits: INTERVAL.and(ORDER),
                default: 10.0,
                at: |times| &mut times.max_page_view_interval,
            },
        },
    ];

    fn blank() -> Self {
        Self {
            min_browsing_duration: 0.0,
            max_browsing_duration: 0.0,
            min_page_view_interval: 0.0,
            max_page_view_interval: 0.0,
        }
    }
}

//! The keys of the entries of `actors.bots`: which bots there are, how often each comes and from where.

use super::further_logs::REMOTE_HOST;
use super::shapes::{json, list, requires, with};
use super::visitors::LONGEST;
use super::weights::{LIGHTEST, WEIGHT};
use super::{ConfigKey, Inside, KeyForm, KeyKind, NumberLimits, Section, Worded, rows};
use crate::config::actors::Actors;
use crate::config::bots::{Bot, BotKind};
use crate::config::tree::Node;

/// The most bots: a visitor's number says in a byte which one it is.
pub const MOST_BOTS: usize = 200;

/// What kind of bot it is.
pub const KIND: Worded = Worded {
    range: "a kind of bot",
    expected: "search_crawlers, ai_crawlers, seo_crawlers, monitors, feed_readers, link_previews, scanners or partners",
    schema: || {
        let names = BotKind::ALL.map(|kind| Node::text(kind.name()));
        Node::map([("enum", Node::list(names))])
    },
};

/// What it says it is.
pub const AGENT: Worded = Worded {
    range: "text, `-` for none",
    expected: "a user agent as text, \"-\" for none",
    schema: || {
        with(
            json(r#"{"type": "string", "pattern": "[^\\s]"}"#),
            "maxLength",
            Node::number(LONGEST as f64),
        )
    },
};

/// The version of HTTP that it speaks.
pub const HTTP: Worded = Worded {
    range: "`1.0`, `1.1`, `2.0`, `3.0`",
    expected: "a version of HTTP: 1.0, 1.1, 2.0 or 3.0",
    schema: || json(r#"{"enum": ["1.0", "1.1", "2.0", "3.0", 1.0, 1.1, 2.0, 3.0]}"#),
};

/// What a scanner tries.
pub const PATHS: Worded = Worded {
    range: "a list of names of lists and requests",
    expected: "a list, each entry survey, secrets, traces, wordpress, shells, phpunit, devices, panels, or a request such as \"/.env\" or \"POST /login.php\"",
    schema: || {
        json(
            r#"{"type": "array", "minItems": 1, "maxItems": 10000, "items": {"type": "string",
                "pattern": "^(survey|secrets|traces|wordpress|shells|phpunit|devices|panels|((GET|HEAD|POST|PUT|DELETE|OPTIONS) )?/[!-~]*)$"}}"#,
        )
    },
};

/// How often it comes.
pub const WEIGHTS: NumberLimits = NumberLimits::between(LIGHTEST, WEIGHT.high);

/// How many hosts it has.
pub const HOSTS: (u64, u64) = (1, 1_000_000);

/// The bots.
pub(super) const BOTS: ConfigKey<Actors> = super::section(
    "bots",
    "the bots of each kind; a kind that is not in the list keeps the built-in ones",
    Inside {
        at: "[]",
        schema: |entry| {
            let entries = list(requires(entry, &["kind", "user_agent", "network"]));
            with(entries, "maxItems", Node::number(MOST_BOTS as f64))
        },
        ..Inside::map(rows::<Bot>)
    },
    |actors| Some(Node::list(actors.bots.iter().map(super::print))),
);

const fn worded(
    name: &'static str,
    about: &'static str,
    example: &'static str,
    form: Worded,
    print: fn(&Bot) -> Option<Node>,
) -> ConfigKey<Bot> {
    let kind = KeyKind::Own { form: KeyForm::Worded(form), told: Some("required"), print };
    ConfigKey { name, also: &[], about, example, kind }
}

impl Section for Bot {
    const KEYS: &'static [ConfigKey<Self>] = &[
        worded(
            "kind",
            "what kind of bot it is, by the name of its share of the lines; each kind that the list has, has no other bots",
            r#""search_crawlers""#,
            KIND,
            |bot| Some(Node::text(bot.kind.name())),
        ),
        worded("user_agent", "what it says it is", r#""Uptime-Kuma/2.0.2""#, AGENT, |bot| {
            Some(Node::text(if bot.user_agent.is_empty() { "-" } else { &bot.user_agent }))
        }),
        worded("network", "where it comes from", r#""203.0.113.0/24""#, REMOTE_HOST, |bot| {
            Some(Node::text(bot.network.to_string()))
        }),
        ConfigKey {
            name: "hosts",
            also: &[],
            about: "how many hosts it comes from to a site with 40,000 lines a day; more to a site with more, as far as its network goes",
            example: "4",
            kind: KeyKind::Whole32 { range: HOSTS, default: 1, at: |bot| &mut bot.hosts },
        },
        ConfigKey {
            name: "weight",
            also: &[],
            about: "how often it comes, compared with others of its kind",
            example: "3",
            kind: KeyKind::Number { limits: WEIGHTS, default: 1.0, at: |bot| &mut bot.weight },
        },
        ConfigKey {
            name: "http",
            also: &[],
            about: "the version of HTTP that it speaks; without the key, that of the client that its user agent names",
            example: r#""1.1""#,
            kind: KeyKind::Own {
                form: KeyForm::Worded(HTTP),
                told: None,
                print: |bot| bot.http.map(|version| Node::text(version.name())),
            },
        },
        ConfigKey {
            name: "paths",
            also: &[],
            about: "what a scanner tries, in this order: built-in lists by their names (`survey`, `secrets`, `traces`, `wordpress`, `shells`, `phpunit`, \
                    `devices`, `panels`) and requests such as `/.env` or `POST /login.php`; without the key, the lists that suit its user agent",
            example: r#"["secrets", "/backup.zip", "POST /login.php"]"#,
            kind: KeyKind::Own {
                form: KeyForm::Worded(PATHS),
                told: None,
                print: |bot| {
                    let paths = || bot.paths.iter().map(|path| Node::text(path.text()));
                    (!bot.paths.is_empty()).then(|| Node::list(paths()))
                },
            },
        },
        ConfigKey {
            name: "renders",
            also: &[],
            about: "whether a crawler loads what pages name, too, to see them as people do",
            example: "true",
            kind: KeyKind::Boolean { default: false, at: |bot| &mut bot.renders },
        },
    ];

    fn blank() -> Self {
        Self::blank(BotKind::SearchCrawlers)
    }
}

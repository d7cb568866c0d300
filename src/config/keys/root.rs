//! The sections, and the keys that stand in none: the top of a configuration.

use super::actors::ACTORS;
use super::assets::ASSETS;
use super::failures::FAILURES;
use super::scenario::SCENARIO;
use super::shapes::json;
use super::visitors::{
    self, CATEGORIES, NETWORKS, REFERRERS, SEARCH_TERMS, TABS, print_list, print_texts,
};
use super::{
    ConfigKey, Inside, KeyForm, KeyKind, Section, Worded, error_rates, pages, preset, print, rows,
};
use super::{section, sessions, traffic};
use crate::config::tree::Node;
use crate::config::{Config, Output, Profile, SessionTimes, SiteSettings, StatusCodes, defaults};

/// What `profile` takes.
pub const PROFILE: Worded = Worded {
    range: "`none`, `shop`, `content`, `personal`, `api`",
    expected: Profile::EXPECTED,
    schema: || json(r#"{"enum": ["none", "shop", "content", "personal", "api"]}"#),
};

/// A list beside the sections, which replaces the built-in one.
const fn list(
    name: &'static str,
    about: &'static str,
    form: Worded,
    told: &'static str,
    print: fn(&Config) -> Option<Node>,
) -> ConfigKey<Config> {
    let kind = KeyKind::Own { form: KeyForm::Worded(form), told: Some(told), print };
    ConfigKey { name, also: &[], about, example: "", kind }
}

impl Section for Config {
    const KEYS: &'static [ConfigKey<Self>] = &[
        ConfigKey {
            name: "profile",
            also: &[],
            about: "the kind of site, which has defaults of its own for other keys, and visitors of all kinds with assets, caches and bots; `none` has the pages of the states alone",
            example: r#""shop""#,
            kind: KeyKind::Own {
                form: KeyForm::Worded(PROFILE),
                told: None,
                print: |config| Some(Node::text(config.profile.map_or("none", Profile::name))),
            },
        },
        section(
            "output",
            "where the lines go, how fast, and the features around the files",
            Inside::map(rows::<Output>),
            |config| Some(print(&config.output)),
        ),
        section(
            "site",
            "what the simulated site is called and how much it sells",
            Inside::map(rows::<SiteSettings>),
            |config| Some(print(&config.site)),
        ),
        ASSETS,
        section(
            "state_transitions",
            "where a session may go from each state: next states and their weights",
            sessions::TRANSITIONS,
            |config| Some(print(&config.state_transitions)),
        ),
        section(
            "navigation",
            "which page follows: pages and their weights",
            pages::NAVIGATION,
            |config| Some(pages::print_navigation(&config.navigation)),
        ),
        section(
            "urls",
            "what becomes of the hits on a page, and which page follows",
            pages::URLS,
            |config| Some(Node::map(config.urls.iter().map(|rule| (&rule.path, print(rule))))),
        ),
        section(
            "error_rates",
            "shares of the hits concerned that fail; in a section that is there, an absent rate is 0",
            error_rates::ERROR_RATES,
            |config| Some(print(&config.error_rates)),
        ),
        section(
            "status_codes",
            "the number that is written for each outcome",
            Inside::map(rows::<StatusCodes>),
            |config| Some(print(&config.status_codes)),
        ),
        section(
            "session",
            "the times inside a session, in seconds",
            Inside::map(rows::<SessionTimes>),
            |config| Some(print(&config.session)),
        ),
        section(
            "traffic_patterns",
            "the rate's multiplier for each hour of the day, or of the week",
            traffic::TRAFFIC,
            |config| Some(traffic::print_pattern(&config.traffic_pattern.days)),
        ),
        ConfigKey {
            name: "traffic_curve",
            also: &[],
            about: "how the rate goes from one hour to the next: `stepped` changes it at once, `smooth` in straight lines; either way each hour has its multiplier in the mean",
            example: r#""smooth""#,
            kind: KeyKind::Own {
                form: KeyForm::Worded(traffic::CURVE),
                told: None,
                print: |config| Some(Node::text(config.traffic_pattern.curve.name())),
            },
        },
        ConfigKey {
            name: "traffic_noise",
            also: &[],
            about: "the standard deviation of a random factor, 1 in the mean, by which each hour's multiplier is multiplied: with 0.2, hours of two days that would be equal mostly differ by a tenth to a third",
            example: "0.2",
            kind: KeyKind::Number {
                limits: traffic::NOISE,
                default: 0.0,
                at: |config| &mut config.traffic_pattern.noise,
            },
        },
        ACTORS,
        FAILURES,
        SCENARIO,
        section("user_agents", "what visitors say they are", visitors::USER_AGENTS, |config| {
            // Those of a profile are too many to be printed.
            (!config.has_built_in_browsers()).then(|| print(&config.user_agents))
        }),
        list(
            "ip_ranges",
            "networks that visitors come from: `203.0.113.0/24`, `2001:db8::/32`, or one address; without weights, the first come most often with a profile, and all equally often without one",
            NETWORKS,
            "80 blocks of public IPv4 space",
            |config| Some(print_list(&config.ip_ranges)),
        ),
        list(
            "external_referrers",
            "the pages of other sites that visitors come from, as browsers send them; without weights, the first come most often",
            REFERRERS,
            "12 search engines and networks, 83 sites with a profile",
            |config| Some(print_list(&config.external_referrers)),
        ),
        list("search_terms", "what visitors search for", SEARCH_TERMS, "120 terms", |config| {
            print_texts(&config.search_terms)
        }),
        list("product_categories", "values of `categoryID`", CATEGORIES, "1 to 20", |config| {
            print_texts(&config.product_categories)
        }),
        list("profile_tabs", "values of `tab` on /profile", TABS, "10 tabs", |config| {
            print_texts(&config.profile_tabs)
        }),
    ];

    fn blank() -> Self {
        Self {
            profile: None,
            output: preset(),
            site: preset(),
            assets: preset(),
            state_transitions: preset(),
            navigation: preset(),
            urls: Vec::new(),
            error_rates: preset(),
            status_codes: preset(),
            session: preset(),
            traffic_pattern: traffic::even(),
            actors: preset(),
            failures: preset(),
            scenario: Vec::new(),
            user_agents: preset(),
            ip_ranges: defaults::ip_ranges().into(),
            external_referrers: defaults::external_referrers().into(),
            search_terms: defaults::search_terms(),
            product_categories: defaults::product_categories(),
            profile_tabs: defaults::profile_tabs(),
        }
    }
}

/// The settings where nothing is configured: every section absent.
impl Default for Config {
    fn default() -> Self {
        preset()
    }
}

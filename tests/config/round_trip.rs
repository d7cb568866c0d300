//! A configuration that is printed reads back as it was, without a new warning.

use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use access_log_generator::LogFormat;
use access_log_generator::inside::config::keys::{KeyKind, Section, preset};
use access_log_generator::inside::config::report::{Finding, Severity};
use access_log_generator::inside::config::{
    Actors, Config, Destination, DiskMonitor, Distribution, ErrorRates, FurtherLog, HealthCheck,
    LogRotation, Navigation, Output, PageWeights, Profile, RotationPeriod, RotationUnit, Scheme,
    Selection, SessionTimes, Shares, SiteSettings, State, StateTransitions, StatusSelection,
    TrafficCurve, TrafficPattern, UrlRule, print,
};
use access_log_generator::settings::actors::{LineShares, People, Strays};
use access_log_generator::settings::bots::{Bot, BotKind, HttpVersion};
use access_log_generator::settings::probe_list::{ProbeList, ScannerPath};
use jiff::tz::{TimeZone, TimeZoneDatabase};
use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;

use crate::events::scenario;
use crate::support::load_yaml;
use crate::values::{external_referrers, ip_ranges, network, text, texts, user_agents};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn a_printed_configuration_reads_back_as_it_was(config in config()) {
        let printed = print::to_yaml(&config);
        let loaded = load_yaml(printed.as_bytes()).map_err(|errors| {
            TestCaseError::fail(format!("{errors}\n{printed}"))
        })?;
        prop_assert_eq!(&loaded.config, &config, "{}", printed);
        // Random pages lead to few of each other.
        let other = |finding: &&Finding| finding.severity != Severity::Unreached;
        let warnings: Vec<&Finding> = loaded.warnings.iter().filter(other).collect();
        prop_assert_eq!(warnings, Vec::<&Finding>::new());
    }
}

fn config() -> impl Strategy<Value = Config> {
    let first = (output(), site(), state_transitions(), navigation(), urls(), error_rates());
    let second = (section(), session(), pattern(), user_agents());
    let profile = prop::sample::select(vec![None, Some(Profile::Shop), Some(Profile::Content)]);
    let of_a_profile = (actors(), section(), section());
    let profile = (profile, of_a_profile).prop_map(|(profile, (actors, failures, assets))| {
        // Without a profile, they are not printed.
        match profile {
            Some(_) => (profile, actors, failures, assets),
            None => (None, preset(), preset(), preset()),
        }
    });
    let sources = (ip_ranges(), external_referrers());
    let third = (texts(1..8), texts(1..8), texts(1..8), profile, scenario(), sources);
    (first, second, third).prop_map(|(a, b, c)| Config {
        // Without a profile, most events are an error.
        scenario: if c.3.0.is_some() { c.4 } else { Vec::new() },
        profile: c.3.0,
        actors: c.3.1,
        failures: c.3.2,
        assets: c.3.3,
        output: a.0,
        site: a.1,
        state_transitions: a.2,
        navigation: a.3,
        urls: a.4,
        error_rates: a.5,
        status_codes: b.0,
        session: b.1,
        traffic_pattern: b.2,
        user_agents: b.3,
        ip_ranges: c.5.0,
        external_referrers: c.5.1,
        search_terms: c.0,
        product_categories: c.1,
        profile_tabs: c.2,
    })
}

fn zone() -> impl Strategy<Value = TimeZone> {
    let names = vec!["UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Etc/GMT+5"];
    prop::sample::select(names).prop_map(|name| TimeZoneDatabase::bundled().get(name).unwrap())
}

/// A section whose plain keys have values within the ranges of their rows, their ends above all. A new row is in it.
fn section<S: Section + std::fmt::Debug>() -> impl Strategy<Value = S> {
    let share = prop_oneof![Just(0.0), Just(1.0), 0.0..=1.0];
    vec(share, S::KEYS.len()).prop_map(|shares| {
        let mut section: S = preset();
        for (key, share) in S::KEYS.iter().zip(shares) {
            let whole = |(low, high): (u64, u64)| low + ((high - low) as f64 * share) as u64;
            match key.kind {
                KeyKind::Number { limits, at, .. } => {
                    *at(&mut section) = limits.low + (limits.high - limits.low) * share;
                }
                KeyKind::Whole16 { range, at, .. } => {
                    *at(&mut section) = whole(range).try_into().unwrap();
                }
                KeyKind::Whole32 { range, at, .. } => {
                    *at(&mut section) = whole(range).try_into().unwrap();
                }
                KeyKind::Boolean { at, .. } => *at(&mut section) = share >= 0.5,
                KeyKind::Distribution { limits, at, .. } => {
                    *at(&mut section) = distribution(limits.low, limits.high, share);
                }
                KeyKind::Own { .. } | KeyKind::Switch => {}
            }
        }
        section
    })
}

/// A distribution of each form, by `share`.
fn distribution(low: f64, high: f64, share: f64) -> Distribution {
    let middle = low + (high - low) * share;
    match (share * 10.0) as u32 {
        0..2 => Distribution::Constant(middle),
        2..4 => Distribution::Range(low, middle),
        4..6 => Distribution::Percentiles(vec![(1.5, low), (share * 100.0, middle), (99.5, high)]),
        6..8 => Distribution::LogNormal { median: middle, sigma: share },
        8..9 => Distribution::Exponential { mean: middle },
        _ => Distribution::Pareto { least: middle, alpha: share },
    }
}

/// The bots of a configuration, whose kinds are some of them the built-in ones.
fn bots() -> impl Strategy<Value = Vec<Bot>> {
    let http = option::of(prop::sample::select(HttpVersion::ALL.to_vec()));
    let own = (section::<Bot>(), text(), network(), http, paths());
    let bot = own.prop_map(|(bot, user_agent, network, http, paths)| Bot {
        user_agent: if user_agent == "-" { String::new() } else { user_agent },
        network,
        http,
        paths,
        ..bot
    });
    let built_in: Actors = preset();
    vec(vec(bot, 0..3), BotKind::ALL.len()).prop_map(move |kinds| {
        let bots = |(kind, own): (BotKind, Vec<Bot>)| match own.is_empty() {
            true => built_in.bots.iter().filter(|bot| bot.kind == kind).cloned().collect(),
            false => own.into_iter().map(|bot| of_kind(kind, bot)).collect::<Vec<_>>(),
        };
        BotKind::ALL.into_iter().zip(kinds).flat_map(bots).collect()
    })
}

/// Only scanners have paths.
fn of_kind(kind: BotKind, bot: Bot) -> Bot {
    let paths = if kind == BotKind::Scanners { bot.paths } else { Vec::new() };
    Bot { kind, paths, ..bot }
}

fn paths() -> impl Strategy<Value = Vec<ScannerPath>> {
    let text = prop_oneof![
        prop::sample::select(ProbeList::ALL.map(ProbeList::name).to_vec()).prop_map(str::to_owned),
        "((POST|HEAD) )?/[!-~]{0,30}",
    ];
    vec(text.prop_map(|text| ScannerPath::parse(&text).unwrap()), 0..4)
}

fn actors() -> impl Strategy<Value = Actors> {
    let first = (section(), section::<People>(), section(), section(), section(), section());
    let second = (section(), section(), section(), section(), section::<Strays>());
    let api = (section(), section());
    (first, second, api, bots()).prop_map(|(a, b, (apps, partners), c)| Actors {
        // One share at least is above 0, and those of HTTP/2 and HTTP/3, and of two kinds of networks, are 1 together at most.
        shares: LineShares { people: 0.5, ..a.0 },
        people: People {
            http2: a.1.http2 / 2.0,
            http3: a.1.http3 / 2.0,
            mobile: a.1.mobile / 2.0,
            office: a.1.office / 2.0,
            ..a.1
        },
        hotlinks: a.2,
        search_crawlers: a.3,
        ai_crawlers: a.4,
        seo_crawlers: a.5,
        monitors: b.0,
        feed_readers: b.1,
        link_previews: b.2,
        scanners: b.3,
        strays: Strays { icons: 0.5, ..b.4 },
        apps,
        partners,
        bots: c,
    })
}

fn output() -> impl Strategy<Value = Output> {
    // The rate and the rest of the configuration limit each other.
    let rate = prop_oneof![1e-5..100.0, Just(10.0), (1..10_000u32).prop_map(f64::from)];
    let seed = option::of(any::<u64>());
    let pre_warm = (0..=316_224_000u64).prop_map(Duration::from_secs);
    let directory = text().prop_filter("no NUL, nor what is a warning", |text| {
        !text.contains('\0') && !text.starts_with('~')
    });
    let destinations = [Destination::Files, Destination::Stdout, Destination::Both];
    let place = (option::of(directory), prop::sample::select(destinations.to_vec())).prop_map(
        |(directory, destination)| {
            // Without one, files go to the usual directory.
            let usual = destination.has_file().then(|| Output::USUAL_DIRECTORY.to_owned());
            (directory.or(usual).map(PathBuf::from), destination)
        },
    );
    let features = (option::of(health_check()), option::of(rotation()), option::of(disk_monitor()));
    (section::<Output>(), place, rate, seed, pre_warm, zone(), features, further_logs()).prop_map(
        |(plain, (directory, destination), rate, seed, pre_warm, timezone, features, logs)| {
            Output {
                // Without a directory, they would be a warning.
                logs: if directory.is_some() { logs } else { Vec::new() },
                directory,
                destination,
                rate,
                seed,
                pre_warm,
                timezone,
                health_check: features.0,
                log_rotation: features.1,
                disk_monitor: features.2,
                ..plain
            }
        },
    )
}

fn further_logs() -> impl Strategy<Value = Vec<FurtherLog>> {
    let status = option::of(prop::sample::select(StatusSelection::ALL.to_vec()));
    let slower_than = (1..=3_600_000u64).prop_map(Duration::from_millis);
    let selection = (
        status,
        option::of(network()),
        option::of("/[a-z0-9%/:#{]{0,20}".prop_filter("a path", |path| !path.contains('#'))),
        option::of(slower_than),
    )
        .prop_map(|(status, remote_host, path_prefix, slower_than)| Selection {
            status,
            host: None,
            remote_host,
            path_prefix,
            slower_than,
        });
    let format = prop::sample::select(vec!["combined", "json", "%h %{%F %T}t", "$msec \"$uri\""]);
    let format = format.prop_map(|format| LogFormat::parse(format).unwrap());
    let logs = btree_map("[a-z0-9][a-z0-9._-]{0,20}[.]log", (format, selection), 0..4);
    let usual = |file: &str| ["access.log", "error.log", "system.log"].contains(&file);
    logs.prop_map(move |logs| {
        let logs = logs.into_iter().filter(|(file, _)| !usual(file));
        logs.map(|(file, (format, selection))| FurtherLog { file, format, selection }).collect()
    })
}

fn health_check() -> impl Strategy<Value = HealthCheck> {
    (section(), any::<IpAddr>()).prop_map(|(plain, address)| HealthCheck { address, ..plain })
}

fn rotation() -> impl Strategy<Value = LogRotation> {
    let unit = prop_oneof![
        Just(RotationUnit::Second),
        Just(RotationUnit::Minute),
        Just(RotationUnit::Hour),
        Just(RotationUnit::Day),
        Just(RotationUnit::Midnight),
        (0..=6u8).prop_map(RotationUnit::Weekday),
    ];
    let period =
        (unit, 1..=1_000_000u32).prop_map(|(when, interval)| RotationPeriod { when, interval });
    let size = 1_049..=1_048_576_000_000u64;
    (section(), option::of(size), option::of(period))
        .prop_filter("rotates at some time", |(_, size, every)| size.is_some() || every.is_some())
        .prop_map(|(plain, max_bytes, every)| LogRotation { max_bytes, every, ..plain })
}

fn disk_monitor() -> impl Strategy<Value = DiskMonitor> {
    // Seconds with a fraction too: a float carries nanoseconds of a day exactly.
    let interval = (100_000_000..=86_400_000_000_000u64).prop_map(Duration::from_nanos);
    (option::of(0.0..=1e6), interval)
        .prop_map(|(min_free_gb, check_interval)| DiskMonitor { min_free_gb, check_interval })
}

fn site() -> impl Strategy<Value = SiteSettings> {
    let scheme = prop_oneof![Just(Scheme::Http), Just(Scheme::Https)];
    let host = "[a-z0-9]{1,20}(\\.[a-z0-9]{1,20}){0,3}(:[1-9][0-9]{0,3})?";
    (section(), host, scheme).prop_map(|(plain, host, scheme)| SiteSettings {
        host,
        scheme,
        ..plain
    })
}

fn weight() -> impl Strategy<Value = f64> {
    prop_oneof![Just(0.0), Just(1.0), 1e-9..=1e9, 0.001..1.0]
}

/// A table with the state that is given at full weight, so that sessions make hits and end.
fn table(sure: State) -> impl Strategy<Value = Vec<(State, f64)>> {
    let others = State::ALL[1..].iter().copied().filter(|state| *state != sure);
    let others = prop::sample::subsequence(others.collect::<Vec<_>>(), 0..=7);
    (others, vec(0.0..=1e6, 7), 0..8usize).prop_map(move |(states, weights, at)| {
        let mut table: Vec<_> = states.into_iter().zip(weights).collect();
        table.insert(at.min(table.len()), (sure, 1e6));
        table
    })
}

fn state_transitions() -> impl Strategy<Value = StateTransitions> {
    (table(State::Login), table(State::End), table(State::Logout), table(State::Leave)).prop_map(
        |(start, login, direct_access, browsing)| StateTransitions {
            start,
            login,
            direct_access,
            browsing,
        },
    )
}

fn page() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "/[a-z0-9/._~-]{0,30}(\\?[a-z]{1,5}=[a-z0-9%+*]{0,9})?".prop_map(escaped),
        1 => "/[a-z]{0,9}/\\*",
        1 => "/[a-z]{1100}",
    ]
}

/// A `%` that stands for itself is `%25` in a checked path.
fn escaped(path: String) -> String {
    path.replace('%', "%25")
}

fn pages(count: std::ops::Range<usize>) -> impl Strategy<Value = PageWeights> {
    btree_map(page(), weight(), count).prop_map(|map| {
        let mut pages: PageWeights = map.into_iter().collect();
        if let Some((_, weight)) = pages.last_mut() {
            *weight = weight.max(0.5);
        }
        pages
    })
}

fn navigation() -> impl Strategy<Value = Navigation> {
    (pages(1..6), btree_map(page(), pages(1..4), 0..4))
        .prop_map(|(home, pages)| Navigation { home, pages: pages.into_iter().collect() })
}

fn urls() -> impl Strategy<Value = Vec<UrlRule>> {
    let shares = (weight(), weight(), 0.1..=1e9)
        .prop_map(|(success, not_found, system_error)| Shares { success, not_found, system_error });
    let shares = option::of(shares);
    btree_map(page(), (shares, pages(0..4)), 0..4).prop_map(|map| {
        let rule = |(path, (shares, next_pages))| UrlRule { path, shares, next_pages };
        map.into_iter().map(rule).collect()
    })
}

fn error_rates() -> impl Strategy<Value = ErrorRates> {
    let rate = prop_oneof![Just(0.0), Just(1.0), 0.0..=1.0];
    let page = page().prop_filter("one page", |page| !page.contains("/*"));
    (section(), btree_map(page, rate, 0..4)).prop_map(|(plain, pages)| ErrorRates {
        high_error_pages: pages.into_iter().collect(),
        ..plain
    })
}

fn session() -> impl Strategy<Value = SessionTimes> {
    let duration = (0.0..=86_400.0, 0.0..=86_400.0);
    let interval = (0.001..=60.0, 0.001..=60.0);
    (duration, interval).prop_map(|((a, b), (c, d)): ((f64, f64), (f64, f64))| SessionTimes {
        min_browsing_duration: a.min(b),
        max_browsing_duration: a.max(b),
        min_page_view_interval: c.min(d),
        max_page_view_interval: c.max(d),
    })
}

fn pattern() -> impl Strategy<Value = TrafficPattern> {
    let multiplier = prop_oneof![Just(0.0), Just(1.0), 0.0..=10.0];
    // Equal days, days of two kinds that may have hours in common, and days that all differ.
    let kinds = prop_oneof![
        Just(vec![0; 7]),
        vec(0..2usize, 7).prop_shuffle(),
        Just((0..7).collect::<Vec<usize>>()).prop_shuffle(),
    ];
    let hours = vec(multiplier, 7 * 24);
    let days = (hours, kinds, vec(any::<bool>(), 24)).prop_map(|(hours, kinds, same)| {
        let kind = |day: usize, hour: usize| if same[hour] { 0 } else { kinds[day] };
        std::array::from_fn(|day| std::array::from_fn(|hour| hours[24 * kind(day, hour) + hour]))
    });
    let traffic = |days: &[[f64; 24]; 7]| days.iter().flatten().any(|hour| *hour > 0.0);
    let curve = prop_oneof![Just(TrafficCurve::Stepped), Just(TrafficCurve::Smooth)];
    // The noise limits the rate, too.
    let noise = prop_oneof![Just(0.0), 0.0..=0.4];
    (days.prop_filter("some traffic", traffic), curve, noise)
        .prop_map(|(days, curve, noise)| TrafficPattern { days, curve, noise })
        .boxed()
}

//! Configurations that are right: they load without a warning and mean what they say.

use std::fs;
use std::path::Path;
use std::time::Duration;

use access_log_generator::Shard;
use access_log_generator::inside::cli::Arguments;
use access_log_generator::inside::config::{
    Config, DiskMonitor, Distribution, HealthCheck, LogRotation, Network, Profile, RotationPeriod,
    RotationUnit, Scheme, State, TrafficCurve, UrlRule, UserAgent, defaults, print,
};

use crate::support::{files, load, load_yaml};

#[test]
fn shards_of_a_profile_share_the_lines_of_the_bucket_out_and_each_holds_two_pages() {
    let lines = |yaml: &str, count: u32| {
        let config = load_yaml(yaml.as_bytes()).unwrap().config;
        let part = Shard::new(0, count).unwrap();
        (config.burst_seconds(part) * part.part_of(config.output.rate)).round()
    };
    let auto = "profile: shop";
    assert_eq!(
        [1, 2, 8, 12, 100].map(|count| lines(auto, count)),
        [800.0, 400.0, 100.0, 67.0, 66.0]
    );
    let fast = "profile: shop\noutput: {rate: 10000}";
    assert_eq!([1, 4].map(|count| lines(fast, count)), [20_000.0, 5_000.0]);
    assert_eq!([1, 4].map(|count| lines("output: {rate: 100}", count)), [200.0, 50.0]);
}

fn good(name: &str) -> Config {
    let name = format!("tests/config/good/{name}.yaml");
    let arguments = Arguments { config: Some(name.into()), check: true, ..Arguments::default() };
    load(&arguments, &[]).unwrap_or_else(|errors| panic!("{errors}")).config
}

#[test]
fn every_good_and_every_shipped_configuration_loads_without_a_warning() {
    let shipped = files("configs", "yaml");
    for path in files("tests/config/good", "yaml").into_iter().chain(shipped) {
        let arguments = Arguments { config: Some(path), check: true, ..Arguments::default() };
        let loaded = load(&arguments, &[]).unwrap_or_else(|errors| panic!("{errors}"));
        assert_eq!(loaded.warnings, [], "{:?}", arguments.config);
    }
    for path in files("configs", "yaml") {
        let arguments = Arguments { config: Some(path), check: true, ..Arguments::default() };
        assert_eq!(load(&arguments, &[]).unwrap().notes, [], "{:?}", arguments.config);
    }
}

#[test]
fn every_good_configuration_reads_back_as_it_is_printed() {
    for path in files("tests/config/good", "yaml") {
        let arguments = Arguments { config: Some(path), ..Arguments::default() };
        let config = load(&arguments, &[]).unwrap().config;
        let printed = print::to_yaml(&config);
        let again = load_yaml(printed.as_bytes()).unwrap_or_else(|e| panic!("{e}\n{printed}"));
        assert_eq!(again.config, config, "{printed}");
        assert_eq!(again.warnings, []);
    }
}

#[test]
fn the_guides_configuration_means_what_the_guide_says() {
    let config = good("guide_basic");
    assert_eq!(config.output.directory.as_deref(), Some(Path::new("/var/log/app")));
    assert_eq!(config.output.rate, 10.0);
    assert_eq!(config.output.health_check, Some(HealthCheck::default()));
    assert_eq!(config.output.log_rotation, Some(LogRotation::default()));
    // The guide's sample of system.log shows it on, without a section.
    assert_eq!(config.output.disk_monitor, Some(DiskMonitor::auto()));
    assert_eq!(config.state_transitions, defaults::state_transitions());
    assert_eq!(config.navigation, defaults::navigation());
    assert_eq!(config.error_rates, Config::default().error_rates);
    assert_eq!(config.session, Config::default().session);
    let pattern = config.traffic_pattern.days[0];
    assert_eq!([pattern[0], pattern[1], pattern[21], pattern[23]], [0.2; 4]);
    assert_eq!([pattern[2], pattern[5], pattern[6], pattern[12]], [0.1, 0.1, 0.3, 1.0]);
}

#[test]
fn the_advanced_sections_mean_what_the_guide_says() {
    let config = good("guide_basic_and_all_advanced");
    let pages = [("/products?categoryID=4".to_owned(), 0.3), ("/checkout".to_owned(), 0.1)];
    assert_eq!(config.error_rates.high_error_pages, pages);
    // The section is there, so that a rate it does not name is 0.
    assert_eq!(config.error_rates.product_404_rate, 0.0);
    assert_eq!(config.user_agents.desktop.len(), 1);
    assert!(config.user_agents.mobile[0].name.contains("iPhone"));
    assert_eq!(config.status_codes, Config::default().status_codes);
}

#[test]
fn the_built_in_default_is_the_shop_with_the_guides_output_writing_to_logs() {
    let built_in = load(&Arguments::default(), &[]).unwrap().config;
    let mut shop = load_yaml(b"profile: shop").unwrap().config;
    shop.output = good("guide_basic").output;
    shop.output.directory = Some("./logs".into());
    assert_eq!(built_in, shop);
}

#[test]
fn tables_of_states_and_intervals_are_in_force_with_a_profile_where_they_are_written() {
    let read = |yaml: &str| Config::from_yaml(&format!("profile: shop\n{yaml}")).unwrap();
    let usual = read("");
    assert!(usual.state_transitions.is_empty());
    assert_eq!(read("state_transitions: {}"), usual);
    let tables = read("state_transitions: {BROWSING: {LEAVE: 1}}").state_transitions;
    assert_eq!(tables.browsing, [(State::Leave, 1.0)]);
    assert_eq!(tables.start, defaults::state_transitions().start);
    let think = |yaml: &str| read(yaml).actors.people.think_time;
    assert_eq!(think("session: {page_view_interval: 4}"), Distribution::Range(2.0, 6.0));
    assert_eq!(think("session: {max_browsing_duration: 400}"), usual.actors.people.think_time);
    let both = "session: {page_view_interval: 4}\nactors: {people: {think_time: 9}}";
    assert_eq!(think(both), Distribution::Constant(9.0));
}

#[test]
fn a_configuration_wins_over_its_profile_key_by_key() {
    let of = |yaml: &str| load_yaml(yaml.as_bytes()).unwrap().config;
    let shop = of("profile: shop");
    let own =
        of("profile: shop\nerror_rates: {redirect_301: 0.5}\nactors: {people: {reload: 0.5}}");
    let mut expected = shop.clone();
    expected.error_rates.redirect_301 = 0.5;
    expected.actors.people.reload = 0.5;
    assert_eq!(own, expected);
    assert_ne!(of("profile: content"), shop);
}

#[test]
fn a_profile_on_the_command_line_replaces_that_of_the_file_and_all_of_the_built_in_one_but_its_output()
 {
    let arguments = |profile| Arguments { profile: Some(profile), ..Arguments::default() };
    let built_in = load(&arguments(Some(Profile::Personal)), &[]).unwrap().config;
    let mut personal = load_yaml(b"profile: personal").unwrap().config;
    personal.output = built_in.output.clone();
    assert_eq!(built_in, personal);
    let none = load(&arguments(None), &[]).unwrap().config;
    assert_eq!(none, Config { output: none.output.clone(), ..Config::default() });
}

#[test]
fn older_spellings_mean_the_same_as_the_guides() {
    let older = good("older_spellings");
    assert_eq!(older.error_rates.global_500_rate, 0.02);
    assert_eq!(older.error_rates.product_404_rate, 0.1);
    assert_eq!(older.error_rates.cart_abandonment_rate, 0.5);
    assert_eq!(older.error_rates.high_error_pages.len(), 2);
    assert_eq!(older.session.min_page_view_interval, 2.5);
    assert_eq!(older.session.max_page_view_interval, 7.5);
    assert_eq!(older.traffic_pattern.days, [[1.0; 24]; 7]);
    assert_eq!(older.navigation.home[1], ("/products".to_owned(), 0.5));
    assert_eq!(good("lower_case_states").state_transitions.browsing[2], (State::Leave, 1.0));
}

#[test]
fn a_log_is_off_by_its_key_or_by_the_older_one() {
    let logs = |yaml: &str| {
        let output = load_yaml(yaml.as_bytes()).unwrap().config.output;
        (output.error_log, output.system_log)
    };
    assert_eq!(logs("{}"), (true, true));
    assert_eq!(logs("output: {error_log: false}"), (false, true));
    assert_eq!(logs("output: {no_error_log: false, no_system_log: true}"), (true, false));
    let both = load_yaml(b"output: {error_log: false, no_error_log: true}").unwrap_err();
    assert!(both.to_string().contains("is another spelling of \"error_log\""), "{both}");
}

#[test]
fn navigation_is_read_by_page_by_name_or_flat() {
    let by_name = good("index_and_pages").navigation;
    assert_eq!(by_name.home[1], ("/products/*".to_owned(), 0.5));
    let (page, next) = &by_name.pages[0];
    assert_eq!(page, "/about");
    assert_eq!(next[0], ("/contact%20us".to_owned(), 1.0));
    let flat = good("flat_navigation").navigation;
    assert_eq!(flat.home, [("/".to_owned(), 0.2), ("/about".to_owned(), 0.3)]);
    assert_eq!(flat.pages[0].0, "/checkout");
}

#[test]
fn urls_are_read_from_a_map_or_a_list_and_what_is_not_said_to_fail_succeeds() {
    let map = good("urls_map").urls;
    let shares = |rule: &UrlRule| rule.shares.unwrap();
    let first = shares(&map[0]);
    assert_eq!((first.success, first.not_found, first.system_error), (0.9, 0.08, 0.02));
    assert_eq!(map[0].next_pages[1], ("/products".to_owned(), 0.7));
    assert_eq!((shares(&map[1]).success, shares(&map[1]).not_found), (0.5, 0.5));
    let list = good("urls_list").urls;
    assert_eq!(list[0].path, "/products/*");
    assert_eq!((list[1].path.as_str(), list[1].shares), ("/gr%C3%B6%C3%9Fe", None));
}

#[test]
fn an_hourly_map_is_a_traffic_pattern_too_and_an_empty_list_is_an_even_day() {
    let pattern = good("hourly_pattern").traffic_pattern.days[6];
    assert_eq!([pattern[22], pattern[6], pattern[7], pattern[8]], [0.1, 0.1, 0.5, 1.0]);
    assert_eq!(good("empty_pattern").traffic_pattern.days, [[1.0; 24]; 7]);
    let pattern = good("traffic_defaults").traffic_pattern.days[6];
    assert_eq!([pattern[0], pattern[11], pattern[12], pattern[23]], [1.0, 1.0, 0.5, 0.5]);
}

#[test]
fn a_range_of_hours_may_be_for_days_and_goes_before_one_for_all_days() {
    let pattern = good("traffic_days").traffic_pattern;
    let at = |day: usize, hour: usize| pattern.days[day][hour];
    // mon-fri 9-18 is 1.5, beside 0-24 of all days.
    assert_eq!([at(0, 8), at(0, 9), at(4, 17), at(4, 18)], [0.5, 1.5, 1.5, 0.5]);
    // From Friday to Sunday, 22-2 begins on these days and ends on the next.
    assert_eq!([at(4, 22), at(5, 1), at(6, 23), at(0, 1)], [2.0; 4]);
    assert_eq!([at(4, 1), at(0, 2), at(0, 22), at(5, 9)], [0.5; 4]);
    assert_eq!((pattern.curve, pattern.noise), (TrafficCurve::Smooth, 0.25));
}

#[test]
fn days_are_printed_only_where_they_differ() {
    let printed = print::to_yaml(&good("traffic_days"));
    let (_, printed) = printed.split_once("traffic_patterns:\n").unwrap();
    let (printed, _) = printed.split_once("traffic_curve:").unwrap();
    let expected = include_str!("good/traffic_days.printed");
    assert_eq!(printed, expected);
    let printed = print::to_yaml(&good("guide_basic"));
    assert!(!printed.contains("days:"), "{printed}");
}

#[test]
fn every_key_of_our_own_is_understood() {
    let config = good("everything");
    let output = &config.output;
    assert_eq!((output.rate, output.burst_seconds), (0.1, Some(0.0)));
    assert_eq!(output.seed, Some(u64::MAX));
    assert_eq!(output.pre_warm, Duration::from_secs(36 * 3_600));
    assert_eq!(output.timezone.iana_name(), Some("Europe/Berlin"));
    assert_eq!(output.health_check, None);
    let rotation = output.log_rotation.clone().unwrap();
    assert_eq!(rotation.max_bytes, Some(512 << 10));
    let sundays = RotationPeriod { when: RotationUnit::Weekday(6), interval: 2 };
    assert_eq!(rotation.every, Some(sundays));
    assert_eq!((rotation.backup_count, rotation.compress), (0, false));
    let disk = output.disk_monitor.clone().unwrap();
    assert_eq!((disk.min_free_gb, disk.check_interval), (Some(0.25), Duration::from_secs(60)));
    assert_eq!(config.site.scheme, Scheme::Http);
    assert_eq!((config.status_codes.success, config.status_codes.not_found), (204, 404));
    assert_eq!(config.user_agents.mobile, ["ü \" \\ \t".into()]);
    assert_eq!(
        config.ip_ranges.entries[2],
        Network { address: [198, 51, 100, 7].into(), prefix: 32 }
    );
    assert_eq!(config.search_terms[1..3], ["100", "100"]);
}

#[test]
fn a_rotation_by_size_or_by_time_alone_leaves_the_other_off() {
    let by_size = good("rotation_by_size").output.log_rotation.unwrap();
    assert_eq!((by_size.max_bytes, by_size.every), (Some(100 << 20), None));
    let by_time = good("rotation_by_time").output.log_rotation.unwrap();
    let weekly = RotationPeriod { when: RotationUnit::Day, interval: 7 };
    assert_eq!((by_time.max_bytes, by_time.every), (None, Some(weekly)));
}

#[test]
fn anchors_and_merge_keys_stand_for_what_they_name_and_own_keys_win() {
    let config = good("anchors_and_merge_keys");
    assert_eq!(config.output.log_rotation, None);
    assert_eq!(config.output.disk_monitor, None);
    assert_eq!(config.state_transitions.direct_access, [(State::Browsing, 1.0)]);
    let merged = load_yaml(b"site: {<<: {host: a, products: 7}, host: b}").unwrap().config.site;
    assert_eq!((merged.host.as_str(), merged.products), ("b", 7));
}

#[test]
fn a_time_zone_is_the_same_on_every_machine() {
    let config = load_yaml(b"output: {timezone: Asia/Kolkata}").unwrap().config;
    let noon = "2025-07-01T12:00:00Z".parse::<jiff::Timestamp>().unwrap();
    let local = noon.to_zoned(config.output.timezone);
    assert_eq!(local.to_string(), "2025-07-01T17:30:00+05:30[Asia/Kolkata]");
}

#[test]
fn no_built_in_address_is_private_reserved_or_multicast() {
    // The special-purpose blocks of RFC 6890 and its successors.
    let special = [
        ([0, 0, 0, 0], 8),
        ([10, 0, 0, 0], 8),
        ([100, 64, 0, 0], 10),
        ([127, 0, 0, 0], 8),
        ([169, 254, 0, 0], 16),
        ([172, 16, 0, 0], 12),
        ([192, 0, 0, 0], 24),
        ([192, 0, 2, 0], 24),
        ([192, 88, 99, 0], 24),
        ([192, 168, 0, 0], 16),
        ([198, 18, 0, 0], 15),
        ([198, 51, 100, 0], 24),
        ([203, 0, 113, 0], 24),
        ([224, 0, 0, 0], 3),
    ];
    let networks = defaults::ip_ranges();
    assert!(networks.len() >= 60);
    for network in &networks {
        assert!(network.address.is_ipv4());
        for (first, prefix) in special {
            let shorter = prefix.min(network.prefix);
            let a = Network::containing(network.address, shorter);
            let b = Network::containing(first.into(), shorter);
            assert_ne!(a, b, "{network} overlaps {first:?}/{prefix}");
        }
    }
    let unique: std::collections::BTreeSet<_> = networks.iter().map(ToString::to_string).collect();
    assert_eq!(unique.len(), networks.len());
}

#[test]
fn the_built_in_sets_are_rich_and_name_nothing_twice() {
    let agents = defaults::user_agents();
    assert!(agents.desktop.len() >= 40 && agents.mobile.len() >= 20);
    assert!(defaults::search_terms().len() >= 100);
    assert_eq!(defaults::product_categories().len(), 20);
    let names = |list: Vec<UserAgent>| list.into_iter().map(|agent| agent.name).collect();
    let sets = [
        names(agents.desktop),
        names(agents.mobile),
        defaults::search_terms(),
        defaults::profile_tabs(),
    ];
    for set in sets {
        let unique: std::collections::BTreeSet<_> = set.iter().collect();
        assert_eq!(unique.len(), set.len());
        assert!(set.iter().all(|text| text.is_ascii() && !text.trim().is_empty()));
    }
}

#[test]
fn the_shipped_guide_is_the_guides_word_for_word() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let shipped = fs::read(root.join("configs/guide.yaml")).unwrap();
    let tested = fs::read(root.join("tests/config/good/guide_basic.yaml")).unwrap();
    assert_eq!(shipped, tested);
}

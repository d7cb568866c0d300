//! What a run is told while it goes on: from then on its stream is another, and all else stays as it was.

use std::collections::HashSet;
use std::sync::Arc;

use access_log_generator::inside::config::steering::Act;
use access_log_generator::{Config, Hit, SECOND, Shard, Stream, Time};
use proptest::prelude::*;

use crate::START;

/// A configuration of a flat day without noise, with events to start.
fn config(profile: &str, rate: f64) -> Config {
    let yaml = format!(
        "{profile}output: {{rate: {rate}}}\ntraffic_curve: stepped\ntraffic_noise: 0\ntraffic_patterns: [{{time: 0-24}}]\n"
    );
    Config::from_yaml(&yaml).unwrap()
}

fn with_events(rate: f64) -> Config {
    let yaml = format!(
        "profile: shop\noutput: {{rate: {rate}}}\ntraffic_curve: stepped\ntraffic_noise: 0\n\
         traffic_patterns: [{{time: 0-24}}]\nfailures: {{spells_per_day: 400, spell_share: 0.9}}\nscenario:\n\
         - {{kind: surge, name: sale, at: on demand, for: 1m, multiplier: 3}}\n\
         - {{kind: server_errors, name: errors, at: on demand, for: 1m, share: 0.5}}\n\
         - {{kind: nikto, name: scan, at: on demand, for: 1m, rate: 5}}\n\
         - {{kind: flash_crowd, name: crowd, at: +3s, for: 30s, multiplier: 2, page: /products}}\n\
         - {{kind: bot_wave, name: wave, at: +20s, for: 30s, multiplier: 5}}\n\
         - {{kind: retry_storm, name: storm, at: +60s, for: 1m, multiplier: 2, share: 0.3}}\n\
         - {{kind: slow_responses, name: slow, at: on demand, for: 1m, factor: 20}}\n\
         - {{kind: certificate_expired, name: certificate, at: on demand, for: 1m, share: 0.7}}\n"
    );
    Config::from_yaml(&yaml).unwrap()
}

/// Whether a hit is of the event `scan`: behind the first two, which have a mark each, it has one for each stage.
fn is_scan(hit: &Hit) -> bool {
    (3..9).contains(&hit.event.0)
}

/// The configurations that come into force one after the other.
fn folded(config: &Config, acts: &[(Time, Act)]) -> Vec<(Time, Arc<Config>)> {
    let mut now = config.clone();
    let mut fold = |(at, act): &(Time, Act)| {
        now = now.after(act, *at).unwrap();
        (*at, Arc::new(now.clone()))
    };
    acts.iter().map(&mut fold).collect()
}

fn of(config: &Config, acts: &[(Time, Act)], shard: Shard, until: Time) -> Vec<Hit> {
    let mut stream = Stream::steered(config, 5, START, shard, folded(config, acts));
    let mut hits = Vec::new();
    stream.fill(until, usize::MAX, &mut hits);
    hits
}

/// What a run can be told, at full seconds.
fn acts() -> impl Strategy<Value = Vec<(Time, Act)>> {
    let name = prop::sample::select(vec![
        "sale",
        "errors",
        "scan",
        "crowd",
        "wave",
        "storm",
        "slow",
        "certificate",
    ]);
    let added = (1u64..4).prop_map(|rate| {
        let mut config = with_events(20.0);
        config.output.rate = 5.0 * rate as f64;
        config.failures.spells_per_day = 100.0;
        config.scenario.remove(0);
        let mut xss = config.scenario[1].clone();
        (xss.name, xss.rate) = (format!("scan{rate}"), Some(2.0));
        config.scenario.push(xss);
        Act::Settings(Box::new(config))
    });
    let act = prop_oneof![
        4 => (0.1f64..200.0).prop_map(Act::Rate),
        4 => name.clone().prop_map(|name| Act::Start(name.to_owned())),
        2 => name.prop_map(|name| Act::Stop(name.to_owned())),
        1 => added,
    ];
    prop::collection::vec((1u64..90, act), 0..8).prop_map(|mut acts| {
        acts.sort_by_key(|(second, _)| *second);
        acts.into_iter().map(|(second, act)| (START + second * SECOND, act)).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    #[test]
    fn acts_told_on_the_way_make_the_stream_that_acts_known_before_make(
        acts in acts(), batch in 1usize..500, passed in 0u64..400, step in 1u64..5_000
    ) {
        let config = with_events(20.0);
        let mut now = config.clone();
        let mut told = Vec::new();
        for (at, act) in acts {
            // An event that is gone cannot be started.
            if let Ok(next) = now.after(&act, at) {
                now = next;
                told.push((at, act));
            }
        }
        let until = START + 120 * SECOND;
        let expected = of(&config, &told, Shard::WHOLE, until);
        let mut stream = Stream::new(&config, 5, START);
        let mut hits = Vec::new();
        let mut to_tell = folded(&config, &told).into_iter().peekable();
        let skipped = stream.skip(START + SECOND - 1, passed) as usize;
        let mut present = START;
        while present < until {
            let next = (present + step * SECOND / 1000).min(until);
            while let Some((at, config)) = to_tell.next_if(|(at, _)| *at <= next) {
                stream.steer(at, config);
            }
            present = next;
            // As the scheduler: full batches first, and then what is due.
            loop {
                let before = hits.len();
                stream.fill(present, batch, &mut hits);
                if hits.len() < before + batch {
                    break;
                }
            }
        }
        let rest = &expected[skipped..];
        let alike = hits.iter().zip(rest).take_while(|(one, other)| one == other).count();
        prop_assert_eq!((alike, hits.len()), (rest.len(), rest.len()));
    }

    #[test]
    fn lines_keep_to_the_rates_of_their_times(
        rates in prop::collection::vec((1u64..60, 0.5f64..300.0), 1..8), profile in prop_oneof![Just(""), Just("profile: shop\n")]
    ) {
        let config = config(profile, 20.0);
        let mut acts: Vec<(Time, Act)> =
            rates.into_iter().map(|(second, rate)| (START + second * SECOND, Act::Rate(rate))).collect();
        acts.sort_by_key(|(at, _)| *at);
        let hits = of(&config, &acts, Shard::WHOLE, START + 90 * SECOND);
        let mut burst = config.burst_seconds(Shard::WHOLE) * 20.0;
        let (mut integral, mut at, mut rate) = (0.0, START, 20.0);
        let mut acts = acts.into_iter().peekable();
        for (lines, hit) in hits.iter().enumerate() {
            while let Some((turn, Act::Rate(next))) = acts.next_if(|(turn, _)| *turn <= hit.time) {
                integral += rate * (turn - at) as f64 / 1e9;
                (at, rate) = (turn, next);
                let mut config = config.clone();
                config.output.rate = rate;
                burst = f64::max(burst, config.burst_seconds(Shard::WHOLE) * rate);
            }
            let due = integral + rate * (hit.time - at) as f64 / 1e9;
            // A smaller bucket forgets what it cannot hold, at each turn once.
            prop_assert!((lines as f64 - due).abs() <= 4.0 * (burst + 1.0), "{lines} {due} {burst}");
        }
        // After the last turn, the lines go at its rate.
        let behind = hits.partition_point(|hit| hit.time < at);
        let (lines, due) = ((hits.len() - behind) as f64, rate * 90.0 - rate * (at - START) as f64 / 1e9);
        prop_assert!((lines - due).abs() <= burst + 2.0, "{lines} {due} {burst}");
    }
}

#[test]
fn before_an_act_the_stream_is_that_of_a_run_without_it() {
    for config in [config("", 20.0), with_events(20.0)] {
        let at = START + 60 * SECOND;
        let told = of(&config, &[(at, Act::Rate(200.0))], Shard::WHOLE, at + 60 * SECOND);
        let untold = of(&config, &[], Shard::WHOLE, at + 60 * SECOND);
        let before = |hits: &[Hit]| hits.partition_point(|hit| hit.time < at);
        assert_eq!(told[..before(&told)], untold[..before(&untold)]);
        let (more, usual) = (told.len() - before(&told), untold.len() - before(&untold));
        assert!((9.0..11.5).contains(&(more as f64 / usual as f64)), "{more} {usual}");
    }
}

#[test]
fn sessions_under_way_go_on() {
    for config in [config("", 40.0), config("profile: shop\n", 40.0)] {
        let at = START + 600 * SECOND;
        let of_visitors = |acts: &[(Time, Act)]| {
            let hits = of(&config, acts, Shard::WHOLE, at + 60 * SECOND);
            let turn = hits.partition_point(|hit| hit.time < at);
            let before: HashSet<u64> = hits[..turn].iter().map(|hit| hit.visitor).collect();
            let behind = &hits[turn..];
            let again = behind.iter().filter(|hit| before.contains(&hit.visitor)).count();
            again as f64 / behind.len() as f64
        };
        let (told, untold) = (of_visitors(&[(at, Act::Rate(41.0))]), of_visitors(&[]));
        assert!(untold > 0.3 && (told - untold).abs() < 0.1, "{told} {untold}");
    }
}

#[test]
fn an_attack_goes_on_over_an_act_that_does_not_concern_it() {
    let config = with_events(20.0);
    let start = (START + 10 * SECOND, Act::Start("scan".to_owned()));
    let of_attack = |acts: &[(Time, Act)]| -> Vec<Hit> {
        let hits = of(&config, acts, Shard::WHOLE, START + 90 * SECOND);
        hits.into_iter().filter(is_scan).collect()
    };
    let alone = of_attack(std::slice::from_ref(&start));
    assert!((280..=320).contains(&alone.len()), "{}", alone.len());
    assert_eq!(of_attack(&[start, (START + 30 * SECOND, Act::Rate(60.0))]), alone);
}

#[test]
fn an_event_that_is_stopped_ends_then_and_can_be_started_again() {
    let config = with_events(20.0);
    let at = |second: u64| START + second * SECOND;
    let acts = [
        (at(10), Act::Start("scan".to_owned())),
        (at(20), Act::Stop("scan".to_owned())),
        (at(50), Act::Start("scan".to_owned())),
    ];
    let hits = of(&config, &acts, Shard::WHOLE, at(130));
    let lines = |from: u64, until: u64| {
        let within = |hit: &&Hit| is_scan(hit) && hit.time >= at(from) && hit.time < at(until);
        hits.iter().filter(within).count()
    };
    assert_eq!((lines(0, 10), lines(20, 50), lines(110, 130)), (0, 0, 0));
    assert!((49..=51).contains(&lines(10, 20)) && (299..=301).contains(&lines(50, 110)));
}

#[test]
fn shards_keep_to_the_rate_together() {
    let config = config("profile: shop\n", 40.0);
    let acts = [(START + 30 * SECOND, Act::Rate(160.0))];
    let shards = (0..3).map(|index| Shard { index, count: 3 });
    let lines: usize =
        shards.map(|shard| of(&config, &acts, shard, START + 90 * SECOND).len()).sum();
    assert!(lines.abs_diff(40 * 30 + 160 * 60) < 900, "{lines}");
}

//! Shards: together the traffic of one site, each with visitors of its own.

use std::collections::BTreeSet;

use access_log_generator::LogId;
use access_log_generator::Shard;
use access_log_generator::inside::config::{Config, Profile};
use access_log_generator::{Formatter, Logs, RenderedHits};
use access_log_generator::{Hit, SECOND, Stream, Time};
use proptest::prelude::*;

use crate::rate::{configuration, deviation_of};
use crate::{START, config};

fn shards(config: &Config, seed: u64, start: Time, count: u32) -> Vec<Stream> {
    let shard = |index| Shard::new(index, count).unwrap();
    (0..count).map(|index| Stream::of_shard(config, seed, start, shard(index))).collect()
}

/// The next hit of all.
fn next_of(streams: &mut [Stream]) -> Hit {
    let first = streams.iter_mut().min_by_key(|stream| stream.next_time());
    first.unwrap().next_hit()
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 64,
        max_shrink_iters: 50,
        ..ProptestConfig::default()
    })]

    #[test]
    fn all_shards_together_keep_the_bound_of_one_run(
        config in configuration(),
        seed in any::<u64>(),
        count in 1u32..20,
        start in 0u64..365 * 24 * 3600 * 1000,
    ) {
        let start = START + start * 1_000_000;
        let mut streams = shards(&config, seed, start, count);
        let (worst, _) =
            deviation_of(&config, seed, start, 600 * SECOND, || next_of(&mut streams).time);
        let one = Shard::new(0, count).unwrap();
        let limit = config.output.rate * config.burst_seconds(one) + 1.0;
        prop_assert!(worst <= limit, "{worst} lines off, {limit} allowed");
    }
}

#[test]
fn without_a_bucket_the_lines_of_all_shards_are_evenly_spaced() {
    let config = config(|config| {
        config.output.rate = 100.0;
        config.output.burst_seconds = Some(0.0);
    });
    let mut streams = shards(&config, 1, START, 8);
    let times: Vec<Time> = (0..1_000).map(|_| next_of(&mut streams).time).collect();
    let steps: BTreeSet<Time> = times.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let even = SECOND / 100;
    assert!(steps.iter().all(|step| step.abs_diff(even) <= 2), "{steps:?}");
}

#[test]
fn no_two_shards_have_a_remote_host_in_common() {
    have_no_remote_host_in_common(&config(|config| config.output.rate = 1_000.0));
}

#[test]
fn no_two_shards_of_a_profile_have_a_remote_host_in_common() {
    // The network of one of the bots has six hosts, which is too few for eight shards.
    have_no_remote_host_in_common(&config(|config| {
        config.profile = Some(Profile::Shop);
        config.actors.shares.monitors = 0.0;
        config.output.rate = 1_000.0;
    }));
}

fn have_no_remote_host_in_common(config: &Config) {
    let mut seen: BTreeSet<Vec<u8>> = BTreeSet::new();
    for index in 0..8 {
        let shard = Shard::new(index, 8).unwrap();
        let mut stream = Stream::of_shard(config, 42, START, shard);
        let mut formatter = Formatter::new(Logs::of_shard(config, stream.site(), shard));
        let (mut hits, mut lines) = (Vec::new(), RenderedHits::default());
        stream.fill(Time::MAX, 50_000, &mut hits);
        formatter.render(&hits, &mut lines);
        let host = |line: &[u8]| line.split(|byte| *byte == b' ').next().unwrap().to_vec();
        let hosts: BTreeSet<_> = lines
            .bytes_of(LogId::ACCESS)
            .split(|byte| *byte == b'\n')
            .filter(|line| !line.is_empty())
            .map(host)
            .collect();
        assert!(hosts.len() > 1_000);
        assert!(hosts.is_disjoint(&seen), "shard {index}");
        seen.extend(hosts);
    }
}

#[test]
fn the_only_shard_is_the_whole_site() {
    let config = config(|_| {});
    let mut whole = Stream::new(&config, 42, START);
    let mut only = Stream::of_shard(&config, 42, START, Shard::WHOLE);
    assert!((0..10_000).all(|_| whole.next_hit() == only.next_hit()));
}

#[test]
fn a_shard_of_one_number_is_not_that_of_another() {
    let config = config(|_| {});
    let visitors = |index, count| {
        let shard = Shard::new(index, count).unwrap();
        let mut stream = Stream::of_shard(&config, 42, START, shard);
        (0..1_000).map(|_| stream.next_hit().visitor).collect::<BTreeSet<_>>()
    };
    let all = [visitors(0, 2), visitors(1, 2), visitors(0, 3), visitors(0, 1)];
    for (at, one) in all.iter().enumerate() {
        assert!(all[at + 1..].iter().all(|other| one.is_disjoint(other)));
    }
}

//! How hard a log is to cache: the hit ratios of caches that hold 1, 3, 10 and 30 % of the bytes of all objects, as Brown and Doran
//! (2017) tell robots from people. An object is a target, as large as the largest body seen for it; a miss admits it if it fits.
//! The ranges are those of ten real logs with 600 objects or more.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::RangeInclusive;

use crate::day_log::DayLog;

/// The sizes of caches, as shares of all bytes, each with the hit ratios of real logs: LRU and LFU.
const REAL: [(f64, RangeInclusive<f64>, RangeInclusive<f64>); 4] = [
    (0.01, 0.09..=0.42, 0.22..=0.72),
    (0.03, 0.16..=0.63, 0.20..=0.77),
    (0.10, 0.27..=0.77, 0.34..=0.78),
    (0.30, 0.45..=0.93, 0.46..=0.96),
];

/// What is requested, in its order, and the size of each object.
struct Requests {
    objects: Vec<usize>,
    sizes: HashMap<usize, f64>,
}

impl Requests {
    fn of(log: &DayLog) -> Self {
        let mut requests = Self { objects: Vec::new(), sizes: HashMap::new() };
        for line in &log.lines {
            if line.is_get && matches!(line.status, 200 | 206 | 304) {
                requests.objects.push(line.target);
                let size = requests.sizes.entry(line.target).or_insert(1.0);
                *size = size.max(line.size.unwrap_or(1.0));
            }
        }
        requests
    }

    /// The hit ratio of a cache with so much room. `rank` says of an object that was just requested, with the number of its
    /// requests and the number of the request, how long it stays: the lowest is given up first.
    fn hit_ratio(&self, room: f64, rank: impl Fn(u32, usize) -> (u32, usize)) -> f64 {
        let mut counts: HashMap<usize, u32> = HashMap::new();
        let mut ranks: BTreeMap<usize, (u32, usize)> = BTreeMap::new();
        let mut order: BTreeSet<((u32, usize), usize)> = BTreeSet::new();
        let (mut used, mut hits) = (0.0, 0);
        for (number, &object) in self.objects.iter().enumerate() {
            let count = counts.entry(object).or_default();
            *count += 1;
            let size = self.sizes[&object];
            if let Some(before) = ranks.get(&object) {
                hits += 1;
                order.remove(&(*before, object));
            } else if size > room {
                continue;
            } else {
                used += size;
            }
            ranks.insert(object, rank(*count, number));
            order.insert((rank(*count, number), object));
            while used > room {
                let (_, given_up) = order.pop_first().expect("the cache holds what it uses");
                ranks.remove(&given_up);
                used -= self.sizes[&given_up];
            }
        }
        f64::from(hits) / self.objects.len() as f64
    }
}

/// The hit ratios of a day of a profile that lie outside those of real logs.
fn outside(profile: &str) -> Vec<String> {
    let requests = Requests::of(&DayLog::new(profile, 1));
    let bytes: f64 = requests.sizes.values().sum();
    let mut outside = Vec::new();
    for (share, lru, lfu) in REAL {
        let recent = requests.hit_ratio(bytes * share, |_, number| (0, number));
        let frequent = requests.hit_ratio(bytes * share, |count, number| (count, number));
        for (name, ratio, range) in [("LRU", recent, lru), ("LFU", frequent, lfu)] {
            if !range.contains(&ratio) {
                outside.push(format!("{name} at {share}: {ratio:.3}, not within {range:?}"));
            }
        }
    }
    outside
}

#[test]
fn a_profile_is_as_hard_to_cache_as_real_sites_are() {
    for profile in ["shop", "content", "personal"] {
        assert_eq!(outside(profile), Vec::<String>::new(), "{profile}");
    }
}

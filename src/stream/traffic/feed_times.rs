//! When readers of the feed ask: each at an interval and at moments of its own, as its clock says. And when the feed has something
//! new, which is the same for all of them.

use crate::stream::address::Visitor;
use crate::stream::random::{Random, mix, uniform};
use crate::stream::{SECOND, Time};

/// The intervals of readers, seconds, each of as many readers as the others.
const INTERVALS: [u64; 5] = [1_800, 1_800, 3_600, 3_600, 3_600];
/// The mean time between two looks of a site's readers that ask now, seconds.
pub const MEAN_INTERVAL: f64 = 2_880.0;
const MINUTE: Time = 60 * SECOND;
/// How late a program is that the clock starts, and one that sees to many feeds in turn.
const STARTED: Time = 4 * SECOND;
const IN_TURN: Time = 25 * SECOND;

/// The time in which a feed has something new once or not at all.
const SLOT: Time = 600 * SECOND;

/// When a feed has something new.
#[derive(Debug)]
pub struct FeedNews {
    /// The share of the slots with something new.
    share: f64,
}

impl FeedNews {
    /// The news of a feed of which readers have the latest in so many of their looks.
    pub fn new(has_latest: f64) -> Self {
        let slots = |interval: &u64| (interval * SECOND / SLOT) as f64;
        let latest = |share: f64| {
            let sum: f64 = INTERVALS.iter().map(|own| libm::pow(1.0 - share, slots(own))).sum();
            sum / INTERVALS.len() as f64
        };
        // The share of the slots with which so many looks bring nothing new.
        let (mut least, mut most) = (0.0, 1.0);
        for _ in 0..40 {
            let middle = 0.5 * (least + most);
            *if latest(middle) > has_latest { &mut least } else { &mut most } = middle;
        }
        Self { share: if has_latest >= 1.0 { 0.0 } else { most } }
    }

    /// Whether there is something new `since` a look, at `now`. `site` are the site's own bits.
    pub fn are_there(&self, site: u64, since: Time, now: Time) -> bool {
        (since / SLOT + 1..=now / SLOT).any(|slot| uniform(mix(site ^ slot << 16)) < self.share)
    }
}

/// How long after `now`, at which it has asked, a reader asks next.
pub fn until_next_look(reader: Visitor, now: Time, random: &mut Random) -> Time {
    let bits = mix(reader ^ 0x6665_6564);
    let interval = INTERVALS[(bits % INTERVALS.len() as u64) as usize] * SECOND;
    let in_turn = bits >> 8 & 1 == 1;
    let own = (bits >> 16) % interval;
    let (moment, late) = if in_turn { (own, IN_TURN) } else { (own / MINUTE * MINUTE, STARTED) };
    // A look that has been late does not count for the next one.
    let since = (now + interval - moment) % interval;
    let after = if since * 4 < interval * 3 { interval } else { 2 * interval };
    after - since + random.below(late)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn readers_have_the_latest_in_their_share_of_looks_and_agree_on_what_is_new() {
        for has_latest in [0.0, 0.3, 0.7, 0.95, 1.0] {
            let news = FeedNews::new(has_latest);
            let (mut looks, mut latest) = (0, 0);
            for interval in INTERVALS {
                for look in 0..4_000 {
                    let since = look * interval * SECOND;
                    looks += 1;
                    latest += u32::from(!news.are_there(7, since, since + interval * SECOND));
                }
            }
            let share = f64::from(latest) / f64::from(looks);
            assert!((share - has_latest).abs() < 0.02, "{share}, not {has_latest}");
            let day = |from: Time, every: Time| {
                (0..86_400 / every).any(|look| {
                    let since = from + look * every * SECOND;
                    news.are_there(7, since, since + every * SECOND)
                })
            };
            assert_eq!(day(0, 1_800), day(0, 3_600));
        }
    }

    #[test]
    fn a_reader_asks_each_half_hour_or_hour_at_the_same_minute() {
        let mut random = Random::new(5);
        let (mut sum, mut half_hours) = (0.0, 0);
        for _ in 0..4_000 {
            let reader = random.bits();
            let start = 1_793_600_000 * SECOND + random.below(7_200 * SECOND);
            let first = start + until_next_look(reader, start, &mut random);
            let mut last = first;
            for _ in 0..9 {
                let next = last + until_next_look(reader, last, &mut random);
                let gap = (next - last) as f64 / SECOND as f64;
                assert!(
                    (1_775.0..1_825.0).contains(&gap) || (3_575.0..3_625.0).contains(&gap),
                    "{gap}"
                );
                sum += gap;
                last = next;
            }
            half_hours += u32::from(last - first < 5 * 3_600 * SECOND);
            let off = (last - first) % (1_800 * SECOND);
            assert!(!(IN_TURN..=1_800 * SECOND - IN_TURN).contains(&off), "{off}");
        }
        let mean = sum / 36_000.0;
        assert!((mean - MEAN_INTERVAL).abs() < 0.02 * MEAN_INTERVAL, "{mean}");
        assert!((1_400..1_800).contains(&half_hours), "{half_hours}");
    }
}

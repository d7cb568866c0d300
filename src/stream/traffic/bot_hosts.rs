//! From how many hosts each bot comes. A site with more lines has more readers of its feed and more monitors, and crawlers send
//! more hosts to it: at any rate a host asks about as often as it does of a small site.

use super::bot_protocols::BotProtocol;
use super::bots::{beside, bots_of, number_of};
use super::feed_times::MEAN_INTERVAL;
use super::visit::Visit;
use crate::config::actors::{LineShares, MOST_SECONDS};
use crate::config::bots::{Bot, BotKind};
use crate::config::{Config, Distribution, defaults};
use crate::shard::Shard;
use crate::stream::actor_kind::ActorKind;
use crate::stream::random::{Random, hash, mix};
use crate::stream::{SECOND, Time};

/// For each monitor or reader that looks, so many hosts: one begins rarely while it looks already.
const MONITORS: f64 = 16.0;
const READERS: f64 = 24.0;
/// How many hosts of a crawler are neighbours, and how long one group of them comes to a site.
const NEIGHBOURS: u32 = 3;
const TURN: Time = 1_200 * SECOND;
/// Into how many parts [`mean_of`] divides a distribution.
const PARTS: u32 = 1_000;

/// From how many hosts each bot comes.
#[derive(Clone, Debug)]
pub struct BotHosts {
    of_site: Box<[HostsOfBot]>,
    /// Those that belong to the shard.
    own: Box<[HostsOfBot]>,
}

/// From how many hosts a bot comes, and how often it does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct HostsOfBot {
    kind: BotKind,
    /// How many hosts it has.
    hosts: u32,
    protocol: BotProtocol,
    /// How many hosts the table has for a small site.
    usual: u32,
    /// Stands for its network, which other bots of its owner share.
    network: u64,
    /// The end of its part of the 2^32 equal chances that the bots of its kind share.
    below: u64,
}

impl BotHosts {
    /// The hosts of the whole site that a configuration describes.
    pub fn new(config: &Config) -> Self {
        let looks = mean_of(&config.actors.monitors.interval);
        let shares = &config.actors.shares;
        let of_kind = |bots: &[Bot]| {
            let kind = bots[0].kind;
            let lines = config.output.rate * share_of(shares, kind);
            hosts_of_kind(bots, lines * seconds_a_line(kind, looks) * likeness(bots))
        };
        // Those of a kind stand one after the other.
        let kinds = config.actors.bots.chunk_by(|one, next| one.kind == next.kind);
        let of_site: Box<[HostsOfBot]> = kinds.flat_map(of_kind).collect();
        Self { own: of_site.clone(), of_site }
    }

    /// Keeps the hosts that belong to a shard: those of the site are shared out, and each shard has one at the least.
    pub fn share_out(&mut self, shard: Shard) {
        let own = |bot: &HostsOfBot| HostsOfBot { hosts: shard.share_of(bot.hosts).max(1), ..*bot };
        self.own = self.of_site.iter().map(own).collect();
    }

    /// Lets a bot of the visit's kind come, from one of its hosts. `salt` sets them apart from those of other streams.
    pub fn enter(&self, salt: u64, visit: &mut Visit, random: &mut Random) {
        let kind = bots_of(visit.next.kind).expect("this kind of visitor is a bot");
        let chance = random.bits() >> 32;
        let found = self.own.iter().position(|bot| bot.kind == kind && chance < bot.below);
        let index = found.expect("the bots of a kind share all chances");
        let own = match kind {
            BotKind::SearchCrawlers | BotKind::AiCrawlers | BotKind::SeoCrawlers => {
                self.own[index].neighbour(salt, visit.next.time, random)
            }
            _ => {
                let host = random.below(u64::from(self.own[index].hosts));
                mix(salt ^ (index as u64) << 32 ^ host)
            }
        };
        visit.next.visitor = number_of(index, own);
        visit.next.protocol = self.own[index].protocol.of_host(visit.next.visitor);
    }
}

impl HostsOfBot {
    /// The own bits of a host of a crawler, which come from a few neighbours at a time, and later from others. `salt` sets them apart
    /// from those of other streams.
    fn neighbour(&self, salt: u64, now: Time, random: &mut Random) -> u64 {
        let groups = u64::from(self.hosts.div_ceil(NEIGHBOURS));
        // A site with more lines has more of them at a time.
        let at_once = u64::from((self.hosts / self.usual.max(1)).max(1));
        let turn = mix(salt ^ self.network ^ (now / TURN) << 40);
        let group = (turn + random.below(at_once)) % groups;
        let host = random.below(u64::from(self.hosts.min(NEIGHBOURS)));
        beside(mix(salt ^ self.network ^ group << 32), host)
    }
}

/// The mean time from a line of one host to its next, visits and pauses together, seconds: those of crawlers, scanners and the like
/// suit the built-in bots at 40,000 lines a day. `looks` is the mean time between two looks of a monitor.
fn seconds_a_line(kind: BotKind, looks: f64) -> f64 {
    match kind {
        BotKind::Monitors => MONITORS * looks,
        BotKind::FeedReaders => READERS * MEAN_INTERVAL,
        BotKind::SearchCrawlers => 16_000.0,
        BotKind::AiCrawlers => 22_000.0,
        BotKind::SeoCrawlers => 12_500.0,
        BotKind::LinkPreviews => 48_000.0,
        BotKind::Scanners => 160_000.0,
        BotKind::Partners => 1_050.0,
    }
}

/// How many hosts bots have for each that the built-in ones of their kind have: other crawlers come from more hosts, or fewer. All
/// monitors and readers keep the same pace, so that the list does not decide how many hosts they need.
fn likeness(bots: &[Bot]) -> f64 {
    let kind = bots[0].kind;
    if matches!(kind, BotKind::Monitors | BotKind::FeedReaders) {
        return 1.0;
    }
    let hosts = |bots: &[Bot]| -> f64 {
        bots.iter().filter(|bot| bot.kind == kind).map(|bot| f64::from(bot.hosts)).sum()
    };
    hosts(bots) / hosts(&defaults::bots())
}

/// The share of the lines that the bots of a kind make.
fn share_of(shares: &LineShares, kind: BotKind) -> f64 {
    let weights = shares.weights();
    let of_kind = |visitors: &ActorKind| bots_of(*visitors) == Some(kind);
    let own = ActorKind::USUAL.into_iter().filter(of_kind).map(|kind| weights[kind as usize]);
    own.sum::<f64>() / weights.iter().sum::<f64>()
}

/// The hosts of the bots of one kind, which need so many together; they have at least those of the table, and at most as many as
/// their networks have addresses.
fn hosts_of_kind(bots: &[Bot], needed: f64) -> Vec<HostsOfBot> {
    let grown = |bot: &Bot, by: f64| {
        (f64::from(bot.hosts) * by).min(f64::from(bot.addresses().max(bot.hosts)))
    };
    let all = |by: f64| bots.iter().map(|bot| grown(bot, by)).sum::<f64>();
    // The least factor with which there are enough, if any is: the networks of some are full before those of others.
    let (mut by, mut too_much) = (1.0, f64::max(needed, 1.0));
    for _ in 0..64 {
        let middle = 0.5 * (by + too_much);
        *if all(middle) < needed { &mut by } else { &mut too_much } = middle;
    }
    let hosts: Vec<u32> = bots.iter().map(|bot| grown(bot, by) as u32).collect();
    // Readers and monitors ask at a pace of their own, so that those with more hosts ask more often. A crawler does what its owner
    // wants, from however many hosts.
    let weight = |(bot, hosts): (&Bot, &u32)| match bot.kind {
        BotKind::Monitors | BotKind::FeedReaders => {
            bot.weight * f64::from(*hosts) / f64::from(bot.hosts)
        }
        _ => bot.weight,
    };
    let kind = bots[0].kind;
    let weights: Vec<f64> = bots.iter().zip(&hosts).map(weight).collect();
    let sum: f64 = weights.iter().sum();
    let mut before = 0.0;
    let below = |(bot, (weight, hosts)): (&Bot, (f64, u32))| {
        before += weight;
        let protocol = BotProtocol::of(bot);
        let below = libm::ceil(before / sum * 4_294_967_296.0) as u64;
        let network = hash(&bot.network.to_string());
        HostsOfBot { kind, hosts, protocol, usual: bot.hosts, network, below }
    };
    bots.iter().zip(weights.into_iter().zip(hosts)).map(below).collect()
}

/// The mean of a distribution of times.
fn mean_of(distribution: &Distribution) -> f64 {
    let share = |part| (f64::from(part) + 0.5) / f64::from(PARTS);
    let value = |part| distribution.value(share(part)).min(MOST_SECONDS);
    (0..PARTS).map(value).sum::<f64>() / f64::from(PARTS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Profile;

    fn config(profile: Profile, rate: f64) -> Config {
        let mut config = defaults::profile::config(Some(profile));
        config.output.rate = rate;
        config
    }

    fn hosts_of(hosts: &BotHosts, kind: BotKind) -> u32 {
        hosts.own.iter().filter(|bot| bot.kind == kind).map(|bot| bot.hosts).sum()
    }

    #[test]
    fn a_small_site_has_the_hosts_of_the_table() {
        for profile in [Profile::Shop, Profile::Content] {
            for rate in [0.001, 0.46] {
                let hosts = BotHosts::new(&config(profile, rate));
                for (own, bot) in hosts.own.iter().zip(&defaults::bots()) {
                    // Readers look for days, and others in their place after that.
                    if rate < 0.1 || own.kind != BotKind::FeedReaders {
                        assert_eq!(own.hosts, bot.hosts, "{profile:?} {rate} {bot:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn of_the_readers_that_a_feed_has_few_look_at_a_time() {
        for profile in [Profile::Shop, Profile::Content, Profile::Personal] {
            for rate in [0.46, 1.0, 10.0, 100.0, 1_000.0] {
                let config = config(profile, rate);
                let hosts = BotHosts::new(&config);
                let lines = rate * share_of(&config.actors.shares, BotKind::FeedReaders);
                let looking = lines * MEAN_INTERVAL;
                let all = f64::from(hosts_of(&hosts, BotKind::FeedReaders));
                // At the highest rate, their networks are full.
                let least = if rate < 1_000.0 { 0.9 * READERS } else { 3.0 };
                assert!(
                    (least..1.1 * READERS).contains(&(all / looking)),
                    "{profile:?} {rate}: {all}"
                );
            }
        }
    }

    #[test]
    fn no_bot_has_more_hosts_than_its_network_has_addresses() {
        let hosts = BotHosts::new(&config(Profile::Api, 1e6));
        for (own, bot) in hosts.own.iter().zip(&defaults::bots()) {
            assert!(own.hosts >= bot.hosts);
            assert!(own.hosts <= bot.addresses().max(bot.hosts), "{bot:?} {own:?}");
        }
    }

    #[test]
    fn the_bots_of_a_kind_share_all_chances() {
        for rate in [0.46, 1_000.0] {
            let hosts = BotHosts::new(&config(Profile::Shop, rate));
            let mut last_of = std::collections::HashMap::new();
            for (own, bot) in hosts.own.iter().zip(&defaults::bots()) {
                let before = last_of.insert(bot.kind as u8, own.below).unwrap_or(0);
                assert!(own.below > before, "{bot:?}");
            }
            assert!(last_of.values().all(|below| *below == 1 << 32), "{last_of:?}");
        }
    }

    #[test]
    fn shards_share_the_hosts_out_and_each_has_one_of_each_bot() {
        let whole = BotHosts::new(&config(Profile::Shop, 1_000.0));
        let mut sums = vec![0; whole.own.len()];
        for index in 0..7 {
            let mut hosts = whole.clone();
            hosts.share_out(Shard { index, count: 7 });
            sums.iter_mut().zip(&hosts.own).for_each(|(sum, own)| *sum += own.hosts);
        }
        let all: Vec<u32> = whole.own.iter().map(|bot| bot.hosts.max(7)).collect();
        assert_eq!(sums, all);
    }
}

//! Scanners: they go through lists of paths that weak sites have, a few times a second, or try one of them and no more.

use super::actor::{Actor, Ground};
use super::bots::bot_of;
use super::visit::Visit;
use crate::config::actors::Scanners;
use crate::config::bots::{Bot, BotKind};
use crate::stream::address::Visitor;
use crate::stream::quantiles::Quantiles;
use crate::stream::random::{Random, uniform};
use crate::stream::site::{ProbeList, TriedPath};
use crate::stream::{Time, seconds};

/// The lists of each scanner, by how its user agent begins, or that it has none: the first is its own, and of so many visits one goes by the second.
const LISTS: [(&str, ProbeList, ProbeList); 6] = [
    (CENSYS, ProbeList::Survey, ProbeList::Survey),
    ("Mozilla/5.0 zgrab", ProbeList::Survey, ProbeList::Devices),
    ("python-requests", ProbeList::Secrets, ProbeList::Panels),
    ("Go-http-client", ProbeList::Traces, ProbeList::Devices),
    ("", ProbeList::Shells, ProbeList::Devices),
    ("curl", ProbeList::PhpUnit, ProbeList::Secrets),
];
const CENSYS: &str = "Mozilla/5.0 (compatible; CensysInspect";
/// Those of scanners that call themselves browsers.
const OF_OTHERS: (ProbeList, ProbeList) = (ProbeList::WordPress, ProbeList::Shells);
const SECOND_LIST: u64 = 4;
/// The requests of a survey at the most: its list.
const SURVEY: u16 = 3;
/// How many visits are tried to learn how many requests a survey has.
const TRIED: u32 = 10_000;
/// A visit of so many requests begins with the first of the list; of fewer, anywhere in it.
const WHOLE: u16 = 4;

/// A scanner.
#[derive(Debug)]
pub struct Scanner {
    probes: Quantiles,
    /// Seconds between two requests.
    pace: Quantiles,
    /// The lists of each bot, by its index, and its weight: that of others than scanners is 0.
    lists: Box<[ListsOfBot]>,
}

/// The lists of a bot.
#[derive(Clone, Copy, Debug)]
struct ListsOfBot {
    own: ProbeList,
    second: ProbeList,
    weight: f64,
}

impl Scanner {
    /// A scanner.
    pub fn new(scanners: &Scanners, bots: &[Bot]) -> Self {
        Self {
            probes: Quantiles::of_counts(&scanners.requests),
            pace: Quantiles::of_times(&scanners.pace),
            lists: bots.iter().map(ListsOfBot::of).collect(),
        }
    }

    /// The list of a visitor.
    fn list(&self, visitor: Visitor, random: &mut Random) -> ProbeList {
        let ListsOfBot { own, second, .. } =
            self.lists[bot_of(visitor).expect("a scanner is a bot")];
        if random.below(SECOND_LIST) == 0 { second } else { own }
    }

    /// Sets the request that the visit has come to: `page` is its place in the list of the number `step`.
    fn probe(ground: Ground<'_>, visit: &mut Visit) {
        let list = ground.grounds.probes.of(ProbeList::ALL[usize::from(visit.step)]);
        let TriedPath { url, method, outcome } = list[visit.page as usize % list.len()];
        visit.page += 1;
        (visit.next.url, visit.next.method, visit.next.outcome) = (url, method, outcome);
    }
}

impl ListsOfBot {
    fn of(bot: &Bot) -> Self {
        let row = LISTS.iter().find(|(begins, ..)| match *begins {
            "" => bot.user_agent.is_empty(),
            begins => bot.user_agent.starts_with(begins),
        });
        let (own, second) = row.map_or(OF_OTHERS, |(_, own, second)| (*own, *second));
        let weight = if bot.kind == BotKind::Scanners { bot.weight } else { 0.0 };
        Self { own, second, weight }
    }
}

impl Actor for Scanner {
    fn begin(&self, ground: Ground<'_>, visit: &mut Visit, random: &mut Random) {
        ground.bot_hosts.enter(ground.salt, visit, random);
        let list = self.list(visit.next.visitor, random);
        visit.step = list as u8;
        let len = ground.grounds.probes.of(list).len();
        let requests = self.probes.draw_count(random);
        // A survey asks once; others begin again, with another name for the host.
        let most = if list == ProbeList::Survey { SURVEY } else { u16::MAX };
        visit.left = requests.min(most) - 1;
        if requests < WHOLE && list != ProbeList::Survey {
            let share = uniform(random.bits());
            visit.page = (len as f64 * share * share) as u32;
        }
        visit.first(0);
        Self::probe(ground, visit);
    }

    fn mean_lines(&self) -> Option<f64> {
        let mut random = Random::new(0x7363_616e);
        let (mut surveys, mut all) = (0.0, 0.0);
        for ListsOfBot { own, second, weight } in self.lists.iter().copied() {
            let share = |list, of| if list == ProbeList::Survey { of } else { 0.0 };
            let second_share = 1.0 / SECOND_LIST as f64;
            let is_survey = share(own, 1.0 - second_share) + share(second, second_share);
            surveys += is_survey * weight;
            all += weight;
        }
        let of_survey = |_| f64::from(self.probes.draw_count(&mut random).min(SURVEY));
        let survey = (0..TRIED).map(of_survey).sum::<f64>() / f64::from(TRIED);
        let share = surveys / all;
        Some(share * survey + (1.0 - share) * self.probes.mean_count())
    }

    fn go_on(&self, ground: Ground<'_>, visit: &mut Visit, now: Time, random: &mut Random) -> bool {
        let is_survey = visit.step == ProbeList::Survey as u8;
        if visit.left == 0 || is_survey && visit.page >= SURVEY.into() {
            return false;
        }
        visit.left -= 1;
        visit.get(0, now, seconds(self.pace.draw(random)));
        Self::probe(ground, visit);
        true
    }
}

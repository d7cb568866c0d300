//! Scanners: they go through lists of paths that weak sites have, a few times a second, or try one of them and no more.

use super::actor::{Actor, Ground};
use super::bots::bot_of;
use super::visit::Visit;
use crate::config::actors::Scanners;
use crate::config::bots::{Bot, BotKind};
use crate::config::probe_list::ProbeList;
use crate::stream::address::Visitor;
use crate::stream::quantiles::Quantiles;
use crate::stream::random::{Random, uniform};
use crate::stream::site::TriedPath;
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
/// The index of the list of surveys.
const SURVEYS: u8 = ProbeList::Survey as u8;
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
    /// Indexes of lists of the site's probes.
    own: u8,
    second: u8,
    weight: f64,
}

impl Scanner {
    /// A scanner.
    pub fn new(scanners: &Scanners, bots: &[Bot]) -> Self {
        Self {
            probes: Quantiles::of_counts(&scanners.requests),
            pace: Quantiles::of_times(&scanners.pace),
            lists: ListsOfBot::of_all(bots),
        }
    }

    /// The list of a visitor.
    fn list(&self, visitor: Visitor, random: &mut Random) -> u8 {
        let ListsOfBot { own, second, .. } =
            self.lists[bot_of(visitor).expect("a scanner is a bot")];
        if random.below(SECOND_LIST) == 0 { second } else { own }
    }

    /// Sets the request that the visit has come to: `page` is its place in the list of the number `step`.
    fn probe(ground: Ground<'_>, visit: &mut Visit) {
        let list = ground.grounds.probes.of(usize::from(visit.step));
        let TriedPath { url, method, outcome } = list[visit.page as usize % list.len()];
        visit.page += 1;
        (visit.next.url, visit.next.method, visit.next.outcome) = (url, method, outcome);
    }
}

impl ListsOfBot {
    /// Those of all bots. The lists of the built-in ones come first, then each bot's own.
    fn of_all(bots: &[Bot]) -> Box<[Self]> {
        let mut next = ProbeList::ALL.len() as u8;
        let mut of_bot = |bot: &Bot| {
            let weight = if bot.kind == BotKind::Scanners { bot.weight } else { 0.0 };
            if bot.paths.is_empty() {
                let (own, second) = Self::by_agent(&bot.user_agent);
                return Self { own: own as u8, second: second as u8, weight };
            }
            next += 1;
            Self { own: next - 1, second: next - 1, weight }
        };
        bots.iter().map(&mut of_bot).collect()
    }

    fn by_agent(user_agent: &str) -> (ProbeList, ProbeList) {
        let row = LISTS.iter().find(|(begins, ..)| match *begins {
            "" => user_agent.is_empty(),
            begins => user_agent.starts_with(begins),
        });
        row.map_or(OF_OTHERS, |(_, own, second)| (*own, *second))
    }
}

impl Actor for Scanner {
    fn begin(&self, ground: Ground<'_>, visit: &mut Visit, random: &mut Random) {
        ground.bot_hosts.enter(ground.salt, visit, random);
        let list = self.list(visit.next.visitor, random);
        visit.step = list;
        let len = ground.grounds.probes.of(usize::from(list)).len();
        let requests = self.probes.draw_count(random);
        // A survey asks once; others begin again, with another name for the host.
        let most = if list == SURVEYS { SURVEY } else { u16::MAX };
        visit.left = requests.min(most) - 1;
        if requests < WHOLE && list != SURVEYS {
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
            let share = |list, of| if list == SURVEYS { of } else { 0.0 };
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
        let is_survey = visit.step == SURVEYS;
        if visit.left == 0 || is_survey && visit.page >= SURVEY.into() {
            return false;
        }
        visit.left -= 1;
        visit.get(0, now, seconds(self.pace.draw(random)));
        Self::probe(ground, visit);
        true
    }
}

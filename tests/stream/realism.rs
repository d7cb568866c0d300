//! What tells a real site's log from a naive one, measured on a simulated day of a profile: each statistic of the table in
//! tests/README.md. The ranges hold real logs of shops and company sites of 2018 to 2026.

use std::collections::{HashMap, HashSet};
use std::ops::RangeInclusive;

use access_log_generator::SECOND;

use crate::START;
use crate::day_log::{DayLog, Line, deviation, mean, quantile, variation};

/// The share of the variance of ln(size) that the URL explains, of URLs with five hits or more.
fn explained_by_url(log: &DayLog) -> f64 {
    let mut of_url: HashMap<usize, Vec<f64>> = HashMap::new();
    for line in log.lines.iter().filter(|line| line.is_get && line.status == 200) {
        if let Some(size) = line.size {
            of_url.entry(line.target).or_default().push(size.ln());
        }
    }
    of_url.retain(|_, sizes| sizes.len() >= 5);
    let all: Vec<f64> = of_url.values().flatten().copied().collect();
    let within: f64 =
        of_url.values().map(|sizes| sizes.len() as f64 * deviation(sizes).powi(2)).sum();
    let total = all.len() as f64 * deviation(&all).powi(2);
    1.0 - (within / (all.len() - of_url.len()) as f64) / (total / (all.len() - 1) as f64)
}

/// How much more often a referrer is a path that the client has requested than another client's last one is.
fn referrer_consistency(log: &DayLog) -> f64 {
    let (mut seen, mut own, mut known) = (HashSet::new(), 0.0, 0.0);
    let (mut current, mut other) = ((usize::MAX, 0), None);
    let (mut shuffled, mut by_chance) = (0.0, 0.0);
    for line in &log.lines {
        if let Some(Some(referrer)) = line.referrer {
            own += 1.0;
            known += f64::from(u8::from(seen.contains(&(line.client, referrer))));
            if current.0 != line.client {
                other = (current.0 != usize::MAX).then_some(current);
            }
            if let Some((client, path)) = other
                && client != line.client
            {
                shuffled += 1.0;
                by_chance += f64::from(u8::from(seen.contains(&(line.client, path))));
            }
            current = (line.client, referrer);
        }
        seen.insert((line.client, line.path));
    }
    let chance = by_chance / f64::max(shuffled, 1.0);
    (known / own - chance) / (1.0 - chance)
}

/// The median over the hours of variance over mean of the sessions that begin in a minute.
fn arrivals(log: &DayLog, sessions: &[Vec<usize>]) -> f64 {
    let mut minutes = vec![0.0; 24 * 60];
    for session in sessions {
        let second = log.lines[session[0]].second - START / SECOND;
        minutes[(second / 60).min(1_439) as usize] += 1.0;
    }
    let mut of_hour: Vec<f64> =
        minutes.chunks(60).map(|hour| deviation(hour).powi(2) / mean(hour)).collect();
    quantile(&mut of_hour, 0.5)
}

/// A statistic, its value and the band that it must fall in.
type Statistic = (&'static str, f64, RangeInclusive<f64>);

fn of_hits(log: &DayLog) -> Vec<Statistic> {
    let all = |_: &Line| true;
    let mut of_path: HashMap<usize, usize> = HashMap::new();
    log.lines.iter().for_each(|line| *of_path.entry(line.path).or_default() += 1);
    let once = of_path.values().filter(|hits| **hits == 1).count();
    let mut hits: Vec<f64> = of_path.values().map(|hits| *hits as f64).collect();
    let without_referrer = log.share(|line| line.referrer.is_none(), DayLog::is_page);
    vec![
        ("lines", log.lines.len() as f64, 38_000.0..=43_000.0),
        ("referrer consistency", referrer_consistency(log), 0.40..=0.96),
        ("external referrers", log.share(|line| line.referrer == Some(None), all), 0.005..=0.09),
        ("pages without a referrer", without_referrer, 0.30..=0.93),
        ("static files", log.share(|line| line.is_static, all), 0.35..=0.90),
        ("paths for 1,000 lines", 1_000.0 * share(of_path.len(), log.lines.len()), 20.0..=200.0),
        ("paths seen once", share(once, of_path.len()), 0.2..=0.7),
        ("hits on the top 10 % of paths", top_tenth(&mut hits), 0.55..=0.93),
        ("relative referrers", log.share(|line| line.is_referrer_relative, all), 0.0..=0.0),
        ("users", log.share(|line| line.has_user, all), 0.0..=0.003),
        ("agents for an address", share(log.agents, log.hosts), 0.10..=0.56),
        ("hits of the top 10 agents", top_agents(log), 0.25..=0.70),
        ("/16 networks for an address", log.networks_for_a_host, 0.0..=0.65),
    ]
}

/// The share of all hits that the tenth of the paths has which are hit most.
fn top_tenth(hits: &mut [f64]) -> f64 {
    hits.sort_by(|one, other| other.total_cmp(one));
    let top = hits.len().div_ceil(10);
    hits[..top].iter().sum::<f64>() / hits.iter().sum::<f64>()
}

fn top_agents(log: &DayLog) -> f64 {
    let mut of_agent: HashMap<usize, usize> = HashMap::new();
    log.lines.iter().for_each(|line| *of_agent.entry(line.agent).or_default() += 1);
    let mut hits: Vec<usize> = of_agent.into_values().collect();
    hits.sort_unstable_by(|one, other| other.cmp(one));
    share(hits[..10].iter().sum(), log.lines.len())
}

/// What becomes of requests for the same path: how many 404s are on paths that also succeed, and how many of the paths with five
/// hits and more always end in the same class of status.
fn of_outcomes(log: &DayLog) -> Vec<Statistic> {
    let mut of_path: HashMap<usize, Vec<u16>> = HashMap::new();
    for line in &log.lines {
        of_path.entry(line.path).or_default().push(line.status);
    }
    let succeeds = |statuses: &[u16]| statuses.iter().any(|status| (200..400).contains(status));
    let missing = |statuses: &[u16]| statuses.iter().filter(|status| **status == 404).count();
    let all: usize = of_path.values().map(|statuses| missing(statuses)).sum();
    let mixed = of_path.values().filter(|statuses| succeeds(statuses));
    let mixed: usize = mixed.map(|statuses| missing(statuses)).sum();
    let often: Vec<&Vec<u16>> = of_path.values().filter(|statuses| statuses.len() >= 5).collect();
    // A redirection and a confirmation that the copy is current are successes.
    let class = |status: &u16| if (200..400).contains(status) { 2 } else { status / 100 };
    let alike =
        |statuses: &&&Vec<u16>| statuses.iter().all(|status| class(status) == class(&statuses[0]));
    let alike = often.iter().filter(alike).count();
    vec![
        ("404s on paths that also succeed", share(mixed, all), 0.0..=0.20),
        ("paths with one class of outcome", share(alike, often.len()), 0.88..=1.0),
    ]
}

/// The share of URLs of pages with five hits and more whose size never changes.
fn constant_pages(log: &DayLog) -> f64 {
    let mut of_url: HashMap<usize, Vec<f64>> = HashMap::new();
    for line in log.lines.iter().filter(|line| line.is_get && line.status == 200 && !line.is_static)
    {
        of_url.entry(line.target).or_default().extend(line.size);
    }
    of_url.retain(|_, sizes| sizes.len() >= 5);
    let constant = of_url.values().filter(|sizes| sizes.iter().all(|size| *size == sizes[0]));
    share(constant.count(), of_url.len())
}

fn of_sizes(log: &DayLog) -> Vec<Statistic> {
    let mut sizes: Vec<f64> =
        log.lines.iter().filter(|line| line.status == 200).filter_map(|line| line.size).collect();
    let logarithms: Vec<f64> = sizes.iter().map(|size| size.ln()).collect();
    let tail = quantile(&mut sizes, 0.99) / quantile(&mut sizes, 0.5);
    vec![
        ("ln-size variance explained by URL", explained_by_url(log), 0.91..=0.998),
        ("dynamic URLs of constant size", constant_pages(log), 0.0..=0.53),
        ("size, 99 % over 50 %", tail, 6.0..=420.0),
        ("size, variation", variation(&sizes), 1.5..=6.3),
        ("size, spread of ln", deviation(&logarithms), 1.3..=2.5),
    ]
}

fn of_sessions(log: &DayLog, sessions: &[Vec<usize>]) -> Vec<Statistic> {
    let pages_of = |session: &Vec<usize>| {
        session.iter().filter(|at| DayLog::is_page(&log.lines[**at])).count() as f64
    };
    let pages: Vec<f64> = sessions.iter().map(pages_of).filter(|pages| *pages > 0.0).collect();
    let gap = |two: &[usize]| log.lines[two[1]].second - log.lines[two[0]].second;
    let gaps: Vec<u64> = sessions.iter().flat_map(|one| one.windows(2).map(gap)).collect();
    let within_a_second = gaps.iter().filter(|gap| **gap == 0).count();
    let long = pages.iter().filter(|pages| **pages >= 10.0).count();
    let of_one = sessions.iter().filter(|session| session.len() == 1).count();
    let mut of_host: HashMap<usize, usize> = HashMap::new();
    for session in sessions {
        *of_host.entry(log.host_of[log.lines[session[0]].client]).or_default() += 1;
    }
    let back = of_host.values().filter(|sessions| **sessions > 1).count();
    vec![
        ("gaps of 0 s in a session", share(within_a_second, gaps.len()), 0.28..=0.88),
        ("pages a session, mean", mean(&pages), 1.1..=5.5),
        ("pages a session, variation", variation(&pages), 0.9..=9.0),
        ("sessions of ten pages and more", share(long, pages.len()), 0.002..=0.06),
        ("sessions of one request", share(of_one, sessions.len()), 0.43..=0.77),
        ("addresses that come back", share(back, log.hosts), 0.07..=0.27),
        ("arrivals of sessions", arrivals(log, sessions), 0.93..=2.1),
    ]
}

/// How pages follow each other in the sessions of people with browsers, and how many static files each has.
fn of_pages(log: &DayLog, sessions: &[Vec<usize>]) -> Vec<Statistic> {
    let seconds = |session: &Vec<usize>| -> Vec<u64> {
        let lines = session.iter().map(|at| &log.lines[*at]);
        lines.filter(|line| DayLog::is_page(line)).map(|line| line.second).collect()
    };
    let gaps_of = |sessions: &mut dyn Iterator<Item = &Vec<usize>>| -> Vec<f64> {
        let gaps = |pages: Vec<u64>| {
            pages.windows(2).map(|two| (two[1] - two[0]) as f64).collect::<Vec<_>>()
        };
        sessions.map(seconds).flat_map(gaps).collect()
    };
    let is_browsers = |session: &&Vec<usize>| {
        let has_files = session.iter().any(|at| log.lines[*at].is_static);
        has_files && !log.lines[session[0]].is_machine
    };
    let gaps = gaps_of(&mut sessions.iter());
    let of_browsers = gaps_of(&mut sessions.iter().filter(is_browsers));
    let logarithms: Vec<f64> =
        of_browsers.iter().filter(|gap| **gap > 0.0).map(|gap| gap.ln()).collect();
    let of_people = |line: &&Line| !line.is_machine;
    let files = log.lines.iter().filter(of_people).filter(|line| line.is_static).count();
    let pages = log.lines.iter().filter(of_people).filter(|line| DayLog::is_page(line)).count();
    vec![
        ("gaps between pages, variation", variation(&gaps), 1.3..=5.0),
        ("gaps between pages, spread of ln", deviation(&logarithms), 1.4..=2.3),
        ("static files a page", share(files, pages), 2.0..=10.0),
    ]
}

fn share(some: usize, all: usize) -> f64 {
    some as f64 / all as f64
}

/// The statistics of a day that lie outside their ranges.
fn outside(profile: &str) -> Vec<String> {
    let log = DayLog::new(profile, 1);
    let sessions = log.sessions();
    let statistics = [
        of_hits(&log),
        of_outcomes(&log),
        of_sizes(&log),
        of_sessions(&log, &sessions),
        of_pages(&log, &sessions),
    ];
    let outside = |(name, value, range): Statistic| {
        (!range.contains(&value)).then(|| format!("{name}: {value:.3}, not within {range:?}"))
    };
    statistics.into_iter().flatten().filter_map(outside).collect()
}

#[test]
fn a_day_of_the_shop_looks_like_a_day_of_a_shop() {
    assert_eq!(outside("shop"), Vec::<String>::new());
}

#[test]
fn a_day_of_a_site_that_is_read_looks_like_one() {
    assert_eq!(outside("content"), Vec::<String>::new());
}

#[test]
fn a_day_of_a_persons_own_site_looks_like_one() {
    assert_eq!(outside("personal"), Vec::<String>::new());
}

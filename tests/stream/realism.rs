//! What tells a real site's log from a naive one, measured on a simulated day of a profile. Each statistic is defined as in
//! log analysers: a client is an address with a user agent, a session ends after half an hour of silence, a page is a GET of no
//! static file that succeeds. The bands hold real logs of shops and company sites of 2018 to 2026.

use std::collections::{HashMap, HashSet};
use std::ops::RangeInclusive;

use access_log_generator::inside::config::Profile;
use access_log_generator::{Formatter, LogId, Logs, RenderedHits, SECOND, Stream, Time};

use crate::{START, config};

/// One line of a combined log.
struct Line {
    second: u64,
    client: usize,
    path: usize,
    target: usize,
    status: u16,
    size: Option<f64>,
    is_get: bool,
    is_static: bool,
    referrer: Option<Option<usize>>,
}

/// A day's lines, with what was numbered.
struct DayLog {
    lines: Vec<Line>,
    agents: usize,
    hosts: usize,
    host_of: Vec<usize>,
}

fn number<T: std::hash::Hash + Eq>(table: &mut HashMap<T, usize>, item: T) -> usize {
    let next = table.len();
    *table.entry(item).or_insert(next)
}

fn is_static(path: &str) -> bool {
    let ending = path.rsplit('.').next().unwrap_or_default();
    ["css", "js", "png", "jpg", "gif", "ico", "svg", "webp", "woff2"].contains(&ending)
}

impl DayLog {
    fn new(seed: u64) -> Self {
        let config = config(|config| {
            config.profile = Some(Profile::Shop);
            config.output.rate = 0.46;
        });
        let mut stream = Stream::new(&config, seed, START);
        let (mut hits, mut rendered) = (Vec::new(), RenderedHits::default());
        stream.fill(START + 86_400 * SECOND, usize::MAX, &mut hits);
        Formatter::new(Logs::new(&config, stream.site())).render(&hits, &mut rendered);
        let text = String::from_utf8(rendered.bytes_of(LogId::ACCESS).to_vec()).unwrap();
        Self::read(&text, &hits.iter().map(|hit| hit.time).collect::<Vec<_>>())
    }

    fn read(text: &str, times: &[Time]) -> Self {
        let (mut hosts, mut agents, mut clients) = (HashMap::new(), HashMap::new(), HashMap::new());
        let (mut paths, mut targets) = (HashMap::new(), HashMap::new());
        let mut host_of = Vec::new();
        let mut line = |(line, time): (&str, &Time)| {
            let quoted: Vec<&str> = line.split('"').collect();
            let host = number(&mut hosts, line.split(' ').next().unwrap().to_owned());
            let agent = number(&mut agents, quoted[5].to_owned());
            let client = number(&mut clients, (host, agent));
            if client == host_of.len() {
                host_of.push(host);
            }
            let request: Vec<&str> = quoted[1].split(' ').collect();
            let target = request.get(1).copied().unwrap_or("-");
            let path = target.split('?').next().unwrap();
            let mut result = quoted[2].split_whitespace();
            let status = result.next().unwrap().parse().unwrap();
            let own = quoted[3].strip_prefix("https://www.example.com");
            let referrer = own.map(|own| own.split('?').next().unwrap().to_owned());
            Line {
                second: time / SECOND,
                client,
                path: number(&mut paths, path.to_owned()),
                target: number(&mut targets, target.to_owned()),
                status,
                size: result.next().unwrap().parse().ok().filter(|size| *size > 0.0),
                is_get: request[0] == "GET",
                is_static: is_static(path),
                referrer: (quoted[3] != "-").then(|| referrer.map(|path| number(&mut paths, path))),
            }
        };
        let lines = text.lines().zip(times).map(&mut line).collect();
        Self { lines, agents: agents.len(), hosts: hosts.len(), host_of }
    }

    fn is_page(line: &Line) -> bool {
        line.is_get && !line.is_static && matches!(line.status, 200 | 206 | 304)
    }

    fn share(&self, of: impl Fn(&Line) -> bool, among: impl Fn(&Line) -> bool) -> f64 {
        let all = self.lines.iter().filter(|line| among(line)).count();
        let some = self.lines.iter().filter(|line| among(line) && of(line)).count();
        some as f64 / all as f64
    }

    /// The sessions of each client, as the lines' indexes.
    fn sessions(&self) -> Vec<Vec<usize>> {
        let mut open: HashMap<usize, Vec<usize>> = HashMap::new();
        let mut sessions = Vec::new();
        for (index, line) in self.lines.iter().enumerate() {
            let session = open.entry(line.client).or_default();
            if session.last().is_some_and(|last| line.second - self.lines[*last].second > 1_800) {
                sessions.push(std::mem::take(session));
            }
            session.push(index);
        }
        sessions.extend(open.into_values());
        sessions
    }
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// The standard deviation over the mean.
fn variation(values: &[f64]) -> f64 {
    deviation(values) / mean(values)
}

fn deviation(values: &[f64]) -> f64 {
    let mean = mean(values);
    (values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / values.len() as f64).sqrt()
}

fn quantile(values: &mut [f64], share: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    values[((values.len() as f64 * share).ceil() as usize).clamp(1, values.len()) - 1]
}

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
    let without_referrer = log.share(|line| line.referrer.is_none(), DayLog::is_page);
    vec![
        ("lines", log.lines.len() as f64, 39_000.0..=41_000.0),
        ("referrer consistency", referrer_consistency(log), 0.40..=0.96),
        ("external referrers", log.share(|line| line.referrer == Some(None), all), 0.005..=0.09),
        ("pages without a referrer", without_referrer, 0.30..=0.93),
        ("static files", log.share(|line| line.is_static, all), 0.35..=0.90),
        ("paths for 1,000 lines", 1_000.0 * share(of_path.len(), log.lines.len()), 20.0..=200.0),
        ("paths seen once", share(once, of_path.len()), 0.2..=0.7),
        ("agents for an address", share(log.agents, log.hosts), 0.10..=0.56),
    ]
}

fn of_sizes(log: &DayLog) -> Vec<Statistic> {
    let mut sizes: Vec<f64> =
        log.lines.iter().filter(|line| line.status == 200).filter_map(|line| line.size).collect();
    let logarithms: Vec<f64> = sizes.iter().map(|size| size.ln()).collect();
    let tail = quantile(&mut sizes, 0.99) / quantile(&mut sizes, 0.5);
    vec![
        ("ln-size variance explained by URL", explained_by_url(log), 0.91..=0.998),
        ("size, 99 % over 50 %", tail, 6.0..=420.0),
        ("size, variation", variation(&sizes), 1.5..=6.3),
        ("size, spread of ln", deviation(&logarithms), 1.3..=2.5),
    ]
}

fn of_sessions(log: &DayLog) -> Vec<Statistic> {
    let sessions = log.sessions();
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
    for session in &sessions {
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
        ("arrivals of sessions", arrivals(log, &sessions), 0.93..=2.1),
    ]
}

fn share(some: usize, all: usize) -> f64 {
    some as f64 / all as f64
}

#[test]
fn a_day_of_the_shop_looks_like_a_day_of_a_shop() {
    let log = DayLog::new(1);
    let statistics = [of_hits(&log), of_sizes(&log), of_sessions(&log)].concat();
    let outside: Vec<String> = statistics
        .iter()
        .filter(|(_, value, band)| !band.contains(value))
        .map(|(name, value, band)| format!("{name}: {value:.3}, not within {band:?}"))
        .collect();
    assert!(outside.is_empty(), "{outside:#?}");
}

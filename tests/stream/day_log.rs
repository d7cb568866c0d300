//! A simulated day's log, read as log analysers read one: a client is an address with a user agent, a session ends after half an
//! hour of silence, and a page is a GET of no static file that succeeds.

use std::collections::{HashMap, HashSet};
use std::net::Ipv4Addr;

use access_log_generator::{Config, Formatter, LogId, Logs, RenderedHits, SECOND, Stream, Time};

use crate::START;

/// One line of a combined log.
pub struct Line {
    pub second: u64,
    /// An address with a user agent.
    pub client: usize,
    pub agent: usize,
    pub path: usize,
    pub target: usize,
    pub status: u16,
    pub size: Option<f64>,
    pub is_get: bool,
    pub is_static: bool,
    /// The user is no browser's: it names itself a bot, or has no agent.
    pub is_machine: bool,
    pub has_user: bool,
    /// The path of a referrer of this site; `Some(None)` is another site.
    pub referrer: Option<Option<usize>>,
    pub is_referrer_relative: bool,
}

/// A day's lines, with what was numbered.
pub struct DayLog {
    pub lines: Vec<Line>,
    /// How many user agents there are.
    pub agents: usize,
    /// How many addresses there are, and how many /16 networks of IPv4 for each address of IPv4.
    pub hosts: usize,
    pub networks_for_a_host: f64,
    /// The address of each client.
    pub host_of: Vec<usize>,
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
    /// A Thursday of a profile: about 40,000 lines.
    pub fn new(profile: &str, seed: u64) -> Self {
        let yaml = format!("profile: {profile}\noutput: {{rate: 0.46}}");
        let config = Config::from_yaml(&yaml).unwrap();
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
            let name = quoted[5].to_lowercase();
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
                agent,
                is_machine: !name.starts_with("mozilla")
                    || name.contains("bot")
                    || name.contains("http"),
                has_user: line.split(' ').nth(2) != Some("-"),
                is_referrer_relative: quoted[3].starts_with('/'),
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
        let v4 = hosts.keys().filter_map(|host: &String| host.parse::<Ipv4Addr>().ok());
        let v4: Vec<[u8; 4]> = v4.map(|host| host.octets()).collect();
        let networks: HashSet<[u8; 2]> = v4.iter().map(|host| [host[0], host[1]]).collect();
        let networks_for_a_host = networks.len() as f64 / v4.len() as f64;
        Self { lines, agents: agents.len(), hosts: hosts.len(), networks_for_a_host, host_of }
    }

    /// Whether a line is a page view.
    pub fn is_page(line: &Line) -> bool {
        line.is_get && !line.is_static && matches!(line.status, 200 | 206 | 304)
    }

    /// The share of lines among some.
    pub fn share(&self, of: impl Fn(&Line) -> bool, among: impl Fn(&Line) -> bool) -> f64 {
        let all = self.lines.iter().filter(|line| among(line)).count();
        let some = self.lines.iter().filter(|line| among(line) && of(line)).count();
        some as f64 / all as f64
    }

    /// The sessions of each client, as the lines' indexes.
    pub fn sessions(&self) -> Vec<Vec<usize>> {
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

pub fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// The standard deviation over the mean.
pub fn variation(values: &[f64]) -> f64 {
    deviation(values) / mean(values)
}

pub fn deviation(values: &[f64]) -> f64 {
    let mean = mean(values);
    (values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / values.len() as f64).sqrt()
}

pub fn quantile(values: &mut [f64], share: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    values[((values.len() as f64 * share).ceil() as usize).clamp(1, values.len()) - 1]
}

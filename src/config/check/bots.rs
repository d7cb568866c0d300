//! `actors.bots`: which bots there are.

use super::cursor::ConfigItem;
use super::visitors::{network, text};
use crate::config::bots::{Bot, BotKind, HttpVersion};
use crate::config::keys::bots::{AGENT, HTTP, KIND, MOST_BOTS, PATHS};
use crate::config::keys::further_logs::REMOTE_HOST;
use crate::config::keys::visitors::LONGEST;
use crate::config::keys::{Section, preset};
use crate::config::probe_list::ScannerPath;
use crate::config::tree::Value;
use crate::likeness::likely;

/// Reads the list; the kinds that are not in it keep what `usual` has.
pub fn bots(item: &ConfigItem<'_>, usual: &[Bot]) -> Vec<Bot> {
    const EXPECTED: &str = "a list of bots, each with \"kind\", \"user_agent\" and \"network\"";
    let items = item.list(EXPECTED).unwrap_or_default();
    let listed: Vec<Bot> = items.iter().filter_map(bot).collect();
    let kept = usual.iter().filter(|bot| listed.iter().all(|other| other.kind != bot.kind));
    let mut bots: Vec<Bot> = kept.chain(&listed).cloned().collect();
    // Those of a kind stand together, in the order of the list.
    bots.sort_by_key(|bot| bot.kind);
    if bots.len() > MOST_BOTS {
        item.error(format!(
            "found {} bots, with those of the other kinds, expected at most {MOST_BOTS}",
            bots.len()
        ));
        return usual.to_vec();
    }
    bots
}

fn bot(item: &ConfigItem<'_>) -> Option<Bot> {
    let map = item.map("a map with \"kind\", \"user_agent\" and \"network\"")?;
    let mut bot: Bot = preset();
    let kind = map.require("kind", KIND.expected).and_then(|item| kind(&item));
    let agent = map.require("user_agent", AGENT.expected);
    let agent = agent.and_then(|item| text(&item, AGENT.expected));
    let from = map.require("network", REMOTE_HOST.expected).and_then(|item| network(&item));
    let http = map.get("http").and_then(|item| http(&item));
    let paths = map.get("paths").map(|item| (paths(&item), item));
    map.fill(Bot::KEYS, &mut bot);
    map.finish();
    bot.http = http;
    bot.kind = kind?;
    if let Some((paths, item)) = paths {
        if bot.kind != BotKind::Scanners {
            return item.wrong("no paths here: only scanners go by a list");
        }
        bot.paths = paths?;
    }
    bot.user_agent = agent.filter(|agent| agent != "-").unwrap_or_default();
    bot.network = from?;
    Some(bot)
}

fn http(item: &ConfigItem<'_>) -> Option<HttpVersion> {
    // A person writes 1.1, which YAML takes for a number.
    let name = match item.value() {
        Value::Float(number) => format!("{number:.1}"),
        Value::Text(text) => text.clone(),
        _ => return item.wrong(HTTP.expected),
    };
    let version = HttpVersion::ALL.into_iter().find(|version| version.name() == name);
    version.or_else(|| item.wrong(HTTP.expected))
}

fn paths(item: &ConfigItem<'_>) -> Option<Vec<ScannerPath>> {
    let items = item.list(PATHS.expected)?;
    if items.is_empty() {
        return item.wrong(PATHS.expected);
    }
    let path = |item: &ConfigItem<'_>| {
        let text = item.text(PATHS.expected)?;
        ScannerPath::parse(text)
            .filter(|_| text.len() <= LONGEST)
            .or_else(|| item.wrong(PATHS.expected))
    };
    let paths: Vec<ScannerPath> = items.iter().filter_map(path).collect();
    (paths.len() == items.len()).then_some(paths)
}

fn kind(item: &ConfigItem<'_>) -> Option<BotKind> {
    let name = item.text(KIND.expected)?;
    BotKind::from_name(name).or_else(|| {
        match likely(name, BotKind::ALL.iter().map(|kind| kind.name())) {
            Some(meant) => item.wrong(format!("a kind of bot: did you mean \"{meant}\"?")),
            None => item.wrong(KIND.expected),
        }
    })
}

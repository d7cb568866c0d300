//! What can be changed while a run goes on, and what a configuration is after it. Pure: the same acts at the same times make the
//! same configuration, live and again.

use super::keys::output::RATE;
use super::keys::scenario::MOST_EVENTS;
use super::print::tree;
use super::report::ConfigErrors;
use super::source::read_recorded_tree;
use super::tree::{Node, Value};
use super::{Config, ScenarioEvent, Steered, Turn};
use crate::likeness::likely;
use crate::time::Time;

/// The settings that can change while sessions go on: how many lines come when, when the server fails, and what happens. All
/// others decide what the site and its visitors are.
const STEERED: [&[&str]; 7] = [
    &["output", "rate"],
    &["output", "burst_seconds"],
    &["traffic_patterns"],
    &["traffic_curve"],
    &["traffic_noise"],
    &["failures"],
    &["scenario"],
];

/// Something that a run is told to do with its stream.
#[derive(Clone, Debug, PartialEq)]
pub enum Act {
    /// Another `output.rate`, lines per second over all shards.
    Rate(f64),
    /// Starts an event of the scenario, by its name.
    Start(String),
    /// Stops an event of the scenario, by its name.
    Stop(String),
    /// Another configuration, of the same site and the same visitors.
    Settings(Box<Config>),
}

/// An act, and from when on it holds.
#[derive(Clone, Debug, PartialEq)]
pub struct TimedAct {
    /// From when on it holds, in simulated time.
    pub at: Time,
    /// The act.
    pub act: Act,
}

impl Config {
    /// The configuration in force after an act at `at`.
    ///
    /// # Errors
    /// The rate is out of range, or the scenario has no event of that name.
    pub fn after(&self, act: &Act, at: Time) -> Result<Self, String> {
        let mut config = self.clone();
        match act {
            Act::Rate(rate) => config.output.rate = checked_rate(*rate)?,
            Act::Start(name) => config.turn(name, Turn { at, begins: true })?,
            Act::Stop(name) => config.turn(name, Turn { at, begins: false })?,
            Act::Settings(next) => {
                config.scenario = roster(&self.scenario, &next.scenario, at);
                config.output.rate = next.output.rate;
                config.output.burst_seconds = next.output.burst_seconds;
                config.traffic_pattern = next.traffic_pattern.clone();
                config.failures = next.failures.clone();
            }
        }
        Ok(config)
    }

    /// The configuration as it is in force, without the acts that led to it. An event that was started by hand is over.
    pub fn settled(&self) -> Self {
        let mut config = self.clone();
        config.scenario.retain(|event| event.steered.is_in_force());
        config.scenario.iter_mut().for_each(|event| event.steered = Steered::default());
        config
    }

    fn turn(&mut self, name: &str, turn: Turn) -> Result<(), String> {
        let in_force = |event: &&mut ScenarioEvent| event.steered.is_in_force();
        let mut events = self.scenario.iter_mut().filter(in_force);
        match events.find(|event| event.name == name) {
            Some(event) => event.steered.turn(turn),
            None => return Err(self.no_such_event(name)),
        }
        Ok(())
    }

    fn no_such_event(&self, name: &str) -> String {
        let in_force = self.scenario.iter().filter(|event| event.steered.is_in_force());
        let names: Vec<&str> = in_force.map(|event| event.name.as_str()).collect();
        let expected = match (names.is_empty(), likely(name, names.iter().copied())) {
            (true, _) => "it has none; give it a `scenario`".to_owned(),
            (_, Some(meant)) => format!("did you mean {meant}?"),
            (_, None) => format!("it has {}", names.join(", ")),
        };
        format!("the scenario has no event {name}; {expected}")
    }

    /// Whether sessions can go on when `next` comes into force at `at`: it has the same site and the same visitors.
    pub fn keeps_its_sessions(&self, next: &Self, at: Time) -> bool {
        let mut sites = [tree(&self.settled()), tree(next)];
        for site in &mut sites {
            STEERED.iter().for_each(|path| remove(site, path));
        }
        sites[0] == sites[1] && roster(&self.scenario, &next.scenario, at).len() <= MOST_EVENTS
    }

    /// The configuration with what cannot change while the process runs as `running` has it, and the keys that this concerns.
    pub fn as_far_as_it_can_change(&self, running: &Self) -> (Self, Vec<String>) {
        let (before, next) = (tree(running), tree(self));
        let keys = |tree: &Node| match tree.at(&["output"]).map(|output| &output.value) {
            Some(Value::Map(entries)) => entries.iter().map(|entry| entry.key.clone()).collect(),
            _ => Vec::new(),
        };
        let mut all: Vec<String> = keys(&next);
        all.extend(keys(&before).into_iter().filter(|key| !keys(&next).contains(key)));
        all.retain(|key| {
            let path = ["output", key.as_str()];
            !STEERED.contains(&path.as_slice()) && before.at(&path) != next.at(&path)
        });
        let mut config = self.clone();
        let (rate, burst_seconds) = (config.output.rate, config.output.burst_seconds);
        config.output = running.output.clone();
        (config.output.rate, config.output.burst_seconds) = (rate, burst_seconds);
        let keys = all.into_iter().map(|key| format!("output.{key}")).collect();
        (config, keys)
    }
}

/// Those settings of a configuration that can change while sessions go on, as a tree.
pub fn steered_settings(config: &Config) -> Node {
    let all = tree(config);
    let mut steered = Node::map([("output", Node::map::<&str>([]))]);
    STEERED.iter().for_each(|path| take_over(&mut steered, &all, path));
    steered
}

/// The configuration of a run with other [`steered_settings`], as a record has them.
///
/// # Errors
/// What is wrong with them for this version of the program.
pub fn with_settings(config: &Config, settings: &Node) -> Result<Config, ConfigErrors> {
    let mut all = tree(&config.settled());
    STEERED.iter().for_each(|path| take_over(&mut all, settings, path));
    read_recorded_tree(&all)
}

/// Removes what stands at a path.
fn remove(tree: &mut Node, path: &[&str]) {
    let Some((key, section)) = path.split_last() else { return };
    if let Some(section) = tree.at_mut(section) {
        section.remove(key);
    }
}

/// Sets what stands at a path in one tree to what stands there in another.
fn take_over(into: &mut Node, from: &Node, path: &[&str]) {
    let Some((key, section)) = path.split_last() else { return };
    let Some(place) = into.at_mut(section) else { return };
    match from.at(path) {
        Some(node) => place.set(key, node.clone()),
        None => place.remove(key),
    }
}

fn checked_rate(rate: f64) -> Result<f64, String> {
    if RATE.contain(rate) {
        return Ok(rate);
    }
    Err(format!("{rate} is no rate; expected lines per second, {}", RATE.words()))
}

/// The entries that a scenario has had: those of before, of which the ones that `next` lacks end `at`; and behind them, from then
/// on, those that are new. So an entry keeps its place, by which the hits of its events are marked.
fn roster(before: &[ScenarioEvent], next: &[ScenarioEvent], at: Time) -> Vec<ScenarioEvent> {
    let mut all = before.to_vec();
    let is_still_there =
        |event: &ScenarioEvent| next.iter().any(|other| event.says_the_same(other));
    for event in all.iter_mut().filter(|event| event.steered.is_in_force()) {
        if !is_still_there(event) {
            event.steered.until = at;
        }
    }
    let is_there = |new: &ScenarioEvent| {
        before.iter().any(|event| event.steered.is_in_force() && event.says_the_same(new))
    };
    let begins = |new: &ScenarioEvent| ScenarioEvent {
        steered: Steered { from: at, ..Steered::default() },
        ..new.clone()
    };
    all.extend(next.iter().filter(|new| !is_there(new)).map(begins));
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHOP: &str = "profile: shop\noutput: {rate: 10}\nscenario: [{kind: surge, name: sale, at: +1h, for: 1h, multiplier: 2}]\n";

    fn config(yaml: &str) -> Config {
        Config::from_yaml(yaml).unwrap()
    }

    #[test]
    fn rates_patterns_failures_and_events_can_change_while_sessions_go_on_and_a_site_cannot() {
        let before = config(SHOP);
        for (yaml, keeps) in [
            (SHOP.replace("rate: 10", "rate: 700, burst_seconds: 5"), true),
            (format!("{SHOP}traffic_curve: stepped\ntraffic_noise: 0\n"), true),
            (format!("{SHOP}failures: {{spells_per_day: 9}}\n"), true),
            (SHOP.replace("surge", "flash_crowd").replace("2}", "2, page: /products}"), true),
            ("profile: shop".to_owned(), true),
            (format!("{SHOP}site: {{products: 7}}\n"), false),
            (format!("{SHOP}error_rates: {{global_500_rate: 0.5}}\n"), false),
            (SHOP.replace("shop", "content"), false),
        ] {
            assert_eq!(before.keeps_its_sessions(&config(&yaml), 5), keeps, "{yaml}");
        }
    }

    #[test]
    fn what_belongs_to_the_process_stays_and_is_named() {
        let before = config(SHOP);
        let next = config(
            "profile: shop\noutput: {rate: 20, directory: elsewhere, debug: true, format: common}\n",
        );
        let (config, fixed) = next.as_far_as_it_can_change(&before);
        assert_eq!(fixed, ["output.directory", "output.format", "output.debug"]);
        assert_eq!(
            (config.output.rate, &config.output.directory),
            (20.0, &before.output.directory)
        );
    }

    #[test]
    fn an_entry_keeps_its_place_when_others_come_and_go() {
        let before = config(SHOP);
        let other = "- {kind: ssrf, at: +1h, for: 1h}\n";
        let both = SHOP.replace("[{", "\n- {").replace("}]", "}") + other;
        let added = before.after(&Act::Settings(Box::new(config(&both))), 100).unwrap();
        let gone = added.after(&Act::Settings(Box::new(config("profile: shop"))), 200).unwrap();
        let again = gone.after(&Act::Settings(Box::new(config(SHOP))), 300).unwrap();
        let of =
            |event: &ScenarioEvent| (event.name.clone(), event.steered.from, event.steered.until);
        let entries: Vec<_> = again.scenario.iter().map(of).collect();
        let expected = [("sale", 0, 200), ("ssrf", 100, 200), ("sale", 300, Time::MAX)];
        assert_eq!(entries, expected.map(|(name, from, until)| (name.to_owned(), from, until)));
        assert_eq!(again.settled(), before);
    }

    #[test]
    fn of_a_start_and_a_stop_at_one_time_the_last_counts() {
        let told = |acts: &[Act]| {
            let fold = |config: Config, act: &Act| config.after(act, 7).unwrap();
            acts.iter().fold(config(SHOP), fold).scenario[0].steered.turns.clone()
        };
        let [start, stop] = [Act::Start("sale".into()), Act::Stop("sale".into())];
        assert_eq!(told(&[start.clone(), stop.clone()]), [Turn { at: 7, begins: false }]);
        assert_eq!(told(&[stop, start]), [Turn { at: 7, begins: true }]);
    }

    #[test]
    fn what_cannot_be_done_is_refused_with_what_could() {
        let config = config(SHOP);
        let refused = |act: Act| config.after(&act, 1).unwrap_err();
        assert!(refused(Act::Rate(0.0)).contains("0 is no rate; expected lines per second"));
        assert!(refused(Act::Start("sales".into())).ends_with("did you mean sale?"));
        assert!(refused(Act::Stop("xyz".into())).ends_with("it has sale"));
    }

    #[test]
    fn recorded_settings_bring_the_configuration_back() {
        let before = config(SHOP);
        let next =
            config(&SHOP.replace("rate: 10", "rate: 3.5, burst_seconds: 9").replace("2}", "3}"));
        let text = serde_json::to_string(&steered_settings(&next)).unwrap();
        let read = crate::config::raw::read_json(&text).unwrap();
        assert_eq!(with_settings(&before, &read).unwrap(), next);
    }
}

//! The acts of an epoch, as `run.json` has them: what the run was told while it went on, and from when on that holds.

use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::value::{RawValue, to_raw_value};

use crate::config::Config;
use crate::config::raw::read_json;
use crate::config::steering::{Act, TimedAct, steered_settings, with_settings};
use crate::time::{time, timestamp};

/// Something that a run was told to do with its stream.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RecordedAct {
    /// From when on it holds, in simulated time.
    pub at: Timestamp,
    /// What it is.
    act: ActName,
    /// The new rate, lines per second over all shards.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    rate: Option<f64>,
    /// The name of the event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    event: Option<String>,
    /// The settings that can change while sessions go on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    settings: Option<Box<RawValue>>,
}

/// What kinds of acts there are.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum ActName {
    Rate,
    Start,
    Stop,
    Settings,
}

impl RecordedAct {
    /// The record of an act.
    pub fn of(act: &TimedAct) -> Self {
        let blank = |name: ActName| Self {
            at: timestamp(act.at),
            act: name,
            rate: None,
            event: None,
            settings: None,
        };
        match &act.act {
            Act::Rate(rate) => Self { rate: Some(*rate), ..blank(ActName::Rate) },
            Act::Start(event) => Self { event: Some(event.clone()), ..blank(ActName::Start) },
            Act::Stop(event) => Self { event: Some(event.clone()), ..blank(ActName::Stop) },
            Act::Settings(config) => {
                let settings = to_raw_value(&steered_settings(config))
                    .expect("a tree of plain values has a JSON form");
                Self { settings: Some(settings), ..blank(ActName::Settings) }
            }
        }
    }

    /// The act, of a run that had this configuration before it.
    ///
    /// # Errors
    /// It lacks what an act of its kind has, or this version of the program cannot run with its settings.
    fn act(&self, before: &Config) -> Result<Act, String> {
        let lacks = |what: &str| format!("the act at {} has no {what}", self.at);
        let event = || self.event.clone().ok_or_else(|| lacks("event"));
        Ok(match self.act {
            ActName::Rate => Act::Rate(self.rate.ok_or_else(|| lacks("rate"))?),
            ActName::Start => Act::Start(event()?),
            ActName::Stop => Act::Stop(event()?),
            ActName::Settings => {
                let settings = self.settings.as_ref().ok_or_else(|| lacks("settings"))?;
                let settings = read_json(settings.get())?;
                let config =
                    with_settings(before, &settings).map_err(|errors| errors.to_string())?;
                Act::Settings(Box::new(config))
            }
        })
    }
}

/// An act, with the configuration that it brings into force.
#[derive(Clone, Debug, PartialEq)]
pub struct ActInForce {
    /// The act.
    pub told: TimedAct,
    /// The configuration from then on.
    pub config: Arc<Config>,
}

/// The acts of an epoch that began with `config`, in order.
///
/// # Errors
/// What is wrong with one of the acts.
pub fn in_force(config: &Config, acts: &[RecordedAct]) -> Result<Vec<ActInForce>, String> {
    let mut all: Vec<ActInForce> = Vec::with_capacity(acts.len());
    for recorded in acts {
        let (at, last) = (time(recorded.at), all.last());
        if last.is_some_and(|last| last.told.at > at) {
            return Err(format!("the act at {} comes before the one before it", recorded.at));
        }
        let before = last.map_or(config, |last| &last.config);
        let act = recorded.act(before)?;
        let config = Arc::new(before.after(&act, at)?);
        all.push(ActInForce { told: TimedAct { at, act }, config });
    }
    Ok(all)
}

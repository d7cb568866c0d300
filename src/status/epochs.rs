//! The epochs of a run with what each left out and was told, in order, for run.json.

use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;

use crate::config::Config;
use crate::config::steering::TimedAct;
use crate::epoch::Beginning;
use crate::pace::LeftOut;

/// An epoch, with what happened in it.
#[derive(Clone, Debug)]
pub struct EpochPast {
    /// The epoch.
    pub epoch: Beginning,
    /// The configuration that it began with; `None` if it is that of the epoch before, or of the run.
    pub config: Option<Arc<Config>>,
    /// The acts in order.
    pub acts: Vec<TimedAct>,
    /// The gaps in order. The line before each gap is numbered within the run, not within the epoch.
    pub gaps: Vec<LeftOut>,
}

impl EpochPast {
    fn begun(epoch: Beginning, config: Option<Arc<Config>>) -> Self {
        Self { epoch, config, acts: Vec::new(), gaps: Vec::new() }
    }
}

/// All epochs of a run, in order.
#[derive(Debug)]
pub struct Epochs(Mutex<Vec<EpochPast>>);

impl Epochs {
    /// The epochs of a run that begins with `first`.
    pub fn new(first: Beginning) -> Self {
        Self(Mutex::new(vec![EpochPast::begun(first, None)]))
    }

    /// Adds an epoch, with its configuration if that is another.
    pub fn begin(&self, epoch: Beginning, config: Option<Arc<Config>>) {
        self.0.lock().push(EpochPast::begun(epoch, config));
    }

    /// Adds an act to the current epoch.
    pub fn acted(&self, act: TimedAct) {
        self.0.lock().last_mut().expect("a run has an epoch").acts.push(act);
    }

    /// How many acts there were.
    pub fn acts(&self) -> u64 {
        self.0.lock().iter().map(|epoch| epoch.acts.len() as u64).sum()
    }

    /// Adds a gap to the current epoch.
    pub fn left_out(&self, left_out: LeftOut) {
        self.0.lock().last_mut().expect("a run has an epoch").gaps.push(left_out);
    }

    /// The current epoch.
    pub fn current(&self) -> Beginning {
        self.0.lock().last().expect("a run has an epoch").epoch
    }

    /// The number of epochs.
    pub fn count(&self) -> u64 {
        self.0.lock().len() as u64
    }

    /// The epochs from number `epoch` on, counted from 0. The first `gaps` gaps and `acts` acts of the first of them are
    /// omitted.
    pub fn since(&self, epoch: usize, gaps: usize, acts: usize) -> Vec<EpochPast> {
        let all = self.0.lock();
        let mut since = Vec::with_capacity(all.len() - epoch);
        if let Some(EpochPast { epoch, config, acts: told, gaps: left_out }) = all.get(epoch) {
            let (acts, gaps) = (told[acts..].to_vec(), left_out[gaps..].to_vec());
            since.push(EpochPast { epoch: *epoch, config: config.clone(), acts, gaps });
        }
        since.extend(all.iter().skip(epoch + 1).cloned());
        since
    }

    /// The number of gaps.
    pub fn gaps(&self) -> u64 {
        self.sum(|_| 1)
    }

    /// The number of lines that were left out.
    pub fn lines_left_out(&self) -> u64 {
        self.sum(|gap| gap.lines)
    }

    /// The simulated time that was left out.
    pub fn time_left_out(&self) -> Duration {
        self.0.lock().iter().flat_map(|epoch| &epoch.gaps).map(LeftOut::length).sum()
    }

    fn sum(&self, figure: impl Fn(&LeftOut) -> u64) -> u64 {
        self.0.lock().iter().flat_map(|epoch| &epoch.gaps).map(figure).sum()
    }
}

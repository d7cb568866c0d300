//! The epochs of a run, and what was left out in each: what run.json records, in order.

use std::time::Duration;

use parking_lot::Mutex;

use crate::epoch::Beginning;
use crate::pace::LeftOut;

/// An epoch, and what was left out in it.
#[derive(Clone, Debug)]
pub struct EpochGaps {
    /// The epoch.
    pub epoch: Beginning,
    /// What was left out in it, in order. The number of the line before each gap is one of the run, not of
    /// the epoch.
    pub gaps: Vec<LeftOut>,
}

/// The epochs of a run.
#[derive(Debug)]
pub struct Epochs(Mutex<Vec<EpochGaps>>);

impl Epochs {
    /// Those of a run that begins with `first`.
    pub fn new(first: Beginning) -> Self {
        Self(Mutex::new(vec![EpochGaps { epoch: first, gaps: Vec::new() }]))
    }

    /// Another one begins.
    pub fn begin(&self, epoch: Beginning) {
        self.0.lock().push(EpochGaps { epoch, gaps: Vec::new() });
    }

    /// Something was left out in the last one.
    pub fn left_out(&self, left_out: LeftOut) {
        self.0.lock().last_mut().expect("a run has an epoch").gaps.push(left_out);
    }

    /// The last one.
    pub fn current(&self) -> Beginning {
        self.0.lock().last().expect("a run has an epoch").epoch
    }

    /// How many there are.
    pub fn count(&self) -> u64 {
        self.0.lock().len() as u64
    }

    /// The epochs from the one of this number on, from 0; without the first `gaps` gaps of that one.
    pub fn since(&self, epoch: usize, gaps: usize) -> Vec<EpochGaps> {
        let mut since = self.0.lock()[epoch..].to_vec();
        since[0].gaps.drain(..gaps);
        since
    }

    /// How often something was left out.
    pub fn gaps(&self) -> u64 {
        self.sum(|_| 1)
    }

    /// How many lines were left out.
    pub fn lines_left_out(&self) -> u64 {
        self.sum(|gap| gap.lines)
    }

    /// How much simulated time was left out.
    pub fn time_left_out(&self) -> Duration {
        self.0.lock().iter().flat_map(|epoch| &epoch.gaps).map(LeftOut::length).sum()
    }

    fn sum(&self, figure: impl Fn(&LeftOut) -> u64) -> u64 {
        self.0.lock().iter().flat_map(|epoch| &epoch.gaps).map(figure).sum()
    }
}

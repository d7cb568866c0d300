//! The epochs of a run with what each left out, in order, for run.json.

use std::time::Duration;

use parking_lot::Mutex;

use crate::epoch::Beginning;
use crate::pace::LeftOut;

/// An epoch, with the gaps in it.
#[derive(Clone, Debug)]
pub struct EpochGaps {
    /// The epoch.
    pub epoch: Beginning,
    /// The gaps in order. The line before each gap is numbered within the run, not within the epoch.
    pub gaps: Vec<LeftOut>,
}

/// All epochs of a run, in order.
#[derive(Debug)]
pub struct Epochs(Mutex<Vec<EpochGaps>>);

impl Epochs {
    /// The epochs of a run that begins with `first`.
    pub fn new(first: Beginning) -> Self {
        Self(Mutex::new(vec![EpochGaps { epoch: first, gaps: Vec::new() }]))
    }

    /// Adds an epoch.
    pub fn begin(&self, epoch: Beginning) {
        self.0.lock().push(EpochGaps { epoch, gaps: Vec::new() });
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

    /// The epochs from number `epoch` on, counted from 0. The first `gaps` gaps of the first of them are
    /// omitted.
    pub fn since(&self, epoch: usize, gaps: usize) -> Vec<EpochGaps> {
        let mut since = self.0.lock()[epoch..].to_vec();
        since[0].gaps.drain(..gaps);
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

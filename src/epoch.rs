//! An epoch: a stretch of a run with one configuration and one stream. A run has one, and begins another
//! where the clock jumps too far for the stream to follow. Values only; no thread and no clock may enter
//! here, and nothing that belongs to the process: locks, sockets, signals, counters.

mod beginning;

use std::sync::Arc;

pub use beginning::Beginning;

use crate::config::Config;
use crate::format::Logs;
use crate::shard::Shard;
use crate::stream::{Stream, Walk};

/// A configuration in force, with all that follows from it before the first line. It never changes; the
/// batches of its hits carry it with them.
#[derive(Clone, Debug)]
pub struct Epoch {
    /// What is simulated, and how.
    pub config: Arc<Config>,
    /// Which shard of the site it is.
    pub shard: Shard,
    /// The seed of the stream and where that starts.
    pub beginning: Beginning,
    /// The logs that its hits are written to.
    pub logs: Arc<Logs>,
}

/// All of an epoch but its beginning. To make it can take a second for a site of a million URLs, and so it is
/// made before the clock is asked when the epoch begins.
#[derive(Debug)]
pub struct Prepared {
    config: Arc<Config>,
    shard: Shard,
    walk: Walk,
    logs: Arc<Logs>,
}

impl Prepared {
    /// Lays out a configuration's site, and renders all that can be rendered before the first line.
    pub fn new(config: Arc<Config>, shard: Shard) -> Self {
        let walk = Walk::new(&config);
        let logs = Logs::of_shard(&config, walk.site(), shard);
        Self { config, shard, walk, logs }
    }

    /// The epoch with this beginning, and its stream.
    pub fn begin(self, beginning: Beginning) -> (Epoch, Stream) {
        let Self { config, shard, walk, logs } = self;
        let stream = Stream::over(walk, &config, beginning.seed, beginning.start, shard);
        (Epoch { config, shard, beginning, logs }, stream)
    }
}

impl Epoch {
    /// The epoch that goes on with the same configuration from another beginning.
    pub fn from(&self, beginning: Beginning) -> Self {
        Self { beginning, ..self.clone() }
    }
}

//! An epoch is a stretch of a run with one site, its visitors and one stream. Most runs have one. A run begins another if the
//! clock jumps too far for the stream to follow, or if it is told to go on with another site. Epochs are values: no thread and
//! no clock may enter here, and nothing that belongs to the process, such as locks, sockets, signals or
//! counters.

mod beginning;

use std::sync::Arc;

pub use beginning::Beginning;

use crate::config::Config;
use crate::format::Logs;
use crate::shard::Shard;
use crate::stream::scenario::event_pages::{MissingPage, missing_pages};
use crate::stream::{Behaviour, Stream};
use crate::time::Time;

/// A configuration in force, with everything that follows from it before the first line. It never
/// changes, and each batch of hits refers to its epoch.
#[derive(Clone, Debug)]
pub struct Epoch {
    /// The configuration of the simulated site and its logs.
    pub config: Arc<Config>,
    /// The shard of the site.
    pub shard: Shard,
    /// The seed of the stream, and where the stream starts.
    pub beginning: Beginning,
    /// The logs that the hits are written to.
    pub logs: Arc<Logs>,
}

/// An epoch without its beginning. Making it takes up to a second for a site of a million URLs, so it is
/// made before the clock says when the epoch begins.
#[derive(Debug)]
pub struct Prepared {
    config: Arc<Config>,
    shard: Shard,
    behaviour: Behaviour,
    logs: Arc<Logs>,
}

/// An epoch that begins at a time.
#[derive(Debug)]
pub struct ComingEpoch {
    /// When it begins.
    pub at: Time,
    /// Its configuration and its site.
    pub prepared: Prepared,
}

impl Prepared {
    /// Builds the site of a configuration, and renders everything that can be rendered before the first line.
    pub fn new(config: Arc<Config>, shard: Shard) -> Self {
        let behaviour = Behaviour::new(&config);
        let logs = Logs::of_shard(&config, behaviour.site(), shard);
        Self { config, shard, behaviour, logs }
    }

    /// What events of the scenario say of pages that the site does not have.
    pub fn missing_pages(&self) -> Vec<MissingPage> {
        missing_pages(&self.config, self.behaviour.site())
    }

    /// The epoch with this beginning, and its stream.
    pub fn begin(self, beginning: Beginning) -> (Epoch, Stream) {
        let Self { config, shard, behaviour, logs } = self;
        let stream = Stream::over(behaviour, &config, beginning.seed, beginning.start, shard);
        (Epoch { config, shard, beginning, logs }, stream)
    }
}

impl Epoch {
    /// The epoch that continues with the same configuration from another beginning.
    pub fn from(&self, beginning: Beginning) -> Self {
        Self { beginning, ..self.clone() }
    }
}

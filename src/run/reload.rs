//! Reading the configuration again while the run goes on: from where it came from, as it was given then. A configuration that is
//! wrong is refused, and the run goes on with the one that it has.

use std::path::PathBuf;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use log::{error, warn};

use crate::cli::Arguments;
use crate::config::Config;
use crate::config::source::{self, ConfigSource, Loaded, Variables};
use crate::epoch::Prepared;
use crate::orders::{Obeyed, Order, Orders};
use crate::shard::Shard;

/// How often a reload is tried while an epoch is about to begin, and how long it waits before it tries again.
const TRIES: u32 = 50;
const PAUSE: Duration = Duration::from_millis(200);

/// Reads the configuration of a run again, and has the run go on with it.
#[derive(Clone, Debug)]
pub struct Reloader {
    arguments: Arguments,
    /// The file that the configuration came from, if it came from one.
    file: Option<PathBuf>,
    shard: Shard,
    orders: Orders,
}

impl Reloader {
    /// A reloader of a run with this command line, whose configuration was loaded as this.
    pub fn new(arguments: &Arguments, loaded: &Loaded, orders: Orders) -> Self {
        let file = match &loaded.source {
            ConfigSource::Argument(file) | ConfigSource::PathVariable(file) => Some(file.clone()),
            _ => None,
        };
        Self { arguments: arguments.clone(), file, shard: loaded.shard, orders }
    }

    /// Reads the configuration again, and waits for an epoch that is about to begin. Returns what the run does with it.
    ///
    /// # Errors
    /// Why it goes on as it was.
    pub fn reload(&self) -> Result<String, String> {
        for _ in 0..TRIES {
            match self.orders.give(Order::Reload(Box::new(self.read()?))) {
                Obeyed::Busy => thread::sleep(PAUSE),
                obeyed => return self.go_on(obeyed),
            }
        }
        Err(Obeyed::BUSY.to_owned())
    }

    fn go_on(&self, obeyed: Obeyed) -> Result<String, String> {
        match obeyed {
            Obeyed::Done(what) => Ok(what),
            Obeyed::Refused(why) => Err(why),
            Obeyed::Busy => Err(Obeyed::BUSY.to_owned()),
            Obeyed::NeedsAnotherSite(config) => {
                // This takes long for a large site, and the lines go on meanwhile.
                let prepared = Prepared::new(Arc::from(config), self.shard);
                prepared.missing_pages().iter().for_each(|missing| warn!("{missing}"));
                self.go_on(self.orders.give(Order::Begin(Box::new(prepared))))
            }
        }
    }

    fn read(&self) -> Result<Config, String> {
        if let Some(file) = self.file.as_deref().filter(|file| !file.is_file()) {
            // Opening a pipe would wait for its writer.
            let why = format!("{} is no regular file, so it cannot be read again", file.display());
            error!("{why}; the run goes on as it was");
            return Err(why);
        }
        let variables: Variables<'_> = &|name| std::env::var_os(name);
        let loaded = source::load(&(&self.arguments).into(), variables).map_err(|errors| {
            error!("The configuration was read again and is wrong, so the run goes on with the one it has:\n{errors}");
            format!("the configuration is wrong, and the run goes on with the one it has:\n{errors}")
        })?;
        for warning in &loaded.warnings {
            warn!("{warning}");
        }
        Ok(loaded.config)
    }
}

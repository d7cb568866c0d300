//! Reading the configuration again while the run goes on: from where it came from, as it was given then. A configuration that is
//! wrong is refused, and the run goes on with the one that it has.

use std::sync::Arc;

use log::{error, warn};

use crate::cli::Arguments;
use crate::config::source::{self, Variables};
use crate::epoch::Prepared;
use crate::orders::{Obeyed, Order, Orders};
use crate::shard::Shard;

/// Reads the configuration of a run again, and has the run go on with it.
#[derive(Clone, Debug)]
pub struct Reloader {
    arguments: Arguments,
    shard: Shard,
    orders: Orders,
}

impl Reloader {
    /// A reloader of a run with this command line, as this shard of its site.
    pub fn new(arguments: &Arguments, shard: Shard, orders: Orders) -> Self {
        Self { arguments: arguments.clone(), shard, orders }
    }

    /// Reads the configuration again. Returns what the run does with it.
    ///
    /// # Errors
    /// Why it goes on as it was.
    pub fn reload(&self) -> Result<String, String> {
        let variables: Variables<'_> = &|name| std::env::var_os(name);
        let loaded = source::load(&(&self.arguments).into(), variables).map_err(|errors| {
            error!("The configuration was read again and is wrong, so the run goes on with the one it has:\n{errors}");
            format!("the configuration is wrong, and the run goes on with the one it has:\n{errors}")
        })?;
        for warning in &loaded.warnings {
            warn!("{warning}");
        }
        match self.orders.give(Order::Reload(Box::new(loaded.config))) {
            Obeyed::Done(what) => Ok(what),
            Obeyed::Refused(why) => Err(why),
            Obeyed::NeedsAnotherSite(config) => {
                // This takes long for a large site, and the lines go on meanwhile.
                let prepared = Prepared::new(Arc::from(config), self.shard);
                match self.orders.give(Order::Begin(Box::new(prepared))) {
                    Obeyed::Done(what) => Ok(what),
                    Obeyed::Refused(why) => Err(why),
                    Obeyed::NeedsAnotherSite(_) => unreachable!("its site is prepared"),
                }
            }
        }
    }
}

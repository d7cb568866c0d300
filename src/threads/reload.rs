//! The thread `reload` reads the configuration again each time that SIGHUP asks for it. Loading it, and making another site, may
//! take seconds, in which neither lines nor signals may wait.

use std::sync::Arc;

use crossbeam_channel::Receiver;

/// Reads the configuration again, and returns what the run does with it or why it goes on as it was. Both have been logged.
pub type Reload = Arc<dyn Fn() -> Result<String, String> + Send + Sync>;

/// Reads the configuration again until no one can ask for it any more.
pub fn run(asked: &Receiver<()>, reload: &Reload) {
    for () in asked {
        // Those who sent a signal do not wait for an answer.
        let _ = reload();
    }
}

//! Threads that are joined together. If one of them fails, the others are stopped too.

use std::any::Any;
use std::thread::{Builder, JoinHandle};

use crate::error::{Error, Result};
use crate::stop::Stop;

/// Threads to be joined together.
pub struct Threads {
    joins: Vec<JoinHandle<Result<()>>>,
    stop: Stop,
}

impl Threads {
    /// No threads yet. `stop` ends all that are spawned.
    pub fn new(stop: &Stop) -> Self {
        Self { joins: Vec::new(), stop: stop.clone() }
    }

    /// Spawns a thread.
    ///
    /// # Errors
    /// The system does not start more threads. The stop is requested then.
    pub fn spawn(
        &mut self,
        name: String,
        body: impl FnOnce() -> Result<()> + Send + 'static,
    ) -> Result<()> {
        let stop = self.stop.clone();
        let builder = Builder::new().name(name.clone());
        let join = builder.spawn(move || {
            let mut guard = StopUnlessWell { stop, well: false };
            let result = body();
            guard.well = result.is_ok();
            result
        });
        let join = join.map_err(|cause| Error::new("start the thread", name, cause));
        if join.is_err() {
            self.stop.request();
        }
        self.joins.push(join?);
        Ok(())
    }

    /// Waits for all threads.
    ///
    /// # Errors
    /// The first error of a thread; the others are logged.
    pub fn join(self) -> Result<()> {
        let mut first = Ok(());
        for join in self.joins {
            let name = join.thread().name().unwrap_or("a thread").to_owned();
            let result = join.join().unwrap_or_else(|panic| {
                Err(Error::new("go on with the thread", &name, panic_text(&*panic)))
            });
            match (&first, result) {
                (Ok(()), result) => first = result,
                (Err(_), Ok(())) => {}
                (Err(_), Err(error)) => log::error!("{name}: {error}"),
            }
        }
        first
    }
}

struct StopUnlessWell {
    stop: Stop,
    well: bool,
}

impl Drop for StopUnlessWell {
    fn drop(&mut self) {
        if !self.well {
            self.stop.request();
        }
    }
}

fn panic_text(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().copied();
    let text = text.or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    format!("it panicked: {}", text.unwrap_or("without a message"))
}

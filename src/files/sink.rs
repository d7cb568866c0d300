//! Where the lines of a log go, whatever that is.

use std::fmt::Debug;
use std::path::Path;

use super::change::Change;
use super::lines::Lines;
use crate::error::Result;

/// Takes the lines of one log, batch by batch. Everything can fail at any call and be called again.
pub trait Sink<F>: Debug + Send {
    /// Appends a batch of whole lines.
    ///
    /// After an error the same batch must be passed again: it goes on where it stopped, so that no line is
    /// torn, doubled or lost. Before that it looks after itself as [`Sink::check`] does.
    ///
    /// # Errors
    /// The system refuses a write, or what has to be done before it.
    fn append(&mut self, lines: Lines<'_>) -> Result<()>;

    /// Whether somebody took away what is written to, and [`Sink::check`] is due before the next batch.
    ///
    /// # Errors
    /// That cannot be looked at.
    fn is_taken(&mut self) -> Result<bool>;

    /// Looks whether what is written to is still in its place, and opens it anew where it is not.
    ///
    /// # Errors
    /// That cannot be done now. Nothing may be appended before a call of this or of [`Sink::append`] works.
    fn check(&mut self) -> Result<()>;

    /// The same, because the user asks for it: between two batches, and also for what is never looked after
    /// otherwise.
    ///
    /// # Errors
    /// As [`Sink::check`].
    fn reopen(&mut self) -> Result<()>;

    /// The rest of the batch in hand will not be written: leaves only whole lines behind, and says how many
    /// bytes of that batch are among them.
    ///
    /// # Errors
    /// The beginning of a line cannot be taken back.
    fn give_up(&mut self) -> Result<usize>;

    /// Waits until what was appended is on the disk, where there is one.
    ///
    /// # Errors
    /// The system cannot promise that.
    fn sync(&mut self) -> Result<()>;

    /// What happened since the last call, in order.
    fn changes(&mut self) -> Vec<Change<F>>;

    /// Its name, for messages.
    fn path(&self) -> &Path;

    /// Whether it may be rotated.
    fn may_rotate(&self) -> bool;

    /// Whether it is an open stream of the program, such as standard output, which nothing can replace.
    fn is_a_stream(&self) -> bool;
}

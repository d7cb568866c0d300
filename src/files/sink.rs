//! The destination of a log's lines: a rotated file, or anything else that takes them.

use std::fmt::Debug;
use std::path::Path;

use super::change::Change;
use super::lines::Lines;
use crate::error::Result;

/// Takes the lines of one log, batch by batch. Every call may fail and be repeated.
pub trait Sink<F>: Debug + Send {
    /// Appends a batch of whole lines.
    ///
    /// After an error the same batch must be passed again. The call then goes on where it stopped, so
    /// that no line is torn, doubled or lost. It first makes the checks of [`Sink::check`].
    ///
    /// # Errors
    /// The system refuses a write, or a step that must come before it.
    fn append(&mut self, lines: Lines<'_>) -> Result<()>;

    /// Whether the destination was taken away, so that [`Sink::check`] is due before the next batch.
    ///
    /// # Errors
    /// The system does not say whether the destination is there.
    fn is_taken(&mut self) -> Result<bool>;

    /// Checks that the destination is still in its place, and opens it anew if not.
    ///
    /// # Errors
    /// The check or the opening fails. Nothing may be appended before a call of this or of
    /// [`Sink::append`] succeeds.
    fn check(&mut self) -> Result<()>;

    /// As [`Sink::check`], but at the user's request: call it between two batches. It also reopens
    /// destinations that are never checked otherwise.
    ///
    /// # Errors
    /// As [`Sink::check`].
    fn reopen(&mut self) -> Result<()>;

    /// Rotates at the user's request: call it between two batches. What cannot be rotated, or is empty, stays.
    ///
    /// # Errors
    /// As [`Sink::check`]. A call after an error goes on where it stopped.
    fn rotate(&mut self) -> Result<()> {
        Ok(())
    }

    /// Gives up the rest of the current batch. Leaves only whole lines behind, and returns how many
    /// bytes of the batch are among them.
    ///
    /// # Errors
    /// The beginning of a line cannot be removed.
    fn give_up(&mut self) -> Result<usize>;

    /// Waits until everything appended is on the disk, if there is one.
    ///
    /// # Errors
    /// The system cannot guarantee that.
    fn sync(&mut self) -> Result<()>;

    /// All changes since the last call, in order.
    fn changes(&mut self) -> Vec<Change<F>>;

    /// The path of a file that is never rotated, because what it leads to is not ours to rename.
    fn never_rotated(&self) -> Option<&Path>;

    /// Whether the log is a file that leads to an open stream of the program, such as a link to
    /// /dev/stdout. Nothing can take the place of the reader of a stream.
    fn leads_to_a_stream(&self) -> bool;

    /// Whether the reader has had enough (`| head`), which is the end of the run and no failure.
    fn is_over(&self) -> bool;
}

//! The exit statuses that scripts and service managers may rely on. They are part of the
//! documented interface; nothing else ends the process with another number.

/// Done, or stopped by a signal.
pub const DONE: u8 = 0;
/// Failed while running: a port taken, a directory that cannot be written, a thread that died.
pub const FAILED: u8 = 1;
/// `verify`: not all lines are there.
pub const NOT_ALL_THERE: u8 = 1;
/// The command line could not be understood.
pub const USAGE: u8 = 2;
/// The configuration is wrong (`EX_CONFIG` of BSD's sysexits.h). Nothing was created or touched.
pub const CONFIG: u8 = 78;
/// Ended by a second signal before the first had let it finish; the number that a shell shows for
/// SIGINT.
pub const INTERRUPTED: u8 = 130;

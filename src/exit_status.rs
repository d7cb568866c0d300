//! The exit statuses that scripts and service managers may rely on. They are part of the documented
//! interface; the process never ends with another number.

/// The run is done, or was stopped by a signal.
pub const DONE: u8 = 0;
/// An error while running: a port is taken, a directory cannot be written, a thread died.
pub const FAILED: u8 = 1;
/// `verify`: not all lines are there.
pub const NOT_ALL_THERE: u8 = 1;
/// The command line is wrong.
pub const USAGE: u8 = 2;
/// The configuration is wrong (`EX_CONFIG` of BSD's sysexits.h). Nothing was created or touched.
pub const CONFIG: u8 = 78;
/// A second signal ended the process before the first had let it finish. Shells show this number for SIGINT.
pub const INTERRUPTED: u8 = 130;

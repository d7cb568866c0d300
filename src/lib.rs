//! Writes the access logs of a web site that does not exist.
//!
//! # The way of the data
//!
//! ```text
//! config ──► stream ──► format ──► files
//!  checked    hits       bytes      access.log, error.log, system.log
//! settings   (pure)     (pure)     (the only place that touches them)
//! ```
//!
//! 1. [`cli`] and [`config`]: what was asked for, checked; [`duration`], [`moment`] and
//!    [`quantity`] are their ways of writing lengths of time, instants and large numbers, [`port`] that of a port,
//!    [`probe_url`] that of a run to ask, [`fault`] that of what [`verify`] finds. [`version`] says what this program
//!    is.
//! 2. [`stream`]: a pure function of configuration, seed, start and [`shard`]. It knows no clock but its own, which
//!    shows simulated [`time`].
//! 3. [`format`](mod@format): hits to bytes, with everything rendered once that can be. A log is a value there;
//!    [`log_id`] is the number that says which.
//! 4. [`files`]: appended to by whole lines, rotated, recovered after a crash, locked against a second
//!    writer.
//!
//! Around them: [`run`] puts a run together and [`pipeline`] connects it with threads. [`pace`] decides what is
//! due and what is left out, [`pass_over`] how long that may take; [`sequence`] puts batches back in order. [`epoch`]
//! is a configuration in force with all that follows from it, and [`replay`] makes a recorded run again. [`end`] says where it ends, [`retry`] when it gives up, [`rest`] what it
//! then leaves unwritten. [`clock`] tells the time, [`pause`] holds the run up, [`stop`] ends it. [`status`] counts,
//! [`metrics`] tells that to a scraper, [`progress`] says how far the run has come and [`summary`] what it has done;
//! [`run_record`] remembers what it was made of, [`histogram`] keeps lengths of time. [`http`] answers,
//! [`service_manager`] hears how the run is doing, [`system_log`] says what happens, [`output`] prints what was
//! asked for, and [`error`] and [`exit_status`] say how it ended. In a container [`container_user`] gives up root
//! first. Below all of them, [`os`] holds what is one operating system's own.
//!
//! Beside them: [`probe`] asks the [`http`] of another run how that run is doing, and [`verify`] makes the lines
//! of a run again and tells which of them did not arrive. It uses 2 and 3 as they are and has rooms, and a
//! pipeline, of its own.
//!
//! # The threads
//!
//! | thread | file | what it does |
//! |---|---|---|
//! | `scheduler` | threads/scheduler.rs | owns the stream; lets hits go when they are due |
//! | `format-0`, `format-1` ... | threads/formatter.rs | renders batches of hits |
//! | `writer` | threads/writer.rs | puts batches back in order and appends them |
//! | `compressor` | threads/compressor.rs | syncs, keeps and compresses rotated files |
//! | `disk-watch` | threads/disk_watch.rs | makes room on the disk, or pauses the writing |
//! | `progress` | threads/progress.rs | says how far long work has come |
//! | `recorder` | threads/recorder.rs | keeps run.json up to date, and the rates of the last minutes |
//! | `notifier` | threads/notifier.rs | tells the service manager how the run is doing |
//! | `http` | threads/http.rs | meets the clients of /health, /metrics and the status page, and answers them |
//! | `signals` | threads/signals.rs | turns signals into the stop, or has the files reopened |
//!
//! One package has a thread besides: ctrlc waits for SIGINT.
//!
//! Batches go from the scheduler over a bounded channel to the formatters and over another to the
//! writer, and back over two more to be used again. The main thread spawns and joins them all.
//! Stopping is closing channels: the scheduler returns, the rest drain.

pub mod cli;
pub mod clock;
pub mod config;
pub mod container_user;
pub mod duration;
pub mod end;
pub mod epoch;
pub mod error;
pub mod exit_status;
pub mod fault;
pub mod files;
pub mod format;
pub mod histogram;
pub mod http;
pub mod log_id;
pub mod metrics;
pub mod moment;
pub mod os;
pub mod output;
pub mod pace;
pub mod pass_over;
pub mod pause;
pub mod pipeline;
pub mod port;
pub mod probe;
pub mod probe_url;
pub mod progress;
pub mod quantity;
pub mod replay;
pub mod rest;
pub mod retry;
pub mod run;
pub mod run_record;
pub mod sequence;
pub mod service_manager;
pub mod shard;
pub mod status;
pub mod stop;
pub mod stream;
pub mod summary;
pub mod system_log;
pub mod threads;
pub mod time;
pub mod verify;
pub mod version;

//! Writes the access logs of a web site that does not exist.
//!
//! The program is what you run. The library is for your own tests: it offers the stream of hits, the
//! formatter that turns them into lines, and the check that every line arrived.
//!
//! ```
//! use access_log_generator::{Config, Formatter, LogId, Logs, RenderedHits, SECOND, Stream, Time};
//!
//! // The same configuration, seed and start always give the same lines.
//! let config = Config::from_yaml("output: {rate: 50}").unwrap();
//! let mut stream = Stream::new(&config, 7, 1_793_491_200 * SECOND);
//! let mut formatter = Formatter::new(Logs::new(&config, stream.site()));
//! let (mut hits, mut rendered) = (Vec::new(), RenderedHits::default());
//! stream.fill(Time::MAX, 1_000, &mut hits);
//! formatter.render(&hits, &mut rendered);
//! let access = std::str::from_utf8(rendered.bytes_of(LogId::ACCESS)).unwrap();
//! assert_eq!(access.lines().count(), 1_000);
//! assert!(access.contains("[01/Nov/2026:00:00:00 +0000] \"GET /"));
//! ```
//!
//! [`command_line`] does what the program does. [`verify`](fn@verify) finds out which of its lines a reader has
//! lost:
//!
//! ```
//! use std::fs;
//!
//! use access_log_generator::{command_line, verify};
//!
//! let logs = std::env::temp_dir().join(format!("logs-{}", std::process::id()));
//! let words = ["access-log-generator", "--quiet", "--no-wait", "--lines", "100", "--log-dir-override"];
//! command_line(words.map(Into::into).into_iter().chain([logs.clone().into_os_string()]));
//!
//! // Your reader goes here; this one loses the first line.
//! let text = fs::read_to_string(logs.join("access.log")).unwrap();
//! fs::write(logs.join("received"), text.split_once('\n').unwrap().1).unwrap();
//! let report = verify(&[logs.join("run.json")], &[logs.join("received")]).unwrap();
//! assert_eq!((report.received, report.all_there), (99, false));
//! fs::remove_dir_all(logs).unwrap();
//! ```
//!
//! The crate promises its users nothing else. The rest of this page is for those who change the crate.
//!
//! # How the data flows
//!
//! ```text
//! config ──► stream ──► format ──► files
//!  checked    hits       bytes      access.log, error.log, system.log
//! settings   (pure)     (pure)     (the only place that touches them)
//! ```
//!
//! 1. [`cli`] and [`config`] read and check what the user asked for. The value types have modules of
//!    their own: [`duration`], [`moment`] (an instant), [`quantity`] (a large number), [`port`],
//!    [`probe_url`] (the address of a run to ask), [`log_format`] (what a line looks like) and [`fault`]
//!    (what [`verify`](mod@verify) can find wrong), and [`basis`] (what [`score`] counts). [`likeness`] guesses which name was meant.
//!    [`version`] says which program this is.
//! 2. [`stream`] makes the hits. It is a pure function of configuration, seed, start and [`shard`], and
//!    the only clock it knows is its own, which shows simulated [`time`]. A [`server_failure`] is a way in which
//!    the site's application can fail.
//! 3. [`format`](mod@format) turns hits into bytes and renders in advance what it can. A log is a value
//!    there; [`log_id`] is the number that identifies it.
//!    [`pack`] compresses lines where that is asked for; [`codec`] names the form.
//!    [`line_schema`] describes a line as its readers see it, and [`parsers`] prints what they need to read it.
//! 4. [`files`] appends whole lines, rotates the files, repairs them after a crash, and locks the
//!    directory against a second writer.
//!
//! Around these four, a run is put together and kept going:
//!
//! - Setting up: [`start`] reads the words of a command line, [`run`] puts a run together, and
//!   [`pipeline`] connects its parts with threads. An [`epoch`] is the configuration in force with
//!   everything that follows from it. [`replay`] makes a recorded run again.
//! - Timing: [`clock`] tells the time, [`pace`] decides which hits are due and which to leave out, and
//!   [`pass_over`] how long leaving out may take. [`sequence`] puts batches back in order.
//! - Steering: [`orders`] are what a run is asked to do while it goes on. [`control`] is what [`ctl`] and a run say to each other.
//! - Ending: [`end`] says where the run ends, [`retry`] when it gives up, and [`rest`] what it then
//!   leaves unwritten. [`pause`] holds the run up, [`stop`] ends it.
//! - Watching: [`status`] counts, [`metrics`] hands the counts to a scraper, [`progress`] says how far
//!   the run has come, and [`summary`] what it has done. [`run_record`] remembers what the run was made
//!   of; [`histogram`] collects durations.
//! - Talking: [`http`] answers clients, [`service_manager`] reports to systemd, [`system_log`] logs what
//!   happens, [`output`] prints what the user asked for, and [`error`] and [`exit_status`] say how the
//!   run ended.
//! - The system: [`container_user`] gives up root in a container before anything else happens, and
//!   [`os`] holds what differs between operating systems.
//! - For tests: those under tests/ reach what is not public by way of [`inside`].
//!
//! Two modules meet a run from outside: [`probe`] asks the [`http`] endpoint of another run how that run is
//! doing, and [`verify`](mod@verify) makes the lines of a run again and tells which of them did not arrive.
//! [`verify`](mod@verify) uses modules 2 and 3 unchanged and has submodules and a pipeline of its own. [`recorded`] has the
//! runs of a run.json and their hits. [`truth`] tells what truly happened in them. [`score`] compares that with what a
//! detector has found. [`archive`] unpacks what is received or detected.
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
//! | `signals` | threads/signals.rs | turns signals into the stop, or has the files reopened or the configuration read again |
//! | `reload` | threads/reload.rs | reads the configuration again |
//! | `control` | threads/control.rs | answers `ctl` |
//!
//! One dependency adds a thread: ctrlc waits for SIGINT.
//!
//! Batches go from the scheduler over a bounded channel to the formatters and over another to the
//! writer. Two more channels bring the empty batches back for reuse. The main thread spawns and joins
//! all threads. Closing a channel is the way to stop: the scheduler returns, and the other threads drain
//! what is left.

// The map above links to private modules.
#![allow(rustdoc::private_intra_doc_links)]

mod archive;
mod basis;
mod cli;
mod clock;
mod codec;
mod config;
mod container_user;
mod control;
mod ctl;
mod duration;
mod end;
mod epoch;
mod error;
mod exit_status;
mod fault;
mod files;
mod format;
mod histogram;
mod http;
mod likeness;
mod line_schema;
mod log_format;
mod log_id;
mod metrics;
mod moment;
mod orders;
mod os;
mod output;
mod pace;
mod pack;
mod parsers;
mod pass_over;
mod pause;
mod pipeline;
mod port;
mod probe;
mod probe_url;
mod progress;
mod quantity;
mod recorded;
mod replay;
mod rest;
mod retry;
mod run;
mod run_record;
mod score;
mod sequence;
mod server_failure;
mod service_manager;
mod shard;
mod start;
mod status;
mod stop;
mod stream;
mod summary;
mod system_log;
mod threads;
mod time;
mod truth;
mod verify;
mod version;

pub use config::Config;
pub use config::report::ConfigErrors;
pub use error::Error;
pub use format::{Formatter, Logs, Mark, Rendered, RenderedHits};
pub use log_format::{COMBINED, FormatError, LogFormat};
pub use log_id::LogId;
pub use shard::Shard;
pub use start::command_line;
pub use stream::site::{Outcome, Site};
pub use stream::{Hit, Method, Referrer, ReferrerKind, Stream};
pub use time::{SECOND, Time};
pub use verify::report::VerifyReport;
pub use verify::verify;

/// The parts that a [`Config`] consists of.
pub mod settings {
    pub use crate::config::{
        Actors, AssetSettings, Destination, DiskMonitor, Distribution, ErrorRates, FailureTimes,
        FurtherLog, HealthCheck, LogRotation, Navigation, Network, Output, PageWeights, Profile,
        RotationPeriod, RotationUnit, ScenarioEvent, Scheme, Selection, SessionTimes, Shares,
        SiteSettings, State, StateTransitions, StatusCodes, StatusSelection, UrlRule, UserAgent,
        UserAgents, WeighedList,
    };
    pub use crate::config::{TrafficCurve, TrafficPattern};

    /// The parts of a [`ScenarioEvent`].
    pub mod scenario {
        pub use crate::config::Cron;
        pub use crate::config::event_key::EventKey;
        pub use crate::config::event_kind::{EventClass, EventKind, EventKindRow, KINDS};
        pub use crate::config::event_times::EventTimes;
        pub use crate::config::scenario::{EventShape, FailureStatus, ScenarioEvent};
        pub use crate::config::{Steered, Turn};
        pub use crate::server_failure::ServerFailure;
    }

    /// Which bots there are.
    pub mod bots {
        pub use crate::config::bots::*;
    }

    /// What scanners try.
    pub mod probe_list {
        pub use crate::config::probe_list::*;
    }

    /// The parts of [`Actors`].
    pub mod actors {
        pub use crate::config::actors::*;
    }
}

#[doc(hidden)]
pub mod inside;

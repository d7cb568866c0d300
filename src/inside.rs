//! What the program's own tests and benches use. It promises nothing to others and holds no code.

pub mod cli {
    pub use crate::cli::Arguments;
}

pub mod clock {
    pub use crate::clock::Clock;
}

pub mod config {
    pub use crate::config::{Config, defaults};
    pub use crate::settings::*;

    pub mod keys {
        pub use crate::config::keys::{KeyForm, KeyKind, Section, preset};
    }

    pub mod print {
        pub use crate::config::print::{to_yaml, tree};
    }

    pub mod raw {
        pub use crate::config::raw::{read, read_json};
    }

    pub mod reference {
        pub use crate::config::reference::{HEADLINES, ReferenceLine, lines};
    }

    pub mod report {
        pub use crate::config::report::{ConfigErrors, Finding, Severity};
    }

    pub mod schema {
        pub use crate::config::schema::text;
    }

    pub mod source {
        pub use crate::config::source::{ConfigSource, Loaded, load_in};
    }

    pub mod steering {
        pub use crate::config::steering::Act;
    }

    pub mod tree {
        pub use crate::config::tree::{Node, Value};
    }
}

pub mod end {
    pub use crate::end::End;
}

pub mod epoch {
    pub use crate::epoch::{Beginning, Prepared};
}

pub mod error {
    pub use crate::error::{Error, Result};
}

pub mod files {
    pub use crate::files::LogFiles;

    pub mod disk {
        pub use crate::files::disk::Disk;
    }

    pub mod free_space {
        pub use crate::files::free_space::{Bytes, FreeSpace};
    }
}

pub mod http {
    pub mod connection {
        pub use crate::http::connection::ClientLimits;
    }
}

pub mod log_format {
    pub mod reference {
        pub use crate::log_format::reference::tables;
    }
}

pub mod log_id {
    pub use crate::log_id::LogNames;
}

pub mod metrics {
    pub use crate::metrics::METRICS;
}

pub mod os {
    pub use crate::os::ignores;
}

pub mod pace {
    pub use crate::pace::Pace;
}

pub mod pipeline {
    pub use crate::pipeline::{Around, RunParts, run};
}

pub mod port {
    pub use crate::port::Port;
}

pub mod retry {
    pub use crate::retry::Retry;
}

pub mod run_record {
    pub use crate::run_record::RunRecord;

    pub mod file {
        pub use crate::run_record::file::read;
    }
}

pub mod status {
    pub use crate::status::{RunFacts, Status};
}

pub mod stop {
    pub use crate::stop::Stop;
}

pub mod stream {
    pub use crate::stream::Protocol;
    pub use crate::time::timestamp;

    pub mod actor_kind {
        pub use crate::stream::actor_kind::ActorKind;
    }

    pub mod noise {
        pub use crate::stream::noise::HourNoise;
    }

    pub mod scenario {
        pub use crate::stream::scenario::effects::MarkEffects;
        pub use crate::stream::scenario::marks::{EventMark, EventMarks};
        pub use crate::stream::scenario::slowness::factor;
    }

    pub mod timing {
        pub use crate::stream::timing::{Timings, patience};
    }

    pub mod site {
        pub use crate::config::probe_list::ProbeList;
        pub use crate::stream::site::{Asset, AssetKind, BodyKind, TriedPath};
    }

    pub mod country {
        pub use crate::stream::country::country;
    }

    pub mod visitor {
        pub use crate::stream::visitor::Visitors;
    }
}

pub mod threads {
    pub mod http {
        pub use crate::threads::http::{Http, HttpStop};
    }
}

//! From a command line to an exit status: what happens before the first line and after the last.
//!
//! The order is a promise. The program reads the configuration before it touches anything, takes the
//! port before any file, and locks and opens the files before the stream begins.

mod answer;
mod endpoints;
mod generate;
mod history;
mod messages;
mod never;
mod plan;
mod reload;
mod repeat;

use std::process::ExitCode;
use std::time::Instant;

use log::error;

use self::answer::{answer, refuse};
use self::generate::{RunRequest, generate};
use self::plan::RunPlan;
use crate::cli::Arguments;
use crate::clock::Clock;
use crate::config::source::{self, Variables};
use crate::container_user;
use crate::exit_status;
use crate::probe;
use crate::probe_url::Probe;

/// Carries out a command line.
pub fn run(arguments: &Arguments) -> ExitCode {
    let started = Instant::now();
    if let Some(Probe::Url(url)) = &arguments.health_check {
        return probe::ask(Ok(url.clone()));
    }
    let variables: Variables<'_> = &|name| std::env::var_os(name);
    let prepared = match &arguments.repeat {
        Some(path) => repeat::load(path, arguments, variables).map(|(run, of)| (run, Some(of))),
        None => source::load(&arguments.into(), variables).map(|loaded| (loaded, None)),
    };
    let (loaded, record) = match prepared {
        Ok(prepared) => prepared,
        Err(errors) => return refuse(errors, exit_status::CONFIG),
    };
    if let Some(answered) = answer(arguments, &loaded) {
        return answered;
    }
    // This must come before anything is touched.
    if let Err(error) =
        RunPlan::of(arguments, &loaded.config, record.as_ref(), Clock::start().now().0)
    {
        return refuse(error, exit_status::USAGE);
    }
    let user = match container_user::become_as_asked(variables, &loaded.config.output) {
        Ok(user) => user,
        Err(error) => return refuse(error, exit_status::CONFIG),
    };
    match generate(RunRequest { arguments, loaded, record, user, started }) {
        Ok(status) => status,
        Err(error) => {
            error!("{error}");
            ExitCode::from(exit_status::FAILED)
        }
    }
}

//! From a command line to an exit status: what happens before the first line and after the last.
//!
//! The order is a promise. The program reads the configuration before it touches anything, takes the
//! port before any file, and locks and opens the files before the stream begins.

mod endpoints;
mod generate;
mod history;
mod messages;
mod plan;
mod repeat;

use std::fmt::Display;
use std::process::ExitCode;
use std::time::Instant;

use log::error;

use self::generate::{RunRequest, generate};
use self::plan::RunPlan;
use crate::cli::Arguments;
use crate::clock::Clock;
use crate::config::print::to_yaml;
use crate::config::source::{self, Loaded, Variables};
use crate::container_user;
use crate::exit_status;
use crate::line_schema::{self, described};
use crate::output;
use crate::parsers;
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

fn refuse(reason: impl Display, status: u8) -> ExitCode {
    output::complain(reason);
    ExitCode::from(status)
}

/// Answers a command line that only asks something about the configuration; `None` for any other.
fn answer(arguments: &Arguments, loaded: &Loaded) -> Option<ExitCode> {
    if arguments.check {
        for finding in loaded.warnings.iter().chain(&loaded.notes) {
            output::complain(format_args!("{finding}{}", finding.severity.mark()));
        }
        let right = format_args!("{}: the configuration is right\n", loaded.source);
        return Some(output::print(right));
    }
    if arguments.print_config {
        return Some(output::print(to_yaml(&loaded.config)));
    }
    if let Some(form) = arguments.schema {
        return Some(output::print(line_schema::text(form, &described(&loaded.config))));
    }
    if let Some(parser) = arguments.print_parser {
        return Some(match parsers::text(parser, &loaded.config.output.format) {
            Ok(text) => output::print(text),
            Err(unreadable) => refuse(unreadable, exit_status::USAGE),
        });
    }
    arguments.health_check.is_some().then(|| probe::ask(probe::url_of(&loaded.config)))
}

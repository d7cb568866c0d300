//! Answers command lines that only ask something about the configuration.

use std::fmt::Display;
use std::process::ExitCode;

use crate::cli::Arguments;
use crate::cli::documents::{LogParser, SchemaForm};
use crate::config::Config;
use crate::config::print::to_yaml;
use crate::config::source::Loaded;
use crate::exit_status;
use crate::line_schema::{self, described};
use crate::log_format::LogFormat;
use crate::log_id::ACCESS_LOG;
use crate::output;
use crate::parsers;
use crate::probe;
use crate::stream::Behaviour;
use crate::stream::scenario::event_pages::{self, MissingPage};

/// Says on standard error why a command line is not carried out.
pub fn refuse(reason: impl Display, status: u8) -> ExitCode {
    output::complain(reason);
    ExitCode::from(status)
}

/// Answers a command line that only asks something about the configuration; `None` for any other.
pub fn answer(arguments: &Arguments, loaded: &Loaded) -> Option<ExitCode> {
    if arguments.check {
        for finding in loaded.warnings.iter().chain(&loaded.notes) {
            output::complain(format_args!("{finding}{}", finding.severity.mark()));
        }
        let missing = missing_pages(&loaded.config);
        if !missing.is_empty() {
            let lines: Vec<String> = missing.iter().map(ToString::to_string).collect();
            return Some(refuse(lines.join("\n"), exit_status::CONFIG));
        }
        let right = format_args!("{}: the configuration is right\n", loaded.source);
        return Some(output::print(right));
    }
    if arguments.print_config {
        return Some(output::print(to_yaml(&loaded.config)));
    }
    let log = arguments.log.as_deref();
    let text = match (arguments.schema, arguments.print_parser) {
        (Some(form), _) => schema(&loaded.config, form, log),
        (None, Some(parser)) => printed_parser(&loaded.config, parser, log),
        (None, None) if log.is_some() => {
            Err("--log names the log that --schema or --print-parser is about; give one of them"
                .to_owned())
        }
        (None, None) => {
            let probe = || probe::ask(probe::url_of(&loaded.config));
            return arguments.health_check.is_some().then(probe);
        }
    };
    Some(match text {
        Ok(text) => output::print(text),
        Err(error) => refuse(error, exit_status::USAGE),
    })
}

/// What events say of pages that the site does not have. A site takes a while to be built, so that it is built where one is named.
fn missing_pages(config: &Config) -> Vec<MissingPage> {
    let is_named = config.scenario.iter().any(|event| event.page.is_some());
    if !is_named {
        return Vec::new();
    }
    event_pages::missing_pages(config, Behaviour::new(config).site())
}

/// The description of the log with a name, or of all.
fn schema(config: &Config, form: SchemaForm, log: Option<&str>) -> Result<String, String> {
    let mut logs = described(config);
    if let Some(name) = log {
        let files: Vec<_> = logs.iter().map(|log| log.file.clone()).collect();
        logs.retain(|log| log.file == name);
        if logs.is_empty() {
            return Err(format!(
                "--log {name}: there is no such log; name one of {}",
                files.join(", ")
            ));
        }
    }
    Ok(line_schema::text(form, &logs))
}

/// How a program reads the log of hits with a name; access.log if none is named.
fn printed_parser(config: &Config, parser: LogParser, log: Option<&str>) -> Result<String, String> {
    let name = log.unwrap_or(ACCESS_LOG);
    let further = config.output.logs.iter().map(|log| (&*log.file, &log.format));
    let logs: Vec<(&str, &LogFormat)> =
        std::iter::once((ACCESS_LOG, &config.output.format)).chain(further).collect();
    let Some((file, format)) = logs.iter().find(|(file, _)| *file == name) else {
        let files: Vec<_> = logs.iter().map(|(file, _)| *file).collect();
        return Err(format!(
            "--log {name}: there is no such log of hits; name one of {}",
            files.join(", ")
        ));
    };
    parsers::text(parser, file, format).map_err(|unreadable| unreadable.to_string())
}

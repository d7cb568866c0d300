//! Single settings from outside the file: a flag, then the environment.

use std::path::PathBuf;
use std::time::Duration;

use super::command_line::CommandLine;
use super::origin::not_blank;
use super::variables::Variables;
use crate::config::report::{Finding, Severity};
use crate::config::tree::quoted;
use crate::config::{Config, Destination, HealthCheck, check};
use crate::duration::format_duration;
use crate::port::{PORT_FORM, Port};
use crate::quantity::parse_quantity;

const LOG_DIR: &str = "LOG_DIR_OVERRIDE";
/// The directory of a configuration that names none. An image sets it, where `./logs` may be inside the container.
pub const LOG_DIR_DEFAULT: &str = "LOG_DIR_DEFAULT";
const DESTINATION: &str = "DESTINATION_OVERRIDE";
const RATE: &str = "RATE_OVERRIDE";
/// The older versions' name for it.
const OLDER_RATE: &str = "RATE_PER_SECOND";
/// The length of the older versions' pre-warm.
const PRE_WARM: Duration = Duration::from_secs(24 * 3_600);
// No name that ends with _PORT: Kubernetes sets NAME_PORT for each service of a namespace.
const PORT: &str = "PORT_OVERRIDE";

/// What came of the overrides.
pub struct Applied {
    /// What was overridden, in words.
    pub overridden: Vec<String>,
    /// What was wrong.
    pub findings: Vec<Finding>,
    /// The flag or variable that said the directory, if one did.
    pub directory_from: Option<&'static str>,
    /// The flag or variable that said the rate, if one did.
    pub rate_from: Option<&'static str>,
    /// Whether the port was among it.
    pub port: bool,
}

/// Lays the overrides over the settings.
pub fn apply(config: &mut Config, command_line: &CommandLine, variables: Variables<'_>) -> Applied {
    let mut said = Vec::new();
    let mut findings = Vec::new();
    let (mut directory_from, mut rate_from) = (None, None);
    match directory(command_line, variables) {
        Ok(Some((path, from))) => {
            said.push(format!("output.directory is {}, from {from}", path.display()));
            config.output.directory = Some(path);
            directory_from = Some(from);
        }
        Ok(None) => {}
        Err(finding) => findings.push(finding),
    }
    match destination(command_line, variables) {
        Ok(Some((destination, from))) => {
            said.push(format!("output.destination is {}, from {from}", destination.name()));
            config.output.destination = destination;
        }
        Ok(None) => {}
        Err(finding) => findings.push(finding),
    }
    match rate(command_line, variables) {
        Ok(Some((rate, from))) => {
            said.push(format!("output.rate is {}, from {from}", check::plain(rate)));
            config.output.rate = rate;
            rate_from = Some(from);
        }
        Ok(None) => {}
        Err(finding) => findings.push(finding),
    }
    if let Some(format) = &command_line.format {
        said.push(format!("output.format is {}, from --format", quoted(format.text())));
        config.output.format = format.clone();
    }
    let port = override_port(config, command_line, variables).unwrap_or_else(|finding| {
        findings.push(finding);
        None
    });
    let port_is_given = port.is_some();
    said.extend(port);
    if let Some(seed) = command_line.seed {
        said.push(format!("output.seed is {seed}, from --seed"));
        config.output.seed = Some(seed);
    }
    findings.extend(older_switches(config, variables, &mut said));
    if command_line.verbose {
        said.push("output.debug is true, from --verbose".to_owned());
        config.output.debug = true;
    }
    Applied { overridden: said, findings, directory_from, rate_from, port: port_is_given }
}

/// Lays the port that the command line or else the environment names over the settings, and says so.
///
/// # Errors
/// It is no port.
pub fn override_port(
    config: &mut Config,
    command_line: &CommandLine,
    variables: Variables<'_>,
) -> Result<Option<String>, Finding> {
    let Some((port, from)) = port(command_line, variables)? else { return Ok(None) };
    let configured = config.output.health_check.take();
    Ok(Some(match port {
        Port::Off => format!("output.health_check is off, from {from}"),
        // A number turns on what was off.
        Port::Number(port) => {
            let configured = configured.unwrap_or_default();
            config.output.health_check = Some(HealthCheck { port, ..configured });
            format!("output.health_check.port is {port}, from {from}")
        }
    }))
}

type Given<T> = Result<Option<(T, &'static str)>, Finding>;

/// The directory of the log files that the command line or else the environment names, and which of them.
///
/// # Errors
/// The name is empty.
pub fn directory(
    command_line: &CommandLine,
    variables: Variables<'_>,
) -> Result<Option<(PathBuf, &'static str)>, Finding> {
    const FLAG: &str = "--log-dir-override";
    const EXPECTED: &str = "the directory of the log files";
    if let Some(path) = &command_line.log_dir_override {
        not_blank(FLAG, path.as_os_str(), EXPECTED).map_err(|_| {
            Finding::of_source(FLAG, format!("found an empty name, expected {EXPECTED}"))
        })?;
        return Ok(Some((path.clone(), FLAG)));
    }
    let Some(value) = variables(LOG_DIR) else { return Ok(None) };
    not_blank(LOG_DIR, &value, EXPECTED)?;
    Ok(Some((PathBuf::from(value), LOG_DIR)))
}

/// The directory of the log files where neither the configuration nor an override names one, if the environment does.
pub fn default_directory(variables: Variables<'_>) -> Option<PathBuf> {
    variables(LOG_DIR_DEFAULT).filter(|value| !value.is_empty()).map(PathBuf::from)
}

/// Where the command line or else the environment sends the lines, and which of them.
///
/// # Errors
/// The variable names no destination.
pub fn destination(
    command_line: &CommandLine,
    variables: Variables<'_>,
) -> Result<Option<(Destination, &'static str)>, Finding> {
    if command_line.stdout {
        return Ok(Some((Destination::Stdout, "--stdout")));
    }
    let Some(value) = variables(DESTINATION) else { return Ok(None) };
    let text = value.to_string_lossy();
    match Destination::from_name(text.trim()) {
        Some(destination) => Ok(Some((destination, DESTINATION))),
        None => {
            let message = format!("found {}, expected {}", quoted(&text), Destination::EXPECTED);
            Err(Finding::of_source(DESTINATION, message))
        }
    }
}

fn rate(command_line: &CommandLine, variables: Variables<'_>) -> Given<f64> {
    const FLAG: &str = "--rate";
    if let Some(rate) = command_line.rate {
        check::rate_is_right(rate).map_err(|expected| {
            Finding::of_source(FLAG, format!("found {}, expected {expected}", check::plain(rate)))
        })?;
        return Ok(Some((rate, FLAG)));
    }
    let given = |name| Some((variables(name)?, name));
    let Some((value, from)) = given(RATE).or_else(|| given(OLDER_RATE)) else { return Ok(None) };
    not_blank(from, &value, "lines per second")?;
    let text = value.to_string_lossy();
    // What does not parse is as wrong as what is not a number.
    let rate = parse_quantity(text.trim()).unwrap_or(f64::NAN);
    check::rate_is_right(rate).map_err(|expected| {
        Finding::of_source(from, format!("found {}, expected {expected}", quoted(&text)))
    })?;
    Ok(Some((rate, from)))
}

/// Lays the switches over the settings that the older versions had as variables. Other programs have
/// variables of these names too, `DEBUG` above all: a value that is no switch is passed over.
fn older_switches(
    config: &mut Config,
    variables: Variables<'_>,
    said: &mut Vec<String>,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut switch = |name: &'static str| {
        let value = variables(name)?;
        let text = value.to_string_lossy();
        let on = match text.trim().to_ascii_lowercase().as_str() {
            "true" | "1" | "yes" => true,
            "false" | "0" | "no" => false,
            _ => {
                let message = format!(
                    "found {}, which is passed over, expected true, 1 or yes, or false, 0 or no",
                    quoted(&text)
                );
                let finding = Finding::of_source(name, message);
                findings.push(Finding { severity: Severity::Warning, ..finding });
                return None;
            }
        };
        Some(on)
    };
    let output = &mut config.output;
    if let Some(on) = switch("PRE_WARM") {
        let configured = Some(output.pre_warm).filter(|span| !span.is_zero());
        output.pre_warm = if on { configured.unwrap_or(PRE_WARM) } else { Duration::ZERO };
        let span = if on { format_duration(output.pre_warm) } else { "false".to_owned() };
        said.push(format!("output.pre_warm is {span}, from PRE_WARM"));
    }
    if let Some(on) = switch("DEBUG") {
        output.debug = on;
        said.push(format!("output.debug is {on}, from DEBUG"));
    }
    for (name, setting, log) in [
        ("NO_ERROR_LOG", "output.error_log", &mut output.error_log),
        ("NO_SYSTEM_LOG", "output.system_log", &mut output.system_log),
    ] {
        if let Some(off) = switch(name) {
            *log = !off;
            said.push(format!("{setting} is {log}, from {name}"));
        }
    }
    findings
}

fn port(command_line: &CommandLine, variables: Variables<'_>) -> Given<Port> {
    if let Some(port) = command_line.port {
        return Ok(Some((port, "--port")));
    }
    let Some(value) = variables(PORT) else { return Ok(None) };
    let text = value.to_string_lossy();
    match Port::parse(text.trim()) {
        Some(port) => Ok(Some((port, PORT))),
        None => Err(Finding::of_source(PORT, format!("found {}; {PORT_FORM}", quoted(&text)))),
    }
}

//! Where the configuration comes from: which source is used, what is passed over, what overrides
//! single values. The only part of the configuration that touches the outside, and it only reads.

mod command_line;
mod list_files;
mod local_zone;
mod origin;
mod overrides;
mod scenarios;
mod shard;
mod text;
mod variables;

use std::path::{Path, PathBuf};

use super::report::{ConfigErrors, Finding, FindingReport, Severity};
use super::tree::{Node, quoted};
use super::{Config, Destination, Output, Profile, check, raw};
use crate::shard::Shard;

pub use command_line::CommandLine;
pub use origin::ConfigSource;
pub use overrides::{
    destination as destination_override, directory as directory_override, override_port,
};
pub use variables::{PassedOver, Variables};

/// A configuration that can be run, and how it came about.
#[derive(Clone, Debug, PartialEq)]
pub struct Loaded {
    /// The settings, overrides applied.
    pub config: Config,
    /// Where they come from.
    pub source: ConfigSource,
    /// Whether a flag, the environment or a configuration other than the built-in one names the port
    /// of the endpoints.
    pub port_is_given: bool,
    /// Which shard of the site this process writes.
    pub shard: Shard,
    /// The sources that were not used, in their order.
    pub passed_over: Vec<PassedOver>,
    /// The settings that were given on the command line or in the environment instead, each as a
    /// sentence: `output.rate is 100, from RATE_OVERRIDE`.
    pub overridden: Vec<String>,
    /// What runs, but perhaps not as meant.
    pub warnings: Vec<Finding>,
    /// What runs as meant and may yet surprise.
    pub notes: Vec<Finding>,
}

/// Finds, reads and checks the configuration: CONFIG, `LOG_GENERATOR_CONFIG_YAML_B64`,
/// `LOG_GENERATOR_CONFIG_YAML`, `LOG_GENERATOR_CONFIG_PATH`, `config/config.yaml` or the built-in
/// default, whichever comes first, and lays the overrides over it.
///
/// # Errors
/// Everything that is wrong with it, unknown keys included if `--check` asks.
pub fn load(command_line: &CommandLine, variables: Variables<'_>) -> Result<Loaded, ConfigErrors> {
    load_in(Path::new(""), command_line, variables)
}

/// [`load`] with relative paths taken from `directory`.
///
/// # Errors
/// As [`load`].
pub fn load_in(
    directory: &Path,
    command_line: &CommandLine,
    variables: Variables<'_>,
) -> Result<Loaded, ConfigErrors> {
    let found = origin::find(directory, command_line, variables).map_err(ConfigErrors::one)?;
    // A variable that is set and empty counts as unset: a template that has nothing to fill in, a
    // compose file's `${NAME:-}`.
    let variables = &|name: &str| variables(name).filter(|value| !value.is_empty());
    let (source, text) = (found.source, found.text);
    let name = source.name();
    let mut root = with_profile(read_text(&name, &text)?, &source, command_line.profile);
    scenarios::add(&mut root, &command_line.scenarios, directory)?;
    let report = FindingReport::default();
    let local = local_zone::resolve(&mut root, Path::new("/"), variables, &report);
    list_files::resolve(&mut root, &directory.join(source.directory()), &report);
    let mut config = check::check(&root, &report);
    let is_named = source != ConfigSource::BuiltIn && root.at(&["output", "directory"]).is_some();
    let directory_default =
        if is_named { None } else { name_the_directory(&mut config.output, variables) };
    let overrides::Applied { mut overridden, mut findings, directory_from, rate_from, port } =
        overrides::apply(&mut config, command_line, variables);
    if config.output.destination == Destination::Stdout && !is_named && directory_from.is_none() {
        config.output.directory = None;
    }
    findings.extend(found.missing);
    overridden.extend(local);
    let in_file =
        source != ConfigSource::BuiltIn && root.at(&["output", "health_check", "port"]).is_some();
    let found_shard = shard::find(command_line, variables, &host_name());
    let found_shard = found_shard.unwrap_or_else(|finding| {
        findings.push(finding);
        None
    });
    let shard = found_shard.as_ref().map_or(Shard::WHOLE, |(shard, _)| *shard);
    overridden
        .extend(found_shard.map(|(shard, from)| format!("the shard is {shard}, from {from}")));
    if report.errors() == 0 && !findings.iter().any(is_error) {
        findings.extend(check_whole(&config, &root, (&name, &text), rate_from));
        findings.extend(shard::check(shard, &config));
    }
    let from = directory_from.or(directory_default);
    if let Some(directory) = &config.output.directory {
        findings.extend(check_directory(directory, from, &root, &report));
    }
    let (in_text, untold) = report.findings(&name, &text);
    findings.extend(in_text);
    for finding in &mut findings {
        if command_line.check {
            finding.severity = finding.severity.checked();
        }
    }
    if findings.iter().any(is_error) {
        return Err(ConfigErrors { findings, untold });
    }
    let (notes, warnings) =
        findings.into_iter().partition(|finding| finding.severity == Severity::Note);
    Ok(Loaded {
        config,
        source,
        port_is_given: port || in_file,
        shard,
        passed_over: found.passed_over,
        overridden,
        warnings,
        notes,
    })
}

/// Gives a configuration that names no directory the environment's default, or else the usual one. Returns the
/// variable that named it.
fn name_the_directory(output: &mut Output, variables: Variables<'_>) -> Option<&'static str> {
    let default = overrides::default_directory(variables);
    let named_by = default.as_ref().map(|_| overrides::LOG_DIR_DEFAULT);
    output.directory = Some(default.unwrap_or_else(|| PathBuf::from(Output::USUAL_DIRECTORY)));
    named_by
}

/// The tree of a text, or why it is none.
fn read_text(name: &str, text: &str) -> Result<Node, ConfigErrors> {
    raw::read(text).map_err(|unreadable| {
        let mut finding = Finding::of_source(name, unreadable.message);
        finding.location = unreadable.location;
        ConfigErrors::one(finding)
    })
}

/// What is odd about the directory, said of the flag or the variable that named it; else noted in the text.
fn check_directory(
    directory: &Path,
    from: Option<&str>,
    root: &Node,
    report: &FindingReport,
) -> Option<Finding> {
    let (severity, message) = (Severity::Warning, literal_tilde(directory)?);
    if let Some(from) = from {
        return Some(Finding { severity, ..Finding::of_source(from, message) });
    }
    if let Some(node) = root.at(&["output", "directory"]) {
        report.note(severity, node.id, "output.directory", message);
    }
    None
}

/// What settings do to each other. A rate that a flag or a variable said is wrong there, and not in
/// the text.
fn check_whole(
    config: &Config,
    root: &Node,
    (name, text): (&str, &str),
    rate_from: Option<&str>,
) -> Vec<Finding> {
    let report = FindingReport::default();
    check::check_whole(config, root, &report);
    let (mut findings, _) = report.findings(name, text);
    if let Some(from) = rate_from {
        for finding in findings.iter_mut().filter(|finding| finding.path == "output.rate") {
            *finding = Finding::of_source(from, &*finding.message);
        }
    }
    findings
}

/// What is doubtful about a directory that a shell would have read as a home.
fn literal_tilde(directory: &Path) -> Option<String> {
    let text = directory.to_string_lossy();
    text.starts_with('~').then(|| {
        format!(
            "found {}, whose ~ is taken literally, as a name in the working directory; for your home \
             directory, write its path out",
            quoted(&text)
        )
    })
}

fn is_error(finding: &Finding) -> bool {
    finding.severity == Severity::Error
}

/// A configuration that names this profile, if one is asked for. Of the built-in one, which is a shop, only the output
/// remains.
fn with_profile(root: Node, source: &ConfigSource, profile: Option<Option<Profile>>) -> Node {
    let Some(profile) = profile else { return root };
    let output = root.at(&["output"]).cloned();
    let mut root = match output {
        Some(output) if *source == ConfigSource::BuiltIn => Node::map([("output", output)]),
        _ => root,
    };
    root.set("profile", Node::text(profile.map_or("none", Profile::name)));
    root
}

/// What the host calls itself; a pod's is its name.
fn host_name() -> String {
    rustix::system::uname().nodename().to_string_lossy().into_owned()
}

impl Config {
    /// Reads a configuration from YAML, as it stands in a file; the environment is not looked at.
    ///
    /// # Errors
    /// Everything that is wrong with it, with its place and what would be right.
    ///
    /// ```
    /// use access_log_generator::Config;
    ///
    /// let config = Config::from_yaml("output: {rate: 200}").unwrap();
    /// assert_eq!(config.output.rate, 200.0);
    /// let errors = Config::from_yaml("output: {rate: fast}").unwrap_err().to_string();
    /// assert!(errors.contains("output.rate: found \"fast\""), "{errors}");
    /// ```
    pub fn from_yaml(text: &str) -> Result<Self, ConfigErrors> {
        let name = "the configuration";
        let root = read_text(name, text)?;
        let report = FindingReport::default();
        let config = check::check(&root, &report);
        if report.errors() == 0 {
            check::check_whole(&config, &root, &report);
        }
        let (findings, untold) = report.findings(name, text);
        if findings.iter().any(is_error) {
            return Err(ConfigErrors { findings, untold });
        }
        Ok(config)
    }
}

/// What messages call a configuration that a run has recorded.
const RECORDED: &str = "the recorded configuration";

/// Reads the effective configuration that a run has recorded, as JSON.
///
/// # Errors
/// Everything that is wrong with it for this version of the program.
pub fn read_recorded(text: &str) -> Result<Config, ConfigErrors> {
    let root = raw::read_json(text)
        .map_err(|message| ConfigErrors::one(Finding::of_source(RECORDED, message)))?;
    read_recorded_tree(&root)
}

/// [`read_recorded`], of what has become a tree already.
///
/// # Errors
/// As for [`read_recorded`].
pub fn read_recorded_tree(root: &Node) -> Result<Config, ConfigErrors> {
    let report = FindingReport::default();
    let config = check::check(root, &report);
    if report.errors() == 0 {
        check::check_whole(&config, root, &report);
    }
    // Its places are of no use: no person has written it.
    let (findings, untold) = report.findings(RECORDED, "");
    // A key of a later version would change what the lines are; all else is as it was in the run.
    let stops =
        |finding: &Finding| matches!(finding.severity, Severity::Error | Severity::UnknownKey);
    if findings.iter().any(stops) {
        return Err(ConfigErrors { findings, untold });
    }
    Ok(config)
}

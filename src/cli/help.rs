//! The text of `--help`, from the table of flags.

use std::fmt::Write;

use super::flags::{FLAGS, Flag, Group};

/// Where a flag's help starts.
const COLUMN: usize = 31;

const BEFORE: &str = "\
Writes the access logs of a web site that does not exist, at a true rate.

Usage: access-log-generator [OPTIONS] [CONFIG]
       access-log-generator verify --run run.json RECEIVED...

  [CONFIG]                     The configuration, a YAML file; without it the environment is
                               looked at, then config/config.yaml, then the built-in default
  verify                       Tell which lines did not arrive; verify --help says how
";

const AFTER: &str = "
Environment:
  LOG_GENERATOR_CONFIG_YAML_B64, LOG_GENERATOR_CONFIG_YAML, LOG_GENERATOR_CONFIG_PATH
                               The configuration: as base64, as YAML, by its path
  LOG_DIR_OVERRIDE, RATE_OVERRIDE
                               As --log-dir-override and --rate, which win over them

Examples:
  access-log-generator config.yaml
  access-log-generator --rate 100 --log-dir-override ./logs
  access-log-generator --seed 42 --from 2026-11-01T00:00:00Z --duration 7d
  access-log-generator --check config.yaml

Exit status: 0 done, or stopped by a signal; 1 failed while running; 2 the command line is
wrong; 78 the configuration is wrong, and nothing was created or touched; 130 ended by
a second signal.

Documentation: https://github.com/bacalhau-project/access-log-generator
";

/// The whole text, with its last line feed.
pub fn help() -> String {
    BEFORE.to_owned() + &options(FLAGS) + AFTER
}

/// The part of a help that lists the options.
pub fn options<A>(flags: &[Flag<A>]) -> String {
    let mut text = String::new();
    for group in Group::ALL {
        let mut lines = flags.iter().filter(|flag| flag.group == group).map(line).peekable();
        if lines.peek().is_some() {
            text += &format!("\n{}:\n", group.title());
            text.extend(lines);
        }
    }
    text
}

fn line<A>(flag: &Flag<A>) -> String {
    let short = flag.short.map_or("    ".to_owned(), |short| format!("-{short}, "));
    let value = flag.value().map(|value| format!(" {value}")).unwrap_or_default();
    let mut line = format!("  {short}--{}{value}", flag.long);
    let gap = COLUMN.saturating_sub(line.len()).max(1);
    // Writing to a string cannot fail.
    let _ = writeln!(line, "{:gap$}{}", "", flag.help);
    line
}

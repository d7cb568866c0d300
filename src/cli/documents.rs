//! The documents that the program can print about itself and its logs, by their names on the command line.
//! `completions`, `man`, `config::schema`, `line_schema` and `parsers` produce them.

/// A shell that completes command lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shell {
    /// GNU Bash 4 or later.
    Bash,
    /// The Z shell.
    Zsh,
    /// The fish shell.
    Fish,
}

/// The names of the shells, as `--completions` takes them.
pub const SHELLS: &[&str] = &["bash", "zsh", "fish"];

impl Shell {
    /// The shell with that name.
    pub fn of(name: &str) -> Option<Self> {
        match name {
            "bash" => Some(Self::Bash),
            "zsh" => Some(Self::Zsh),
            "fish" => Some(Self::Fish),
            _ => None,
        }
    }
}

/// A manual page, chosen by its section (man(1)).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manual {
    /// Section 1, programs: access-log-generator(1).
    Program,
    /// Section 5, files: access-log-generator.yaml(5).
    Configuration,
}

/// A form of the description of the logs' fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SchemaForm {
    /// A JSON object.
    Json,
    /// The same as YAML.
    Yaml,
    /// A table for each log.
    Markdown,
}

/// The names of the forms, as `--schema` takes them.
pub const SCHEMA_FORMS: &[&str] = &["json", "yaml", "markdown"];

impl SchemaForm {
    /// The form with that name.
    pub fn of(name: &str) -> Option<Self> {
        match name {
            "json" => Some(Self::Json),
            "yaml" => Some(Self::Yaml),
            "markdown" => Some(Self::Markdown),
            _ => None,
        }
    }
}

/// A program that reads logs and has to be told how.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogParser {
    /// Logstash and all that know its patterns.
    Grok,
    /// Vector, by a program in VRL.
    Vector,
    /// Fluent Bit.
    FluentBit,
    /// goaccess 1.7 or later.
    Goaccess,
    /// ClickHouse.
    Clickhouse,
}

/// The names of the programs, as `--print-parser` takes them.
pub const LOG_PARSERS: &[&str] = &["grok", "vector", "fluent-bit", "goaccess", "clickhouse"];

impl LogParser {
    /// All programs, in the order of their names.
    pub const ALL: [Self; 5] =
        [Self::Grok, Self::Vector, Self::FluentBit, Self::Goaccess, Self::Clickhouse];

    /// The program with that name.
    pub fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|parser| parser.name() == name)
    }

    /// The name of the program.
    pub const fn name(self) -> &'static str {
        LOG_PARSERS[self as usize]
    }
}

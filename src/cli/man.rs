//! The manual pages that `--man` prints, in the language of man(7). The page of the program is made from
//! the same tables as the help, that of the configuration from configs/README.md.

mod markdown;
mod roff;

use self::roff::{Roff, bold, escaped, verbatim};
use super::page::{CommandPage, FlagView, PROGRAM, PageEntry, Subcommand};
use crate::version::{BUILD_DATE, VERSION};

/// The reference of the configuration.
const REFERENCE: &str = include_str!("../../configs/README.md");

/// The manual page of the configuration.
pub fn configuration() -> String {
    let name = format!("{PROGRAM}.yaml");
    let mut page = titled(&name, 5, "File Formats Manual");
    page.section("NAME");
    page.text(&format!("{name} - configuration of {PROGRAM}"));
    page.section("SYNOPSIS");
    page.rendered(&format!("{} \\fIFILE\\fR", bold(PROGRAM)));
    page.section("DESCRIPTION");
    markdown::render(REFERENCE, &mut page);
    page.section("FILES");
    page.entries(&[
        ("/etc/access-log-generator/config.yaml", "The configuration of the service"),
        ("config/config.yaml", "In the working directory, where no other configuration is named"),
    ]);
    page.see_also(&format!("{}(1)", bold(PROGRAM)));
    page.into_text()
}

/// The manual page of the program, including the other commands and their options.
pub fn program<A>(run: &CommandPage<A>, commands: &[Subcommand]) -> String {
    let mut page = titled(PROGRAM, 1, "User Commands");
    page.section("NAME");
    page.text(&format!("{PROGRAM} - {}", uncapitalised(run.summary)));
    page.section("SYNOPSIS");
    for usage in run.usage {
        page.synopsis(usage);
    }
    page.section("DESCRIPTION");
    page.text(&format!("{}.", run.summary));
    page.entries(run.operands);
    page.section("OPTIONS");
    page.flags(&run.view().flags);
    for Subcommand { name, page: of, .. } in commands {
        page.section(&name.to_uppercase());
        page.text(&format!("{}.", of.summary));
        page.entries(of.operands);
        page.flags(&of.flags);
        page.paragraph(of.remarks);
    }
    page.section("ENVIRONMENT");
    page.entries(run.environment);
    page.section("FILES");
    page.entries(FILES);
    page.section("EXIT STATUS");
    page.text("Of a run:");
    page.entries(run.exit);
    for Subcommand { name, page: of, .. } in commands {
        page.paragraph(&format!("Of {name}:"));
        page.entries(of.exit);
    }
    page.section("EXAMPLES");
    let examples = commands.iter().flat_map(|command| command.page.examples);
    for example in run.examples.iter().chain(examples) {
        page.example(&format!("{PROGRAM} {example}"));
    }
    page.see_also(&format!("{}(5)", bold(&format!("{PROGRAM}.yaml"))));
    page.into_text()
}

/// A page that begins with its title.
fn titled(name: &str, section: u8, of: &str) -> Roff {
    let date = BUILD_DATE.get(..10).unwrap_or_default();
    let mut page = Roff::default();
    let name = name.to_uppercase();
    page.request(&format!("TH {name} {section} \"{date}\" \"{PROGRAM} {VERSION}\" \"{of}\""));
    page
}

/// The files that a run keeps in its directory.
const FILES: &[PageEntry] = &[
    ("access.log", "The hits of the simulated site"),
    ("error.log", "What failed on it"),
    ("system.log", "What the generator itself did"),
    ("run.json", "What the run is made of; verify needs it"),
];

/// Parts that both pages have.
impl Roff {
    /// Adds a command line. What is typed literally is bold, including the options.
    fn synopsis(&mut self, usage: &str) {
        self.rendered(&format!("{} {}\n.br", bold(PROGRAM), verbatim(usage)));
    }

    fn entries(&mut self, entries: &[PageEntry]) {
        for (name, what) in entries {
            self.tagged(&bold(name), what);
        }
    }

    fn flags(&mut self, flags: &[FlagView]) {
        for flag in flags {
            let short = flag.short.map(|short| format!("{}, ", bold(&format!("-{short}"))));
            let value = flag.value.map(|value| format!(" \\fI{}\\fR", escaped(value)));
            let long = bold(&format!("--{}", flag.long));
            let name = format!("{}{long}{}", short.unwrap_or_default(), value.unwrap_or_default());
            self.tagged(&name, flag.help);
        }
    }

    /// Adds the last section. `page` must be escaped already.
    fn see_also(&mut self, page: &str) {
        self.section("SEE ALSO");
        self.rendered(&format!("{page}, {}", escaped(env!("CARGO_PKG_REPOSITORY"))));
    }
}

/// A sentence with a small first letter, to follow a name.
fn uncapitalised(sentence: &str) -> String {
    let mut letters = sentence.chars();
    let first = letters.next().map(|first| first.to_lowercase().to_string());
    first.unwrap_or_default() + letters.as_str()
}

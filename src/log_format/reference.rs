//! The tables of formats in configs/README.md, made from the rows that the program reads formats by.

use super::apache::directives::{DIRECTIVES, UNSUPPORTED as NO_DIRECTIVES};
use super::named::NAMED;
use super::nginx::variables::{FAMILIES, UNSUPPORTED as NO_VARIABLES, VARIABLES};

/// The named formats, the directives and the variables as Markdown: each with its heading.
pub fn tables() -> String {
    let named = NAMED.iter().map(|named| {
        let string = named.string().map_or_else(String::new, |string| format!("`{string}`"));
        [format!("`{}`", named.name), named.about.to_owned(), string]
    });
    let directives = DIRECTIVES.iter().map(|row| [format!("`{}`", row.text), row.about.to_owned()]);
    let time = [
        "`%{FORMAT}t`".to_owned(),
        "the time in the notation of strftime(3); `begin:` before it is the same".to_owned(),
    ];
    let no_directives =
        NO_DIRECTIVES.iter().map(|row| [format!("`{}`", row.text), row.reason.to_owned()]);
    let family = |row: &super::nginx::variables::Variable| {
        [format!("`${}NAME`", row.name), row.about.to_owned()]
    };
    let variables = VARIABLES.iter().map(|row| [format!("`${}`", row.name), row.about.to_owned()]);
    let no_variables = NO_VARIABLES
        .iter()
        .map(|row| [format!("`${}`", row.text.replace('*', "NAME")), row.reason.to_owned()]);
    [
        heading("Named formats", &table(["name", "lines", "string"], named)),
        heading(
            "Directives of Apache's LogFormat",
            &table(["directive", "says"], directives.chain([time])),
        ),
        heading("Not supported of Apache's", &table(["directive", "why"], no_directives)),
        heading(
            "Variables of nginx's log_format",
            &table(["variable", "says"], variables.chain(FAMILIES.iter().map(family))),
        ),
        heading("Not supported of nginx's", &table(["variable", "why"], no_variables)),
    ]
    .join("\n")
}

fn heading(title: &str, table: &str) -> String {
    format!("### {title}\n\n{table}")
}

fn table<const COLUMNS: usize>(
    heads: [&str; COLUMNS],
    rows: impl Iterator<Item = [String; COLUMNS]>,
) -> String {
    let line = |cells: [String; COLUMNS]| format!("| {} |\n", cells.join(" | "));
    let rule = format!("|{}\n", "---|".repeat(COLUMNS));
    let rows: String = rows.map(|cells| line(cells.map(|cell| cell.replace('|', "\\|")))).collect();
    line(heads.map(str::to_owned)) + &rule + &rows
}

//! Where a key belongs that was found in the wrong section.

use crate::config::keys::{KeyForm, Row, all};
use crate::config::words::path_of;

/// The path of the only key or section of that name; `None` where there is none or several. Those in a list and under
/// a page have no path of their own.
pub fn of(name: &str) -> Option<String> {
    let mut found = Vec::new();
    all().iter().for_each(|row| search(row, "", name, &mut found));
    if found.len() == 1 { found.pop() } else { None }
}

fn search(row: &Row, around: &str, name: &str, found: &mut Vec<String>) {
    let path = path_of(around, row.name);
    if let KeyForm::Inside(inside) = row.form
        && inside.at.is_empty()
    {
        (inside.rows)().iter().for_each(|row| search(row, &path, name, found));
    }
    if row.name == name {
        found.push(path);
    }
}

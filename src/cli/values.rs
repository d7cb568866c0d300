//! The values of flags: what may be written, and the message about everything else.

use std::ffi::OsStr;
use std::path::PathBuf;
use std::time::Duration;

use super::arguments::Arguments;
use super::documents::{LOG_PARSERS, LogParser, Manual, SHELLS, SchemaForm, Shell};
use crate::basis::Basis;
use crate::codec::Codec;
use crate::config::keys::output::RATE;
use crate::config::{Profile, scenario_library};
use crate::duration::parse_duration;
use crate::fault::Fault;
use crate::likeness::likely;
use crate::log_format::LogFormat;
use crate::moment::{self, Moment};
use crate::output::Form;
use crate::port::{PORT_FORM, Port};
use crate::probe_url::{Probe, URL_FORM};
use crate::quantity::{parse_quantity, parse_whole};
use crate::retry::Retry;
use crate::shard::{self, Shard};

/// The highest rate, in lines per second.
const HIGHEST_RATE: f64 = RATE.high;

/// The most formatter threads.
const MOST_WORKERS: usize = 64;

/// Lines per second: above 0, at most 10,000,000; `5k` is 5,000.
pub fn rate(word: &OsStr) -> Result<f64, String> {
    // To Rust, `inf` and `nan` are numbers; the range excludes them.
    const RIGHT: &str =
        "a rate is a number of lines per second above 0, at most 10000000, such as 0.1, 5000 or 5k";
    read(word, RIGHT, |text| {
        parse_quantity(text).filter(|rate| *rate > 0.0 && *rate <= HIGHEST_RATE)
    })
}

/// The kind of site.
pub fn profile(word: &OsStr) -> Result<Option<Profile>, String> {
    read(word, &format!("write {}", Profile::EXPECTED), Profile::from_name)
}

/// The name of a scenario, or a file.
pub fn scenario(word: &OsStr) -> Result<String, String> {
    let text = word.to_str().ok_or("a scenario's name is text in UTF-8")?;
    let is_file = text.contains('/') || text.ends_with(".yaml") || text.ends_with(".yml");
    if is_file || scenario_library::text(text).is_some() {
        return Ok(text.to_owned());
    }
    Err(match likely(text, scenario_library::NAMES) {
        Some(name) => format!("found `{text}`; did you mean {name}? --list-scenarios prints all"),
        None => format!(
            "found `{text}`; a scenario is one that --list-scenarios prints, or a file that ends in .yaml"
        ),
    })
}

/// The format of lines.
pub fn format(word: &OsStr) -> Result<LogFormat, String> {
    let text = word.to_str().ok_or("a format is text in UTF-8")?;
    LogFormat::parse(text).map_err(|error| error.to_string())
}

/// A port, or `off`.
pub fn port(word: &OsStr) -> Result<Port, String> {
    read(word, PORT_FORM, Port::parse)
}

/// Any whole number of 64 bits.
pub fn seed(word: &OsStr) -> Result<u64, String> {
    read(word, "a seed is a whole number from 0 to 18446744073709551615", |text| text.parse().ok())
}

/// A whole number, at least 1; `1M` is 1,000,000.
pub fn lines(word: &OsStr) -> Result<u64, String> {
    read(word, "a number of lines is a whole number, 1 or more, such as 1000000 or 1M", |text| {
        parse_whole(text).filter(|lines| *lines > 0)
    })
}

/// A whole number, 1 to 64.
pub fn workers(word: &OsStr) -> Result<usize, String> {
    read(word, "the number of workers is a whole number from 1 to 64", |text| {
        text.parse().ok().filter(|workers| (1..=MOST_WORKERS).contains(workers))
    })
}

/// The name of a form of compression.
pub fn codec(word: &OsStr) -> Result<Codec, String> {
    read(word, "the logs can be compressed as gzip", Codec::parse)
}

/// A shard of several, such as `3/8`.
pub fn shard(word: &OsStr) -> Result<Shard, String> {
    read(word, shard::FORM, Shard::parse)
}

/// An instant, in any form of [`Moment`].
pub fn moment(word: &OsStr) -> Result<Moment, String> {
    read(word, moment::FORMS, Moment::parse)
}

/// A number of bytes, at least 1: `500`, `10GB` or `10G` (powers of 1000), `10GiB` (of 1024).
pub fn bytes(word: &OsStr) -> Result<u64, String> {
    const RIGHT: &str = "a size is a number of bytes with a unit or without, such as 10GiB, 500MB, 200M or \
                         4096 (k, M, G, T and kB, MB, GB, TB count by 1000, KiB, MiB, GiB, TiB by 1024)";
    read(word, RIGHT, |text| {
        let end = text.find(|c: char| c != '.' && !c.is_ascii_digit()).unwrap_or(text.len());
        let (number, unit) = text.split_at(end);
        let unit = match unit.to_ascii_lowercase().as_str() {
            "" | "b" => 1.0,
            "k" | "kb" => 1e3,
            "m" | "mb" => 1e6,
            "g" | "gb" => 1e9,
            "t" | "tb" => 1e12,
            "kib" => 1024.0,
            "mib" => 1_048_576.0,
            "gib" => 1_073_741_824.0,
            "tib" => 1_099_511_627_776.0,
            _ => return None,
        };
        let bytes = number.parse::<f64>().ok()? * unit;
        // Up to 2^53 every whole number is exact.
        (1.0..9.0e15).contains(&bytes).then_some(bytes.round() as u64)
    })
}

/// A length of time above zero.
pub fn duration(word: &OsStr) -> Result<Duration, String> {
    // Text that is not UTF-8 contains no digits, so it is refused and shown with replacement characters.
    let text = &*word.to_string_lossy();
    match parse_duration(text)? {
        Duration::ZERO => Err(format!("found `{text}`; a run takes at least 1ms")),
        length => Ok(length),
    }
}

/// How long a failed write is retried: a length of time above zero, or `forever`.
pub fn retry(word: &OsStr) -> Result<Retry, String> {
    if word == "forever" {
        return Ok(Retry::Forever);
    }
    match parse_duration(&word.to_string_lossy()) {
        Ok(length) if length > Duration::ZERO => Ok(Retry::For(length)),
        Ok(_) => Err("found no time at all; write how long, such as 5m, or forever".to_owned()),
        Err(message) => Err(format!("{message}; or write forever")),
    }
}

/// The forms of a printed report.
pub const FORMS: &[&str] = &["text", "json"];

/// What `--profile` takes.
pub const PROFILES: &[&str] = &["shop", "content", "personal", "api", "none"];

/// One of [`FORMS`].
pub fn form(word: &OsStr) -> Result<Form, String> {
    read(word, "write text or json", |text| match text {
        "text" => Some(Form::Text),
        "json" => Some(Form::Json),
        _ => None,
    })
}

/// The name of a shell.
pub fn shell(word: &OsStr) -> Result<Shell, String> {
    read(word, &format!("write {}", SHELLS.join(", ")), Shell::of)
}

/// Whether a word after `--man` is the number of a section, and not the configuration file.
pub fn is_section(word: &OsStr) -> bool {
    word.to_str().is_some_and(|word| word.bytes().all(|byte| byte.is_ascii_digit()))
}

/// The manual page of a section; that of the program if no section is given.
pub fn manual(word: Option<&OsStr>) -> Result<Manual, String> {
    let Some(word) = word else { return Ok(Manual::Program) };
    read(word, "write 1 for the program's page, 5 for that of the configuration", |text| match text
    {
        "1" => Some(Manual::Program),
        "5" => Some(Manual::Configuration),
        _ => None,
    })
}

/// Whether a word after `--health-check` is a URL, and not the configuration file.
pub fn is_url(word: &OsStr) -> bool {
    word.to_str().is_some_and(|word| word.contains("://"))
}

/// The run to ask: at the URL, or where the configuration says.
pub fn probe(word: Option<&OsStr>) -> Result<Probe, String> {
    let Some(word) = word else { return Ok(Probe::Configured) };
    read(word, URL_FORM, Probe::url)
}

/// The number of lines in a verification's window: 1,000 to 100,000,000.
pub fn window(word: &OsStr) -> Result<u64, String> {
    read(word, "a window is a whole number of lines from 1000 to 100000000", |text| {
        text.parse().ok().filter(|lines| (1_000..=100_000_000).contains(lines))
    })
}

/// What a grade counts.
pub fn basis(word: &OsStr) -> Result<Basis, String> {
    read(word, &format!("write {}", Basis::NAMES.join(", ")), Basis::of)
}

/// How long after its end an event may be detected; zero is allowed.
pub fn grace(word: &OsStr) -> Result<Duration, String> {
    parse_duration(&word.to_string_lossy())
}

/// The length of a window of time, above zero.
pub fn window_length(word: &OsStr) -> Result<Duration, String> {
    match parse_duration(&word.to_string_lossy())? {
        Duration::ZERO => Err("found no time at all; a window takes at least 1ms".to_owned()),
        length => Ok(length),
    }
}

/// How many findings of each kind are shown: 0 to 1,000,000.
pub fn shown(word: &OsStr) -> Result<usize, String> {
    read(word, "write how many are shown of each kind, from 0 to 1000000", |text| {
        text.parse().ok().filter(|shown| *shown <= 1_000_000)
    })
}

/// Kinds of faults, separated by commas.
pub fn faults(word: &OsStr) -> Result<Vec<Fault>, String> {
    let names: Vec<_> = Fault::ALL.iter().map(|fault| fault.name()).collect();
    let right = format!("write some of {}, with commas between them", names.join(", "));
    let text = word.to_str().unwrap_or("");
    if text.is_empty() {
        return read(word, &right, |_| None);
    }
    let fault = |name: &str| {
        let named = Fault::ALL.into_iter().find(|fault| fault.name() == name);
        named.ok_or_else(|| {
            let found = if name.is_empty() { "nothing" } else { &format!("`{name}`") };
            let likely = names
                .iter()
                .map(|known| (strsim::jaro_winkler(known, name), known))
                .max_by(|(one, _), (other, _)| one.total_cmp(other))
                .filter(|(likeness, _)| *likeness > 0.8);
            let advice = likely.map(|(_, name)| format!("; did you mean `{name}`?"));
            format!("found {found}; {right}{}", advice.unwrap_or_default())
        })
    };
    text.split(',').map(fault).collect()
}

/// The name of a field; it must not be empty.
pub fn field(word: &OsStr) -> Result<String, String> {
    read(word, "name the field of the JSON lines that holds the line, such as message", |text| {
        Some(text.to_owned())
    })
}

/// The form of a description of the logs' fields.
pub fn schema_form(word: &OsStr) -> Result<SchemaForm, String> {
    read(word, "write json, yaml or markdown", SchemaForm::of)
}

/// A program that reads logs.
pub fn parser(word: &OsStr) -> Result<LogParser, String> {
    read(word, &format!("name one of {}", LOG_PARSERS.join(", ")), LogParser::of)
}

/// The file of a log; it must not be empty.
pub fn log(word: &OsStr) -> Result<String, String> {
    read(word, "name the file of a log of the run, such as slow.log", |text| Some(text.to_owned()))
}

/// The path of a file; it must not be empty.
pub fn file(word: &OsStr) -> Result<PathBuf, String> {
    if word.is_empty() {
        return Err("found nothing; name a file".to_owned());
    }
    Ok(PathBuf::from(word))
}

/// The configuration file, which may be named only once.
pub fn config(to: &mut Arguments, word: &OsStr) -> Result<(), String> {
    if word.is_empty() {
        return Err("CONFIG is empty; name a file, or leave it out".to_owned());
    }
    if let Some(first) = &to.config {
        let (first, second) = (first.display(), word.display());
        return Err(format!("found two configuration files, `{first}` and `{second}`; name one"));
    }
    to.config = Some(PathBuf::from(word));
    Ok(())
}

/// The path of a directory; it must not be empty.
pub fn directory(word: &OsStr) -> Result<PathBuf, String> {
    if word.is_empty() {
        return Err("found nothing; name a directory".to_owned());
    }
    Ok(PathBuf::from(word))
}

/// The value that `parse` returns for a word, or an error with what was found and what is `right`.
fn read<T>(word: &OsStr, right: &str, parse: impl FnOnce(&str) -> Option<T>) -> Result<T, String> {
    let found = match word.to_str() {
        Some("") => "nothing".to_owned(),
        Some(text) => match parse(text) {
            Some(value) => return Ok(value),
            None => format!("`{text}`"),
        },
        None => format!("`{}`, which is not UTF-8", word.display()),
    };
    Err(format!("found {found}; {right}"))
}

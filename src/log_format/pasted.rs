//! A whole directive as it stands in a server's configuration, over any number of lines:
//! `LogFormat "..." name`, `CustomLog FILE "..."` or `log_format name escape=... '...' '...';`.

use super::error::FormatError;
use super::nginx::NginxEscape;

/// A directive of a server's configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pasted {
    /// Apache's, with the text of the format.
    Apache(String),
    /// nginx's, with the text of the format.
    Nginx(String, NginxEscape),
}

/// A word of a directive.
#[derive(Debug)]
struct ConfigWord {
    at: usize,
    text: String,
    quoted: bool,
}

/// Reads a directive; `None` if the text is none.
///
/// # Errors
/// It is a directive, but one without a format, or with quotes that do not end.
pub fn read(text: &str) -> Option<Result<Pasted, FormatError>> {
    let name = text.lines().find(|line| !is_comment(line))?.split_whitespace().next()?;
    if name.strip_prefix("escape=").is_some_and(|escape| NginxEscape::named(escape).is_some()) {
        let reason = "is a part of a log_format directive: log_format NAME escape=... '...';";
        let at = text.find(name).expect("it is a word of the text");
        return Some(Err(FormatError::new(text, at, name, reason)));
    }
    let is_apache = is_one_of(&APACHE, name);
    if !is_apache && !NGINX.contains(&name) {
        return None;
    }
    Some(words(text).and_then(|words| {
        if let Some(second) = words[1..].iter().find(|word| begins_another(word)) {
            let reason = "begins a second directive; paste the one whose lines you want";
            return Err(FormatError::new(text, second.at, &second.text, reason));
        }
        if is_apache { apache(text, &words) } else { nginx(text, &words) }
    }))
}

/// The directives of servers that have to do with logs.
const APACHE: [&str; 4] = ["LogFormat", "CustomLog", "TransferLog", "ErrorLogFormat"];
const NGINX: [&str; 2] = ["log_format", "access_log"];

fn is_one_of(directives: &[&str], name: &str) -> bool {
    directives.iter().any(|directive| directive.eq_ignore_ascii_case(name))
}

fn begins_another(word: &ConfigWord) -> bool {
    !word.quoted && (is_one_of(&APACHE, &word.text) || NGINX.contains(&&*word.text))
}

fn is_comment(line: &str) -> bool {
    line.trim().is_empty() || line.trim_start().starts_with('#')
}

fn apache(text: &str, words: &[ConfigWord]) -> Result<Pasted, FormatError> {
    let directive = &words[0];
    if directive.text.eq_ignore_ascii_case("ErrorLogFormat") {
        let reason = "is for error.log, whose forms output.error_format has";
        return Err(FormatError::new(text, directive.at, &directive.text, reason));
    }
    let format = words[1..].iter().find(|word| word.quoted || word.text.contains('%'));
    let nickname = words.get(2).filter(|_| directive.text.eq_ignore_ascii_case("CustomLog"));
    if let (None, Some(nickname)) = (format, nickname) {
        return Err(only_named(text, nickname, "LogFormat"));
    }
    let missing =
        || FormatError::new(text, words[0].at, &words[0].text, "has no format in quotes behind it");
    format.map(|word| Pasted::Apache(word.text.clone())).ok_or_else(missing)
}

/// The error about a directive that has the name of a format and not the format.
fn only_named(text: &str, name: &ConfigWord, directive: &str) -> FormatError {
    let reason = format!(
        "is the name of a format; paste the {directive} that it names, or give the name alone if it is one of --format's"
    );
    FormatError::new(text, name.at, &name.text, reason)
}

fn nginx(text: &str, words: &[ConfigWord]) -> Result<Pasted, FormatError> {
    if words[0].text == "access_log" {
        let name = words.get(2).unwrap_or(&words[0]);
        return Err(only_named(text, name, "log_format"));
    }
    let missing =
        || FormatError::new(text, words[0].at, &words[0].text, "has no name and format behind it");
    let (_, mut rest) = words[1..].split_first().ok_or_else(missing)?;
    let mut escape = NginxEscape::Default;
    if let Some((first, behind)) = rest.split_first()
        && let Some(name) = first.text.strip_prefix("escape=")
    {
        let wrong = || {
            FormatError::new(
                text,
                first.at,
                &first.text,
                "is none of escape=default, json and none",
            )
        };
        escape = NginxEscape::named(name).ok_or_else(wrong)?;
        rest = behind;
    }
    if rest.is_empty() {
        return Err(missing());
    }
    Ok(Pasted::Nginx(rest.iter().map(|word| &*word.text).collect(), escape))
}

/// Splits a directive into its words: quotes are removed, backslashes within the words stay, but those at the ends of lines
/// go. Of what follows its end, only the words that begin another directive are kept.
fn words(text: &str) -> Result<Vec<ConfigWord>, FormatError> {
    let mut words = Vec::new();
    let mut has_ended = false;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let is_continuation = c == '\\' && chars.peek().is_some_and(|(_, next)| *next == '\n');
        if c.is_whitespace() || is_continuation {
            continue;
        }
        if c == '#' {
            while chars.next_if(|(_, next)| *next != '\n').is_some() {}
            continue;
        }
        if c == ';' {
            has_ended |= !words.is_empty();
            continue;
        }
        let mut word = ConfigWord { at, text: String::new(), quoted: matches!(c, '"' | '\'') };
        if !word.quoted {
            word.text.push(c);
            while let Some((_, next)) =
                chars.next_if(|(_, next)| !next.is_whitespace() && *next != ';')
            {
                word.text.push(next);
            }
        } else if !quoted(&mut chars, c, &mut word.text) {
            return Err(FormatError::new(text, at, &text[at..], "has a quote that does not end"));
        }
        if !has_ended || begins_another(&word) {
            words.push(word);
        }
    }
    Ok(words)
}

/// Reads up to the closing quote; returns false if there is none.
fn quoted(chars: &mut impl Iterator<Item = (usize, char)>, quote: char, word: &mut String) -> bool {
    while let Some((_, c)) = chars.next() {
        if c == quote {
            return true;
        }
        if c != '\\' {
            word.push(c);
            continue;
        }
        match chars.next() {
            // Apache goes on with the next line.
            Some((_, '\n')) => {}
            Some((_, escaped)) => word.extend(['\\', escaped]),
            None => return false,
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_directive_is_taken_as_it_stands_in_the_servers_configuration() {
        let nginx = |text: &str, escape| Some(Ok(Pasted::Nginx(text.to_owned(), escape)));
        let apache = |text: &str| Some(Ok(Pasted::Apache(text.to_owned())));
        for (directive, expected) in [
            ("LogFormat \"%h \\\"%r\\\" %>s\" common", apache("%h \\\"%r\\\" %>s")),
            ("  logformat '%h %u'\n", apache("%h %u")),
            ("LogFormat \"%h \\\n%u\" \\\n name", apache("%h %u")),
            ("CustomLog ${APACHE_LOG_DIR}/access.log \"%h %u\" env=!x", apache("%h %u")),
            ("CustomLog logs/access_log %h", apache("%h")),
            (
                "log_format  main  '$remote_addr - \"$request\" '\n                  '$status;';",
                nginx("$remote_addr - \"$request\" $status;", NginxEscape::Default),
            ),
            (
                "log_format x escape=json '{\"a\":\"$uri\"}';",
                nginx("{\"a\":\"$uri\"}", NginxEscape::Json),
            ),
            ("log_format x escape=none \"$uri\" $status;", nginx("$uri$status", NginxEscape::None)),
            ("# The usual one.\nLogFormat \"%h\" usual # of all sites\n", apache("%h")),
            ("%h %u", None),
            ("combined", None),
            ("escape=other {}", None),
        ] {
            assert_eq!(read(directive), expected, "{directive}");
        }
    }

    #[test]
    fn a_text_that_leaves_open_which_format_is_meant_is_refused_at_its_place() {
        for (text, place, reason) in [
            ("LogFormat \"%h\" a\nLogFormat \"%u\" b", "LogFormat", "begins a second directive"),
            ("log_format a $status; log_format b $uri;", "log_format", "begins a second directive"),
            ("LogFormat \"%h\" a\nCustomLog x.log a", "CustomLog", "begins a second directive"),
            (
                "CustomLog ${APACHE_LOG_DIR}/access.log combined",
                "combined",
                "is the name of a format",
            ),
            ("access_log /var/log/nginx/access.log main;", "main", "is the name of a format"),
            ("ErrorLogFormat \"%t %M\"", "ErrorLogFormat", "is for error.log"),
            ("escape=json {\"a\":\"$request\"}", "escape=json", "is a part of a log_format"),
        ] {
            let error = read(text).unwrap().unwrap_err();
            let message = error.to_string();
            assert!(message.starts_with(&format!("{place:?} {reason}")), "{message}");
        }
    }

    #[test]
    fn what_is_wrong_with_a_directive_is_said() {
        for (directive, reason) in [
            ("LogFormat combined", "has no format in quotes behind it"),
            ("log_format main;", "has no name and format behind it"),
            ("log_format main 'x", "has a quote that does not end"),
            ("log_format main escape=xml 'x';", "is none of escape=default, json and none"),
        ] {
            assert_eq!(read(directive).unwrap().unwrap_err().reason, reason);
        }
    }
}

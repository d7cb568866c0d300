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
    let name = text.split_whitespace().next()?;
    let is = |directive: &str| name.eq_ignore_ascii_case(directive);
    let is_apache = is("LogFormat") || is("CustomLog") || is("ErrorLogFormat");
    if !is_apache && name != "log_format" {
        return None;
    }
    Some(
        words(text)
            .and_then(|words| if is_apache { apache(text, &words) } else { nginx(text, &words) }),
    )
}

fn apache(text: &str, words: &[ConfigWord]) -> Result<Pasted, FormatError> {
    let format = words[1..].iter().find(|word| word.quoted || word.text.contains('%'));
    let missing = || FormatError::new(text, 0, &words[0].text, "has no format in quotes behind it");
    format.map(|word| Pasted::Apache(word.text.clone())).ok_or_else(missing)
}

fn nginx(text: &str, words: &[ConfigWord]) -> Result<Pasted, FormatError> {
    let missing = || FormatError::new(text, 0, &words[0].text, "has no name and format behind it");
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
/// go.
fn words(text: &str) -> Result<Vec<ConfigWord>, FormatError> {
    let mut words = Vec::new();
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let is_continuation = c == '\\' && chars.peek().is_some_and(|(_, next)| *next == '\n');
        if c.is_whitespace() || is_continuation {
            continue;
        }
        if c == ';' {
            break;
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
        words.push(word);
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
            ("%h %u", None),
            ("combined", None),
        ] {
            assert_eq!(read(directive), expected, "{directive}");
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

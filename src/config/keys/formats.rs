//! The forms of keys that say what lines look like.

use super::Worded;
use super::shapes::json;

/// What the lines of a log of hits look like.
pub const FORMAT: Worded = Worded {
    range: "a name such as `combined` or `json`, an Apache LogFormat, an nginx log_format, or a directive of either",
    expected: "the name of a format, such as \"combined\" or \"json\", an Apache LogFormat or an nginx log_format",
    schema: || json(r#"{"type": "string", "pattern": "[^\\s]"}"#),
};

/// What the lines of error.log look like.
pub const ERROR_FORMAT: Worded = Worded {
    range: "`plain`, `apache`, `nginx` or `json`",
    expected: "plain, apache, nginx or json",
    schema: || json(r#"{"enum": ["plain", "apache", "nginx", "json"]}"#),
};

//! The port of the endpoints, as the command line and the environment write it.

/// How to write a port, for an error message.
pub const PORT_FORM: &str =
    "write a port from 0 to 65535 (0 lets the system choose), or off for no endpoints at all";

/// The values of `--port` and `PORT_OVERRIDE`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Port {
    /// No endpoints at all.
    Off,
    /// This port; 0 lets the system choose.
    Number(u16),
}

impl Port {
    /// Parses a port: a number, or `off`. `None` for any other text.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "off" => Some(Self::Off),
            // The parser of `u16` would accept a sign too.
            _ if text.bytes().all(|byte| byte.is_ascii_digit()) => {
                text.parse().ok().map(Self::Number)
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_is_a_number_or_off_and_nothing_else() {
        for (text, expected) in [
            ("off", Some(Port::Off)),
            ("0", Some(Port::Number(0))),
            ("65535", Some(Port::Number(65_535))),
            ("65536", None),
            ("+1", None),
            ("OFF", None),
            ("no", None),
            ("", None),
        ] {
            assert_eq!(Port::parse(text), expected, "{text}");
        }
    }
}

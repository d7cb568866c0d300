//! Bytes from outside to text, within a limit of size.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use base64::DecodeError;
use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

/// The largest configuration in bytes.
pub const LARGEST: u64 = 4 << 20;

/// Why a file gave no text.
pub enum ReadError {
    /// The system refused.
    UnreadableText(io::Error),
    /// It is not what a configuration can be.
    Wrong(String),
}

/// Reads a file. No more than the limit is read, however large it is or claims to be.
pub fn from_file(path: &Path) -> Result<String, ReadError> {
    let file = File::open(path).map_err(ReadError::UnreadableText)?;
    if file.metadata().map_err(ReadError::UnreadableText)?.is_dir() {
        return Err(ReadError::Wrong("is a directory, expected a file of YAML".into()));
    }
    let mut bytes = Vec::new();
    file.take(LARGEST + 1).read_to_end(&mut bytes).map_err(ReadError::UnreadableText)?;
    from_utf8(bytes).map_err(ReadError::Wrong)
}

/// Checks the size and the encoding.
pub fn from_utf8(bytes: Vec<u8>) -> Result<String, String> {
    if bytes.len() as u64 > LARGEST {
        return Err("is larger than 4 MiB, expected a configuration (a few KiB)".into());
    }
    let text = String::from_utf8(bytes).map_err(|error| {
        let offset = error.utf8_error().valid_up_to();
        let bytes = error.as_bytes();
        let line = bytes[..offset].iter().filter(|byte| **byte == b'\n').count() + 1;
        let hint = if bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]) {
            "; it looks like UTF-16"
        } else {
            ""
        };
        format!(
            "found the byte 0x{:02X} at offset {offset} (line {line}), which is not UTF-8, \
             expected text in UTF-8{hint}",
            bytes[offset]
        )
    })?;
    Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
}

/// Checks that lines end in line breaks and not in a backslash and an `n`, which is what a shell
/// leaves of `"output:\n  rate: 1"`. To YAML that is one line, with a key that means nothing. In
/// quotes and brackets the two characters may stand.
pub fn has_line_breaks(text: &str) -> Result<(), String> {
    let mut line = text.trim();
    for quote in ['"', '\''] {
        // What a file of variables has around the whole.
        let inside = line.strip_prefix(quote).and_then(|line| line.strip_suffix(quote));
        line = inside.unwrap_or(line);
    }
    if line.contains('\n') {
        return Ok(());
    }
    let (mut quoted, mut depth) = (None, 0_u32);
    for (offset, c) in line.char_indices() {
        match (quoted, c) {
            (Some(quote), _) => quoted = (c != quote).then_some(quote),
            (None, '"' | '\'') => quoted = Some(c),
            (None, '[' | '{') => depth += 1,
            (None, ']' | '}') => depth = depth.saturating_sub(1),
            (None, '\\') if depth == 0 && line[offset..].starts_with("\\n") => {
                return Err(
                    "found \\n, a backslash and an \"n\", where a line should end, expected \
                            real line breaks: in a shell write $'output:\\n  rate: 1' or \
                            \"$(cat FILE)\", or give the output of `base64 FILE` in \
                            LOG_GENERATOR_CONFIG_YAML_B64"
                        .into(),
                );
            }
            _ => {}
        }
    }
    Ok(())
}

/// Decodes base64, in lines or in one, padded or not.
pub fn from_base64(encoded: &[u8]) -> Result<String, String> {
    const ENGINE: GeneralPurpose = GeneralPurpose::new(
        &STANDARD,
        GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
    );
    let (offsets, plain): (Vec<usize>, Vec<u8>) =
        encoded.iter().enumerate().filter(|(_, byte)| !byte.is_ascii_whitespace()).unzip();
    let bytes = ENGINE.decode(&plain).map_err(|error| match error {
        DecodeError::InvalidByte(at, byte) => format!(
            "found {:?} at offset {}, which is not base64, expected the output of `base64 FILE`",
            char::from(byte),
            offsets.get(at).copied().unwrap_or(encoded.len())
        ),
        _ => "the base64 is cut off or damaged at its end, expected the whole output of \
              `base64 FILE`"
            .to_owned(),
    })?;
    from_utf8(bytes).map_err(|message| format!("once decoded: {message}"))
}

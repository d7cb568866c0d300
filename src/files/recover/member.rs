//! Finds the end of the last whole member of a packed log. The members are not unpacked: each has its
//! length in its header.

use std::io::{self, ErrorKind, Read};

use flate2::bufread::MultiGzDecoder;

use super::super::storage::StoredFile;
use crate::codec::Codec;
use crate::pack::header::{HEADER, Header};

/// How much is read at a time while searching backwards for the last header, bytes. It is the length of
/// a few members, so a block or two suffice, however long the file is.
const BLOCK: usize = 256 * 1024;

/// The offset after the last whole member of the first `len` bytes; 0 if there is none.
///
/// # Errors
/// The file cannot be read, or ends with bytes that are not a member's.
pub fn end_of_last(file: &impl StoredFile, codec: Codec, len: u64) -> io::Result<u64> {
    let whole = match last_header(file, codec, len)? {
        Some((at, header)) if header.len > len - at => return Ok(at),
        Some((at, header)) => at + header.len,
        None => 0,
    };
    let mut rest = vec![0; (len - whole).min(HEADER as u64) as usize];
    if rest.is_empty() {
        return Ok(whole);
    }
    file.read_exact_at(&mut rest, whole)?;
    if Header::may_begin_with(codec, &rest) { Ok(whole) } else { Err(foreign(whole)) }
}

/// The lines that whole members hold.
///
/// # Errors
/// The members are damaged.
pub fn unpacked(members: &[u8], codec: Codec) -> io::Result<Vec<u8>> {
    let mut lines = Vec::new();
    match codec {
        Codec::Gzip => MultiGzDecoder::new(members).read_to_end(&mut lines)?,
    };
    Ok(lines)
}

/// The last whole header, and where it is.
fn last_header(
    file: &impl StoredFile,
    codec: Codec,
    len: u64,
) -> io::Result<Option<(u64, Header)>> {
    let mut block = Vec::new();
    let mut end = len;
    while end > 0 {
        let start = end.saturating_sub(BLOCK as u64);
        // A header may lie across the end of this block.
        let until = (end + HEADER as u64 - 1).min(len);
        block.resize((until - start) as usize, 0);
        file.read_exact_at(&mut block, start)?;
        if let Some(at) = Header::find_last(codec, &block) {
            return Ok(Header::read(codec, &block[at..]).map(|header| (start + at as u64, header)));
        }
        end = start;
    }
    Ok(None)
}

fn foreign(whole: u64) -> io::Error {
    let found = format!(
        "from byte {whole} on it holds something that this program has not written; move the file away, \
         or name another directory"
    );
    io::Error::new(ErrorKind::InvalidData, found)
}

#[cfg(test)]
mod tests;

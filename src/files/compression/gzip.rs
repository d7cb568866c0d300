//! gzip (RFC 1952), block by block. The encoder writes to memory and the caller writes to the file, so
//! an error of the file cannot leave the encoder in the middle of a block.

use std::io::{self, ErrorKind, Read, Write};

use flate2::Compression;
use flate2::read::MultiGzDecoder;
use flate2::write::GzEncoder;

use super::super::storage::StoredFile;

/// Compresses block after block. The header contains neither a file name nor a time, so that the same
/// bytes always give the same archive.
pub struct Encoder {
    encoder: GzEncoder<Vec<u8>>,
}

impl Encoder {
    /// An encoder with a level of 0 to 9. Higher levels count as 9.
    pub fn new(level: u32) -> Self {
        Self { encoder: GzEncoder::new(Vec::new(), Compression::new(level.min(9))) }
    }

    /// Compresses a block. Returns the bytes that are ready to be written, possibly none.
    pub fn push(&mut self, block: &[u8]) -> &[u8] {
        self.encoder.get_mut().clear();
        self.encoder.write_all(block).expect("writing to memory does not fail");
        self.encoder.get_ref()
    }

    /// Ends the archive and returns its remaining bytes.
    pub fn finish(mut self) -> Vec<u8> {
        self.encoder.get_mut().clear();
        self.encoder.finish().expect("writing to memory does not fail")
    }
}

/// Reads an archive back.
pub struct Decoder<'a, F: StoredFile> {
    decoder: MultiGzDecoder<GzipContent<'a, F>>,
}

impl<'a, F: StoredFile> Decoder<'a, F> {
    /// A decoder that reads a file from its beginning.
    pub fn new(file: &'a F) -> Self {
        Self { decoder: MultiGzDecoder::new(GzipContent { file, offset: 0 }) }
    }

    /// Fills `block` with the next `len` bytes, or fewer at the end. Returns false if the file is not a
    /// complete archive.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn read_block(&mut self, block: &mut Vec<u8>, len: usize) -> io::Result<bool> {
        block.clear();
        match self.decoder.by_ref().take(len as u64).read_to_end(block) {
            Ok(_) => Ok(true),
            Err(error) => match error.kind() {
                ErrorKind::InvalidData | ErrorKind::InvalidInput | ErrorKind::UnexpectedEof => {
                    Ok(false)
                }
                _ => Err(error),
            },
        }
    }
}

/// Reads a file's content from its beginning.
struct GzipContent<'a, F> {
    file: &'a F,
    offset: u64,
}

impl<F: StoredFile> Read for GzipContent<'_, F> {
    fn read(&mut self, block: &mut [u8]) -> io::Result<usize> {
        let left = self.file.size()?.saturating_sub(self.offset);
        let count = left.min(block.len() as u64) as usize;
        if count > 0 {
            self.file.read_exact_at(&mut block[..count], self.offset)?;
        }
        self.offset += count as u64;
        Ok(count)
    }
}

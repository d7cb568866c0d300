//! Recognizes packed files by their first bytes. gzip and zstd are unpacked; for other forms, the user
//! is told how to unpack them.

use std::io::{self, BufRead, BufReader, Cursor, Read};

use flate2::bufread::MultiGzDecoder;
use ruzstd::decoding::errors::{FrameDecoderError, ReadFrameHeaderError};
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};

/// How many bytes decide about the form of a file.
const LONGEST_MAGIC: u64 = 6;
/// How many bytes of an archive are read at once.
const BLOCK: usize = 64 << 10;

/// The first bytes of every gzip archive (RFC 1952, 2.3.1).
const GZIP: &[u8] = &[0x1f, 0x8b];
/// The first bytes of a zstd frame (RFC 8878, 3.1.1).
const ZSTD: &[u8] = &[0x28, 0xb5, 0x2f, 0xfd];
/// The bytes of a skippable zstd frame (RFC 8878, 3.1.2) after the first, which is 0x50 to 0x5f.
const SKIPPABLE: &[u8] = &[0x2a, 0x4d, 0x18];

/// Forms that cannot be read: the name, the first bytes, and the program that unpacks it.
const OTHERS: [(&str, &[u8], &str); 6] = [
    ("xz", &[0xfd, b'7', b'z', b'X', b'Z', 0], "xz -dc"),
    ("bzip2", b"BZh", "bzip2 -dc"),
    ("lz4", &[0x04, 0x22, 0x4d, 0x18], "lz4 -dc"),
    ("zip", b"PK\x03\x04", "unzip -p"),
    ("7-Zip", &[b'7', b'z', 0xbc, 0xaf, 0x27, 0x1c], "7z x -so"),
    ("compress", &[0x1f, 0x9d], "zcat"),
];

/// A reader of the bytes of `input`, unpacked if they are packed. `command` is the one that reads it.
///
/// # Errors
/// `input` cannot be read, or is packed in a form that is not supported.
pub fn unpacked(mut input: impl Read + 'static, command: &str) -> io::Result<Box<dyn Read>> {
    let mut magic = Vec::new();
    input.by_ref().take(LONGEST_MAGIC).read_to_end(&mut magic)?;
    if let Some((name, _, unpack)) = OTHERS.iter().find(|other| magic.starts_with(other.1)) {
        return Err(io::Error::new(
            io::ErrorKind::InvalidData,
            format!(
                "it is packed by {name}, which is not read here; write {unpack} FILE | \
                 access-log-generator {command} ... -"
            ),
        ));
    }
    let is_gzip = magic.starts_with(GZIP);
    let skippable = magic.first().is_some_and(|first| first & 0xf0 == 0x50)
        && magic[1..].starts_with(SKIPPABLE);
    let is_zstd = magic.starts_with(ZSTD) || skippable;
    let whole = Cursor::new(magic).chain(input);
    Ok(if is_gzip {
        Box::new(MultiGzDecoder::new(BufReader::with_capacity(BLOCK, whole)))
    } else if is_zstd {
        Box::new(Zstd::new(BufReader::with_capacity(BLOCK, whole)))
    } else {
        Box::new(whole)
    })
}

/// Unpacks a zstd archive of one or several frames.
struct Zstd<R> {
    source: R,
    decoder: FrameDecoder,
    /// The error that ended the unpacking, returned after everything that could be unpacked.
    failed: Option<io::Error>,
}

/// An empty last block (RFC 8878, 3.1.1.2), and a frame checksum of which only the length matters. They
/// end a frame early, because the decoder holds back what a later block may refer to until the frame
/// ends.
const END_OF_FRAME: [u8; 7] = [1, 0, 0, 0, 0, 0, 0];

impl<R: BufRead> Zstd<R> {
    fn new(source: R) -> Self {
        Self { source, decoder: FrameDecoder::new(), failed: None }
    }
}

impl<R: BufRead> Read for Zstd<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let broken = |error: FrameDecoderError| io::Error::other(format!("zstd: {error}"));
        loop {
            if self.decoder.can_collect() > 0 {
                return self.decoder.read(buffer);
            }
            if let Some(error) = self.failed.take() {
                return Err(error);
            }
            if !self.decoder.is_finished() {
                let one = || BlockDecodingStrategy::UptoBlocks(1);
                if let Err(error) = self.decoder.decode_blocks(&mut self.source, one()) {
                    self.failed = Some(broken(error));
                    // If even that fails, the data held back is lost.
                    let _ = self.decoder.decode_blocks(&END_OF_FRAME[..], one());
                }
                continue;
            }
            if self.source.fill_buf()?.is_empty() {
                return Ok(0);
            }
            match self.decoder.init(&mut self.source) {
                Ok(()) => {}
                Err(FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::SkipFrame {
                    length,
                    ..
                })) => {
                    let mut skipped = self.source.by_ref().take(length.into());
                    io::copy(&mut skipped, &mut io::sink())?;
                }
                Err(error) => return Err(broken(error)),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use ruzstd::encoding::{CompressionLevel, compress_to_vec};

    use super::*;

    fn all(bytes: Vec<u8>) -> io::Result<Vec<u8>> {
        let mut all = Vec::new();
        unpacked(Cursor::new(bytes), "verify")?.read_to_end(&mut all)?;
        Ok(all)
    }

    fn text() -> Vec<u8> {
        (0..50_000).flat_map(|number| format!("line {number}\n").into_bytes()).collect()
    }

    fn zstd(bytes: &[u8]) -> Vec<u8> {
        compress_to_vec(bytes, CompressionLevel::Fastest)
    }

    #[test]
    fn what_is_not_packed_is_read_as_it_is() {
        for bytes in [&b""[..], b"x", b"BZ", &[0x1f], b"a line\n", &[0x28, 0xb5], &[0x50]] {
            assert_eq!(all(bytes.to_vec()).unwrap(), bytes);
        }
    }

    #[test]
    fn of_a_zstd_archive_all_frames_are_read_and_those_that_hold_nothing_passed_over() {
        let text = text();
        let (front, back) = text.split_at(123_456);
        let nothing = [&[0x5a, 0x2a, 0x4d, 0x18, 3, 0, 0, 0][..], b"abc"].concat();
        let empty = zstd(b"");
        let archive =
            [&nothing[..], &zstd(front), &empty, &nothing, &zstd(back), &nothing].concat();
        assert!(all(archive).unwrap() == text);
    }

    #[test]
    fn a_zstd_archive_that_ends_too_soon_or_is_broken_is_an_error() {
        let archive = zstd(&text());
        let error = all(archive[..archive.len() - 9].to_vec()).unwrap_err();
        assert!(error.to_string().starts_with("zstd: "), "{error}");
        assert!(all([&archive[..], b"no frame"].concat()).is_err());
    }

    #[test]
    fn a_zstd_archive_that_is_cut_off_is_read_as_far_as_its_blocks_are_whole() {
        let text = text();
        let archive = zstd(&text);
        for cut in [archive.len() / 3, archive.len() / 2, archive.len() - 9] {
            let mut read = Vec::new();
            let mut input = unpacked(Cursor::new(archive[..cut].to_vec()), "verify").unwrap();
            assert!(input.read_to_end(&mut read).is_err());
            // A block has 128 KiB.
            let least = text.len() * cut / archive.len() - (256 << 10).min(text.len() / 4);
            assert!(text.starts_with(&read) && read.len() >= least, "{cut}: {}", read.len());
        }
    }

    #[test]
    fn of_other_forms_the_name_is_said_and_what_unpacks_them() {
        for (name, magic, command) in OTHERS {
            let error = all([magic, &[0; 20]].concat()).unwrap_err().to_string();
            let right = error.contains(&format!("packed by {name},"))
                && error.contains(&format!("{command} FILE | access-log-generator verify"));
            assert!(right, "{error}");
        }
    }
}

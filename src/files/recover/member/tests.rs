use super::super::super::faulty::{Call, Faulty};
use super::super::super::storage::Storage;
use super::super::{Unit, cut_torn};
use super::*;
use crate::pack::Packer;

const PATH: &str = "/access.log.gz";

/// Lines that hardly shrink.
fn noise(len: u64) -> Vec<u8> {
    (0..len).map(|n| (n.wrapping_mul(n).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 23) as u8).collect()
}

fn archive(codec: Codec, texts: &[&[u8]]) -> Vec<u8> {
    let (mut archive, mut packer) = (Vec::new(), Packer::new(codec));
    texts.iter().for_each(|text| packer.append(text, 7, &mut archive));
    archive
}

fn cut(codec: Codec, content: &[u8]) -> (io::Result<u64>, Vec<u8>) {
    let storage = Faulty::default();
    storage.put(PATH, content);
    let mut file = storage.open(PATH.as_ref()).unwrap();
    let cut = cut_torn(&mut file, &Unit::Member(codec).into());
    (cut, storage.content(PATH))
}

#[test]
fn whole_members_are_left_as_they_are() {
    for codec in Codec::ALL {
        let texts = [&b"a line\n"[..], &noise(900_000)];
        for count in 0..=2 {
            let whole = archive(codec, &texts[..count]);
            let (cut, left) = cut(codec, &whole);
            assert!((cut.unwrap(), left) == (0, whole));
        }
    }
}

#[test]
fn wherever_a_member_is_torn_it_is_cut_off_whole() {
    for codec in Codec::ALL {
        let two = archive(codec, &[b"a line\n", b"another line\n"]);
        let first = archive(codec, &[b"a line\n"]).len();
        for len in 0..two.len() {
            let whole = if len < first { 0 } else { first };
            let (cut, left) = cut(codec, &two[..len]);
            assert_eq!((cut.unwrap(), &*left), ((len - whole) as u64, &two[..whole]), "{len}");
        }
    }
}

#[test]
fn a_header_that_lies_across_two_blocks_is_found() {
    let front = archive(Codec::Gzip, &[b"a line\n"]);
    let torn = archive(Codec::Gzip, &[&noise(600_000)]);
    assert!(torn.len() > 2 * BLOCK + 5, "{}", torn.len());
    for len in [BLOCK - 1, BLOCK, BLOCK + 1, BLOCK + HEADER - 1, BLOCK + HEADER, 2 * BLOCK + 5] {
        let (cut, left) = cut(Codec::Gzip, &[&front, &torn[..len]].concat());
        assert!((cut.unwrap(), left) == (len as u64, front.clone()), "{len}");
    }
}

#[test]
fn what_another_program_has_written_is_refused_and_left_as_it_is() {
    let ours = archive(Codec::Gzip, &[b"a line\n"]);
    let foreign = b"127.0.0.1 - - [01/Nov/2026:00:00:00 +0000] \"GET / HTTP/1.1\" 200 7\n";
    for content in [foreign.to_vec(), [&ours[..], foreign].concat(), b"x".to_vec()] {
        let (cut, left) = cut(Codec::Gzip, &content);
        assert_eq!(cut.unwrap_err().kind(), ErrorKind::InvalidData);
        assert_eq!(left, content);
    }
}

#[test]
fn only_the_end_of_a_long_file_is_read() {
    let storage = Faulty::default();
    storage.put(PATH, &archive(Codec::Gzip, &[&noise(100_000)[..]; 30]));
    let mut file = storage.open(PATH.as_ref()).unwrap();
    cut_torn(&mut file, &Unit::Member(Codec::Gzip).into()).unwrap();
    assert_eq!(storage.calls(Call::Read), 1);
}

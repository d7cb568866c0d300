use std::io::Read;

use flate2::bufread::MultiGzDecoder;

use super::*;

fn unpacked(archive: &[u8]) -> String {
    let mut text = String::new();
    MultiGzDecoder::new(archive).read_to_string(&mut text).unwrap();
    text
}

/// Texts that shrink well, hardly and not at all.
fn texts() -> Vec<Vec<u8>> {
    let noise = (0..300_000_u64).map(|n| (n.wrapping_mul(n * 0x9e37_79b9) >> 13) as u8);
    let lines = (0..9_000).flat_map(|n| format!("{n} GET /item/{}\n", n * n).into_bytes());
    let lines: Vec<u8> = lines.collect();
    vec![b"a line\n".to_vec(), Vec::new(), b"again\n".repeat(70_000), noise.collect(), lines]
}

#[test]
fn members_one_after_the_other_are_an_archive_of_their_lines() {
    for codec in Codec::ALL {
        let (mut archive, mut packer) = (Vec::new(), Packer::new(codec));
        for (time, text) in (7..).zip(texts()) {
            let start = archive.len();
            packer.append(&text, time, &mut archive);
            let len = (archive.len() - start) as u64;
            let header = Header::read(codec, &archive[start..]);
            assert_eq!(header, Some(Header { len, first: time }));
        }
        let mut lines = Vec::new();
        MultiGzDecoder::new(&*archive).read_to_end(&mut lines).unwrap();
        assert!(lines == texts().concat(), "{codec:?}");
    }
}

#[test]
fn the_same_lines_give_the_same_member_whatever_came_before() {
    for codec in Codec::ALL {
        let mut packer = Packer::new(codec);
        let mut member = |text: &[u8]| {
            let mut out = Vec::new();
            packer.append(text, 7, &mut out);
            out
        };
        let once: Vec<_> = texts().iter().map(|text| member(text)).collect();
        let again: Vec<_> = texts().iter().map(|text| member(text)).collect();
        assert!(once == again, "{codec:?}");
    }
}

/// Lines of ten bytes, one for each time, packed by periods of this length.
fn packed(times: &[Time], period: Time) -> Packed {
    let lines: String = times.iter().map(|time| format!("line {time:4}\n")).collect();
    let marks = times.iter().enumerate().map(|(at, time)| Mark { offset: 10 * at, time: *time });
    let marks: Vec<_> = marks.collect();
    let mut packed = Packed::new(Codec::Gzip);
    let end = |time: Time| (time / period + 1) * period;
    Packer::new(Codec::Gzip).pack(lines.as_bytes(), &marks, end, &mut packed);
    packed
}

#[test]
fn a_batch_is_one_member_unless_a_rotation_period_ends_in_it() {
    let whole = packed(&[10, 20, 30], 1000);
    assert_eq!(whole.marks, [Mark { offset: 0, time: 10 }]);
    let cut = packed(&[10, 99, 100, 350, 360], 100);
    let times: Vec<_> = cut.marks.iter().map(|mark| mark.time).collect();
    assert_eq!(times, [10, 100, 350]);
    assert_eq!(unpacked(&cut.bytes[cut.marks[1].offset..cut.marks[2].offset]), "line  100\n");
    assert_eq!(unpacked(&cut.bytes), "line   10\nline   99\nline  100\nline  350\nline  360\n");
}

#[test]
fn the_plain_bytes_of_what_was_written_are_those_of_the_whole_members() {
    let packed = packed(&[10, 99, 100, 350], 100);
    let [_, second, third] = packed.marks[..] else { panic!("{:?}", packed.marks) };
    let found = [0, second.offset - 1, second.offset, third.offset + 1, packed.bytes.len()]
        .map(|written| packed.plain_within(written));
    assert_eq!(found, [0, 0, 20, 30, 40]);
}

#[test]
fn no_lines_are_no_member() {
    let packed = packed(&[], 100);
    assert!(packed.bytes.is_empty() && packed.marks.is_empty());
    assert_eq!(packed.plain_within(0), 0);
}

//! Numbers as digits, without the allocator and without a call.

use super::buffer::LineParts;

/// The most digits of a number of 64 bits.
pub const MOST_DIGITS: usize = 20;
/// `00` to `99`
const PAIRS: [[u8; 2]; 100] = {
    let mut pairs = [[0; 2]; 100];
    let mut number = 0;
    while number < 100 {
        pairs[number] = [b'0' + number as u8 / 10, b'0' + number as u8 % 10];
        number += 1;
    }
    pairs
};
/// `00` to `ff`
const HEX_PAIRS: [[u8; 2]; 256] = {
    let digits = b"0123456789abcdef";
    let mut pairs = [[0; 2]; 256];
    let mut number = 0;
    while number < 256 {
        pairs[number] = [digits[number / 16], digits[number % 16]];
        number += 1;
    }
    pairs
};

/// Appends a number in decimal digits.
#[inline]
pub fn number<P: LineParts>(number: u64, line: P) -> P {
    let len = number.checked_ilog10().unwrap_or(0) as usize + 1;
    let mut text = [0; MOST_DIGITS];
    fill(number, &mut text[..len]);
    line.put_part::<MOST_DIGITS>(&text, len)
}

/// Appends the last `DIGITS` digits of a number, with zeros before them.
#[inline]
pub fn padded<const DIGITS: usize, P: LineParts>(number: u64, line: P) -> P {
    let mut text = [b'0'; DIGITS];
    fill(number, &mut text);
    line.put_part::<DIGITS>(&text, DIGITS)
}

/// Appends 64 bits in 16 hexadecimal digits.
#[inline]
pub fn hexadecimal<P: LineParts>(number: u64, line: P) -> P {
    pairs::<16, P>(number.to_be_bytes(), line)
}

/// Appends 32 bits in 8 hexadecimal digits.
#[inline]
pub fn short_hexadecimal<P: LineParts>(number: u32, line: P) -> P {
    pairs::<8, P>(number.to_be_bytes(), line)
}

#[inline]
fn pairs<const DIGITS: usize, P: LineParts>(bytes: impl IntoIterator<Item = u8>, line: P) -> P {
    let mut text = [0; DIGITS];
    for (pair, byte) in text.chunks_exact_mut(2).zip(bytes) {
        pair.copy_from_slice(&HEX_PAIRS[usize::from(byte)]);
    }
    line.put_part::<DIGITS>(&text, DIGITS)
}

/// Writes the last digits of a number, as many as fit.
#[inline]
fn fill(mut number: u64, text: &mut [u8]) {
    let mut pairs = text.rchunks_exact_mut(2);
    for pair in &mut pairs {
        pair.copy_from_slice(&PAIRS[(number % 100) as usize]);
        number /= 100;
    }
    if let [first] = pairs.into_remainder() {
        *first = b'0' + (number % 10) as u8;
    }
}

#[cfg(test)]
mod tests {
    use super::super::buffer::Buffer;
    use super::*;

    fn shown(
        append: impl for<'a> Fn(
            super::super::buffer::LineRoom<'a>,
        ) -> super::super::buffer::LineRoom<'a>,
    ) -> String {
        let mut buffer = Buffer::default();
        let len = append(buffer.line(64)).len();
        buffer.add(len);
        String::from_utf8(buffer.to_vec()).unwrap()
    }

    #[test]
    fn a_number_is_written_as_it_is_read() {
        for value in [0, 7, 10, 99, 100, 12_345, 123_456, u64::from(u32::MAX), u64::MAX] {
            assert_eq!(shown(|line| number(value, line)), value.to_string());
            assert_eq!(shown(|line| hexadecimal(value, line)), format!("{value:016x}"));
            assert_eq!(shown(|line| padded::<3, _>(value, line)), format!("{:03}", value % 1_000));
            assert_eq!(
                shown(|line| padded::<6, _>(value, line)),
                format!("{:06}", value % 1_000_000)
            );
        }
    }
}

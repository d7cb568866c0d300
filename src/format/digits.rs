//! Numbers as digits, without the allocator, and without a jump that depends on the number of digits.

use super::buffer::LineParts;

/// The most digits of a number of 64 bits.
pub const MOST_DIGITS: usize = 20;
/// The first number with more than eight digits.
const EIGHT_DIGITS: u64 = 100_000_000;
/// Eight times `0`.
const ZEROS: u64 = 0x3030_3030_3030_3030;

/// Appends a number in decimal digits.
#[inline]
pub fn number<P: LineParts>(number: u64, line: P) -> P {
    if number < EIGHT_DIGITS { short_number(number, line) } else { long_number(number, line) }
}

/// Appends a number of at most eight digits, without a jump for their count.
#[inline(always)]
fn short_number<P: LineParts>(number: u64, line: P) -> P {
    let digits = eight_digits(number);
    // The last digit stands even if it is a zero.
    let zeros = (digits | 1 << 56).trailing_zeros() / 8;
    let text = (digits + ZEROS) >> (8 * zeros);
    line.put_part::<8>(&text.to_le_bytes(), 8 - zeros as usize)
}

#[inline(never)]
fn long_number<P: LineParts>(long: u64, line: P) -> P {
    let line = number(long / EIGHT_DIGITS, line);
    padded::<8, P>(long % EIGHT_DIGITS, line)
}

/// Appends a number below 10^`DIGITS`, with zeros before it. There are 1 to 9 digits.
#[inline]
pub fn padded<const DIGITS: usize, P: LineParts>(number: u64, line: P) -> P {
    if DIGITS > 8 {
        let line = padded::<1, P>(number / EIGHT_DIGITS, line);
        return padded::<8, P>(number % EIGHT_DIGITS, line);
    }
    let text = (eight_digits(number) + ZEROS) >> (8 * (8 - DIGITS));
    line.put_part::<8>(&text.to_le_bytes(), DIGITS)
}

/// Appends a number of units, of which one has 10^`DECIMALS`: with a point before the last 3 to 6 digits.
#[inline(always)]
pub fn decimal<const DECIMALS: usize, P: LineParts>(number: u64, line: P) -> P {
    if number >= const { 10_u64.pow(DECIMALS as u32 + 1) } {
        return long_decimal::<DECIMALS, P>(number, line);
    }
    let digits = match DECIMALS {
        3 => split(number) + ZEROS,
        _ => (eight_digits(number) + ZEROS) >> (8 * (7 - DECIMALS)),
    };
    let text = digits & 0xff | u64::from(b'.') << 8 | digits >> 8 << 16;
    line.put_part::<8>(&text.to_le_bytes(), DECIMALS + 2)
}

#[inline(never)]
fn long_decimal<const DECIMALS: usize, P: LineParts>(long: u64, line: P) -> P {
    let one = const { 10_u64.pow(DECIMALS as u32) };
    padded::<DECIMALS, P>(long % one, number(long / one, line).put_part::<1>(b".", 1))
}

/// The eight digits of a number below 10^8 as the bytes of another, the first digit in the lowest byte.
#[inline(always)]
fn eight_digits(number: u64) -> u64 {
    split((number / 10_000) | ((number % 10_000) << 32))
}

/// The digits of two numbers below 10,000, which are the halves of `fours`, as bytes. All digits are split off at the same
/// time: first into four numbers below 100. The quotients are exact, because the factors are 2^20 / 100 and 2^10 / 10, rounded
/// up, and the numbers are small.
#[inline(always)]
fn split(fours: u64) -> u64 {
    let hundreds = ((fours * 10_486) >> 20) & 0x7f_0000_007f;
    let pairs = hundreds | (fours - 100 * hundreds) << 16;
    let tens = ((pairs * 103) >> 10) & 0x000f_000f_000f_000f;
    tens | (pairs - 10 * tens) << 8
}

/// Appends 64 bits in 16 hexadecimal digits.
#[inline]
pub fn hexadecimal<P: LineParts>(number: u64, line: P) -> P {
    short_hexadecimal(number as u32, short_hexadecimal((number >> 32) as u32, line))
}

/// Appends 32 bits in 8 hexadecimal digits.
#[inline]
pub fn short_hexadecimal<P: LineParts>(number: u32, line: P) -> P {
    // A byte for each half of a byte, the first in the lowest.
    let bytes = u64::from(number.swap_bytes());
    let bytes = (bytes | bytes << 16) & 0x0000_ffff_0000_ffff;
    let bytes = (bytes | bytes << 8) & 0x00ff_00ff_00ff_00ff;
    let halves = (bytes >> 4 | bytes << 8) & 0x0f0f_0f0f_0f0f_0f0f;
    let above_nine = (halves + 0x0606_0606_0606_0606) >> 4 & 0x0101_0101_0101_0101;
    let text = halves + ZEROS + above_nine * u64::from(b'a' - b'9' - 1);
    line.put_part::<8>(&text.to_le_bytes(), 8)
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
        let left = append(buffer.line(64)).left();
        buffer.add(left);
        String::from_utf8(buffer.to_vec()).unwrap()
    }

    #[test]
    fn a_number_is_written_as_it_is_read() {
        let powers = (0..20).map(|power| 10_u64.pow(power));
        let around = powers.flat_map(|power| [power - 1, power, power + 1, power / 7 * 5]);
        for value in around.chain([12_345, 123_456, u64::from(u32::MAX), u64::MAX]) {
            assert_eq!(shown(|line| number(value, line)), value.to_string());
            assert_eq!(shown(|line| hexadecimal(value, line)), format!("{value:016x}"));
            let thousandth = value % 1_000;
            assert_eq!(shown(|line| padded::<3, _>(thousandth, line)), format!("{thousandth:03}"));
            let billionth = value % 1_000_000_000;
            assert_eq!(shown(|line| padded::<9, _>(billionth, line)), format!("{billionth:09}"));
            let seconds = format!("{}.{thousandth:03}", value / 1_000);
            assert_eq!(shown(|line| decimal::<3, _>(value, line)), seconds);
            let seconds = format!("{}.{:06}", value / 1_000_000, value % 1_000_000);
            assert_eq!(shown(|line| decimal::<6, _>(value, line)), seconds);
        }
    }

    #[test]
    fn every_group_of_four_digits_is_split_without_a_rounding_error() {
        for four in 0..10_000 {
            let expected = format!("{four:04}{:04}", 9_999 - four);
            let value = four * 10_000 + 9_999 - four;
            assert_eq!(shown(|line| padded::<8, _>(value, line)), expected);
        }
    }
}

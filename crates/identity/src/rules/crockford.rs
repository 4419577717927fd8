//! Codes that people read in one place and type in another.

/// Crockford's base 32, in which no character looks like another.
const DIGITS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// The number of digits between separators.
const GROUP: usize = 4;

/// Writes a digit for each random byte, which is worth 5 bits, in groups of four.
pub(super) fn written(random: &[u8], separator: &str) -> String {
    let digit = |byte: &u8| char::from(DIGITS[usize::from(byte & 31)]);
    let groups = random.chunks(GROUP).map(|group| group.iter().map(digit).collect());
    groups.collect::<Vec<String>>().join(separator)
}

/// Reads a typed code of `length` digits in the form that is hashed, whatever case, spaces and hyphens it has; O counts as 0, and I
/// and L as 1. `None` if it cannot be one.
pub(super) fn read(typed: &str, length: usize) -> Option<String> {
    let digit = |c: char| match c.to_ascii_uppercase() {
        'O' => Some('0'),
        'I' | 'L' => Some('1'),
        c => u8::try_from(c).ok().filter(|byte| DIGITS.contains(byte)).map(char::from),
    };
    let digits = typed.chars().filter(|c| c.is_alphanumeric()).take(length + 1).map(digit);
    let code: Option<String> = digits.collect();
    code.filter(|code| code.len() == length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_has_groups_and_is_read_again() {
        for (random, separator, made) in [
            (&[0; 12][..], "-", "0000-0000-0000"),
            (&[255; 8], " ", "ZZZZ ZZZZ"),
            (&[7, 15, 4, 20, 23, 29, 2, 19, 9, 26, 28, 43], "-", "7F4M-QX2K-9TWB"),
            (&[19, 7, 28, 20, 4, 24, 29], " ", "K7WM 4RX"),
        ] {
            let code = written(random, separator);
            assert_eq!(code, made);
            assert_eq!(read(&code, random.len()), Some(made.replace(separator, "")));
        }
    }

    #[test]
    fn codes_are_read_as_people_type_them() {
        for (typed, expected) in [
            ("7f4m qx2k 9twb\n", Some("7F4MQX2K9TWB")),
            ("7F4MQX2K9TWB", Some("7F4MQX2K9TWB")),
            ("OOIL-oo1l–0011", Some("001100110011")),
            ("", None),
            ("7F4M-QX2K-9TW", None),
            ("7F4M-QX2K-9TWBB", None),
            // No code has a U, and digits of other scripts are no digits.
            ("7F4M-QX2K-9TWU", None),
            ("7F4M-QX2K-9TW٩", None),
        ] {
            assert_eq!(read(typed, 12).as_deref(), expected, "{typed}");
        }
    }
}

use chrono::TimeDelta;
use kernel::{Problem, ProblemKind, Timestamp};
use platform::outbox::is_phone;

/// How long a code can be used.
const CODE_LASTS: TimeDelta = TimeDelta::minutes(10);

/// The number of wrong codes after which another one must be sent.
const MOST_WRONG: i64 = 5;

/// The most characters of a phone number as people write it.
const MOST_TYPED: usize = 40;

/// Reads a phone number in international form (E.164) without the spaces, hyphens, dots and parentheses that people
/// write between digits.
///
/// # Errors
/// When it is not a plus sign and 7 to 15 digits, of which the first is not 0.
pub fn phone_number(typed: &str) -> Result<String, Problem> {
    let typed = typed.trim();
    if typed.chars().count() <= MOST_TYPED {
        let number: String = typed
            .chars()
            .filter(|written| !matches!(written, ' ' | '-' | '.' | '(' | ')' | '\u{a0}'))
            .collect();
        if is_phone(&number) {
            return Ok(number);
        }
    }
    let detail = "This is not a phone number in international form. Use the form +1 555 123 4567.";
    Err(Problem::new(ProblemKind::Invalid, "NOT_A_PHONE_NUMBER", detail).at("number"))
}

/// Reads a code of six digits without the spaces and hyphens that people write between them.
///
/// # Errors
/// When it is anything else.
pub fn typed_code(typed: &str) -> Result<String, Problem> {
    let typed = typed.chars().take(MOST_TYPED);
    let code: String =
        typed.filter(|written| !written.is_whitespace() && *written != '-').collect();
    if code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit()) {
        return Ok(code);
    }
    let detail = "A code has six digits. Enter the one in the last text message.";
    Err(Problem::new(ProblemKind::Invalid, "NOT_A_CODE", detail).at("code"))
}

/// Returns when a code that is sent at an instant ends.
#[must_use]
pub fn code_ends(sent_at: Timestamp) -> Timestamp {
    sent_at + CODE_LASTS
}

/// Draws a code of six digits from random bytes.
#[must_use]
pub fn code(random: [u8; 8]) -> String {
    format!("{:06}", u64::from_le_bytes(random) % 1_000_000)
}

/// Returns true if a code that was sent at an instant can still be tried.
#[must_use]
pub fn is_usable(sent_at: Timestamp, wrong_codes: i64, now: Timestamp) -> bool {
    now < code_ends(sent_at) && wrong_codes < MOST_WRONG
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_people_write_them() {
        for typed in
            ["+15551234567", " +1 (555) 123-4567\n", "+1.555.123.4567", "+1\u{a0}555\u{a0}1234567"]
        {
            assert_eq!(phone_number(typed).as_deref(), Ok("+15551234567"), "{typed}");
        }
        let long = format!("+1{}", "5".repeat(60));
        let spaced = format!("+4930123{}4567", " ".repeat(35));
        for wrong in
            ["", "555 123 4567", "0015551234567", "+0555123456", "+1 call me", &long, &spaced]
        {
            let refused = phone_number(wrong).expect_err(wrong);
            assert_eq!(refused.code, "NOT_A_PHONE_NUMBER", "{wrong}");
        }
    }

    #[test]
    fn codes_are_read_as_people_write_them() {
        for typed in ["149721", " 149 721\n", "149-721"] {
            assert_eq!(typed_code(typed).as_deref(), Ok("149721"), "{typed}");
        }
        let long = "1".repeat(1_000);
        for wrong in ["", "14972", "1497210", "١٤٩٧٢١", "14972l", &long] {
            let refused = typed_code(wrong).expect_err(wrong);
            assert_eq!(refused.code, "NOT_A_CODE", "{wrong}");
        }
    }

    #[test]
    fn a_code_has_six_digits_and_ends() {
        assert_eq!(code([0; 8]), "000000");
        assert_eq!(code(1_234_567_u64.to_le_bytes()), "234567");
        let sent: Timestamp = "2026-11-01T08:00:00Z".parse().expect("an instant");
        let after = |seconds| sent + TimeDelta::seconds(seconds);
        assert!(is_usable(sent, 4, after(599)));
        assert!(!is_usable(sent, 0, after(600)));
        assert!(!is_usable(sent, 5, after(1)));
    }
}

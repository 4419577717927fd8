use chrono::TimeDelta;
use kernel::{Problem, ProblemKind, Timestamp};
use platform::outbox::is_phone;

/// How long a code can be used.
const CODE_LASTS: TimeDelta = TimeDelta::minutes(10);

/// The number of wrong codes after which another one must be sent.
const MOST_WRONG: i64 = 5;

/// Reads a phone number in international form (E.164) without the spaces, hyphens, dots and parentheses that people
/// write between digits.
///
/// # Errors
/// When it is not a plus sign and 7 to 15 digits, of which the first is not 0.
pub fn phone_number(typed: &str) -> Result<String, Problem> {
    // No number needs more, so that a long text is not copied.
    let short = typed.trim().chars().take(40);
    let number: String = short
        .filter(|written| !matches!(written, ' ' | '-' | '.' | '(' | ')' | '\u{a0}'))
        .collect();
    if is_phone(&number) {
        return Ok(number);
    }
    let detail = "This is not a phone number in international form. Use the form +1 555 123 4567.";
    Err(Problem::new(ProblemKind::Invalid, "NOT_A_PHONE_NUMBER", detail).at("number"))
}

/// Draws a code of six digits from random bytes.
#[must_use]
pub fn code(random: [u8; 8]) -> String {
    format!("{:06}", u64::from_le_bytes(random) % 1_000_000)
}

/// Returns true if a code that was sent at an instant can still be tried.
#[must_use]
pub fn is_usable(sent_at: Timestamp, wrong_codes: i64, now: Timestamp) -> bool {
    now < sent_at + CODE_LASTS && wrong_codes < MOST_WRONG
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_people_write_them() {
        for typed in [
            "+15551234567",
            " +1 (555) 123-4567\n",
            "+1.555.123.4567",
            "+1\u{a0}555\u{a0}1234567",
        ] {
            assert_eq!(
                phone_number(typed).as_deref(),
                Ok("+15551234567"),
                "{typed}"
            );
        }
        let long = format!("+1{}", "5".repeat(60));
        for wrong in [
            "",
            "555 123 4567",
            "0015551234567",
            "+0555123456",
            "+1 call me",
            &long,
        ] {
            let refused = phone_number(wrong).expect_err(wrong);
            assert_eq!(refused.code, "NOT_A_PHONE_NUMBER", "{wrong}");
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

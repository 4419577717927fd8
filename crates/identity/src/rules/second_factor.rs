//! The second factor: codes that change with time (RFC 6238), and recovery codes.

use chrono::TimeDelta;
use kernel::{Problem, ProblemKind, Timestamp};
use platform::web::SECOND_FACTOR_REQUIRED;
use totp_rs::{Builder, Secret};
use ui::format::segment;

use crate::model::{Credential, Factor, Role, Viewer};

/// The number of wrong codes within [`WRONG_COUNTS`] after which every code is refused.
pub const MAX_WRONG: u8 = 5;

/// How long a wrong code counts.
pub const WRONG_COUNTS: TimeDelta = TimeDelta::minutes(15);

/// The number of recovery codes of a person.
pub const RECOVERY_CODES: usize = 10;

/// The digits of a code that changes with time.
const DIGITS: usize = 6;

/// The digits of a recovery code, in groups of [`GROUP`]. They are worth 66 bits, so that a plain hash suffices to store it.
/// Phones show no other keys than digits for the field.
const RECOVERY_DIGITS: usize = 20;
const GROUP: usize = 5;

/// A code that a person typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TypedCode {
    /// Six digits of an app.
    Timed(String),
    /// A recovery code, in the form that is hashed.
    Recovery(String),
}

/// Reads a typed code, whatever spaces and hyphens it has; `None` if it cannot be one.
#[must_use]
pub fn typed_code(typed: &str) -> Option<TypedCode> {
    let is_between = |c: &char| c.is_whitespace() || *c == '-';
    let code = typed.chars().filter(|c| !is_between(c)).take(RECOVERY_DIGITS + 1);
    let code: String = code.collect();
    match code.len() {
        _ if !code.bytes().all(|byte| byte.is_ascii_digit()) => None,
        DIGITS => Some(TypedCode::Timed(code)),
        RECOVERY_DIGITS => Some(TypedCode::Recovery(code)),
        _ => None,
    }
}

/// Returns the time step of a code, if it is that of the present, the one before or the one after, and later than `last`, the
/// step of the last accepted code (RFC 6238, section 5.2).
#[must_use]
pub fn accepted_step(secret: &[u8], code: &str, now: Timestamp, last: Option<i64>) -> Option<i64> {
    // 30 seconds, six digits, SHA-1 and one step of skew: what every app supports.
    let totp = Builder::new().with_secret(secret_of(secret)).build().ok()?;
    let step = totp.check(code, u64::try_from(now.timestamp()).ok()?)?;
    let step = i64::try_from(step).ok()?;
    last.is_none_or(|last| step > last).then_some(step)
}

fn secret_of(bytes: &[u8]) -> Secret {
    Secret::new(bytes.into())
}

/// Writes a secret in base 32, as apps accept it.
#[must_use]
pub fn secret_text(secret: &[u8]) -> String {
    secret_of(secret).to_base32()
}

/// Returns the URI of a QR code, in the form that authenticator apps read (the key URI format of Google Authenticator).
#[must_use]
pub fn factor_uri(secret: &[u8], issuer: &str, login: &str) -> String {
    // A colon separates both names.
    let issuer = segment(&issuer.replace(':', " "));
    let (secret, login) = (secret_text(secret), segment(login));
    format!("otpauth://totp/{issuer}:{login}?secret={secret}&issuer={issuer}")
}

/// Makes a recovery code of random bytes, such as `01234-56789-01234-56789`.
#[must_use]
pub fn recovery_code(random: [u8; 16]) -> String {
    let number = u128::from_be_bytes(random) % 10_u128.pow(20);
    let digits = format!("{number:020}");
    let groups = (0..RECOVERY_DIGITS).step_by(GROUP).map(|at| &digits[at..at + GROUP]);
    groups.collect::<Vec<_>>().join("-")
}

/// Checks that a person may try another code, given the times of their latest wrong ones, newest first.
///
/// # Errors
/// When five were wrong within 15 minutes.
pub fn may_try_code(wrong: &[Timestamp], now: Timestamp) -> Result<(), Problem> {
    let Some(fifth) = wrong.get(usize::from(MAX_WRONG) - 1) else {
        return Ok(());
    };
    // After the clock was set back, the wait is not longer than without.
    let left = (*fifth + WRONG_COUNTS - now).min(WRONG_COUNTS).num_seconds();
    if left <= 0 {
        return Ok(());
    }
    let wait = match (left + 59) / 60 {
        1 => "1 minute".to_owned(),
        minutes => format!("{minutes} minutes"),
    };
    let detail = format!(
        "Five codes were wrong in the last 15 minutes. Wait {wait}, then try again with a new code."
    );
    let problem = Problem::new(ProblemKind::TooManyRequests, "TOO_MANY_CODES", detail).at("code");
    Err(problem.after(u32::try_from(left).unwrap_or(u32::MAX)))
}

/// The error for text that cannot be a code, which is no guess.
pub(crate) fn not_a_code(is_confirmed: bool) -> Problem {
    let detail = if is_confirmed {
        "This is not a code. Enter the 6 digits that your app shows, or the 20 digits of a recovery code."
    } else {
        "This is not a code. Enter the 6 digits that your app shows."
    };
    Problem::new(ProblemKind::Invalid, "NOT_A_CODE", detail).at("code")
}

/// The error for a code that is not accepted. Before the first code, there are no recovery codes.
pub(crate) fn wrong_code(is_confirmed: bool) -> Problem {
    let detail = if is_confirmed {
        "This code is wrong, or was already used. Enter the code that your app shows now, or a recovery code that you have not used."
    } else {
        "This code is wrong. Enter the code that your app shows now for this secret, and check that the clock of your device is right."
    };
    Problem::new(ProblemKind::Invalid, "WRONG_CODE", detail).at("code")
}

/// Returns what a credential has proven of a second factor. Without a factor, it does not matter what it proved before.
#[must_use]
pub fn factor(has_factor: bool, is_proven: bool) -> Factor {
    match (has_factor, is_proven) {
        (false, _) => Factor::Absent,
        (true, true) => Factor::Proven,
        (true, false) => Factor::Due,
    }
}

/// Returns `user` for a role whose second factor does not suffice.
#[must_use]
pub fn counting_role(granted: Role, factor: Factor) -> Role {
    if factor.suffices() { granted } else { Role::User }
}

/// Checks that the viewer has proven the second factor that they have or need.
///
/// # Errors
/// When they have not; the error names the next step.
pub fn factor_proven(viewer: &Viewer) -> Result<(), Problem> {
    if viewer.factor.suffices() { Ok(()) } else { Err(factor_required(viewer)) }
}

/// Checks that the viewer does not have a second factor that this session has not proven.
///
/// # Errors
/// When they do; the error names the next step.
pub fn factor_not_due(viewer: &Viewer) -> Result<(), Problem> {
    if viewer.factor == Factor::Due { Err(factor_required(viewer)) } else { Ok(()) }
}

/// The error for what waits for a second factor.
pub(crate) fn factor_required(viewer: &Viewer) -> Problem {
    let detail = match (viewer.factor, &viewer.by) {
        (Factor::Absent | Factor::Missing, _) => {
            "This requires a second factor. Set one up at /settings/second-factor, then try again."
        }
        (_, Credential::Session(_)) => {
            "This requires your second factor. Enter a code at /sign-in/second-factor, then try again."
        }
        (_, Credential::Access(_)) => {
            "This app was signed in without your second factor. Enter a code at /sign-in/second-factor in a browser, then sign the app in again."
        }
        (_, Credential::Token { .. }) => {
            "This token was created without your second factor. Enter a code at /sign-in/second-factor in a browser, then create a new token at /settings/tokens."
        }
    };
    Problem::new(ProblemKind::Forbidden, SECOND_FACTOR_REQUIRED, detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The secret of RFC 6238, appendix B.
    const SECRET: &[u8] = b"12345678901234567890";

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_timestamp(seconds, 0).expect("an instant")
    }

    #[test]
    fn codes_are_those_of_the_standard() {
        // The last six digits of the eight in appendix B.
        for (seconds, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(
                accepted_step(SECRET, code, at(seconds), None),
                Some(seconds / 30),
                "{code}"
            );
        }
    }

    #[test]
    fn a_code_is_accepted_a_step_early_or_late_and_once() {
        // 287082 is the code of step 1, from second 30 to 59.
        for (seconds, last, is_accepted) in [
            (0, None, true),
            (29, None, true),
            (30, None, true),
            (59, None, true),
            (60, None, true),
            (89, None, true),
            (90, None, false),
            (-1, None, false),
            (59, Some(0), true),
            (59, Some(1), false),
            (89, Some(1), false),
            // The clock was set back after a later code.
            (59, Some(2), false),
        ] {
            let step = accepted_step(SECRET, "287082", at(seconds), last);
            assert_eq!(step, is_accepted.then_some(1), "{seconds} {last:?}");
        }
        for wrong in ["287083", "87082", "0287082", "+87082", "", "28708２"] {
            assert_eq!(accepted_step(SECRET, wrong, at(59), None), None, "{wrong}");
        }
        assert_eq!(accepted_step(b"short", "287082", at(59), None), None);
    }

    #[test]
    fn codes_are_read_as_people_type_them() {
        let timed = Some(TypedCode::Timed("287082".to_owned()));
        let recovery = Some(TypedCode::Recovery("01234567890123456789".to_owned()));
        for (typed, read) in [
            ("287082", &timed),
            (" 287 082\n", &timed),
            ("01234-56789-01234-56789", &recovery),
            ("01234567890123456789 ", &recovery),
            ("", &None),
            ("28708", &None),
            ("2870822", &None),
            ("28708a", &None),
            ("01234-56789-01234-5678", &None),
            ("01234-56789-01234-567890", &None),
            ("01234-56789-01234-5678٩", &None),
        ] {
            assert_eq!(&typed_code(typed), read, "{typed}");
        }
    }

    #[test]
    fn a_recovery_code_is_read_again() {
        for (random, made) in [
            ([0; 16], "00000-00000-00000-00000"),
            // 2¹²⁸ − 1.
            ([255; 16], "63374-60743-17682-11455"),
        ] {
            let code = recovery_code(random);
            assert_eq!(code, made);
            assert_eq!(typed_code(&code), Some(TypedCode::Recovery(code.replace('-', ""))));
        }
    }

    #[test]
    fn an_app_reads_the_secret_and_both_names() {
        let uri = factor_uri(SECRET, "Guild: Oak & Co", "wren-oak");
        let secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
        let names = "Guild%20%20Oak%20%26%20Co";
        assert_eq!(uri, format!("otpauth://totp/{names}:wren-oak?secret={secret}&issuer={names}"));
    }

    #[test]
    fn five_wrong_codes_in_fifteen_minutes_are_the_most() {
        let now = at(1_000_000);
        let ago = |minutes: i64| now - TimeDelta::minutes(minutes);
        let four = [ago(0), ago(1), ago(2), ago(3)];
        assert_eq!(may_try_code(&four, now), Ok(()));
        for (fifth, wait, words) in [
            (ago(3), Some(720), "Wait 12 minutes, then"),
            (ago(3) + TimeDelta::seconds(1), Some(721), "Wait 13 minutes, then"),
            (ago(14), Some(60), "Wait 1 minute, then"),
            (ago(15), None, ""),
            // The clock was set back.
            (now + TimeDelta::days(1), Some(900), "Wait 15 minutes, then"),
        ] {
            let wrong: Vec<Timestamp> = four.into_iter().chain([fifth]).collect();
            let refused = may_try_code(&wrong, now).err();
            assert_eq!(refused.as_ref().and_then(|refused| refused.retry_after), wait);
            let said = refused.map(|refused| refused.detail).unwrap_or_default();
            assert!(said.contains(words), "{said}");
        }
    }

    #[test]
    fn a_role_waits_for_the_factor() {
        use Factor::{Absent, Due, Missing, Proven};
        for (has, is_proven, expected) in [
            (false, false, Absent),
            (false, true, Absent),
            (true, false, Due),
            (true, true, Proven),
        ] {
            assert_eq!(factor(has, is_proven), expected);
        }
        for (state, counts) in
            [(Absent, Role::Admin), (Proven, Role::Admin), (Due, Role::User), (Missing, Role::User)]
        {
            assert_eq!(counting_role(Role::Admin, state), counts);
        }
    }

    #[test]
    fn a_role_without_a_factor_that_it_requires_does_not_count() {
        for (granted, required, factor) in [
            (Role::Admin, &[][..], Factor::Absent),
            (Role::Admin, &[Role::Admin], Factor::Missing),
            (Role::Admin, &[Role::Moderator], Factor::Absent),
            (Role::User, &[Role::Moderator, Role::Admin], Factor::Absent),
        ] {
            let mut viewer = Viewer {
                by: Credential::Session(uuid::Uuid::nil()),
                user_id: crate::model::UserId::new(uuid::Uuid::nil()),
                login: "wren-oak".to_owned(),
                who: ui::Who::of("wren-oak"),
                role: granted,
                granted,
                factor: Factor::Absent,
                ban: None,
                theme: None,
            };
            viewer.require_factor(required);
            assert_eq!(viewer.factor, factor);
            assert_eq!(viewer.acts_as(granted), factor.suffices());
            assert_eq!(factor_proven(&viewer).is_ok(), factor.suffices());
        }
    }
}

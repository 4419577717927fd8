//! Setup codes: whoever reads one in the log becomes the first admin, or signs in as the admin whom it was made for.

use chrono::TimeDelta;
use kernel::{Checks, Problem, ProblemKind, Timestamp, typed};

use super::{crockford, email_address};
use crate::model::{SetupCode, SetupUse};

/// The path of the page where setup codes are entered.
pub const SETUP_PAGE: &str = "/setup";

/// How long a setup code can be used.
pub const SETUP_CODE_LASTS: TimeDelta = TimeDelta::hours(1);

/// How long a wrong setup code counts.
pub const SETUP_TRY_COUNTS: TimeDelta = TimeDelta::hours(1);

/// The numbers of wrong codes from one network, and from all, after which every code is refused until a new one is made.
const TRIES_OF_NETWORK: i64 = 10;
const TRIES_OF_ALL: i64 = 100;

/// The number of digits of a code. They are worth 60 bits, so that a plain hash suffices to store it.
const LENGTH: usize = 12;

/// The most characters of a name.
const NAME: usize = 60;

/// Makes a code of random bytes, such as `7F4M-QX2K-9TWB`.
#[must_use]
pub fn setup_code(random: [u8; LENGTH]) -> String {
    crockford::written(&random, "-")
}

/// Reads a typed code in the form that is hashed; `None` if it cannot be one.
#[must_use]
pub fn typed_setup_code(typed: &str) -> Option<String> {
    crockford::read(typed, LENGTH)
}

/// The form with a setup code, as typed.
#[derive(Clone, Default, serde::Deserialize)]
#[serde(default)]
pub struct SetupInput {
    pub code: String,
    /// The name and the email address of a person without an account.
    pub name: String,
    pub address: String,
}

/// The query of the link that the command `user create` prints.
#[derive(Default, serde::Deserialize)]
#[serde(default)]
pub struct SetupLink {
    pub code: String,
}

/// The first admin, if they have no account yet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Newcomer {
    pub name: String,
    pub address: Option<String>,
}

/// Checks the form with a setup code; returns the code in the form that is hashed. The rest counts only for a newcomer.
///
/// # Errors
/// When the text cannot be a code, the name is missing or too long, or the address is not valid. All of them are named.
pub fn setup_input(input: &SetupInput, is_newcomer: bool) -> Result<(String, Newcomer), Problem> {
    let mut checks = Checks::default();
    let code = checks.read(typed_setup_code(&input.code).ok_or_else(not_a_setup_code));
    let mut newcomer = Newcomer::default();
    if is_newcomer {
        let bad =
            |detail: String| Problem::new(ProblemKind::Invalid, "BAD_PROFILE", detail).at("name");
        newcomer.name = checks.read(typed::line(&input.name, "Your name", NAME).map_err(bad));
        if !input.address.trim().is_empty() {
            newcomer.address = checks.value(email_address(&input.address));
        }
    }
    checks.finish((code, newcomer))
}

/// Returns whether a code can be used for what codes are good for at present.
#[must_use]
pub fn is_usable(code: &SetupCode, purpose: SetupUse, now: Timestamp) -> bool {
    let is_live = code.used_at.is_none() && now < code.expires_at;
    is_live
        && match purpose {
            SetupUse::FirstAdmin => code.user_id.is_none(),
            SetupUse::SignIn => code.user_id.is_some(),
            SetupUse::Nothing => false,
        }
}

/// Checks that another code may be tried, given the numbers of those that count from its network and from all networks. Returns
/// how many wrong ones are left.
///
/// # Errors
/// When too many were wrong.
pub fn may_try_setup_code(of_network: i64, of_all: i64) -> Result<i64, Problem> {
    let left = (TRIES_OF_NETWORK - of_network).min(TRIES_OF_ALL - of_all);
    if left > 0 {
        return Ok(left);
    }
    let detail = "Too many codes were wrong in the last hour. Make a new one with the command on this page, or try again in an hour.";
    let problem = Problem::new(ProblemKind::TooManyRequests, "TOO_MANY_TRIES", detail).at("code");
    Err(problem.after(u32::try_from(SETUP_TRY_COUNTS.num_seconds()).unwrap_or(u32::MAX)))
}

fn not_a_setup_code() -> Problem {
    let detail = "This is not a code. Enter the 12 characters from the log of the server.";
    Problem::new(ProblemKind::Invalid, "SETUP_CODE_WRONG", detail).at("code")
}

/// The error for a code that cannot be used: the stored one if there is one, and when the newest one was made. `left` wrong ones
/// are still allowed.
pub(crate) fn wrong_setup_code(
    found: Option<&SetupCode>,
    newest: Option<Timestamp>,
    left: i64,
    now: Timestamp,
) -> Problem {
    let time = |at: Timestamp| at.format("%H:%M UTC");
    let why = match (found, newest) {
        (Some(SetupCode { used_at: Some(at), .. }), _) => {
            format!("This code was used at {}.", time(*at))
        }
        (Some(code), _) if code.expires_at <= now => {
            format!("This code expired at {}.", time(code.expires_at))
        }
        (_, Some(at)) => {
            format!("This is not the code of this server. It wrote the latest at {}.", time(at))
        }
        (_, None) => "This is not the code of this server.".to_owned(),
    };
    let tries = kernel::counted(left, "try is", "tries are");
    let detail = format!(
        "{why} Enter the latest code from the log, or make a new one with the command on this page. {tries} left this hour."
    );
    Problem::new(ProblemKind::Invalid, "SETUP_CODE_WRONG", detail).at("code")
}

/// The error for a new admin whose address belongs to a person already.
pub(crate) fn address_has_account(login: &str) -> Problem {
    let detail = format!(
        "{login} has verified this address. Run `guildhall user grant {login} --role admin` instead."
    );
    Problem::new(ProblemKind::Conflict, "EMAIL_TAKEN", detail)
}

/// The error for a new admin whose address an admin stated already, as after the same command.
pub(crate) fn address_has_admin(login: &str) -> Problem {
    let detail = format!(
        "{login} is an admin with this address. Run `guildhall setup-code --as {login}` to make a code that signs them in."
    );
    Problem::new(ProblemKind::Conflict, "EMAIL_TAKEN", detail)
}

/// The error of a server that has an admin; `by` is who used this code, and when.
pub(crate) fn already_set_up(by: Option<(&str, Timestamp)>) -> Problem {
    let used = |(name, at): (&str, Timestamp)| {
        format!("{name} used this code at {}. ", at.format("%H:%M UTC"))
    };
    let used = by.map(used).unwrap_or_default();
    let detail = format!("{used}This server already has an admin. Sign in at /sign-in.");
    Problem::new(ProblemKind::Conflict, "ALREADY_SET_UP", detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_timestamp(seconds, 0).expect("an instant")
    }

    #[test]
    fn a_code_has_three_groups_and_is_read_again() {
        let code = setup_code([7, 15, 4, 20, 23, 29, 2, 19, 9, 26, 28, 43]);
        assert_eq!(code, "7F4M-QX2K-9TWB");
        assert_eq!(typed_setup_code(&code).as_deref(), Some("7F4MQX2K9TWB"));
    }

    #[test]
    fn a_newcomer_needs_a_name_and_may_have_an_address() {
        let typed = |code: &str, name: &str, address: &str| SetupInput {
            code: code.to_owned(),
            name: name.to_owned(),
            address: address.to_owned(),
        };
        let newcomer = |name: &str, address: Option<&str>| Newcomer {
            name: name.to_owned(),
            address: address.map(str::to_owned),
        };
        let code = "7F4M-QX2K-9TWB";
        for (input, is_newcomer, fields, expected) in [
            (typed(code, " Wren Oak ", ""), true, &[][..], newcomer("Wren Oak", None)),
            (
                typed(code, "Wren", "wren@oak.example"),
                true,
                &[],
                newcomer("Wren", Some("wren@oak.example")),
            ),
            (typed(code, "", "?"), false, &[], newcomer("", None)),
            (typed("7F4M", "", "wren"), true, &["code", "name", "address"], newcomer("", None)),
            (typed("", "x", ""), false, &["code"], newcomer("", None)),
        ] {
            match setup_input(&input, is_newcomer) {
                Ok(checked) => assert_eq!(checked, ("7F4MQX2K9TWB".to_owned(), expected)),
                Err(problem) => {
                    let named: Vec<_> = problem.rejected().iter().map(|it| it.field).collect();
                    assert_eq!(named, fields);
                }
            }
        }
    }

    #[test]
    fn a_code_is_used_once_in_time_and_for_what_it_was_made() {
        let made =
            SetupCode { id: uuid::Uuid::nil(), expires_at: at(3600), used_at: None, user_id: None };
        let of_admin = SetupCode { user_id: Some(uuid::Uuid::nil()), ..made };
        for (code, purpose, now, expected) in [
            (made, SetupUse::FirstAdmin, 3599, true),
            (made, SetupUse::FirstAdmin, 3600, false),
            (made, SetupUse::SignIn, 0, false),
            (made, SetupUse::Nothing, 0, false),
            (of_admin, SetupUse::SignIn, 3599, true),
            (of_admin, SetupUse::SignIn, 3600, false),
            // Whoever lost the role is no admin again because no one is.
            (of_admin, SetupUse::FirstAdmin, 0, false),
            (of_admin, SetupUse::Nothing, 0, false),
            (SetupCode { used_at: Some(at(1)), ..made }, SetupUse::FirstAdmin, 2, false),
            (SetupCode { used_at: Some(at(1)), ..of_admin }, SetupUse::SignIn, 2, false),
        ] {
            assert_eq!(is_usable(&code, purpose, at(now)), expected, "{code:?} {purpose:?} {now}");
        }
    }

    #[test]
    fn ten_wrong_codes_of_a_network_and_a_hundred_in_all_are_the_most() {
        for (of_network, of_all, left) in
            [(0, 0, Some(10)), (9, 9, Some(1)), (10, 10, None), (0, 99, Some(1)), (0, 100, None)]
        {
            let may = may_try_setup_code(of_network, of_all);
            assert_eq!(may.as_ref().ok(), left.as_ref(), "{of_network} {of_all}");
            assert!(may.err().is_none_or(|problem| problem.retry_after == Some(3600)));
        }
    }

    #[test]
    fn a_refusal_says_why_and_what_to_do() {
        let code = SetupCode {
            id: uuid::Uuid::nil(),
            expires_at: at(37_860),
            used_at: None,
            user_id: None,
        };
        let used = SetupCode { used_at: Some(at(38_520)), ..code };
        for (found, newest, left, words) in [
            (None, Some(at(37_860)), 8, "wrote the latest at 10:31 UTC"),
            (None, None, 1, "1 try is left"),
            (Some(&code), Some(at(0)), 2, "expired at 10:31 UTC"),
            (Some(&SetupCode { expires_at: at(99_999), ..code }), Some(at(0)), 2, "at 00:00 UTC"),
            (Some(&used), None, 2, "used at 10:42 UTC"),
        ] {
            let said = wrong_setup_code(found, newest, left, at(40_000)).detail;
            assert!(said.contains(words) && said.contains("command on this page"), "{said}");
        }
        let said = already_set_up(Some(("Wren Oak", at(38_520)))).detail;
        assert!(said.starts_with("Wren Oak used this code at 10:42 UTC."), "{said}");
        assert!(already_set_up(None).detail.contains("/sign-in"));
    }
}

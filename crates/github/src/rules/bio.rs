//! Texts by which people prove that an account on GitHub is theirs, without signing in there: only who holds the account can put a text
//! into the bio of its public profile.

use identity::model::{AccountKind, GithubAccount, UserId, creation};
use kernel::{Problem, ProblemKind, Timestamp, typed};
use platform::crypto;
use secrecy::SecretString;
use serde::Deserialize;

use super::{account::Account, names::is_login};

/// The time after which a person is shown another text, in seconds.
const SHOWN: i64 = 3_600;

/// The number of bytes of a text's tag, which no one can try out: each try is a change of a public profile.
const TAG: usize = 8;

/// The public profile of an account in GitHub's responses (docs.github.com/rest/users/users#get-a-user).
#[derive(Debug, Deserialize)]
pub struct PublicProfile {
    #[serde(flatten)]
    account: Account,
    #[serde(default)]
    bio: Option<String>,
    #[serde(default, deserialize_with = "creation")]
    created_at: Option<Timestamp>,
}

impl PublicProfile {
    /// Returns the bio; empty if there is none.
    #[must_use]
    pub fn bio(&self) -> &str {
        self.bio.as_deref().unwrap_or_default()
    }

    /// Returns the account that GitHub describes at an instant, if it is the person's with this login.
    ///
    /// # Errors
    /// When it is another account, or not the account of a person.
    pub fn person_named(&self, login: &str, now: Timestamp) -> Result<GithubAccount, Problem> {
        let stated = Account { created_at: self.created_at, ..self.account.clone() };
        let account = stated.seen_at(now).filter(|it| it.login.eq_ignore_ascii_case(login));
        let account = account.ok_or_else(|| unknown(login))?;
        if stated.is_someones() && account.kind == AccountKind::User {
            return Ok(account);
        }
        let detail = format!(
            "{login} is not the account of a person on GitHub. Enter the username of your own account."
        );
        Err(Problem::new(ProblemKind::Invalid, "GITHUB_ACCOUNT_KIND", detail).at("login"))
    }
}

/// Reads a username on GitHub as people type it.
///
/// # Errors
/// When GitHub allows no such username.
pub fn typed_login(typed: &str) -> Result<String, Problem> {
    let login = typed::pasted(typed);
    let login = login.strip_prefix('@').unwrap_or(login);
    if is_login(login) {
        return Ok(login.to_owned());
    }
    let detail = "This is not a username on GitHub. Enter the name in the address of your profile, such as wren-oak.";
    Err(Problem::new(ProblemKind::Invalid, "BAD_GITHUB_LOGIN", detail).at("login"))
}

/// Returns the text that proves at this time that an account on GitHub is a person's. It is bound to both, so that it proves nothing in
/// another bio, nor for another person who reads it there.
#[must_use]
pub fn proof_text(key: &SecretString, person: UserId, login: &str, now: Timestamp) -> String {
    text_of(key, person, login, shown_in(now))
}

/// Returns whether a bio has the text that proves at this time that an account is a person's, made with one of these keys. A text is
/// accepted for an hour at least, and for less than two.
#[must_use]
pub fn proves(
    bio: &str,
    keys: &[SecretString],
    person: UserId,
    login: &str,
    now: Timestamp,
) -> bool {
    let shown = shown_in(now);
    let has = |key: &SecretString, time: i64| bio.contains(&text_of(key, person, login, time));
    keys.iter().any(|key| has(key, shown) || has(key, shown - 1))
}

/// Returns the number of the time in which a text is shown.
fn shown_in(now: Timestamp) -> i64 {
    now.timestamp().div_euclid(SHOWN)
}

fn text_of(key: &SecretString, person: UserId, login: &str, time: i64) -> String {
    let bound = format!("{person} {} {time}", login.to_ascii_lowercase());
    let tag = crypto::to_text(&crypto::tag(key, bound.as_bytes())[..TAG]);
    let (first, rest) = tag.split_at(4);
    let (second, rest) = rest.split_at(4);
    let (third, fourth) = rest.split_at(4);
    format!("guildhall-{first}-{second}-{third}-{fourth}")
}

/// The error for a username that no account has.
pub(crate) fn unknown(login: &str) -> Problem {
    let detail = format!(
        "GitHub knows no account with the username {login}. Enter the name in the address of your profile."
    );
    Problem::new(ProblemKind::NotFound, "GITHUB_ACCOUNT_UNKNOWN", detail).at("login")
}

/// The error for a bio without the text.
pub(crate) fn not_in_bio(login: &str) -> Problem {
    let detail = format!(
        "The bio of {login} on GitHub does not have the text yet. Save it there, wait a minute, and check again."
    );
    Problem::new(ProblemKind::Conflict, "GITHUB_BIO_LACKS_TEXT", detail)
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use uuid::Uuid;

    use super::*;

    const WREN: UserId = UserId::new(Uuid::from_u128(1));
    const FINCH: UserId = UserId::new(Uuid::from_u128(2));

    fn key(text: &str) -> SecretString {
        text.to_owned().into()
    }

    fn now() -> Timestamp {
        "2026-11-01T08:59:59Z".parse().expect("an instant")
    }

    #[test]
    fn a_text_proves_one_account_to_be_one_persons() {
        let text = proof_text(&key("one"), WREN, "Wren-Oak", now());
        assert_eq!(text.len(), "guildhall-7f3a-0000-0000-0000".len(), "{text}");
        let bio = format!("I draw maps. {text} Ask me about ferries.");
        let keys = [key("two"), key("one")];
        assert!(proves(&bio, &keys, WREN, "wren-oak", now()));
        assert!(!proves(&bio, &keys, FINCH, "wren-oak", now()), "another person's text");
        assert!(!proves(&bio, &keys, WREN, "finch-ash", now()), "copied to another account");
        assert!(!proves(&bio, &keys[..1], WREN, "wren-oak", now()), "another server's text");
        assert!(!proves("", &keys, WREN, "wren-oak", now()));
        assert!(!proves(&bio.to_uppercase(), &keys, WREN, "wren-oak", now()));
    }

    #[test]
    fn a_text_is_accepted_for_an_hour_at_least() {
        let text = proof_text(&key("one"), WREN, "wren-oak", now());
        for (minutes, expected) in [(0, true), (60, true), (61, false), (600, false)] {
            let later = now() + TimeDelta::minutes(minutes);
            assert_eq!(
                proves(&text, &[key("one")], WREN, "wren-oak", later),
                expected,
                "{minutes}"
            );
        }
    }

    #[test]
    fn only_the_account_of_a_person_is_linked() {
        let read = |json: &str| {
            let profile: PublicProfile = serde_json::from_str(json).expect("a profile");
            profile.person_named("wren-oak", now()).map_err(|refused| refused.code)
        };
        let own = read(
            r#"{"id":7,"login":"Wren-Oak","type":"User","bio":null,"created_at":"2020-01-01T00:00:00Z"}"#,
        );
        let own = own.expect("an account");
        assert_eq!((own.github_id, own.kind), (7, AccountKind::User));
        assert!(own.created_at.is_some());
        for (json, code) in [
            (r#"{"id":7,"login":"wren","type":"User"}"#, "GITHUB_ACCOUNT_UNKNOWN"),
            (r#"{"login":"wren-oak","type":"User"}"#, "GITHUB_ACCOUNT_UNKNOWN"),
            (r#"{}"#, "GITHUB_ACCOUNT_UNKNOWN"),
            (r#"{"id":7,"login":"wren-oak","type":"Organization"}"#, "GITHUB_ACCOUNT_KIND"),
            (r#"{"id":7,"login":"wren-oak","type":"Bot"}"#, "GITHUB_ACCOUNT_KIND"),
            (r#"{"id":7,"login":"wren-oak"}"#, "GITHUB_ACCOUNT_KIND"),
            (r#"{"id":10137,"login":"wren-oak","type":"User"}"#, "GITHUB_ACCOUNT_KIND"),
        ] {
            assert_eq!(read(json).expect_err(json), code, "{json}");
        }
    }

    #[test]
    fn a_username_is_read_as_people_type_it() {
        for typed in ["wren-oak", " @wren-oak "] {
            assert_eq!(typed_login(typed).as_deref(), Ok("wren-oak"));
        }
        for typed in ["", "wren oak", "ci[bot]", "https://github.com/wren-oak", "../users"] {
            assert_eq!(typed_login(typed).expect_err(typed).code, "BAD_GITHUB_LOGIN");
        }
    }
}

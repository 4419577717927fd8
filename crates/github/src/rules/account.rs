//! Accounts in payloads.

use identity::model::{AccountKind, GithubAccount, is_github_login, placeholder_login};
use kernel::Timestamp;
use serde::{Deserialize, Deserializer};

/// An account, with the fields that the payload includes.
#[derive(Clone, Debug, Deserialize)]
pub struct Account {
    /// GitHub's ID; absent in shortened payloads and for commit authors.
    pub id: Option<i64>,
    /// The login as stated, which anyone with the webhook's secret could choose.
    pub login: Option<String>,
    /// `User`, `Bot`, `Organization` or `Mannequin`.
    pub r#type: Option<String>,
    pub avatar_url: Option<String>,
    /// When it was created. Only GitHub's API states it: a delivery could be anyone's.
    #[serde(skip)]
    pub created_at: Option<Timestamp>,
}

/// The ID on github.com of the account `ghost`, to which GitHub assigns everything that deleted accounts leave behind.
pub const GHOST: i64 = 10_137;

/// Reads an account. One that is no one's counts as absent.
pub(super) fn unless_ghost<'de, D: Deserializer<'de>>(
    from: D,
) -> Result<Option<Account>, D::Error> {
    let account: Option<Account> = Option::deserialize(from)?;
    Ok(account.filter(Account::is_someones))
}

/// The length of an avatar's URL that is kept, in bytes.
const LONGEST_URL: usize = 2_048;

fn is_avatar(url: &str) -> bool {
    url.len() <= LONGEST_URL && url.starts_with("https://") && !url.contains(char::is_whitespace)
}

impl Account {
    /// Returns false for the account `ghost`, whose login GitHub reserves also where it has another ID, and for a mannequin, which holds
    /// imported work until GitHub names the person.
    ///
    /// <https://docs.github.com/en/migrations/using-github-enterprise-importer/completing-your-migration-with-github-enterprise-importer/reclaiming-mannequins-for-github-enterprise-importer>
    pub(super) fn is_someones(&self) -> bool {
        let is_ghost = |login: &str| login.eq_ignore_ascii_case("ghost");
        let is_ghost = self.id == Some(GHOST) || self.login.as_deref().is_some_and(is_ghost);
        !is_ghost && self.r#type.as_deref() != Some("Mannequin")
    }

    fn kind(&self) -> AccountKind {
        let login = self.login.as_deref().unwrap_or_default();
        AccountKind::from_github(self.r#type.as_deref(), login)
    }

    /// Returns whether it is a bot; `None` if the payload does not state it.
    #[must_use]
    pub fn is_bot(&self) -> Option<bool> {
        match self.kind() {
            AccountKind::Unknown => None,
            kind => Some(kind == AccountKind::Bot),
        }
    }

    /// Returns the account as seen at a time; `None` without ID or login. A login that GitHub does not allow loses nothing that the
    /// account did.
    #[must_use]
    pub fn seen_at(&self, seen_at: Timestamp) -> Option<GithubAccount> {
        let (github_id, login) = (self.id?, self.login.as_ref()?);
        let is_usable = is_github_login(login);
        Some(GithubAccount {
            github_id,
            kind: self.kind(),
            login: if is_usable { login.clone() } else { placeholder_login(github_id) },
            avatar_url: self.avatar_url.clone().filter(|url| is_avatar(url)),
            created_at: self.created_at,
            seen_at,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Deserialize)]
    struct Payload {
        #[serde(default, deserialize_with = "unless_ghost")]
        user: Option<Account>,
    }

    fn user(json: &str) -> Option<Account> {
        let payload: Payload = serde_json::from_str(json).expect("a payload");
        payload.user
    }

    #[test]
    fn ghosts_and_mannequins_are_no_one() {
        for json in [
            r#"{}"#,
            r#"{"user":null}"#,
            r#"{"user":{"id":10137}}"#,
            r#"{"user":{"id":10137,"login":"ghost","type":"User"}}"#,
            r#"{"user":{"id":7,"login":"Ghost"}}"#,
            r#"{"user":{"id":7,"login":"wren","type":"Mannequin"}}"#,
        ] {
            assert!(user(json).is_none(), "{json}");
        }
        assert!(user(r#"{"user":{"id":7,"login":"ghostly"}}"#).is_some());
    }

    #[test]
    fn a_login_that_github_does_not_allow_becomes_a_placeholder() {
        let long = "a".repeat(40);
        for (login, expected) in [
            ("-wren--oak-", "-wren--oak-"),
            ("wren_acme", "wren_acme"),
            ("", "7.github"),
            ("wren oak", "7.github"),
            ("/ban?x=", "7.github"),
            ("boss.id", "7.github"),
            (long.as_str(), "7.github"),
        ] {
            let json = format!(r#"{{"user":{{"id":7,"login":"{login}"}}}}"#);
            let seen = user(&json).and_then(|account| account.seen_at(Timestamp::UNIX_EPOCH));
            assert_eq!(seen.expect("an account").login, expected);
        }
    }

    #[test]
    fn a_kind_that_is_not_stated_is_unknown() {
        for (json, is_bot) in [
            (r#"{"user":{"id":7,"login":"wren"}}"#, None),
            (r#"{"user":{"id":7,"login":"wren","type":"User"}}"#, Some(false)),
            (r#"{"user":{"id":7,"login":"wren","type":"Organization"}}"#, Some(false)),
            (r#"{"user":{"id":7,"login":"wren","type":"Bot"}}"#, Some(true)),
            (r#"{"user":{"id":7,"login":"wren[bot]"}}"#, Some(true)),
        ] {
            assert_eq!(user(json).expect("an account").is_bot(), is_bot, "{json}");
        }
    }
}

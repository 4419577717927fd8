//! Accounts in payloads.

use identity::model::{AccountKind, GithubAccount};
use kernel::Timestamp;
use serde::{Deserialize, Deserializer};

use super::names;

/// An account, with the fields that the payload includes.
#[derive(Clone, Debug, Deserialize)]
pub struct Account {
    /// GitHub's ID; absent in shortened payloads and for commit authors.
    pub id: Option<i64>,
    /// The login, as used in URLs.
    #[serde(default, deserialize_with = "names::login")]
    pub login: Option<String>,
    /// `User`, `Bot` or `Organization`.
    pub r#type: Option<String>,
    pub avatar_url: Option<String>,
    /// When it was created. Only GitHub's API states it: a delivery could be anyone's.
    #[serde(skip)]
    pub created_at: Option<Timestamp>,
}

/// The ID on github.com of the account `ghost`, to which GitHub assigns everything that deleted accounts leave behind.
pub const GHOST: i64 = 10_137;

/// Reads an account. The account `ghost` is no one's, so it counts as absent.
pub(super) fn unless_ghost<'de, D: Deserializer<'de>>(
    from: D,
) -> Result<Option<Account>, D::Error> {
    let account: Option<Account> = Option::deserialize(from)?;
    Ok(account.filter(|account| !account.is_ghost()))
}

/// The length of an avatar's URL that is kept, in bytes.
const LONGEST_URL: usize = 2_048;

fn is_avatar(url: &str) -> bool {
    url.len() <= LONGEST_URL && url.starts_with("https://") && !url.contains(char::is_whitespace)
}

impl Account {
    /// Returns true for the account `ghost`. GitHub reserves the login, also where it has another ID.
    pub(super) fn is_ghost(&self) -> bool {
        let is_named = |login: &str| login.eq_ignore_ascii_case("ghost");
        self.id == Some(GHOST) || self.login.as_deref().is_some_and(is_named)
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

    /// Returns the account as seen at a time; `None` without ID or login.
    #[must_use]
    pub fn seen_at(&self, seen_at: Timestamp) -> Option<GithubAccount> {
        Some(GithubAccount {
            github_id: self.id?,
            kind: self.kind(),
            login: self.login.clone()?,
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
    fn the_ghost_is_no_one() {
        for json in [
            r#"{}"#,
            r#"{"user":null}"#,
            r#"{"user":{"id":10137}}"#,
            r#"{"user":{"id":10137,"login":"ghost","type":"User"}}"#,
            r#"{"user":{"id":7,"login":"Ghost"}}"#,
        ] {
            assert!(user(json).is_none(), "{json}");
        }
        assert!(user(r#"{"user":{"id":7,"login":"ghostly"}}"#).is_some());
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

use identity::model::is_github_login;
use kernel::Timestamp;
use serde::{Deserialize, Deserializer, de::Error};

use super::{
    super::{
        instant, names,
        payload::{self, Unexpected},
    },
    is_branch, line,
};
use crate::model::code::CodeRepository;

/// The longest identifier of a license that is kept, in characters.
const LONGEST_LICENSE: usize = 64;

/// The identifier of a license that GitHub does not recognize.
const UNKNOWN_LICENSE: &str = "NOASSERTION";

/// A repository in GitHub's response (docs.github.com/rest/repos/repos#get-a-repository).
#[derive(Deserialize)]
pub(crate) struct StatedRepository {
    id: i64,
    #[serde(deserialize_with = "names::full_name_given")]
    full_name: String,
    owner: Owner,
    private: bool,
    fork: bool,
    parent: Option<Parent>,
    archived: bool,
    /// The permissions of the account whose token read it; absent without a token.
    permissions: Option<PushPermission>,
    /// The size in KiB, which lags behind pushes.
    #[serde(default)]
    size: i64,
    #[serde(deserialize_with = "instant::of_text")]
    created_at: Timestamp,
    #[serde(default, deserialize_with = "instant::of_text_if_any")]
    pushed_at: Option<Timestamp>,
    #[serde(deserialize_with = "branch")]
    default_branch: String,
    license: Option<License>,
}

#[derive(Deserialize)]
struct Owner {
    id: i64,
    #[serde(deserialize_with = "login")]
    login: String,
}

#[derive(Deserialize)]
struct Parent {
    #[serde(deserialize_with = "names::full_name_given")]
    full_name: String,
}

#[derive(Deserialize)]
struct PushPermission {
    #[serde(default)]
    push: bool,
}

#[derive(Deserialize)]
struct License {
    spdx_id: Option<String>,
}

fn login<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    let login = String::deserialize(from)?;
    if is_github_login(&login) {
        Ok(login)
    } else {
        Err(D::Error::custom("is not the login of a GitHub account"))
    }
}

fn branch<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    let branch = String::deserialize(from)?;
    if is_branch(&branch) {
        Ok(branch)
    } else {
        Err(D::Error::custom("is not the name of a branch"))
    }
}

/// Reads GitHub's response about a repository.
///
/// # Errors
/// When a field has an unexpected type or value; the error names it.
pub(crate) fn repository(body: &[u8]) -> Result<StatedRepository, Unexpected> {
    payload::read(body)
}

impl StatedRepository {
    /// Returns true if the repository may have no commit, which its size does not tell for sure.
    pub(crate) fn may_be_empty(&self) -> bool {
        self.size == 0
    }

    pub(crate) fn full_name(&self) -> &str {
        &self.full_name
    }

    /// Returns the repository. Times after `now` are moved to it.
    pub(crate) fn into_repository(self, is_empty: bool, now: Timestamp) -> CodeRepository {
        let license = self.license.and_then(|license| license.spdx_id);
        let license = license.filter(|id| id != UNKNOWN_LICENSE);
        CodeRepository {
            github_id: self.id,
            full_name: self.full_name,
            owner_github_id: self.owner.id,
            owner_login: self.owner.login,
            is_private: self.private,
            is_fork: self.fork,
            parent_full_name: self.parent.map(|parent| parent.full_name),
            is_archived: self.archived,
            may_push: self.permissions.map(|own| own.push),
            is_empty,
            created_at: self.created_at.min(now),
            pushed_at: self.pushed_at.map(|at| at.min(now)),
            default_branch: self.default_branch,
            license: license.map(|id| line(&id, LONGEST_LICENSE)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STATED: &str = r#"{"id":1296269,"full_name":"octo-org/lantern","private":false,
        "owner":{"login":"octo-org","id":1,"type":"Organization"},"fork":true,"archived":false,"size":108,
        "parent":{"id":5,"full_name":"low-tide/lantern"},"default_branch":"main",
        "created_at":"2026-10-01T08:00:00Z","pushed_at":"2999-10-02T08:00:00Z",
        "license":{"key":"mit","name":"MIT License","spdx_id":"MIT"}}"#;

    fn now() -> Timestamp {
        "2026-11-01T08:00:00Z".parse().expect("an instant")
    }

    #[test]
    fn a_repository_is_read() {
        let read = repository(STATED.as_bytes()).expect("read");
        assert!(!read.may_be_empty());
        let read = read.into_repository(false, now());
        assert_eq!(read.parent_full_name.as_deref(), Some("low-tide/lantern"));
        assert_eq!(read.license.as_deref(), Some("MIT"));
        assert_eq!(read.pushed_at, Some(now()), "times are not after the present");
    }

    #[test]
    fn the_sender_may_push_only_if_github_says_so() {
        for (stated, expected) in [
            ("null", None),
            (r#"{"pull":true,"push":false}"#, Some(false)),
            (r#"{"pull":true,"push":true}"#, Some(true)),
        ] {
            let json = STATED.replacen('{', &format!(r#"{{"permissions":{stated},"#), 1);
            let read = repository(json.as_bytes()).expect("read").into_repository(false, now());
            assert_eq!(read.may_push, expected, "{stated}");
        }
    }

    #[test]
    fn an_unknown_license_counts_as_none() {
        for license in ["null", r#"{"spdx_id":"NOASSERTION"}"#, r#"{"spdx_id":null}"#] {
            let json =
                STATED.replace(r#"{"key":"mit","name":"MIT License","spdx_id":"MIT"}"#, license);
            let read = repository(json.as_bytes()).expect("read");
            assert_eq!(read.into_repository(false, now()).license, None);
        }
    }

    #[test]
    fn names_follow_the_rules_of_github() {
        for (name, bad) in [
            ("octo-org/lantern", "../../etc"),
            (r#""login":"octo-org""#, r#""login":"<b>""#),
            (r#""default_branch":"main""#, r#""default_branch":"a..b""#),
        ] {
            let json = STATED.replace(name, bad);
            assert!(repository(json.as_bytes()).is_err(), "{bad}");
        }
    }
}

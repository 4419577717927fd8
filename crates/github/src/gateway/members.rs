use reqwest::Method;
use serde::Deserialize;

use super::{Api, ApiError, Call};
use crate::rules::{names::is_login, own_repository::Permissions};

/// An account in GitHub's responses.
#[derive(Debug, Deserialize)]
pub(super) struct MemberAccount {
    id: i64,
    #[serde(default)]
    login: String,
    /// The permissions in a repository, where GitHub states them.
    #[serde(default)]
    permissions: Option<Permissions>,
}

/// A person's permission in a repository.
#[derive(Debug, Deserialize)]
pub(super) struct Permission {
    permission: String,
    #[serde(default)]
    role_name: String,
    user: Option<MemberAccount>,
}

/// A person's role in a repository.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MemberRole {
    /// Admin, maintain, or a custom role that may include maintain.
    Maintains,
    /// A lower role, or none.
    Lower,
    /// GitHub has no such account, or it has another ID.
    Unknown,
}

impl Permission {
    /// Decides from GitHub's answer about the account with an ID
    /// (docs.github.com/rest/collaborators/collaborators#get-repository-permissions-for-a-user).
    pub(super) fn role(&self, github_id: i64) -> MemberRole {
        let is_asked = self.user.as_ref().is_some_and(|user| user.id == github_id);
        if !is_asked {
            return MemberRole::Unknown;
        }
        match (self.permission.as_str(), self.role_name.as_str()) {
            ("none" | "read", _) | ("write", "write") => MemberRole::Lower,
            _ => MemberRole::Maintains,
        }
    }

    /// Returns whether the account with an ID may push; `None` if GitHub's answer is about another account. A custom role has
    /// the permission of the role that it is based on.
    pub(super) fn may_push(&self, github_id: i64) -> Option<bool> {
        self.user.as_ref().filter(|user| user.id == github_id)?;
        Some(matches!(self.permission.as_str(), "admin" | "write"))
    }

    /// Returns the permissions that GitHub clearly states for the account with an ID; `None` if it may not even read. A custom
    /// role maintains a repository only if GitHub states that beside the account.
    pub(super) fn permissions(&self, github_id: i64) -> Option<Permissions> {
        let user = self.user.as_ref().filter(|user| user.id == github_id)?;
        let stated = user.permissions.unwrap_or_default();
        let admin = self.permission == "admin";
        let maintain = admin || self.role_name == "maintain" || stated.maintain;
        (self.permission != "none").then_some(Permissions { admin, maintain })
    }
}

impl Api {
    /// Reads a person's role in a repository, by the GitHub ID of the person.
    ///
    /// # Errors
    /// When GitHub does not respond, refuses, or a limit is reached.
    pub async fn member_role(
        &self,
        call: Call<'_>,
        full_name: &str,
        github_id: i64,
    ) -> Result<MemberRole, ApiError> {
        let found = self.permission(call, full_name, github_id).await?;
        Ok(found.map_or(MemberRole::Unknown, |found| found.role(github_id)))
    }

    /// Reads a person's permissions in a repository, by the GitHub ID of the person; `None` if they may not even read.
    ///
    /// # Errors
    /// When GitHub does not respond, refuses, or a limit is reached.
    pub(crate) async fn permissions(
        &self,
        call: Call<'_>,
        full_name: &str,
        github_id: i64,
    ) -> Result<Option<Permissions>, ApiError> {
        let found = self.permission(call, full_name, github_id).await?;
        Ok(found.and_then(|found| found.permissions(github_id)))
    }

    /// Reads whether a person, by GitHub ID, may push to a repository; `None` if GitHub knows no such account.
    ///
    /// # Errors
    /// When GitHub does not respond, refuses, or a limit is reached.
    pub(super) async fn may_push(
        &self,
        call: Call<'_>,
        full_name: &str,
        github_id: i64,
    ) -> Result<Option<bool>, ApiError> {
        let found = self.permission(call, full_name, github_id).await?;
        Ok(found.and_then(|found| found.may_push(github_id)))
    }

    /// Reads what GitHub states about a person in a repository; `None` if it knows no such account.
    async fn permission(
        &self,
        call: Call<'_>,
        full_name: &str,
        github_id: i64,
    ) -> Result<Option<Permission>, ApiError> {
        let account: MemberAccount = match self.read(call, &format!("/user/{github_id}")).await {
            Err(ApiError::NotFound) => return Ok(None),
            read => read?,
        };
        if account.id != github_id || !is_login(&account.login) {
            return Ok(None);
        }
        let login = &account.login;
        let path = format!("/repos/{full_name}/collaborators/{login}/permission");
        match self.read::<Permission>(call, &path).await {
            Err(ApiError::NotFound) => Ok(None),
            read => read.map(Some),
        }
    }

    /// Returns whether GitHub still accepts the token.
    ///
    /// # Errors
    /// When GitHub does not respond, refuses otherwise, or a limit is reached.
    pub async fn is_accepted(&self, call: Call<'_>) -> Result<bool, ApiError> {
        match self.read::<MemberAccount>(call, "/user").await {
            Ok(_) => Ok(true),
            Err(ApiError::BadToken) => Ok(false),
            Err(error) => Err(error),
        }
    }

    async fn read<T: serde::de::DeserializeOwned>(
        &self,
        call: Call<'_>,
        path: &str,
    ) -> Result<T, ApiError> {
        let answer = self.ask(call, Method::GET, path, None).await?;
        answer.parsed()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_clear_answer_is_a_lower_role() {
        let role = |permission: &str, role_name: &str, id| {
            let json = format!(
                r#"{{"permission":"{permission}","role_name":"{role_name}","user":{{"id":{id}}}}}"#
            );
            let read: Permission = serde_json::from_str(&json).expect("read");
            read.role(7)
        };
        for (permission, role_name, id, expected) in [
            ("admin", "admin", 7, MemberRole::Maintains),
            ("write", "maintain", 7, MemberRole::Maintains),
            ("write", "release-managers", 7, MemberRole::Maintains),
            ("write", "write", 7, MemberRole::Lower),
            ("read", "triage", 7, MemberRole::Lower),
            ("none", "none", 7, MemberRole::Lower),
            ("none", "none", 8, MemberRole::Unknown),
        ] {
            assert_eq!(role(permission, role_name, id), expected, "{role_name}");
        }
    }

    #[test]
    fn only_a_clear_answer_is_a_permission() {
        let permissions = |permission: &str, role_name: &str, user: &str| {
            let json = format!(
                r#"{{"permission":"{permission}","role_name":"{role_name}","user":{user}}}"#
            );
            let read: Permission = serde_json::from_str(&json).expect("read");
            let found = read.permissions(7);
            found.map(|found| (found.admin, found.maintain))
        };
        let seven = r#"{"id":7}"#;
        let custom = r#"{"id":7,"permissions":{"maintain":true}}"#;
        for (permission, role_name, user, expected) in [
            ("admin", "admin", seven, Some((true, true))),
            ("write", "maintain", seven, Some((false, true))),
            ("write", "release-managers", seven, Some((false, false))),
            ("write", "release-managers", custom, Some((false, true))),
            ("write", "write", seven, Some((false, false))),
            ("read", "read", seven, Some((false, false))),
            ("none", "none", seven, None),
            ("admin", "admin", r#"{"id":8}"#, None),
            ("admin", "admin", "null", None),
        ] {
            let found = permissions(permission, role_name, user);
            assert_eq!(found, expected, "{role_name} of {user}");
        }
    }
}

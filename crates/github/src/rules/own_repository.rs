//! Repositories as their maintainers see them in GitHub's REST API
//! (docs.github.com/rest/repos/repos#list-repositories-for-the-authenticated-user).

use kernel::{Problem, ProblemKind, Timestamp};
use serde::Deserialize;

use super::{instant, names};

/// A repository, with the permissions of the person whose token read it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct OwnRepository {
    /// GitHub's ID.
    pub id: i64,
    /// `owner/name`.
    #[serde(deserialize_with = "names::full_name_given")]
    pub full_name: String,
    /// True when it is private.
    pub private: bool,
    /// True when it is a fork.
    pub fork: bool,
    /// True when it is archived, and so read-only.
    #[serde(default)]
    pub archived: bool,
    /// When its settings last changed.
    #[serde(default, deserialize_with = "instant::of_text_or_seconds")]
    pub updated_at: Option<Timestamp>,
    /// The person's permissions.
    #[serde(default)]
    pub permissions: Permissions,
}

/// A person's permissions in a repository.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Permissions {
    /// True for the role "admin".
    #[serde(default)]
    pub admin: bool,
    /// True for the role "maintain", and for admins.
    #[serde(default)]
    pub maintain: bool,
}

/// The kinds of repositories that a project allows besides public ones that are not forks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Allowed {
    /// True if forks can be registered.
    pub forks: bool,
    /// True if private repositories can be registered.
    pub private: bool,
}

/// The reason that a person cannot register a repository.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Obstacle {
    /// They have neither the role "admin" nor "maintain".
    Rights,
    /// They have the role "maintain", but GitHub lets only admins create webhooks.
    Hooks,
    Archived,
    Private,
    Fork,
}

impl OwnRepository {
    /// Returns true if the person has the role "admin" or "maintain".
    #[must_use]
    pub fn is_maintained(&self) -> bool {
        self.permissions.admin || self.permissions.maintain
    }

    /// Returns the first reason that the person cannot register it, if any. `needs_hook` is false if deliveries come
    /// without a webhook of the repository.
    #[must_use]
    pub fn obstacle(&self, allowed: Allowed, needs_hook: bool) -> Option<Obstacle> {
        let rights = (!self.is_maintained()).then_some(Obstacle::Rights);
        let hooks = (needs_hook && !self.permissions.admin).then_some(Obstacle::Hooks);
        rights.or_else(|| self.bar(allowed)).or(hooks)
    }

    /// Returns the first reason that no one can register it, whatever their role, if any.
    #[must_use]
    pub fn bar(&self, allowed: Allowed) -> Option<Obstacle> {
        let bars = [
            (self.archived, Obstacle::Archived),
            (self.private && !allowed.private, Obstacle::Private),
            (self.fork && !allowed.forks, Obstacle::Fork),
        ];
        bars.into_iter().find_map(|(is_there, bar)| is_there.then_some(bar))
    }
}

impl Obstacle {
    /// Describes the reason in a few words, for a list.
    #[must_use]
    pub fn brief(self) -> &'static str {
        match self {
            Self::Rights => "You need the role admin or maintain",
            Self::Hooks => "Only an admin of the repository can create its webhook",
            Self::Archived => "Archived repositories cannot be registered",
            Self::Private => "This project does not allow private repositories",
            Self::Fork => "This project does not allow forks",
        }
    }

    /// Returns the refusal of a registration.
    #[must_use]
    pub fn refusal(self, full_name: &str) -> Problem {
        match self {
            Self::Rights => Problem::new(
                ProblemKind::Forbidden,
                "REPOSITORY_RIGHTS",
                format!(
                    "You need the role admin or maintain in {full_name} on GitHub. Ask one of its admins to register it, or to give you the role."
                ),
            ),
            Self::Hooks => Problem::new(
                ProblemKind::Forbidden,
                "REPOSITORY_RIGHTS",
                format!(
                    "GitHub lets only admins of {full_name} create its webhook. Ask one of them to register it here, or to give you the role admin."
                ),
            ),
            Self::Archived => Problem::new(
                ProblemKind::Conflict,
                "REPOSITORY_ARCHIVED",
                format!(
                    "{full_name} is archived on GitHub, so its pull requests cannot change. Unarchive it first."
                ),
            ),
            Self::Private => Problem::new(
                ProblemKind::Conflict,
                "REPOSITORY_PRIVATE",
                format!(
                    "{full_name} is private, and this project does not allow private repositories. Change the project's settings for repositories, or make it public."
                ),
            ),
            Self::Fork => Problem::new(
                ProblemKind::Conflict,
                "REPOSITORY_FORK",
                format!(
                    "{full_name} is a fork, and this project does not allow forks. Change the project's settings for repositories, or register the original."
                ),
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn repository(change: impl FnOnce(&mut OwnRepository)) -> OwnRepository {
        let mut repository = OwnRepository {
            id: 7,
            full_name: "octo-org/lantern".to_owned(),
            private: false,
            fork: false,
            archived: false,
            updated_at: None,
            permissions: Permissions { admin: true, maintain: true },
        };
        change(&mut repository);
        repository
    }

    #[test]
    fn the_first_obstacle_is_named() {
        let all = Allowed { forks: true, private: true };
        let none = Allowed::default();
        let maintain = |own: &mut OwnRepository| own.permissions.admin = false;
        for (own, allowed, needs_hook, expected) in [
            (repository(|_| {}), none, true, None),
            (
                repository(|own| own.permissions = Permissions::default()),
                all,
                true,
                Some(Obstacle::Rights),
            ),
            (repository(maintain), all, true, Some(Obstacle::Hooks)),
            (repository(maintain), all, false, None),
            (repository(|own| own.archived = true), all, true, Some(Obstacle::Archived)),
            (repository(|own| own.private = true), none, true, Some(Obstacle::Private)),
            (repository(|own| own.private = true), all, true, None),
            (repository(|own| own.fork = true), none, true, Some(Obstacle::Fork)),
            (repository(|own| own.fork = true), all, true, None),
        ] {
            assert_eq!(own.obstacle(allowed, needs_hook), expected, "{own:?}");
            let of_role = [Obstacle::Rights, Obstacle::Hooks];
            let bar = expected.filter(|obstacle| !of_role.contains(obstacle));
            assert_eq!(own.bar(allowed), bar, "{own:?}");
        }
    }
}

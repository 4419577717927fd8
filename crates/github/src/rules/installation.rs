//! Statements about installations of the server's GitHub App and their repositories
//! (docs.github.com/webhooks/webhook-events-and-payloads#installation). Of two statements about the same thing the greater
//! one counts, so their order and repetition do not matter.

use std::collections::BTreeMap;

use kernel::Timestamp;
use serde::Deserialize;

use super::{instant, payload::Identified};

/// An installation, with the fields that are used.
#[derive(Clone, Debug, Deserialize)]
pub struct Installation {
    /// GitHub's ID.
    pub id: i64,
    /// The person or organization that installed the App; absent for a deleted one.
    #[serde(default)]
    pub account: Option<Identified>,
    /// When it last changed.
    #[serde(default, deserialize_with = "instant::of_text_or_seconds")]
    pub updated_at: Option<Timestamp>,
    #[serde(default, deserialize_with = "instant::of_text_or_seconds")]
    pub suspended_at: Option<Timestamp>,
}

/// An `installation` delivery.
#[derive(Clone, Debug, Deserialize)]
pub struct InstallationEvent {
    /// `created`, `deleted`, `suspend`, `unsuspend` or `new_permissions_accepted`.
    pub action: String,
    /// The installation after the change.
    pub installation: Installation,
    #[serde(default)]
    pub repositories: Option<Vec<Identified>>,
}

/// An `installation_repositories` delivery.
#[derive(Clone, Debug, Deserialize)]
pub struct InstallationRepositoriesEvent {
    /// `added` or `removed`.
    pub action: String,
    /// The installation after the change.
    pub installation: Installation,
    /// The repositories that the installation includes now.
    #[serde(default)]
    pub repositories_added: Option<Vec<Identified>>,
    /// The repositories that it no longer includes.
    #[serde(default)]
    pub repositories_removed: Option<Vec<Identified>>,
}

/// The state of an installation, by one statement.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct InstallationState {
    /// The first field, because a deletion is final: GitHub gives each installation a new ID.
    pub is_deleted: bool,
    /// GitHub's time of the statement.
    pub seen_at: Timestamp,
    /// When it was received, which decides between statements of one second.
    pub received_at: Timestamp,
    pub suspended_at: Option<Timestamp>,
    /// GitHub's ID of the account that installed the App.
    pub account_github_id: Option<i64>,
}

/// The place of a repository in an installation, by one statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Membership {
    /// GitHub's time of the statement.
    pub seen_at: Timestamp,
    /// When it was received, which decides between statements of one second.
    pub received_at: Timestamp,
    /// True if it does not include the repository any more.
    pub is_removed: bool,
}

/// The result of several statements.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StatedInstallations {
    /// States by the installation's ID.
    pub states: BTreeMap<i64, InstallationState>,
    /// Repositories by the IDs of the installation and the repository.
    pub members: BTreeMap<(i64, i64), Membership>,
}

impl StatedInstallations {
    /// Adds an `installation` delivery that was received at `received_at`.
    pub fn add(&mut self, event: &InstallationEvent, received_at: Timestamp) {
        let mut state = state(&event.installation, received_at);
        match event.action.as_str() {
            "deleted" => state.is_deleted = true,
            "suspend" => state.suspended_at = state.suspended_at.or(Some(state.seen_at)),
            "unsuspend" => state.suspended_at = None,
            _ => {}
        }
        let seen_at = state.seen_at;
        self.add_state(event.installation.id, state);
        let included = Membership { seen_at, received_at, is_removed: false };
        self.add_members(event.installation.id, event.repositories.as_deref(), included);
    }

    /// Adds an `installation_repositories` delivery that was received at `received_at`.
    pub fn add_repositories(
        &mut self,
        event: &InstallationRepositoriesEvent,
        received_at: Timestamp,
    ) {
        let id = event.installation.id;
        let state = state(&event.installation, received_at);
        let seen_at = state.seen_at;
        self.add_state(id, state);
        for (repositories, is_removed) in
            [(&event.repositories_added, false), (&event.repositories_removed, true)]
        {
            let membership = Membership { seen_at, received_at, is_removed };
            self.add_members(id, repositories.as_deref(), membership);
        }
    }

    /// Adds a statement about an installation.
    pub fn add_state(&mut self, installation: i64, state: InstallationState) {
        let slot = self.states.entry(installation).or_insert_with(|| state.clone());
        let account = state.account_github_id.or(slot.account_github_id);
        *slot = slot.clone().max(state);
        slot.account_github_id = slot.account_github_id.or(account);
    }

    /// Adds a statement about a repository of an installation.
    pub fn add_member(&mut self, installation: i64, repository: i64, membership: Membership) {
        let slot = self.members.entry((installation, repository));
        let slot = slot.or_insert(membership);
        *slot = (*slot).max(membership);
    }

    fn add_members(
        &mut self,
        installation: i64,
        repositories: Option<&[Identified]>,
        membership: Membership,
    ) {
        for repository in repositories.unwrap_or_default() {
            self.add_member(installation, repository.id, membership);
        }
    }
}

/// Returns what a delivery says about its installation. Times after the receipt are moved to it.
fn state(installation: &Installation, received_at: Timestamp) -> InstallationState {
    let suspended_at = installation.suspended_at.map(|at| at.min(received_at));
    let updated_at = installation.updated_at.map(|at| at.min(received_at));
    InstallationState {
        is_deleted: false,
        seen_at: updated_at.max(suspended_at).unwrap_or(received_at),
        received_at,
        suspended_at,
        account_github_id: installation.account.map(|account| account.id),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const RECEIVED: &str = "2026-11-01T09:00:00Z";

    fn at(text: &str) -> Timestamp {
        text.parse().expect("an instant")
    }

    fn event(action: &str, updated_at: &str, suspended_at: Option<&str>) -> InstallationEvent {
        InstallationEvent {
            action: action.to_owned(),
            installation: Installation {
                id: 7,
                account: Some(Identified { id: 1 }),
                updated_at: Some(at(updated_at)),
                suspended_at: suspended_at.map(at),
            },
            repositories: None,
        }
    }

    fn repositories(
        updated_at: &str,
        added: &[i64],
        removed: &[i64],
    ) -> InstallationRepositoriesEvent {
        let list = |ids: &[i64]| Some(ids.iter().map(|id| Identified { id: *id }).collect());
        InstallationRepositoriesEvent {
            action: "added".to_owned(),
            installation: event("created", updated_at, None).installation,
            repositories_added: list(added),
            repositories_removed: list(removed),
        }
    }

    #[test]
    fn the_newest_statement_counts_and_a_deletion_is_final() {
        let created = || event("created", "2026-11-01T08:00:00Z", None);
        let suspended = || event("suspend", "2026-11-01T08:00:00Z", Some("2026-11-01T08:10:00Z"));
        let unsuspended = || event("unsuspend", "2026-11-01T08:20:00Z", None);
        let deleted = || event("deleted", "2026-11-01T08:05:00Z", None);
        for (events, is_deleted, is_suspended) in [
            (vec![created()], false, false),
            (vec![created(), suspended()], false, true),
            (vec![suspended(), created()], false, true),
            (vec![unsuspended(), suspended(), created()], false, false),
            (vec![deleted(), unsuspended(), suspended()], true, false),
        ] {
            let mut stated = StatedInstallations::default();
            for event in &events {
                stated.add(event, at(RECEIVED));
            }
            let state = &stated.states[&7];
            let found = (state.is_deleted, state.suspended_at.is_some());
            assert_eq!(found, (is_deleted, is_suspended), "{events:?}");
            assert_eq!(state.account_github_id, Some(1));
        }
    }

    #[test]
    fn times_after_the_receipt_are_moved_to_it() {
        let mut stated = StatedInstallations::default();
        let from_2999 = Some("2999-01-01T00:00:00Z");
        stated.add(&event("suspend", "2999-01-01T00:00:00Z", from_2999), at(RECEIVED));
        let state = &stated.states[&7];
        assert_eq!((state.seen_at, state.suspended_at), (at(RECEIVED), Some(at(RECEIVED))));
    }

    #[test]
    fn of_one_second_the_last_received_counts() {
        let mut stated = StatedInstallations::default();
        let (first, last) = (at(RECEIVED), at("2026-11-01T09:00:01Z"));
        let added = repositories("2026-11-01T08:00:00Z", &[5], &[]);
        let removed = repositories("2026-11-01T08:00:00Z", &[], &[5]);
        stated.add_repositories(&added, last);
        stated.add_repositories(&removed, first);
        assert!(!stated.members[&(7, 5)].is_removed);
    }

    proptest! {
        #[test]
        fn order_and_repetition_do_not_matter(
            seconds in proptest::collection::vec((0_u32..4, 0_u32..4, 0_u8..5, any::<bool>()), 1..12),
            seed in any::<u64>(),
        ) {
            let add = |stated: &mut StatedInstallations, (updated, received, kind, is_removed): (u32, u32, u8, bool)| {
                let received = at(&format!("2026-11-01T09:00:0{received}Z"));
                let updated = format!("2026-11-01T08:00:0{updated}Z");
                match kind {
                    0 => stated.add(&event("created", &updated, None), received),
                    1 => stated.add(&event("suspend", &updated, Some(&updated)), received),
                    2 => stated.add(&event("deleted", &updated, None), received),
                    _ if is_removed => stated.add_repositories(&repositories(&updated, &[], &[5]), received),
                    _ => stated.add_repositories(&repositories(&updated, &[5], &[]), received),
                }
            };
            let (mut once, mut again) = (StatedInstallations::default(), StatedInstallations::default());
            for event in &seconds {
                add(&mut once, *event);
            }
            let mut other = seconds.clone();
            other.rotate_left(seed as usize % seconds.len());
            other.reverse();
            for event in other.iter().chain(&seconds) {
                add(&mut again, *event);
            }
            prop_assert_eq!(once, again);
        }
    }
}

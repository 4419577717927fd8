//! The alerts of a dashboard.

use kernel::{Timestamp, counted};

use super::members::{LoadedRoster, Member};
use crate::rules::support;

/// A kind of alert about competitors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Alert {
    /// Not on the game platform.
    Unsynced,
    /// The last sync failed.
    SyncError,
    /// The platform has not approved the account.
    Unapproved,
    /// Never signed in on the platform.
    NeverSignedIn,
    /// No activity for 14 days.
    Inactive,
}

impl Alert {
    const ALL: [Self; 5] =
        [Self::SyncError, Self::NeverSignedIn, Self::Inactive, Self::Unapproved, Self::Unsynced];

    const fn as_str(self) -> &'static str {
        match self {
            Self::Unsynced => "unsynced",
            Self::SyncError => "error",
            Self::Unapproved => "approval",
            Self::NeverSignedIn => "never",
            Self::Inactive => "inactive",
        }
    }

    /// Returns the kind with a name in addresses.
    pub(super) fn named(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|alert| alert.as_str() == text)
    }

    const fn class(self) -> &'static str {
        match self {
            Self::SyncError | Self::NeverSignedIn => "t-gules",
            Self::Inactive => "t-or",
            Self::Unapproved | Self::Unsynced => "t-azure",
        }
    }

    /// Returns whether the alert is about a competitor.
    pub(super) fn holds(self, member: &Member, now: Timestamp) -> bool {
        let (facts, is_known) = (&member.facts, member.is_known());
        is_known
            && match self {
                Self::Unsynced => !facts.is_on_platform,
                Self::SyncError => facts.sync_error.is_some(),
                Self::Unapproved => support::unapproved(facts).is_some(),
                Self::NeverSignedIn => support::has_never_logged_in(facts),
                Self::Inactive => support::inactive_since(facts, now).is_some(),
            }
    }

    fn sentence(self, number: usize) -> String {
        let people = counted(number, "competitor", "competitors");
        let (is, has) = match number {
            1 => ("is", "has"),
            _ => ("are", "have"),
        };
        match self {
            Self::Unsynced => format!("{people} {is} not on the game platform."),
            Self::SyncError => format!("{people} {has} a sync error."),
            Self::Unapproved => format!("{people} {is} not approved by the game platform."),
            Self::NeverSignedIn => format!("{people} {has} never signed in to the game platform."),
            Self::Inactive => format!("{people} {has} been inactive for 14 days or more."),
        }
    }
}

/// An alert as the page shows it.
pub(super) struct AlertView {
    pub(super) class: &'static str,
    pub(super) sentence: String,
    pub(super) address: String,
    /// True if it is the one by which the table is filtered.
    pub(super) is_chosen: bool,
}

/// Returns the alerts of a roster. `joining` competitors wait for the confirmation of a coach.
pub(super) fn alerts(
    loaded: &LoadedRoster,
    roster: &crate::reads::RosterView,
    joining: i64,
    chosen: &str,
) -> Vec<AlertView> {
    let view = |alert: Alert| {
        let found = loaded.members.iter();
        let number = found.filter(|member| alert.holds(member, loaded.now)).count();
        (number > 0).then(|| AlertView {
            class: alert.class(),
            sentence: alert.sentence(number),
            address: format!("{}&alert={}#roster", loaded.address(roster), alert.as_str()),
            is_chosen: chosen == alert.as_str(),
        })
    };
    let mut alerts: Vec<_> = Alert::ALL.into_iter().filter_map(view).collect();
    if joining > 0 {
        let people = counted(joining, "person", "people");
        alerts.push(AlertView {
            class: "t-azure",
            sentence: format!("{people} joined by a link; confirm them so that they can start."),
            address: format!("{}/competitors", roster.address()),
            is_chosen: false,
        });
    }
    alerts
}

//! Kinds of differences between here and the game platform, and the remedy for each.

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum DifferenceKind {
    /// Recorded as on the platform, which does not know them.
    AccountMissing,
    /// Ready for the platform, and not there.
    AccountUnsent,
    /// On the platform, but not recorded.
    AccountUnrecorded,
    /// The username or the state differs.
    AccountChanged,
    /// The platform has another account under the ID.
    AccountReplaced,
    /// An erased competitor whose account still exists.
    AccountErased,
    /// The ID of a team member that is unknown here.
    AccountUnknown,
    /// A team that was not sent.
    TeamUnsent,
    /// Recorded as on the platform, which does not know the team.
    TeamMissing,
    /// The name differs.
    TeamRenamed,
    /// A team that is unknown here.
    TeamUnknown,
    /// In a team here, in none there.
    MemberMissing,
    /// In another team there.
    MemberElsewhere,
    /// In no team here, in one there.
    MemberExtra,
    /// Results in on-demand learning differ.
    Totals,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Remedy {
    /// Ask for the account, create it if the platform does not know it, and store its answer.
    Account,
    Team,
    /// Send the membership again.
    Membership,
    /// End the membership there.
    Unassign,
    DeleteTeam,
    /// Fetch the results without a cursor.
    Totals,
    /// Write to the platform's support, because it has no call.
    Message,
}

impl DifferenceKind {
    pub const ALL: [Self; 15] = [
        Self::AccountMissing,
        Self::AccountUnsent,
        Self::AccountUnrecorded,
        Self::AccountChanged,
        Self::AccountReplaced,
        Self::AccountErased,
        Self::AccountUnknown,
        Self::TeamUnsent,
        Self::TeamMissing,
        Self::TeamRenamed,
        Self::TeamUnknown,
        Self::MemberMissing,
        Self::MemberElsewhere,
        Self::MemberExtra,
        Self::Totals,
    ];

    /// The kinds that a comparison of an account finds.
    pub const ACCOUNTS: [Self; 5] = [
        Self::AccountMissing,
        Self::AccountUnsent,
        Self::AccountUnrecorded,
        Self::AccountChanged,
        Self::AccountReplaced,
    ];

    /// The kinds that a comparison of all memberships finds.
    pub const MEMBERSHIPS: [Self; 9] = [
        Self::AccountErased,
        Self::AccountUnknown,
        Self::TeamUnsent,
        Self::TeamMissing,
        Self::TeamRenamed,
        Self::TeamUnknown,
        Self::MemberMissing,
        Self::MemberElsewhere,
        Self::MemberExtra,
    ];

    /// Returns the stored text.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AccountMissing => "account_missing",
            Self::AccountUnsent => "account_unsent",
            Self::AccountUnrecorded => "account_unrecorded",
            Self::AccountChanged => "account_changed",
            Self::AccountReplaced => "account_replaced",
            Self::AccountErased => "account_erased",
            Self::AccountUnknown => "account_unknown",
            Self::TeamUnsent => "team_unsent",
            Self::TeamMissing => "team_missing",
            Self::TeamRenamed => "team_renamed",
            Self::TeamUnknown => "team_unknown",
            Self::MemberMissing => "member_missing",
            Self::MemberElsewhere => "member_elsewhere",
            Self::MemberExtra => "member_extra",
            Self::Totals => "totals",
        }
    }

    /// Returns the value with a stored text.
    #[must_use]
    pub fn named(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|value| value.as_str() == text)
    }

    /// Returns the name on pages.
    #[must_use]
    pub const fn heading(self) -> &'static str {
        match self {
            Self::AccountMissing => "Account is gone",
            Self::AccountUnsent => "Not added yet",
            Self::AccountUnrecorded => "Account not recorded",
            Self::AccountChanged => "Account changed",
            Self::AccountReplaced => "Another account",
            Self::AccountErased => "Erased, but still there",
            Self::AccountUnknown => "Unknown account",
            Self::TeamUnsent => "Team not added yet",
            Self::TeamMissing => "Team is gone",
            Self::TeamRenamed => "Team has another name",
            Self::TeamUnknown => "Unknown team",
            Self::MemberMissing => "Not in the team",
            Self::MemberElsewhere => "In another team",
            Self::MemberExtra => "Still in a team",
            Self::Totals => "Results differ",
        }
    }

    #[must_use]
    pub const fn remedy(self) -> Remedy {
        match self {
            Self::AccountMissing
            | Self::AccountUnsent
            | Self::AccountUnrecorded
            | Self::AccountChanged => Remedy::Account,
            Self::AccountReplaced
            | Self::AccountErased
            | Self::AccountUnknown
            | Self::TeamRenamed => Remedy::Message,
            Self::TeamUnsent | Self::TeamMissing => Remedy::Team,
            Self::TeamUnknown => Remedy::DeleteTeam,
            Self::MemberMissing | Self::MemberElsewhere => Remedy::Membership,
            Self::MemberExtra => Remedy::Unassign,
            Self::Totals => Remedy::Totals,
        }
    }

    #[must_use]
    pub const fn button(self) -> &'static str {
        match self {
            Self::AccountMissing => "Add again",
            Self::AccountUnsent => "Add",
            Self::AccountUnrecorded => "Record",
            Self::AccountChanged => "Update here",
            Self::TeamUnsent => "Send team",
            Self::TeamMissing => "Send again",
            Self::TeamUnknown => "Delete there",
            Self::MemberMissing => "Add to team",
            Self::MemberElsewhere => "Move there",
            Self::MemberExtra => "Remove there",
            Self::Totals => "Fetch results",
            Self::AccountReplaced
            | Self::AccountErased
            | Self::AccountUnknown
            | Self::TeamRenamed => "Draft message",
        }
    }

    /// Returns the sentence after the button has done its work.
    #[must_use]
    pub const fn done(self) -> &'static str {
        match self.remedy() {
            Remedy::Account => "The account is recorded as the game platform states it",
            Remedy::Team => "The team is on the game platform",
            Remedy::Membership => "The competitor is in the team on the game platform",
            Remedy::Unassign => "The competitor is in no team on the game platform",
            Remedy::DeleteTeam => "The team is deleted on the game platform",
            Remedy::Totals => {
                "The results are fetched again. The next comparison shows whether they agree"
            }
            Remedy::Message => "Send the message to the support of the game platform",
        }
    }

    /// Drafts a message to the platform's support, which names the account or team by its ID only; `None` if the platform has a
    /// call.
    #[must_use]
    pub fn message(self, id: &str, here: &str, there: &str) -> Option<String> {
        let request = match self {
            Self::AccountReplaced => format!(
                "The account with the syned_user_id {id} was number {}, and the API now states number {}. Please tell us \
                 which one is right, and connect the ID with the former account if it still exists.",
                number(here),
                number(there)
            ),
            Self::AccountErased => format!(
                "We have erased the data of the person with the syned_user_id {id}. Please delete the account with all \
                 personal data, and confirm it."
            ),
            Self::AccountUnknown => format!(
                "The API lists the syned_user_id {id} as a member of a team, and we have no person with this ID. Please \
                 delete the account, or tell us to whom it belongs."
            ),
            Self::TeamRenamed => format!(
                "The team with the syned_team_id {id} has been renamed. Please change its name from “{there}” to \
                 “{here}”."
            ),
            _ => return None,
        };
        Some(format!("Hello,\n\n{request}\n\nThank you."))
    }
}

/// Returns the number of an account from the words of a difference.
fn number(side: &str) -> &str {
    side.trim_start_matches("Account ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_read_as_they_are_written() {
        for kind in DifferenceKind::ALL {
            assert_eq!(DifferenceKind::named(kind.as_str()), Some(kind));
        }
        assert_eq!(DifferenceKind::named("other"), None);
    }

    #[test]
    fn each_kind_is_found_by_one_comparison() {
        for kind in DifferenceKind::ALL {
            let by_account = DifferenceKind::ACCOUNTS.contains(&kind);
            let by_membership = DifferenceKind::MEMBERSHIPS.contains(&kind);
            let by_totals = kind == DifferenceKind::Totals;
            let found = [by_account, by_membership, by_totals];
            assert_eq!(found.iter().filter(|is| **is).count(), 1, "{kind:?}");
        }
    }

    #[test]
    fn a_message_is_drafted_where_the_platform_has_no_call() {
        for kind in DifferenceKind::ALL {
            let message = kind.message("0192", "Account 1", "Account 2");
            assert_eq!(message.is_some(), kind.remedy() == Remedy::Message, "{kind:?}");
            let message = message.unwrap_or_else(|| "0192".to_owned());
            assert!(message.contains("0192"), "{message}");
        }
        let message = DifferenceKind::AccountReplaced.message("0192", "Account 1", "Account 2");
        assert!(
            message
                .is_some_and(|text| text.contains("was number 1, and the API now states number 2"))
        );
    }
}

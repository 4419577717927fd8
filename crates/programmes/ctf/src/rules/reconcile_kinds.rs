//! Kinds of differences between here and the game platform, and the remedy for each.

platform::codes! {
    DifferenceKind {
        /// Recorded as on the platform, which does not know them.
        AccountMissing = "account_missing", "Account is gone";
        /// Ready for the platform, and not there.
        AccountUnsent = "account_unsent", "Not added yet";
        /// On the platform, but not recorded.
        AccountUnrecorded = "account_unrecorded", "Account not recorded";
        /// The username or the state differs.
        AccountChanged = "account_changed", "Account changed";
        /// The platform has another account under the ID.
        AccountReplaced = "account_replaced", "Another account";
        /// An erased competitor whose account still exists.
        AccountErased = "account_erased", "Erased, but still there";
        /// The ID of a team member that is unknown here.
        AccountUnknown = "account_unknown", "Unknown account";
        /// A team that was not sent.
        TeamUnsent = "team_unsent", "Team not added yet";
        /// Recorded as on the platform, which does not know the team.
        TeamMissing = "team_missing", "Team is gone";
        /// The name differs.
        TeamRenamed = "team_renamed", "Team has another name";
        /// A team that is unknown here.
        TeamUnknown = "team_unknown", "Unknown team";
        /// In a team here, in none there.
        MemberMissing = "member_missing", "Not in the team";
        /// In another team there.
        MemberElsewhere = "member_elsewhere", "In another team";
        /// In no team here, in one there.
        MemberExtra = "member_extra", "Still in a team";
        /// Results in on-demand learning differ.
        Totals = "totals", "Results differ";
    }
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

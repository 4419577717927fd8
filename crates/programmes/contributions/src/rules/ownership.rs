//! Owners of projects: who may transfer a project to another maintainer.

use identity::model::UserId;
use kernel::{Problem, ProblemKind};

/// The ownership of a project, as seen from a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ownership {
    /// The project has no owner.
    Unowned,
    Own,
    /// Someone else owns it, whose account is closed or banned.
    Inactive,
    /// Someone else owns it, and can use their account.
    Active,
}

impl Ownership {
    /// Returns the ownership as seen from a person, who is absent for an operator. The owner comes with whether the
    /// account is neither closed nor banned.
    #[must_use]
    pub fn of(owner: Option<(UserId, bool)>, person: Option<UserId>) -> Self {
        match owner {
            None => Self::Unowned,
            Some((owner, _)) if Some(owner) == person => Self::Own,
            Some((_, true)) => Self::Active,
            Some((_, false)) => Self::Inactive,
        }
    }
}

/// The right by which a person transfers a project.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TransferRight {
    /// The person owns it. A reason is optional.
    Owner,
    /// The person is an admin, and no one else can. A reason is required.
    Admin,
}

/// The reason why a person may not transfer a project.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TransferBar {
    /// The person is neither the owner nor an admin.
    NotOwner,
    /// The person is an admin, but the owner can do it.
    OwnerActive,
}

impl TransferBar {
    /// Returns the error for the person.
    #[must_use]
    pub fn problem(self, project: &str) -> Problem {
        let detail = match self {
            Self::NotOwner => format!(
                "Only the owner of {project} can transfer it, or an admin if there is none. Ask the owner."
            ),
            Self::OwnerActive => format!(
                "{project} has an owner, who can transfer it. Admins can if the owner's account is closed or banned."
            ),
        };
        match self {
            Self::NotOwner => Problem::new(ProblemKind::Forbidden, "OWNER_REQUIRED", detail),
            Self::OwnerActive => Problem::new(ProblemKind::Conflict, "OWNER_ACTIVE", detail),
        }
    }
}

/// Returns the right by which a person may transfer a project.
///
/// # Errors
/// The reason why they may not.
pub const fn transfer_right(
    ownership: Ownership,
    is_admin: bool,
) -> Result<TransferRight, TransferBar> {
    match (ownership, is_admin) {
        (Ownership::Own, _) => Ok(TransferRight::Owner),
        (_, false) => Err(TransferBar::NotOwner),
        (Ownership::Active, true) => Err(TransferBar::OwnerActive),
        (Ownership::Unowned | Ownership::Inactive, true) => Ok(TransferRight::Admin),
    }
}

use identity::model::UserId;
use kernel::{Problem, ProblemKind, Timestamp};
use platform::{
    ActionError,
    db::{DbError, Sql},
};

use super::{MaintainerView, ProjectView, maintainers};
use crate::{
    model::ProjectId,
    rules::ownership::{Ownership, TransferRight, transfer_right},
};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnerView {
    pub id: UserId,
    /// False if the account is closed or banned.
    pub is_active: bool,
}

/// Finds the owner of a project; `None` if it has none.
pub async fn owner(
    db: &impl Sql,
    project: ProjectId,
    now: Timestamp,
) -> Result<Option<OwnerView>, DbError> {
    let listed = maintainers(db, project).await?;
    match listed.into_iter().find(|maintainer| maintainer.is_owner) {
        None => Ok(None),
        Some(MaintainerView { id, .. }) => {
            Ok(Some(OwnerView { id, is_active: is_active(db, id, now).await? }))
        }
    }
}

/// Returns whether an account is neither closed nor banned.
async fn is_active(db: &impl Sql, person: UserId, now: Timestamp) -> Result<bool, DbError> {
    let member = identity::reads::member(db, person, now).await?;
    Ok(member.is_some_and(|member| member.ban.at.is_none()))
}

/// Returns the right by which a person may transfer a project to a maintainer. The person is absent for an
/// operator.
///
/// # Errors
/// When the person is neither the owner nor an admin, they are an admin but the owner's account is open, or the maintainer
/// is the owner already or cannot use their account.
pub async fn right_to_transfer(
    db: &impl Sql,
    project: &ProjectView,
    person: Option<UserId>,
    is_admin: bool,
    to: &MaintainerView,
    now: Timestamp,
) -> Result<TransferRight, ActionError> {
    let owner = owner(db, project.id.into(), now).await?;
    let owner = owner.map(|owner| (owner.id, owner.is_active));
    let right = transfer_right(Ownership::of(owner, person), is_admin);
    let right = right.map_err(|bar| bar.problem(&project.name))?;
    if to.is_owner {
        let detail = format!("{} already owns {}.", to.login, project.name);
        return Err(Problem::new(ProblemKind::Conflict, "ALREADY_OWNER", detail)
            .at("login")
            .into());
    }
    if !is_active(db, to.id, now).await? {
        let detail =
            format!("The account of {} is closed or banned. Choose another maintainer.", to.login);
        return Err(Problem::new(ProblemKind::Conflict, "ACCOUNT_NOT_ACTIVE", detail)
            .at("login")
            .into());
    }
    Ok(right)
}

/// Returns the error for removing the owner of a project.
#[must_use]
pub fn owner_stays(login: &str) -> Problem {
    let detail = format!(
        "{login} owns this project, so they cannot be removed. Transfer it to another maintainer first."
    );
    Problem::new(ProblemKind::Conflict, "OWNS_PROJECT", detail)
}

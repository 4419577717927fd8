use axum::{extract::FromRequestParts, http::request::Parts};
use github::reads::PullRequest;
use identity::{
    access::{Admin, even_banned},
    model::{Role, Viewer},
    rules::banned,
};
use kernel::{Problem, ProblemKind};
use platform::{
    Context,
    web::{Path, WebError},
};
use serde::Deserialize;

use super::{PullPath, pull_request, unknown_dispute};
use crate::{
    model::DisputeKind,
    reads::{self, DisputeView},
    rules::disputes::numbered,
};

/// A person who may see the dispute with the `{number}` of the path: the one who opened it, the one whose decision it
/// contests, moderators, admins, and the maintainers of the project of a pull request. A banned person may see their own.
#[derive(Clone, Debug)]
pub struct DisputeParty {
    pub viewer: Viewer,
    pub dispute: DisputeView,
}

#[derive(Deserialize)]
struct DisputePath {
    number: String,
}

impl FromRequestParts<Context> for DisputeParty {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, context: &Context) -> Result<Self, WebError> {
        let Path(DisputePath { number }) = Path::from_request_parts(parts, context).await?;
        let viewer = even_banned(parts)?.clone();
        party(context, viewer, &number).await
    }
}

/// The person who opened the dispute with the `{number}` of the path, even if they are banned. It is unknown to others.
#[derive(Clone, Debug)]
pub struct OwnDispute {
    pub viewer: Viewer,
    pub dispute: DisputeView,
}

impl FromRequestParts<Context> for OwnDispute {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, context: &Context) -> Result<Self, WebError> {
        let Path(DisputePath { number }) = Path::from_request_parts(parts, context).await?;
        let viewer = even_banned(parts)?.clone();
        let dispute = find(context, &number).await?;
        if dispute.opened_by_id == viewer.user_id {
            return Ok(Self { viewer, dispute });
        }
        let detail = format!("You have no dispute D-{}.", dispute.number);
        Err(Problem::not_found(detail).into())
    }
}

/// Refuses everything but their ban to a banned person who contests something.
///
/// # Errors
/// When the person is banned and contests something else.
pub(crate) fn may_contest(viewer: &Viewer, kind: DisputeKind) -> Result<(), Problem> {
    match &viewer.ban {
        Some(ban) if kind != DisputeKind::Ban => Err(banned(ban)),
        _ => Ok(()),
    }
}

/// Returns a person as a party of a dispute, by the text of its number.
///
/// # Errors
/// When no dispute has the number, or the person may not see it.
pub(crate) async fn party(
    context: &Context,
    viewer: Viewer,
    number: &str,
) -> Result<DisputeParty, WebError> {
    let dispute = find(context, number).await?;
    if may_see(context, &viewer, &dispute).await? {
        return Ok(DisputeParty { viewer, dispute });
    }
    let detail = format!(
        "Dispute D-{} is between the person who opened it and those who made or may change the decision. Ask a moderator.",
        dispute.number
    );
    Err(Problem::new(ProblemKind::Forbidden, "NOT_A_PARTY", detail).into())
}

/// Finds a dispute by the text of its number, with or without `D-`.
async fn find(context: &Context, number: &str) -> Result<DisputeView, WebError> {
    let digits = number.strip_prefix("D-").unwrap_or(number);
    let unknown = || unknown_dispute(digits);
    let read = numbered("", digits).ok_or_else(unknown)?;
    let found = reads::dispute(&context.db, read).await?;
    Ok(found.ok_or_else(unknown)?)
}

async fn may_see(
    context: &Context,
    viewer: &Viewer,
    dispute: &DisputeView,
) -> Result<bool, WebError> {
    if dispute.opened_by_id == viewer.user_id {
        return Ok(true);
    }
    if let Some(ban) = &viewer.ban {
        return Err(banned(ban).into());
    }
    if viewer.acts_as(Role::Moderator) {
        return Ok(true);
    }
    // An organizer who imposed a sanction need not be a moderator.
    if reads::first_decider(&context.db, dispute).await? == Some(viewer.user_id) {
        return Ok(true);
    }
    match dispute.project_id {
        Some(project) => Ok(reads::maintains(&context.db, project, viewer.user_id).await?),
        None => Ok(false),
    }
}

/// An admin, with the pull request with the `{owner}`, `{repository}` and `{number}` of the path.
#[derive(Clone, Debug)]
pub struct PullAdmin {
    pub viewer: Viewer,
    pub pull: PullRequest,
}

impl FromRequestParts<Context> for PullAdmin {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, context: &Context) -> Result<Self, WebError> {
        let Path(path): Path<PullPath> = Path::from_request_parts(parts, context).await?;
        let Admin(viewer) = Admin::from_request_parts(parts, context).await?;
        let full_name = format!("{}/{}", path.owner, path.repository);
        let (pull, _) = pull_request(context, &full_name, &path.number).await?;
        Ok(Self { viewer, pull })
    }
}

//! Requests of coaches to sync a roster or a competitor.

use axum::{Extension, extract::State, response::Response};
use platform::{Context, outbox::Post, web::WebError};
use ui::{PageError, redirect};

use crate::{
    access::{CompetitorCoach, CompetitorReader, RosterCoach, RosterReader},
    actions::{self, RequestedRun},
    gateway::Platforms,
};

/// `POST /ctf/rosters/{roster}/sync`.
pub(super) async fn refresh(
    State(context): State<Context>,
    Extension(platforms): Extension<Platforms>,
    RosterReader { viewer, roster, .. }: RosterReader,
) -> Result<Response, PageError> {
    actions::integration_on(&context, &platforms)?;
    let requested = actions::refresh_roster(&context, viewer.actor(), roster.key()).await;
    let requested = requested.map_err(WebError::from)?;
    Ok(redirect(&roster.address(), said(requested)))
}

fn said(requested: RequestedRun) -> &'static str {
    if requested.is_new {
        "The sync has been requested. The figures update when it ends"
    } else {
        "A sync of this roster is in progress or already waiting"
    }
}

/// `POST /ctf/rosters/{roster}/retry`.
pub(super) async fn retry(
    State(context): State<Context>,
    Extension(platforms): Extension<Platforms>,
    RosterReader { viewer, roster, .. }: RosterReader,
) -> Result<Response, PageError> {
    actions::integration_on(&context, &platforms)?;
    let retried = actions::retry_roster(&context, viewer.actor(), roster.key()).await;
    let (_, failed) = retried.map_err(WebError::from)?;
    let failed = kernel::counted(failed, "competitor is", "competitors are");
    let said = format!("{failed} tried again. The errors disappear when it works");
    Ok(redirect(&roster.address(), &said))
}

/// `POST /ctf/rosters/{roster}/remind`: reminds those who are inactive or never signed in.
pub(super) async fn remind(
    State(context): State<Context>,
    Extension(post): Extension<Post>,
    RosterCoach { viewer, roster, .. }: RosterCoach,
) -> Result<Response, PageError> {
    let reminded = actions::remind_inactive(&context, &post, viewer.actor(), roster.key()).await;
    let reminded = reminded.map_err(WebError::from)?;
    Ok(redirect(&roster.address(), &reminded.sentence()))
}

/// `POST /ctf/competitors/{competitor}/sync`.
pub(super) async fn sync(
    State(context): State<Context>,
    Extension(platforms): Extension<Platforms>,
    reader: CompetitorReader,
) -> Result<Response, PageError> {
    actions::integration_on(&context, &platforms)?;
    let id = reader.competitor.key();
    let requested = actions::request_competitor_sync(&context, reader.viewer.actor(), id).await;
    let said = if requested.map_err(WebError::from)?.is_new {
        "The sync has been requested. The figures update when it ends"
    } else {
        "A sync of this competitor is in progress or already waiting"
    };
    Ok(back(&reader, said))
}

fn back(reader: &CompetitorReader, said: &str) -> Response {
    redirect(&format!("/ctf/competitors/{}", reader.competitor.id), said)
}

/// `POST /ctf/competitors/{competitor}/clear-error`.
pub(super) async fn clear_error(
    State(context): State<Context>,
    reader: CompetitorReader,
) -> Result<Response, PageError> {
    let id = reader.competitor.key();
    let cleared = actions::clear_sync_error(&context, reader.viewer.actor(), id).await;
    cleared.map_err(WebError::from)?;
    Ok(back(&reader, "The sync error is cleared"))
}

/// `POST /ctf/competitors/{competitor}/password-reset`.
pub(super) async fn reset_password(
    State(context): State<Context>,
    Extension(platforms): Extension<Platforms>,
    CompetitorCoach { viewer, competitor, .. }: CompetitorCoach,
) -> Result<Response, PageError> {
    let id = competitor.key();
    let sent = actions::send_password_reset(&context, &platforms, viewer.actor(), id).await;
    sent.map_err(WebError::from)?;
    let said = "The game platform sends an email to reset the password";
    Ok(redirect(&format!("/ctf/competitors/{}", competitor.id), said))
}

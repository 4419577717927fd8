//! Reports that a number of a report card is wrong.

use axum::{extract::State, response::Response};
use platform::{Context, audit::Actor, web::WebError};
use ui::{PageError, redirect};

use crate::{
    access::{CompetitorReader, OwnCompetitor},
    actions,
    model::{CompetitorId, Reporter},
};

/// `POST /ctf/competitors/{competitor}/discrepancy`.
pub(super) async fn report(
    State(context): State<Context>,
    CompetitorReader { viewer, competitor, role, .. }: CompetitorReader,
) -> Result<Response, PageError> {
    let page = format!("/ctf/competitors/{}", competitor.id);
    done(&context, competitor.key(), viewer.actor(), Reporter::of(role), &page).await
}

/// `POST /ctf/me/report/discrepancy`.
pub(super) async fn report_own(
    State(context): State<Context>,
    OwnCompetitor { viewer, competitor, .. }: OwnCompetitor,
) -> Result<Response, PageError> {
    done(&context, competitor.key(), viewer.actor(), Reporter::Competitor, "/ctf/me/report").await
}

async fn done(
    context: &Context,
    competitor: CompetitorId,
    actor: Actor,
    reporter: Reporter,
    page: &str,
) -> Result<Response, PageError> {
    let reported = actions::report_discrepancy(context, actor, competitor, reporter).await;
    let said = if reported.map_err(WebError::from)? {
        "The difference is reported. An admin will compare both sides"
    } else {
        "This was reported before. An admin will compare both sides"
    };
    Ok(redirect(page, said))
}

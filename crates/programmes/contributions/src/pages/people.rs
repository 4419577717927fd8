use axum::{extract::State, response::Response};
use identity::model::UserId;
use platform::Context;
use serde::Deserialize;
use ui::{
    Address, PageError, QueryString, csv,
    download::{BATCH, Batch},
    paging::{ListPosition, place},
};

use super::pulls::ListedPull;
use crate::{
    access::PullsAsked,
    reads::{self, ContributionPart, PersonPulls},
    rules,
};

/// The part of the pull requests that a URL selects.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct PullsQuery {
    pulls: String,
    state: String,
    project: String,
    repository: String,
}

/// Returns the part of a person's pull requests in the state with a code; an unknown code selects all.
pub(super) fn part(state: &str) -> ContributionPart {
    rules::State::named(state).map_or(ContributionPart::All, ContributionPart::In)
}

/// `GET /people/{login}/pull-requests.csv`.
pub(super) async fn pulls_csv(
    State(context): State<Context>,
    Address(login): Address<String>,
    QueryString(query): QueryString<PullsQuery>,
) -> Result<Response, PageError> {
    let person = identity::reads::find_public(&context.db, &login).await?;
    let name = format!("{}-pull-requests", person.login);
    let first = place(&query.pulls)?;
    let asked = PullsAsked { project: &query.project, repository: &query.repository };
    let filter = asked.filter(&context, part(&query.state)).await?;
    let read = move |after| batch(context.clone(), (person.id.into(), filter), after);
    Ok(csv::streamed(&name, &ListedPull::HEAD, first, read))
}

async fn batch(
    context: Context,
    (author, filter): (UserId, PersonPulls),
    after: ListPosition,
) -> Batch<ListPosition> {
    let rows = reads::of_person(&context.db, author, filter, after, BATCH).await?;
    ListedPull::batch(&context, &rows).await
}

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
    reads::{self, ContributionPart},
    rules,
};

/// The part of the pull requests that a URL selects.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct PullsQuery {
    pulls: String,
    state: String,
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
    let part = part(&query.state);
    let read = move |after| batch(context.clone(), (person.id.into(), part), after);
    Ok(csv::streamed(&name, &ListedPull::HEAD, first, read))
}

async fn batch(
    context: Context,
    (author, part): (UserId, ContributionPart),
    after: ListPosition,
) -> Batch<ListPosition> {
    let rows = reads::of_person(&context.db, author, part, after, BATCH).await?;
    ListedPull::batch(&context, &rows).await
}

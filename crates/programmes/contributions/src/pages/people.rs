use axum::{extract::State, response::Response};
use platform::{Context, module::PanelPerson};
use serde::Deserialize;
use ui::{Address, Asked, PageError, csv, paging::CSV_ROWS};

use super::{panels::pulls_of, pulls::Pull};

/// The part of the pull requests that a URL selects.
#[derive(Debug, Default, Deserialize)]
pub(super) struct PullsQuery {
    #[serde(default)]
    pulls: String,
}

/// `GET /people/{login}/pull-requests.csv`.
pub(super) async fn pulls_csv(
    State(context): State<Context>,
    Address(login): Address<String>,
    Asked(query): Asked<PullsQuery>,
) -> Result<Response, PageError> {
    let person = identity::reads::find_person(&context.db, &login).await?;
    let name = format!("{}-pull-requests", person.login);
    let author = PanelPerson {
        id: person.id,
        login: person.login,
    };
    let pulls = pulls_of(&context, &author, &query.pulls, CSV_ROWS).await?;
    let rows = pulls.rows.into_iter().map(Pull::cells);
    Ok(csv::file(&name, Pull::HEAD, rows))
}

//! People whom a field suggests while a person types into it.

use axum::{Json, extract::State};
use platform::Context;
use serde::{Deserialize, Serialize};
use ui::{PageError, QueryString};

use crate::{access::SignedIn, reads};

/// The maximum number of suggestions.
const MOST: i64 = 10;
/// The fewest characters that are searched for.
const FEWEST: usize = 2;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Part {
    q: String,
}

/// A value of a field, and the text that explains it.
#[derive(Debug, Serialize)]
pub(super) struct Suggestion {
    value: String,
    label: String,
}

/// `GET /suggestions/people`: lists people whose login or name contains a text, for the field of a form.
pub(super) async fn people(
    State(context): State<Context>,
    SignedIn(_): SignedIn,
    QueryString(part): QueryString<Part>,
) -> Result<Json<Vec<Suggestion>>, PageError> {
    let text = part.q.trim().trim_start_matches('@');
    if text.chars().count() < FEWEST {
        return Ok(Json(Vec::new()));
    }
    let found = reads::suggested_people(&context.db, text, MOST).await?;
    let suggestion = |person: reads::SuggestedPerson| Suggestion {
        value: person.login,
        label: person.name.unwrap_or_default(),
    };
    Ok(Json(found.into_iter().map(suggestion).collect()))
}

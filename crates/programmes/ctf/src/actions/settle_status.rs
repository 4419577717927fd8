use platform::db::{DbError, Tx};

use crate::{
    model::CompetitorId,
    reads::{self, CompetitorView},
    rules::status::{StatusFacts, status},
    store::accounts,
};

/// Stores the status that follows from what is known about a competitor. The caller locked the row.
pub(crate) async fn settle_status(tx: &Tx, id: CompetitorId) -> Result<(), DbError> {
    let Some(view) = reads::competitor(tx, id).await? else {
        return Ok(());
    };
    accounts::set_status(tx, id, status(facts(&view))).await
}

fn facts(view: &CompetitorView) -> StatusFacts {
    StatusFacts {
        is_confirmed: view.confirmed_at.is_some(),
        has_profile: view.profile().missing().is_empty(),
        is_released: view.is_released(),
        is_on_platform: view.is_on_platform(),
    }
}

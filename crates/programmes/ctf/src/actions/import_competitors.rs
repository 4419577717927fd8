use std::collections::BTreeMap;

use platform::{
    ActionError, Context,
    audit::{self, Actor},
};
use serde_json::json;

use super::{
    competitors::{add, check_size},
    rosters::{act_on_roster, changeable_roster},
};
use crate::{
    model::RosterId,
    reads,
    rules::imports::{Answer, Review, RosterRows, review},
};

/// Adds the lines of a sheet about new people to a roster, confirmed. Returns the result of each line: who is known,
/// and who is asked about without an answer, is not added. Importing a sheet again adds no one.
///
/// # Errors
/// When the roster is full or archived.
pub async fn import_competitors(
    context: &Context,
    actor: Actor,
    roster: RosterId,
    rows: RosterRows,
    answers: &BTreeMap<usize, Answer>,
) -> Result<Review, ActionError> {
    let tx = context.begin().await?;
    let view = changeable_roster(&tx, roster).await?;
    let known = reads::known_people(&tx, roster).await?;
    let found = review(rows, &known, answers);
    check_size(&tx, roster, found.add.len()).await?;
    for candidate in &found.add {
        add(&tx, context, &view, &candidate.profile).await?;
    }
    if !found.add.is_empty() {
        let after = json!({ "competitors": found.add.len() });
        let act = act_on_roster(roster, actor, "ctf_roster.import", None, Some(after));
        audit::record(&tx, context, act).await?;
    }
    tx.commit().await?;
    Ok(found)
}

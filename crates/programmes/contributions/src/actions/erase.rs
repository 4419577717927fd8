use identity::model::UserId;
use platform::{
    audit,
    db::{DbError, Tx},
};

use crate::store::{
    disputes, fair_play, maintainers, overrides, reports, reviews, season_people, sign_off,
};

/// Removes a person from all projects they maintain and all seasons they organize, withdraws them from seasons, removes the
/// reasons of their sanctions and of flags that concern only them, and erases the comments and the words of reports that they
/// wrote or that were written about their pull requests, the threads of their disputes, and the reasons of decisions on their
/// points, in the caller's transaction. The audit log loses the same reasons. Their contributions, reviews and disputes stay
/// under the pseudonym, because they contain only IDs, numbers and codes.
pub async fn erase(tx: &Tx, person: UserId) -> Result<(), DbError> {
    maintainers::erase(tx, person).await?;
    season_people::erase(tx, person).await?;
    sign_off::forget(tx, person).await?;
    reports::erase(tx, person).await?;
    let flags = fair_play::erase(tx, person).await?;
    audit::erase_reasons(tx, "fair_play_flag", flags).await?;
    let opened = disputes::opened_by(tx, person).await?;
    audit::erase_reasons(tx, "dispute", opened).await?;
    disputes::erase(tx, person).await?;
    let overridden = overrides::overridden_of(tx, person).await?;
    audit::erase_reasons(tx, "pull_request", overridden).await?;
    overrides::erase(tx, person).await?;
    reviews::erase(tx, person).await
}

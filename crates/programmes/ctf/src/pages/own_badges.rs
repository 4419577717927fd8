use platform::db::{DbError, Sql};
use recognition::{reads, rules::badges::Criteria};
use ui::format::Instant;
use uuid::Uuid;

use crate::programme::is_of;

/// A badge of a competitor's account.
pub(super) struct CompetitorBadge {
    pub(super) name: String,
    pub(super) at: Instant,
}

/// Returns the badges that the account of a competitor earned with milestones, the latest first; none without an account. Pages show
/// them to the competitor and their coaches only.
pub(super) async fn own_badges(
    db: &impl Sql,
    account: Option<Uuid>,
) -> Result<Vec<CompetitorBadge>, DbError> {
    let Some(person) = account else {
        return Ok(Vec::new());
    };
    let reached = crate::reads::milestones_of_people(db, &[person.into()]).await?;
    let own = reads::own_badges(db, person.into()).await?.into_iter();
    // The account may have badges that coaches must not see: of another programme, or of a competitor that it was before.
    let own = own.filter(|own| {
        let criteria = Criteria::stored(&own.badge.criteria);
        criteria.is_ok_and(|criteria| is_of(&criteria, &reached))
    });
    let shown =
        own.map(|own| CompetitorBadge { name: own.badge.name, at: Instant(own.awarded_at) });
    Ok(shown.collect())
}

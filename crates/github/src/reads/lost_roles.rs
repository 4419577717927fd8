use platform::{
    Context,
    db::{DbError, Tx},
};
use uuid::Uuid;

use crate::store::member_checks::{self, LostRole};

/// Finds a lost role by the ID of its check; `None` if the person has the role again, or no account here.
pub async fn lost_role(
    tx: &Tx,
    context: &Context,
    check: Uuid,
) -> Result<Option<LostRole>, DbError> {
    let Some(lost) = member_checks::lost(tx, check).await? else {
        return Ok(None);
    };
    let known = identity::actions::known(tx, context, [lost.github_id]).await?;
    let Some(known) = known.get(&lost.github_id) else {
        return Ok(None);
    };
    let all = member_checks::lost_by(tx, lost.github_id).await?;
    Ok(Some(LostRole {
        repository: lost.repository_id.into(),
        person: known.user_id,
        repositories: all.iter().map(|lost| lost.repository_id.into()).collect(),
    }))
}

use notifications::{actions::notify, model::Notice};
use platform::{ActionError, Context, db::Tx, outbox::Post};

use crate::{
    emails::{CTF_CONSENTS, ConsentAnswered},
    model::{CompetitorId, RosterRole},
    reads,
};

/// Notifies the coaches of a roster that a parent of a competitor consented or withdrew, in the caller's transaction. A competitor who
/// was erased since is not named to anyone.
///
/// # Errors
/// When an email cannot be rendered, or the database fails.
pub(crate) async fn notify_consent(
    tx: &mut Tx,
    context: &Context,
    post: &Post,
    id: CompetitorId,
) -> Result<(), ActionError> {
    let found = reads::competitor(tx, id).await?;
    let Some(found) = found.filter(|found| found.erased_at.is_none()) else {
        return Ok(());
    };
    let Some(roster) = reads::roster(tx, found.roster()).await? else {
        return Ok(());
    };
    let link = format!("/ctf/competitors/{id}/profile");
    let is_given = found.is_released();
    let email = ConsentAnswered { roster: roster.name, is_given, link: link.clone() };
    let verb = if is_given { "given" } else { "withdrawn" };
    let occurrence = format!("{verb} {}", found.updated_at.timestamp_micros());
    for row in reads::roster_coaches(tx, found.roster()).await? {
        if !row.coach.approved || row.role != RosterRole::Coach {
            continue;
        }
        let notice = Notice {
            kind: &CTF_CONSENTS,
            user_id: row.coach.user_id.into(),
            object_id: id.0,
            occurrence: &occurrence,
            link: link.clone(),
            email: &email,
        };
        notify(tx, context, post, &notice).await?;
    }
    Ok(())
}

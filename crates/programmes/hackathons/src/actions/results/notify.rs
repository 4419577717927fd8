use notifications::{actions::notify, model::Notice};
use platform::{ActionError, Context, db::Tx, outbox::Post};
use uuid::Uuid;

use crate::{
    emails::{HACKATHON_RESULTS, ResultsHeld},
    model::StaffRole,
    reads,
};

/// Notifies the organizers of a hackathon whose results could not be published, unless they were written again since.
///
/// # Errors
/// When the email cannot be rendered.
pub async fn notify_held(
    tx: &mut Tx,
    context: &Context,
    post: &Post,
    id: Uuid,
) -> Result<(), ActionError> {
    let publication = reads::publication(tx, id.into()).await?;
    let held_at = publication.and_then(|it| it.held_at);
    let hackathon = reads::hackathon_by_id(tx, id.into()).await?;
    let (Some(held_at), Some(hackathon)) = (held_at, hackathon) else {
        return Ok(());
    };
    let (staff, occurrence) = (reads::staff(tx, id.into()).await?, held_at.to_string());
    let email = ResultsHeld { hackathon: hackathon.title, slug: hackathon.slug };
    for person in staff.iter().filter(|it| it.role == StaffRole::Organizer) {
        let notice = Notice {
            kind: &HACKATHON_RESULTS,
            user_id: person.user_id.into(),
            object_id: id,
            occurrence: &occurrence,
            link: email.link(),
            email: &email,
        };
        notify(tx, context, post, &notice).await?;
    }
    Ok(())
}

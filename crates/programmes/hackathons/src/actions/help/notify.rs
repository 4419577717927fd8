use notifications::{actions::notify, model::Notice};
use platform::{ActionError, Context, db::Tx, outbox::Post};
use uuid::Uuid;

use crate::{
    emails::{HACKATHON_HELP, HelpTaken},
    model::HelpState,
    reads,
};

/// Notifies the members of a team that a mentor took their request, unless it was handed back or closed since.
///
/// # Errors
/// When the email cannot be rendered.
pub async fn notify_help(
    tx: &mut Tx,
    context: &Context,
    post: &Post,
    id: Uuid,
) -> Result<(), ActionError> {
    let found = reads::help_request(tx, id.into()).await?;
    let Some(request) = found.filter(|it| it.state == HelpState::Taken) else {
        return Ok(());
    };
    let hackathon = reads::hackathon_by_id(tx, request.hackathon_id.into()).await?;
    let Some((hackathon, mentor)) = hackathon.zip(request.mentor) else {
        return Ok(());
    };
    let email = HelpTaken {
        mentor,
        place: request.place,
        hackathon: hackathon.title,
        slug: hackathon.slug,
    };
    let occurrence = request.state_at.to_string();
    for member in reads::members(tx, [request.team_id.into()]).await? {
        let notice = Notice {
            kind: &HACKATHON_HELP,
            user_id: member.user_id.into(),
            object_id: id,
            occurrence: &occurrence,
            link: email.link(),
            email: &email,
        };
        notify(tx, context, post, &notice).await?;
    }
    Ok(())
}

use notifications::{actions::notify, model::Notice};
use platform::{ActionError, Context, db::Tx, outbox::Post};
use uuid::Uuid;

use crate::{
    emails::{HACKATHON_PRIZE, PRIZE_OVERDUE, PrizeNews},
    model::{PrizeState, StaffRole},
    reads::{self, HackathonView, PrizeAwardView},
};

/// Finds a published award with its hackathon.
async fn found(tx: &Tx, id: Uuid) -> Result<Option<(PrizeAwardView, HackathonView)>, ActionError> {
    let award = reads::prize_award(tx, id.into()).await?;
    let Some(award) = award.filter(|it| it.published_at.is_some()) else {
        return Ok(None);
    };
    let hackathon = reads::hackathon_by_id(tx, award.hackathon_id.into()).await?;
    Ok(hackathon.map(|hackathon| (award, hackathon)))
}

/// Notifies the people of a submission of the state of a prize that it won.
///
/// # Errors
/// When the email cannot be rendered.
pub async fn notify_prize(
    tx: &mut Tx,
    context: &Context,
    post: &Post,
    id: Uuid,
) -> Result<(), ActionError> {
    let Some((award, hackathon)) = found(tx, id).await? else {
        return Ok(());
    };
    let (state, prize, title) = (award.state, &*award.name, &*hackathon.title);
    if !award.counts() && state != PrizeState::Forfeited {
        return Ok(());
    }
    let Some(email) =
        PrizeNews::changed(prize, title, state, award.reason.as_deref(), &hackathon.slug)
    else {
        return Ok(());
    };
    let occurrence = format!("{} {}", state.as_str(), award.state_at);
    for user_id in reads::prize_recipients(tx, award.submission_id.into()).await? {
        let notice = Notice {
            kind: &HACKATHON_PRIZE,
            user_id,
            object_id: id,
            occurrence: &occurrence,
            link: email.link.clone(),
            email: &email,
        };
        notify(tx, context, post, &notice).await?;
    }
    Ok(())
}

/// Reminds the organizers of a hackathon of a prize that waits, unless it was handed over since.
///
/// # Errors
/// When the email cannot be rendered.
pub async fn notify_prize_overdue(
    tx: &mut Tx,
    context: &Context,
    post: &Post,
    id: Uuid,
) -> Result<(), ActionError> {
    let found = found(tx, id).await?;
    let Some((award, hackathon)) = found.filter(|(award, _)| award.state.waits()) else {
        return Ok(());
    };
    let email = PrizeNews::overdue(&award.name, &hackathon.title, award.team(), &hackathon.slug);
    let staff = reads::staff(tx, hackathon.key()).await?;
    for person in staff.iter().filter(|it| it.role == StaffRole::Organizer) {
        let notice = Notice {
            kind: &PRIZE_OVERDUE,
            user_id: person.user_id.into(),
            object_id: id,
            occurrence: "",
            link: email.link.clone(),
            email: &email,
        };
        notify(tx, context, post, &notice).await?;
    }
    Ok(())
}

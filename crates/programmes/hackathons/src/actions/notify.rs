use notifications::{actions::notify, model::Notice};
use platform::{ActionError, Context, db::Tx, outbox::Post};
use uuid::Uuid;

use crate::{
    emails::{
        ApplicationDecided, HACKATHON_APPLICATION, HACKATHON_CHANGED, HACKATHON_RESULTS,
        HackathonMoved, HackathonResults,
    },
    model::ApplicationStatus,
    reads::{self, ApplicationView, HackathonView},
    rules::instants::shown,
};

/// Finds an application with its hackathon.
async fn found(tx: &Tx, id: Uuid) -> Result<Option<(ApplicationView, HackathonView)>, ActionError> {
    let Some(application) = reads::application_by_id(tx, id.into()).await? else {
        return Ok(None);
    };
    let hackathon = reads::hackathon_by_id(tx, application.hackathon_id.into()).await?;
    Ok(hackathon.map(|hackathon| (application, hackathon)))
}

/// Notifies a person of the status of their application.
///
/// # Errors
/// When the e-mail cannot be rendered.
pub async fn notify_decision(
    tx: &mut Tx,
    context: &Context,
    post: &Post,
    id: Uuid,
) -> Result<(), ActionError> {
    let Some((application, hackathon)) = found(tx, id).await? else {
        return Ok(());
    };
    if application.status() == ApplicationStatus::Withdrawn {
        return Ok(());
    }
    let occurrence = format!(
        "{} {}",
        application.status().as_str(),
        application.status_at
    );
    let email = ApplicationDecided {
        status: application.status(),
        reason: application.reason,
        opens: shown(hackathon.timeline().submission_opens_at, hackathon.zone()),
        timezone: hackathon.zone().name().to_owned(),
        hackathon: hackathon.title,
        slug: hackathon.slug,
    };
    let notice = Notice {
        kind: &HACKATHON_APPLICATION,
        user_id: application.user_id.into(),
        object_id: id,
        occurrence: &occurrence,
        link: email.link(),
        email: &email,
    };
    notify(tx, context, post, &notice).await?;
    Ok(())
}

/// Notifies a person with an open application that the hackathon is canceled, or has other dates.
///
/// # Errors
/// When the e-mail cannot be rendered.
pub async fn notify_move(
    tx: &mut Tx,
    context: &Context,
    post: &Post,
    id: Uuid,
) -> Result<(), ActionError> {
    let Some((application, hackathon)) = found(tx, id).await? else {
        return Ok(());
    };
    if !application.status().is_open() {
        return Ok(());
    }
    let occurrence = hackathon.sequence.to_string();
    let zone = hackathon.zone();
    let dates = hackathon.timeline();
    let email = HackathonMoved {
        cancel_reason: hackathon.cancel_reason,
        opens: shown(dates.submission_opens_at, zone),
        closes: shown(dates.submission_closes_at, zone),
        timezone: zone.name().to_owned(),
        hackathon: hackathon.title,
        slug: hackathon.slug,
    };
    let notice = Notice {
        kind: &HACKATHON_CHANGED,
        user_id: application.user_id.into(),
        object_id: id,
        occurrence: &occurrence,
        link: email.link(),
        email: &email,
    };
    notify(tx, context, post, &notice).await?;
    Ok(())
}

/// Notifies a person with an open application that the hackathon has results.
///
/// # Errors
/// When the e-mail cannot be rendered.
pub async fn notify_completion(
    tx: &mut Tx,
    context: &Context,
    post: &Post,
    id: Uuid,
) -> Result<(), ActionError> {
    let Some((application, hackathon)) = found(tx, id).await? else {
        return Ok(());
    };
    if !application.status().is_open() {
        return Ok(());
    }
    let email = HackathonResults {
        hackathon: hackathon.title,
        slug: hackathon.slug,
    };
    let notice = Notice {
        kind: &HACKATHON_RESULTS,
        user_id: application.user_id.into(),
        object_id: id,
        occurrence: "",
        link: email.link(),
        email: &email,
    };
    notify(tx, context, post, &notice).await?;
    Ok(())
}

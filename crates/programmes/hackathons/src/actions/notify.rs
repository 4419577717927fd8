use identity::model::UserId;
use kernel::Timestamp;
use notifications::{actions::notify, model::Notice};
use platform::{ActionError, Context, db::Tx, outbox::Post};
use recognition::{Programmes, actions::evaluate_person, reads::badges_of_person};
use uuid::Uuid;

use crate::{
    emails::{
        ApplicationDecided, HACKATHON_APPLICATION, HACKATHON_CHANGED, HACKATHON_RESULTS,
        HackathonMoved, HackathonResults, TEAM_INVITATION, TeamInvited,
    },
    model::ApplicationStatus,
    reads::{self, ApplicationView, HackathonView},
    rules::{confirmations::placed_before, instants::shown},
};

/// Finds an application with its hackathon.
pub(super) async fn found(
    tx: &Tx,
    id: Uuid,
) -> Result<Option<(ApplicationView, HackathonView)>, ActionError> {
    let Some(application) = reads::application_by_id(tx, id.into()).await? else {
        return Ok(None);
    };
    let hackathon = reads::hackathon_by_id(tx, application.hackathon_id.into()).await?;
    Ok(hackathon.map(|hackathon| (application, hackathon)))
}

/// Notifies a person of the status of their application.
///
/// # Errors
/// When the email cannot be rendered.
pub async fn notify_decision(
    tx: &mut Tx,
    context: &Context,
    post: &Post,
    id: Uuid,
) -> Result<(), ActionError> {
    let Some((application, hackathon)) = found(tx, id).await? else {
        return Ok(());
    };
    if application.status == ApplicationStatus::Withdrawn {
        return Ok(());
    }
    let occurrence = format!("{} {}", application.status.as_str(), application.status_at);
    let (timeline, zone) = (hackathon.timeline(), hackathon.zone());
    // A place that was given in the last hours before counts as confirmed.
    let is_asked = |by: &Timestamp| {
        *by > context.now()
            && application.confirmed_at.is_none()
            && application.status_at <= placed_before(*by)
    };
    let confirm_by = hackathon.confirm_by.filter(is_asked);
    let email = ApplicationDecided {
        status: application.status,
        reason: application.reason,
        opens: shown(timeline.submission_opens_at, zone),
        closes: shown(timeline.submission_closes_at, zone),
        timezone: zone.name().to_owned(),
        confirm_by: confirm_by.map(|by| shown(by, zone)),
        venue: hackathon.place(),
        has_begun: timeline.submission_opens_at <= context.now(),
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

/// Notifies a person who is invited to a team, by the same team at most once a day.
///
/// # Errors
/// When the email cannot be rendered.
pub async fn notify_invitation(
    tx: &mut Tx,
    context: &Context,
    post: &Post,
    id: Uuid,
) -> Result<(), ActionError> {
    let Some(invitation) = reads::invitation_by_id(tx, id).await? else {
        return Ok(());
    };
    let hackathon = reads::hackathon_by_id(tx, invitation.hackathon_id.into()).await?;
    let Some(hackathon) = hackathon.filter(|it| it.phase(context.now()).forms_teams()) else {
        return Ok(());
    };
    let email = TeamInvited { hackathon: hackathon.title, slug: hackathon.slug };
    let notice = Notice {
        kind: &TEAM_INVITATION,
        user_id: invitation.user_id.into(),
        object_id: invitation.team_id,
        occurrence: &invitation.created_at.date_naive().to_string(),
        link: email.link(),
        email: &email,
    };
    notify(tx, context, post, &notice).await?;
    Ok(())
}

/// Notifies a person with an open application that the hackathon is canceled, or has other dates.
///
/// # Errors
/// When the email cannot be rendered.
pub async fn notify_move(
    tx: &mut Tx,
    context: &Context,
    post: &Post,
    id: Uuid,
) -> Result<(), ActionError> {
    let Some((application, hackathon)) = found(tx, id).await? else {
        return Ok(());
    };
    if !application.status.is_open() {
        return Ok(());
    }
    let occurrence = hackathon.sequence.to_string();
    let zone = hackathon.zone();
    let dates = hackathon.timeline();
    let spans = dates.spans().into_iter();
    let spans = spans.map(|(what, from, to)| (what, shown(from, zone), shown(to, zone)));
    let email = HackathonMoved {
        dates: spans.collect(),
        cancel_reason: hackathon.cancel_reason,
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

/// Notifies a person who had a place of the results of the hackathon, with the outcome of their project, their points and the
/// badges that they earned since applications opened.
///
/// # Errors
/// When the email cannot be rendered.
pub async fn notify_completion(
    tx: &mut Tx,
    context: &Context,
    post: &Post,
    programmes: Programmes,
    id: Uuid,
) -> Result<(), ActionError> {
    let Some((application, hackathon)) = found(tx, id).await? else {
        return Ok(());
    };
    if !application.status.holds_place() {
        return Ok(());
    }
    // The results may be what earns a badge, and its own evaluation may be later than this email.
    evaluate_person(tx, context, programmes, application.user_id.into()).await?;
    let email = recap(tx, &application, hackathon).await?;
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

/// Returns the recap for the person with an application.
async fn recap(
    tx: &Tx,
    application: &ApplicationView,
    hackathon: HackathonView,
) -> Result<HackathonResults, ActionError> {
    let person = application.user_id.into();
    let result = reads::result_of(tx, hackathon.key(), person).await?;
    let mut email = HackathonResults {
        project: None,
        points: 0,
        prizes: Vec::new(),
        badges: badges_since(tx, person, hackathon.timeline().application_opens_at).await?,
        hackathon: hackathon.title,
        slug: hackathon.slug,
    };
    let Some(result) = result.filter(|result| !result.is_disqualified()) else {
        return Ok(email);
    };
    let approved = reads::approved_points(tx, [hackathon.id.into()]).await?;
    let values = approved.first().map(reads::ApprovedPoints::values);
    let submission = reads::submission(tx, result.submission_id.into()).await?;
    email.points = values.map_or(0, |values| values.total(result.outcome(), false));
    let prizes = reads::prizes_of(tx, hackathon.id.into(), person).await?;
    let prizes = prizes.into_iter().filter(|it| it.state.is_open());
    email.prizes = prizes.map(|prize| prize.name).collect();
    email.project = submission.map(|submission| (submission.title, result.outcome()));
    Ok(email)
}

/// Returns the names of the badges that a person earned since an instant and still has, oldest first.
async fn badges_since(
    tx: &Tx,
    person: UserId,
    since: Timestamp,
) -> Result<Vec<String>, ActionError> {
    let badges = badges_of_person(tx, person).await?.into_iter().rev();
    let earned = badges.filter(|own| own.awarded_at >= since);
    Ok(earned.map(|own| own.badge.name).collect())
}

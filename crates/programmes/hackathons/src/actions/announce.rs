use notifications::{actions::notify, model::Notice};
use platform::{
    ActionError, Context,
    audit::{self, Actor},
    db::Tx,
    outbox::Post,
};
use serde_json::json;
use uuid::Uuid;

use super::{act_on, locked, refused};
use crate::{
    access,
    emails::{Announced, HACKATHON_ANNOUNCEMENT},
    model::{ANNOUNCED, AnnouncementId, Phase},
    reads::{self, AnnouncementView},
    rules::announcements::{
        Announcement, AnnouncementInput, PERIOD, SAME, may_announce, no_recipients,
    },
    store::announcements,
};

/// Sends an announcement to a segment of the people of a hackathon. It is recorded with each person in one transaction, and a worker
/// notifies each of them once, so that nothing is lost or sent twice when workers stop. The same announcement within a minute is
/// sent once. Returns it.
///
/// # Errors
/// When a field is missing or not valid, the segment is empty, ten announcements were sent within an hour, or the hackathon is
/// archived.
pub async fn announce(
    context: &Context,
    actor: Actor,
    slug: &str,
    input: &AnnouncementInput,
) -> Result<AnnouncementView, ActionError> {
    let new = Announcement::read(input)?;
    let mut tx = context.begin().await?;
    let hackathon = locked(&tx, slug).await?;
    let (key, now) = (hackathon.key(), context.now());
    if hackathon.phase(now) == Phase::Archived {
        return Err(refused(format!(
            "{} is archived, so nothing can be announced.",
            hackathon.title
        )));
    }
    let sent = reads::announcements_since(&tx, key, now - PERIOD).await?;
    let same = |it: &&AnnouncementView| it.created_at > now - SAME && it.is_same(&new);
    if let Some(same) = sent.iter().find(same) {
        return Ok(same.clone());
    }
    let instants: Vec<_> = sent.iter().map(|it| it.created_at).collect();
    may_announce(&instants, now)?;
    let people = reads::announced_to(context, &tx, key, new.segment).await?;
    if people.is_empty() {
        return Err(no_recipients(new.segment).into());
    }
    let rows: Vec<_> = people.into_iter().map(|person| (context.ids.next(), person)).collect();
    let id = AnnouncementId::new(context.ids.next());
    announcements::insert(&tx, id, key, &new, actor.person(), &rows, now).await?;
    let after =
        json!({ "announcement": id.0, "segment": new.segment.as_str(), "recipients": rows.len() });
    let act = act_on(&hackathon, actor, "announcement.send", Some(after));
    audit::record(&tx, context, act).await?;
    let (rows, ids) = (rows.iter().map(|(row, _)| *row), context.ids.as_ref());
    tx.wake(ANNOUNCED, rows, ids, now).await?;
    let announced = reads::announcement(&tx, id).await?;
    tx.commit().await?;
    Ok(announced.ok_or_else(access::unknown_announcement)?)
}

/// Notifies a person of an announcement.
///
/// # Errors
/// When the email cannot be rendered.
pub async fn notify_announcement(
    tx: &mut Tx,
    context: &Context,
    post: &Post,
    id: Uuid,
) -> Result<(), ActionError> {
    let Some(recipient) = reads::announcement_recipient(tx, id).await? else {
        return Ok(());
    };
    let announced = reads::announcement(tx, recipient.announcement_id.into()).await?;
    let Some(announced) = announced else {
        return Ok(());
    };
    let hackathon = reads::hackathon_by_id(tx, announced.hackathon_id.into()).await?;
    let Some(hackathon) = hackathon else {
        return Ok(());
    };
    let email = Announced {
        hackathon: hackathon.title,
        slug: hackathon.slug,
        subject: announced.subject,
        body: announced.body,
    };
    let notice = Notice {
        kind: &HACKATHON_ANNOUNCEMENT,
        user_id: recipient.user_id.into(),
        object_id: id,
        occurrence: "",
        link: email.link(),
        email: &email,
    };
    notify(tx, context, post, &notice).await?;
    Ok(())
}

use identity::model::UserId;
use kernel::Timestamp;
use platform::{
    ActionError, Context,
    audit::{self, Actor},
    db::Tx,
    media::{self, PictureUse},
    module::{PictureChange, PictureSetter, Pictured, PicturedThing},
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{act_on, still_changeable, submit::refuse_while_off};
use crate::{
    FLAG, access,
    model::StaffRole,
    reads::{self, HackathonView},
    store::pictures,
};

/// The pictures of hackathons, which organizers and admins set, and of submissions, which their teams set while they may be edited.
pub const PICTURED: &[Pictured] = &[
    Pictured {
        kind: "hackathon",
        used: PictureUse::Banner,
        flag: Some(FLAG),
        find: |tx, context, setter, id| Box::pin(find_hackathon(tx, context, setter, id)),
        set: |tx, context, change| Box::pin(set_of_hackathon(tx, context, change)),
    },
    Pictured {
        kind: SUBMISSION,
        used: PictureUse::Gallery,
        flag: Some(FLAG),
        find: |tx, context, setter, id| Box::pin(find_submission(tx, context, setter, id)),
        set: |tx, context, change| Box::pin(set_of_submission(tx, context, change)),
    },
];

const SUBMISSION: &str = "submission";

async fn hackathon(tx: &Tx, id: Uuid) -> Result<HackathonView, ActionError> {
    let found = reads::hackathon_by_id(tx, id.into()).await?;
    Ok(found.ok_or_else(|| access::unknown_hackathon(&id.to_string()))?)
}

async fn find_hackathon(
    tx: &Tx,
    context: &Context,
    setter: PictureSetter,
    id: Uuid,
) -> Result<PicturedThing, ActionError> {
    let hackathon = hackathon(tx, id).await?;
    let role = reads::role_in(tx, hackathon.key(), setter.person.into()).await?;
    if !setter.is_admin && role != Some(StaffRole::Organizer) {
        let is_hidden = role.is_none() && access::is_hidden(&hackathon, context.now());
        let unknown = access::unknown_hackathon(&id.to_string());
        return Err(if is_hidden { unknown } else { access::not_organizer(&hackathon) }.into());
    }
    still_changeable(context, &hackathon)?;
    Ok(PicturedThing {
        address: format!("{}/edit", hackathon.address()),
        drawn: ui::drawn("hackathon", &hackathon.slug),
        title: hackathon.title,
    })
}

async fn find_submission(
    tx: &Tx,
    context: &Context,
    setter: PictureSetter,
    id: Uuid,
) -> Result<PicturedThing, ActionError> {
    let found = reads::submission(tx, id.into()).await?;
    let found = found.ok_or_else(access::unknown_submission)?;
    let hackathon = hackathon(tx, found.hackathon_id).await?;
    let own = reads::participation(tx, &hackathon, setter.person.into()).await?;
    let submission = own.submission.as_ref().filter(|own| own.id == id);
    let submission = submission.ok_or_else(access::unknown_submission)?;
    refuse_while_off(tx, context, setter.person.into()).await?;
    own.attempt(&hackathon, context.now()).may_save()?;
    Ok(PicturedThing {
        title: match submission.title.as_str() {
            "" => "your submission".to_owned(),
            title => title.to_owned(),
        },
        address: format!("{}/submission", hackathon.address()),
        drawn: submission.drawn(),
    })
}

async fn set_of_hackathon(
    tx: &Tx,
    context: &Context,
    change: PictureChange<'_>,
) -> Result<(), ActionError> {
    let hackathon = hackathon(tx, change.id).await?;
    let thing = pictures::Pictured::Hackathon(change.id);
    pictures::set(tx, thing, change.picture, context.now()).await?;
    record(tx, context, (&hackathon, change.actor), "hackathon.picture", stated(change.picture))
        .await
}

async fn set_of_submission(
    tx: &Tx,
    context: &Context,
    change: PictureChange<'_>,
) -> Result<(), ActionError> {
    let found = reads::submission(tx, change.id.into()).await?;
    let found = found.ok_or_else(access::unknown_submission)?;
    let hackathon = hackathon(tx, found.hackathon_id).await?;
    let thing = pictures::Pictured::Submission(change.id);
    pictures::set(tx, thing, change.picture, context.now()).await?;
    let after = json!({ "submission": change.id, "picture": stated(change.picture) });
    record(tx, context, (&hackathon, change.actor), "submission.picture", after).await
}

fn stated(picture: Option<(&str, &str)>) -> Value {
    picture.map_or(Value::Null, |(path, text)| json!({ "picture": path, "shows": text }))
}

async fn record(
    tx: &Tx,
    context: &Context,
    (hackathon, actor): (&HackathonView, Actor),
    action: &'static str,
    after: Value,
) -> Result<(), ActionError> {
    let act = act_on(hackathon, actor, action, Some(after));
    Ok(audit::record(tx, context, act).await?)
}

/// Removes the pictures of what a person submitted alone.
pub(super) async fn forget_pictures(
    tx: &Tx,
    person: UserId,
    now: Timestamp,
) -> Result<(), ActionError> {
    for id in pictures::of_person(tx, person).await? {
        let subject = format!("{SUBMISSION}:{}", id.0);
        media::forget(tx, &subject, PictureUse::Gallery).await?;
        pictures::set(tx, pictures::Pictured::Submission(id.0), None, now).await?;
    }
    Ok(())
}

use identity::model::UserId;
use platform::{
    ActionError, Context,
    audit::{self, Actor},
    slug,
};
use serde_json::json;

use super::{act_on, new_code};
use crate::{
    access,
    model::{HackathonId, StaffRole},
    reads::{self, HackathonView},
    rules::details::{HackathonDetails, HackathonInput},
    store::{hackathons, staff},
};

#[derive(Clone, Debug, Default)]
pub struct NewHackathon {
    /// The slug, derived from the name when absent.
    pub slug: Option<String>,
    pub details: HackathonInput,
}

/// Creates a hackathon as a draft, which only its organizers see; the person who creates it is the first. Returns it.
///
/// # Errors
/// When a field is missing or not valid, or the slug is taken.
pub async fn create_hackathon(
    context: &Context,
    person: UserId,
    new: NewHackathon,
) -> Result<HackathonView, ActionError> {
    let details = HackathonDetails::read(&new.details, None);
    let code = new_code()?;
    let tx = context.begin().await?;
    tx.serialize("hackathons.slugs").await?;
    let own = &tx;
    let is_taken = |slug: String| async move { Ok(reads::hackathon(own, &slug).await?.is_some()) };
    let (slug, details) =
        slug::chosen_for(new.slug.as_deref(), details, |it| &it.title, is_taken).await?;
    let (id, now) = (HackathonId::new(context.ids.next()), context.now());
    hackathons::insert(&tx, id, &slug, &code, &details, now).await?;
    hackathons::insert_conduct(&tx, context.ids.next(), id, 1, details.conduct.as_str(), now)
        .await?;
    let role = StaffRole::Organizer;
    staff::set(&tx, context.ids.next(), id, person, role, now).await?;
    let created = reads::hackathon(&tx, &slug).await?;
    let created = created.ok_or_else(|| access::unknown_hackathon(&slug))?;
    let after = json!({ "slug": slug, "title": details.title });
    let act = act_on(&created, Actor::Person(person.0), "hackathon.create", Some(after));
    audit::record(&tx, context, act).await?;
    tx.commit().await?;
    Ok(created)
}

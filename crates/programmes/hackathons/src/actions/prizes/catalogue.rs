use kernel::{Problem, ProblemKind};
use platform::{
    ActionError, Context,
    audit::{self, Actor},
    slug,
};
use serde_json::json;

use super::{act_on, award::awarded, changeable, prize_of};
use crate::{
    model::PrizeId,
    reads::{self, PrizeAwardPart, PrizeView},
    rules::prizes::{MOST_PRIZES, PrizeDetails, PrizeInput, admit_track},
    store::prizes,
};

#[derive(Clone, Debug, Default)]
pub struct NewPrize {
    /// The slug, derived from the name when absent.
    pub slug: Option<String>,
    pub details: PrizeInput,
}

/// Creates a prize of a hackathon. Returns it.
///
/// # Errors
/// When the hackathon is over or has 100 prizes, a field is missing or not valid, or the slug is taken.
pub async fn create_prize(
    context: &Context,
    actor: Actor,
    hackathon: &str,
    new: &NewPrize,
) -> Result<PrizeView, ActionError> {
    let tx = context.begin().await?;
    let hackathon = changeable(&tx, context, hackathon).await?;
    let (key, own) = (hackathon.key(), &tx);
    let tracks = reads::tracks(own, key).await?;
    let details = PrizeDetails::read(&new.details, None, 0, &tracks);
    if reads::prizes(own, key).await?.len() >= MOST_PRIZES {
        let detail = format!("A hackathon has at most {MOST_PRIZES} prizes. Remove one first.");
        let problem = Problem::new(ProblemKind::Conflict, "TOO_MANY_PRIZES", detail);
        return Err(problem.into());
    }
    let is_taken = |slug: String| async move { Ok(reads::prize(own, key, &slug).await?.is_some()) };
    let (slug, details) =
        slug::chosen_for(new.slug.as_deref(), details, |it| &it.name, is_taken).await?;
    let (id, now) = (PrizeId::new(context.ids.next()), context.now());
    prizes::insert(&tx, id, key, &slug, &details, now).await?;
    let after = json!({ "prize": id.0, "slug": slug, "count": details.count });
    let act = act_on(&hackathon, actor, "prize.create", Some(after));
    audit::record(&tx, context, act).await?;
    let created = prize_of(&tx, &hackathon, &slug).await?;
    tx.commit().await?;
    Ok(created)
}

/// Changes a prize of a hackathon before its results. Returns it.
///
/// # Errors
/// When the hackathon is over, the prize is unknown, a field is not valid, fewer would be left than are awarded, or a submission that
/// has the prize is not in its new track.
pub async fn edit_prize(
    context: &Context,
    actor: Actor,
    hackathon: &str,
    slug: &str,
    input: &PrizeInput,
) -> Result<PrizeView, ActionError> {
    let tx = context.begin().await?;
    let hackathon = changeable(&tx, context, hackathon).await?;
    let prize = prize_of(&tx, &hackathon, slug).await?;
    let (tracks, before) = (reads::tracks(&tx, hackathon.key()).await?, prize.details());
    let details = PrizeDetails::read(input, Some(&before), prize.awarded, &tracks)?;
    if details == before {
        return Ok(prize);
    }
    prizes::update(&tx, prize.key(), &details, context.now()).await?;
    let after = json!({ "prize": prize.id, "count": details.count });
    let act = act_on(&hackathon, actor, "prize.edit", Some(after));
    audit::record(&tx, context, act).await?;
    let edited = prize_of(&tx, &hackathon, slug).await?;
    if details.track != before.track {
        let awarded = awarded(&tx, hackathon.key(), PrizeAwardPart::Of(prize.key())).await?;
        let outside = awarded.iter().find(|(prize, it)| !prize.is_for(it));
        admit_track(outside.map(|(_, it)| it.title.as_str()))?;
    }
    tx.commit().await?;
    Ok(edited)
}

/// Removes a prize of a hackathon before its results. Returns its name.
///
/// # Errors
/// When the hackathon is over, or the prize is unknown or awarded.
pub async fn remove_prize(
    context: &Context,
    actor: Actor,
    hackathon: &str,
    slug: &str,
) -> Result<String, ActionError> {
    let tx = context.begin().await?;
    let hackathon = changeable(&tx, context, hackathon).await?;
    let prize = prize_of(&tx, &hackathon, slug).await?;
    if reads::has_awards(&tx, prize.key()).await? {
        let detail = "This prize is awarded. Take its awards back first.";
        return Err(Problem::new(ProblemKind::Conflict, "PRIZE_HAS_AWARDS", detail).into());
    }
    prizes::delete(&tx, prize.key()).await?;
    let after = json!({ "prize": prize.id, "slug": slug });
    let act = act_on(&hackathon, actor, "prize.remove", Some(after));
    audit::record(&tx, context, act).await?;
    tx.commit().await?;
    Ok(prize.name)
}

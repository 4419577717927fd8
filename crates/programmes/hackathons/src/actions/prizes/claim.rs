use identity::model::UserId;
use kernel::{Problem, ProblemKind};
use platform::{
    ActionError, Context,
    audit::{self, Actor},
};
use serde_json::json;

use super::{super::rewards::ring, act_on, award_of, locked, refused};
use crate::{
    access,
    actions::opened,
    model::{PrizeAwardId, StaffRole},
    reads::{self, PrizeAwardView},
    rules::{
        prizes::{admit_claim, read_claim},
        retention::is_removed,
    },
    store::prizes,
};

/// Claims a prize for a person whose submission won it, or changes the details of their claim. They are encrypted. Returns the award.
///
/// # Errors
/// When the award is unknown, not published or not theirs, the details are missing or not valid, another member claimed it, it was
/// sent or forfeited, the submission is disqualified, or the results are older than 180 days.
pub async fn claim_prize(
    context: &Context,
    person: UserId,
    hackathon: &str,
    id: PrizeAwardId,
    claim: &str,
) -> Result<PrizeAwardView, ActionError> {
    let claim = read_claim(claim)?;
    let tx = context.begin().await?;
    tx.serialize(prizes::CLAIMS).await?;
    let hackathon = locked(&tx, hackathon).await?;
    let own = reads::prizes_of(&tx, hackathon.key(), person).await?;
    let own = own.into_iter().find(|it| it.id == id.0);
    let award = own.ok_or_else(access::unknown_award)?;
    if is_removed(&hackathon.steps(), context.now()) {
        return Err(refused(format!(
            "The results of {} are older than 180 days, so its prizes can no longer be claimed.",
            hackathon.title
        )));
    }
    if !award.counts() {
        let detail = "The submission is disqualified. You can appeal on its page.";
        return Err(Problem::new(ProblemKind::Conflict, "DISQUALIFIED", detail).into());
    }
    let by_other = award.claimant().is_some_and(|claimant| claimant != person);
    admit_claim(award.state, by_other && award.claim_secret.is_some())?;
    let sealed = ring(context)?.seal(claim.as_bytes())?;
    prizes::claim(&tx, id, person, sealed, context.now()).await?;
    let after = json!({ "award": id.0 });
    let act = act_on(&hackathon, Actor::Person(person.0), "prize.claim", Some(after));
    audit::record(&tx, context, act).await?;
    let claimed = award_of(&tx, &hackathon, id).await?;
    tx.commit().await?;
    Ok(claimed)
}

/// Decrypts the claim details of an award for an organizer, and records that they read them. Returns `None` when there are none.
///
/// # Errors
/// When the award is unknown, the person is an admin who does not organize the hackathon, or no key of the server decrypts the
/// details.
pub async fn read_prize_claim(
    context: &Context,
    organizer: UserId,
    hackathon: &str,
    id: PrizeAwardId,
) -> Result<Option<String>, ActionError> {
    let tx = context.begin().await?;
    let hackathon = locked(&tx, hackathon).await?;
    let award = award_of(&tx, &hackathon, id).await?;
    // Admins who need the details become organizers first, which is recorded too.
    let role = reads::role_in(&tx, hackathon.key(), organizer).await?;
    if role != Some(StaffRole::Organizer) {
        return Err(access::not_organizer(&hackathon).into());
    }
    let claim = opened(context, award.claim_secret.as_ref())?;
    if claim.is_some() {
        let after = json!({ "award": id.0 });
        let act = act_on(&hackathon, Actor::Person(organizer.0), "prize.read_claim", Some(after));
        audit::record(&tx, context, act).await?;
    }
    tx.commit().await?;
    Ok(claim)
}

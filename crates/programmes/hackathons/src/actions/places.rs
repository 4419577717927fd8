//! Places that became free go to the waitlist.

use kernel::Problem;
use platform::{ActionError, Context, db::Tx};

use crate::{
    model::{APPLICATION_DECIDED, ApplicationStatus, HackathonId, Places},
    reads::{self, HackathonView},
    rules::waitlist::{free_places, promoted},
    store::applications::{self, NewStatus},
};

/// Returns the status of an application to a hackathon that `decide` derives from the number of free places (`None` without a limit)
/// and from whether the waitlist is empty, with the next rank if it is waitlisted. The caller holds the lock of the hackathon's row.
pub(super) async fn next_status(
    tx: &Tx,
    hackathon: &HackathonView,
    decide: impl FnOnce(Option<i64>, bool) -> Result<ApplicationStatus, Problem>,
) -> Result<NewStatus, ActionError> {
    let occupancy = applications::occupancy(tx, hackathon.key()).await?;
    let free = free_places(hackathon.capacity, occupancy.taken);
    let status = decide(free, occupancy.waiting == 0)?;
    let is_waiting = status == ApplicationStatus::Waitlisted;
    Ok(NewStatus {
        status,
        rank: is_waiting.then_some(occupancy.last_rank + 1),
        is_approved: false,
    })
}

/// Moves the applications that have no decision after a change of how places are given, so that later ones do not pass them and
/// every place that is given after a review is reviewed: to the waitlist in the order in which people applied, or from the waitlist
/// to a review. The people are notified. The caller holds the lock of the hackathon's row.
pub(super) async fn requeue(
    tx: &mut Tx,
    context: &Context,
    hackathon: &HackathonView,
) -> Result<(), ActionError> {
    let (id, now) = (hackathon.key(), context.now());
    if !hackathon.phase(now).moves_waitlist() {
        return Ok(());
    }
    let moved = match hackathon.places {
        Places::Automatic => {
            let last_rank = applications::occupancy(tx, id).await?.last_rank;
            applications::queue_pending(tx, id, last_rank, now).await?
        }
        Places::Review => applications::review_waiting(tx, id, now).await?,
    };
    let ids = context.ids.as_ref();
    Ok(tx.wake(APPLICATION_DECIDED, moved, ids, now).await?)
}

/// Gives free places to the waitlist, in strict order, until submissions close. The caller holds the lock of the hackathon's row.
pub(super) async fn fill_places(
    tx: &mut Tx,
    context: &Context,
    hackathon: &HackathonView,
) -> Result<(), ActionError> {
    let now = context.now();
    if !hackathon.phase(now).moves_waitlist() {
        return Ok(());
    }
    let occupancy = applications::occupancy(tx, hackathon.key()).await?;
    if occupancy.waiting == 0 {
        return Ok(());
    }
    let free = free_places(hackathon.capacity, occupancy.taken);
    let waiting = reads::waitlist(tx, hackathon.key()).await?;
    let chosen = promoted(free, &waiting);
    if chosen.is_empty() {
        return Ok(());
    }
    applications::promote(tx, &chosen, now).await?;
    let ids = context.ids.as_ref();
    Ok(tx.wake(APPLICATION_DECIDED, chosen, ids, now).await?)
}

/// Gives free places of all hackathons to their waitlists: those of erased people, and of hackathons that are not
/// changed otherwise. Returns the number of hackathons with a waitlist.
///
/// # Errors
/// When the database fails.
pub async fn fill_all_places(context: &Context) -> Result<usize, ActionError> {
    let waiting = reads::with_waitlist(&context.db, context.now()).await?;
    for id in &waiting {
        fill_places_of(context, *id).await?;
    }
    Ok(waiting.len())
}

async fn fill_places_of(context: &Context, id: HackathonId) -> Result<(), ActionError> {
    let mut tx = context.begin().await?;
    tx.lock_rows("hackathons", [id.0]).await?;
    if let Some(hackathon) = reads::hackathon_by_id(&tx, id).await? {
        fill_places(&mut tx, context, &hackathon).await?;
    }
    Ok(tx.commit().await?)
}

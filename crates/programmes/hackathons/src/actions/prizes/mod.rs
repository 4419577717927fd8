//! Changes of prizes and their awards.

mod award;
mod catalogue;
mod claim;
mod monitor;
mod notify;
mod step;

pub(super) use award::{admit_awards, publish_awards};
pub use award::{award_prize, take_back_prize};
pub use catalogue::{NewPrize, create_prize, edit_prize, remove_prize};
pub use claim::{claim_prize, read_prize_claim};
pub(crate) use monitor::prize_incidents;
pub use monitor::remind_of_prizes;
pub use notify::{notify_prize, notify_prize_overdue};
pub use step::step_prize;

use platform::{ActionError, db::Tx};

use super::{act_on, changeable, locked, none_waits, refused};
use crate::{
    access,
    model::PrizeAwardId,
    reads::{self, HackathonView, PrizeAwardView, PrizeView},
};

/// Finds a prize of a hackathon. The caller holds the lock of the hackathon's row.
async fn prize_of(
    tx: &Tx,
    hackathon: &HackathonView,
    slug: &str,
) -> Result<PrizeView, ActionError> {
    let found = reads::prize(tx, hackathon.key(), slug).await?;
    Ok(found.ok_or_else(access::unknown_prize)?)
}

/// Finds an award of a hackathon. The caller holds the lock of the hackathon's row.
async fn award_of(
    tx: &Tx,
    hackathon: &HackathonView,
    id: PrizeAwardId,
) -> Result<PrizeAwardView, ActionError> {
    let found = reads::prize_award(tx, id).await?;
    let own = found.filter(|it| it.hackathon_id == hackathon.id);
    Ok(own.ok_or_else(access::unknown_award)?)
}

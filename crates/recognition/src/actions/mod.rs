//! Actions that change the ledger, the boards and the badges.

mod badges;
mod feed_board;
mod finalize;
mod grant_sample;
mod keep_ranks;
mod post;
mod rebuild;
mod reconcile;
mod recount;
mod redeem;
mod refresh_listings;
mod set_listed;
mod totals;
mod verify;

pub use badges::{
    BadgeChange, Issuer, NewBadge, award_badge, change_badge, create_badge, evaluate_due,
    evaluate_everyone, evaluate_next, evaluate_person, revoke_badge, seed_badges, sign_credential,
};
pub use feed_board::{continue_recount, feed_board, set_spans};
pub use finalize::{finalize_board, finalize_month, finalize_months, month_closes_at, settling};
pub use grant_sample::{SAMPLE_SOURCE, grant_sample};
pub use keep_ranks::keep_ranks;
pub use rebuild::rebuild;
pub use reconcile::{Reconciled, reconcile, unposted};
pub use recount::recount;
pub use redeem::{post_redemptions, redeem, unposted_redemptions};
pub use refresh_listings::refresh_listings;
pub(crate) use refresh_listings::{hide_erased, refresh};
pub use set_listed::set_listed;
pub use verify::{LEDGER, alert, awaiting, verify};

/// The lock for posting and counting entries. It is taken last, after a programme's own locks.
const LOCK: &str = "recognition.ledger";

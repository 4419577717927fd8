//! The results of a hackathon: publishing them in two steps, and undoing the first.

mod notify;
mod publish;
mod schedule;
mod undo;

pub use notify::notify_held;
pub use publish::{publish_due_results, publish_results};
pub use schedule::{NewResults, schedule_results};
pub use undo::undo_results;

use kernel::{Problem, ProblemKind};
use platform::{ActionError, Context, db::Tx};

use super::{prizes::admit_awards, refused};
use crate::{
    model::Phase,
    reads::{self, HackathonView},
    rules::publication::{Override, admit},
};

/// Refuses to publish results before judging is over, and while a blocker is left that is not overridden. Returns the overrides that
/// are needed.
async fn admitted(
    tx: &Tx,
    context: &Context,
    hackathon: &HackathonView,
    overrides: Vec<Override>,
) -> Result<Vec<Override>, ActionError> {
    if hackathon.phase(context.now()) != Phase::JudgingClosed {
        return Err(refused(format!(
            "The results of {} can be published once submissions and judging are over.",
            hackathon.title
        )));
    }
    admit_awards(tx, hackathon.key()).await?;
    let decided = reads::Decided::of(tx, hackathon.key()).await?;
    let blocking = reads::result_blockers(tx, hackathon, &decided).await?;
    Ok(admit(&blocking, overrides)?)
}

/// Returns the error for a step that needs results that wait.
fn none_wait(detail: String) -> ActionError {
    Problem::new(ProblemKind::Conflict, "RESULTS_NOT_WAITING", detail).into()
}

use chrono::TimeDelta;
use kernel::{Problem, ProblemKind};

use super::{Endpoint, TEST, WEBHOOK, store};
use crate::{
    ActionError, Context,
    db::Tx,
    outbox::{Content, Key, enqueue},
};

/// The maximum number of test events per person and hour.
const PER_HOUR: i64 = 10;

/// Adds a test event for a webhook to the outbox, in the caller's transaction.
///
/// # Errors
/// When the webhook is disabled, or its owner sent too many test events.
pub async fn send_test(
    tx: &mut Tx,
    context: &Context,
    endpoint: &Endpoint,
    link: String,
) -> Result<(), ActionError> {
    if endpoint.disabled_at.is_some() {
        let detail = "This webhook is disabled. Enable it, then send a test event.";
        return Err(Problem::new(ProblemKind::Conflict, "WEBHOOK_DISABLED", detail).into());
    }
    tx.serialize("outbox.webhook_tests").await?;
    let now = context.now();
    if store::tests_since(tx, endpoint.person_id, now - TimeDelta::hours(1)).await? >= PER_HOUR {
        let detail = format!("You can send {PER_HOUR} test events per hour. Try again in an hour.");
        let problem = Problem::new(ProblemKind::TooManyRequests, "TOO_MANY_TESTS", detail);
        return Err(problem.after(3_600).into());
    }
    let occurrence = context.ids.next().to_string();
    let key = Key {
        person: endpoint.person_id,
        kind: TEST,
        object: endpoint.id,
        occurrence: &occurrence,
        channel: WEBHOOK,
    };
    let content = Content::line("This is a test of your webhook", link);
    enqueue(tx, context, key, &endpoint.id.to_string(), &content, now).await?;
    Ok(())
}

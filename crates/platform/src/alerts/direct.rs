//! Alerts that a process sends itself, without the outbox: when no one would take them from there, or they cannot be stored.

use std::{collections::BTreeMap, time::Duration};

use chrono::TimeDelta;
use futures_util::future::join_all;
use kernel::Timestamp;
use uuid::Uuid;

use super::{
    Alert, Incident, Operators,
    email::{IncidentChange, content},
    reconcile::{Turn, compare, log, stored},
};
use crate::{
    ActionError, Context,
    outbox::{Channel, Content, Message, Refusal},
};

/// How long a channel may take for a message.
const PATIENCE: Duration = Duration::from_secs(20);

/// How long an incident must be absent before it is over.
const CALM: TimeDelta = TimeDelta::minutes(1);

/// How long one must be absent that came back within this time, so that what swings around a limit is one incident.
const LONG_CALM: TimeDelta = TimeDelta::minutes(15);

/// The incidents of this process that are not stored, one of each kind.
#[derive(Debug, Default)]
pub struct Unstored(BTreeMap<&'static str, OwnIncident>);

#[derive(Debug)]
struct OwnIncident {
    alert: Alert,
    /// When it was last found.
    seen_at: Timestamp,
    /// How long it must be absent.
    calm: TimeDelta,
}

impl OwnIncident {
    /// Returns how long it has been absent. A clock that was wrong may be put back meanwhile.
    fn absent(&self, now: Timestamp) -> TimeDelta {
        (now - self.seen_at).abs()
    }
}

impl Unstored {
    /// Compares the open incident of a kind with the current one, of which there is at most one. Sends an alert when it begins,
    /// repeats it after some hours, and sends that it is over when it was absent for a minute, or for a quarter of an hour if it had
    /// just come back.
    pub async fn reconcile(
        &mut self,
        context: &Context,
        operators: &Operators,
        kind: &'static str,
        incidents: &[Incident],
    ) {
        if let Some((alert, turn)) = self.turn(context, operators, kind, incidents) {
            send(context, operators, &alert, turn).await;
        }
    }

    fn turn(
        &mut self,
        context: &Context,
        operators: &Operators,
        kind: &'static str,
        incidents: &[Incident],
    ) -> Option<Turn> {
        let (now, known) = (context.now(), self.0.get(kind));
        let open = known.filter(|known| known.alert.resolved_at.is_none());
        if incidents.is_empty() && open.is_none_or(|open| open.absent(now) < open.calm) {
            return None;
        }
        let calm = match (open, known) {
            (Some(open), _) => open.calm,
            (None, Some(known)) if known.absent(now) < LONG_CALM => LONG_CALM,
            _ => CALM,
        };
        let seen_at = known.filter(|_| incidents.is_empty()).map_or(now, |known| known.seen_at);
        let open = open.map(|open| open.alert.clone());
        let (again, ids) = (operators.again, &*context.ids);
        let turn = compare(open.as_slice(), kind, incidents, again, ids, now).pop();
        let alert = turn.as_ref().map(|(alert, _)| alert.clone()).or(open)?;
        self.0.insert(kind, OwnIncident { alert, seen_at, calm });
        turn
    }
}

/// Like [`super::reconcile`], but sends the messages itself, so that they need no worker. Of processes that do so at once, one sends
/// them. Returns the number of messages that were accepted.
///
/// # Errors
/// When the database fails.
pub async fn reconcile_now(
    context: &Context,
    operators: &Operators,
    kind: &'static str,
    incidents: &[Incident],
) -> Result<usize, ActionError> {
    let Some((tx, turns)) = stored(context, operators, kind, incidents).await? else {
        return Ok(0);
    };
    tx.commit().await?;
    let sending = turns.iter().map(|(alert, turn)| send(context, operators, alert, *turn));
    Ok(join_all(sending).await.into_iter().sum())
}

/// Sends an alert by the channels of its severity, all at once. Returns the number of messages that were accepted.
async fn send(
    context: &Context,
    operators: &Operators,
    alert: &Alert,
    turn: IncidentChange,
) -> usize {
    let content = match content(operators, alert, turn) {
        Ok(content) => content,
        Err(error) => {
            tracing::error!(%error, kind = alert.kind, "an alert cannot be written");
            return 0;
        }
    };
    let addresses = operators.addresses(&alert.kind, &alert.subject, alert.severity);
    let sending = addresses.filter_map(|(name, recipient)| {
        let message = message(context, alert, &content, recipient);
        Some(hand_over(context, operators.post.channels.get(name)?, message))
    });
    let accepted = join_all(sending).await.into_iter().filter(|is_accepted| *is_accepted).count();
    log(alert, turn, accepted);
    accepted
}

/// Addresses the content of an alert to a recipient. It belongs to no account.
pub(super) fn message(
    context: &Context,
    alert: &Alert,
    content: &Content,
    recipient: String,
) -> Message {
    Message {
        id: context.ids.next(),
        written_at: context.now(),
        person: Uuid::nil(),
        kind: alert.kind.clone(),
        recipient,
        content: content.clone(),
    }
}

/// Gives a message to its channel. Returns true if it was accepted.
async fn hand_over(context: &Context, channel: &dyn Channel, message: Message) -> bool {
    let sent = tokio::time::timeout(PATIENCE, channel.send(&message, context.now())).await;
    let reason = match sent {
        Ok(Ok(_)) => return true,
        Ok(Err(Refusal::Later { why, .. } | Refusal::Never(why) | Refusal::Gone(why))) => why,
        Err(_) => format!("no response within {PATIENCE:?}"),
    };
    tracing::warn!(kind = message.kind, channel = channel.name(), reason, "cannot send an alert");
    false
}

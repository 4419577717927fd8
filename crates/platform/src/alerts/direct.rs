//! Alerts that a process sends itself, without the outbox: when no one would take them from there, or they cannot be stored.

use std::{collections::BTreeMap, time::Duration};

use chrono::TimeDelta;
use futures_util::future::join_all;
use kernel::Timestamp;
use uuid::Uuid;

use super::{
    Alert, Incident, Operators,
    email::{IncidentChange, content},
    reconcile::{LOCK, again, is_due, raised},
    store,
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
    /// Compares the open incident of a kind with the current one. Sends an alert when it begins, repeats it after some hours, and
    /// sends that it is over when it was absent for a minute, or for a quarter of an hour if it had just come back.
    pub async fn reconcile(
        &mut self,
        context: &Context,
        operators: &Operators,
        kind: &'static str,
        incident: Option<Incident>,
    ) {
        if let Some((alert, turn)) = self.turn(context, operators, kind, incident) {
            send(context, operators, &alert, turn).await;
        }
    }

    fn turn(
        &mut self,
        context: &Context,
        operators: &Operators,
        kind: &'static str,
        incident: Option<Incident>,
    ) -> Option<(Alert, IncidentChange)> {
        let now = context.now();
        let Some(incident) = incident else {
            let known = self.0.get_mut(kind)?;
            if known.alert.resolved_at.is_some() || known.absent(now) < known.calm {
                return None;
            }
            known.alert.resolved_at = Some(now);
            return Some((known.alert.clone(), IncidentChange::Resolved));
        };
        let known = self.0.remove(kind);
        let came_back = known.as_ref().is_some_and(|known| known.absent(now) < LONG_CALM);
        let open = known.filter(|known| known.alert.resolved_at.is_none());
        let calm = match &open {
            Some(open) => open.calm,
            None if came_back => LONG_CALM,
            None => CALM,
        };
        let (alert, turn) = match open {
            None => {
                let id = context.ids.next();
                (raised(id, kind, &incident, now), Some(IncidentChange::Raised))
            }
            Some(open) if is_due(&open.alert, &incident, operators, now) => {
                (again(&open.alert, &incident, now), Some(IncidentChange::Again))
            }
            Some(open) => (open.alert, None),
        };
        self.0.insert(kind, OwnIncident { alert: alert.clone(), seen_at: now, calm });
        Some((alert, turn?))
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
    if incidents.is_empty() && !store::is_open(&context.db, kind).await? {
        return Ok(0);
    }
    let tx = context.begin().await?;
    tx.serialize(LOCK).await?;
    let (open, now, mut turns) = (store::open(&tx, kind).await?, context.now(), Vec::new());
    for incident in incidents {
        match open.iter().find(|open| open.subject == incident.subject) {
            None => {
                let alert = raised(context.ids.next(), kind, incident, now);
                store::insert(&tx, &alert).await?;
                turns.push((alert, IncidentChange::Raised));
            }
            Some(known) if is_due(known, incident, operators, now) => {
                let alert = again(known, incident, now);
                store::keep(&tx, &alert).await?;
                turns.push((alert, IncidentChange::Again));
            }
            Some(_) => {}
        }
    }
    let lasts = |alert: &Alert| incidents.iter().any(|one| one.subject == alert.subject);
    for mut alert in open.into_iter().filter(|alert| !lasts(alert)) {
        alert.resolved_at = Some(now);
        store::keep(&tx, &alert).await?;
        turns.push((alert, IncidentChange::Resolved));
    }
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
    let post = &operators.post;
    let content = match content(operators, alert, turn) {
        Ok(content) => content,
        Err(error) => {
            tracing::error!(%error, kind = alert.kind, "an alert cannot be written");
            return 0;
        }
    };
    let routes = operators.routes(&alert.kind, &alert.subject, alert.severity).into_iter();
    let channels = routes.filter_map(|name| post.channels.get(name));
    let to = channels.flat_map(|channel| {
        let recipients = operators.reached(channel.name());
        recipients.into_iter().map(move |recipient| (channel, recipient))
    });
    let sending =
        to.map(|(channel, recipient)| hand_over(context, channel, alert, &content, recipient));
    let accepted = join_all(sending).await.into_iter().filter(|is_accepted| *is_accepted).count();
    match turn {
        IncidentChange::Resolved => {
            tracing::info!(target: "alerts", kind = alert.kind, subject = alert.subject, accepted, "alert resolved");
        }
        _ => tracing::error!(
            target: "alerts",
            kind = alert.kind,
            subject = alert.subject,
            severity = alert.severity.as_str(),
            title = alert.title,
            accepted,
            "alert raised"
        ),
    }
    accepted
}

/// Gives a message to its channel. Returns true if it was accepted.
async fn hand_over(
    context: &Context,
    channel: &dyn Channel,
    alert: &Alert,
    content: &Content,
    recipient: String,
) -> bool {
    let message = Message {
        id: context.ids.next(),
        written_at: context.now(),
        person: Uuid::nil(),
        kind: alert.kind.clone(),
        recipient,
        content: content.clone(),
    };
    let sent = tokio::time::timeout(PATIENCE, channel.send(&message, context.now())).await;
    let reason = match sent {
        Ok(Ok(_)) => return true,
        Ok(Err(Refusal::Later { why, .. } | Refusal::Never(why) | Refusal::Gone(why))) => why,
        Err(_) => format!("no response within {PATIENCE:?}"),
    };
    tracing::warn!(kind = alert.kind, channel = channel.name(), reason, "cannot send an alert");
    false
}

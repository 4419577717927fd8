use chrono::TimeDelta;
use kernel::{Ids, Timestamp};
use uuid::Uuid;

use super::{
    Alert, Incident, Operators,
    email::{IncidentChange, content},
    store,
};
use crate::{
    ActionError, Context,
    db::{DbError, Tx},
    outbox::{Key, enqueue},
};

/// The lock under which incidents begin and end.
const LOCK: &str = "platform.alerts";

/// An alert as it is from now on, and what its next message is about.
pub(super) type Turn = (Alert, IncidentChange);

/// Compares the open incidents of a kind with the current ones. Sends an alert for a new incident, repeats it
/// after some hours or when the severity rises, and resolves an incident that is no longer listed. Idempotent.
/// Returns the number of messages written.
///
/// # Errors
/// When an email cannot be rendered.
pub async fn reconcile(
    context: &Context,
    operators: &Operators,
    kind: &'static str,
    incidents: &[Incident],
) -> Result<usize, ActionError> {
    let Some((mut tx, turns)) = stored(context, operators, kind, incidents).await? else {
        return Ok(0);
    };
    let mut written = 0;
    for (alert, turn) in &turns {
        written += notify(&mut tx, context, operators, alert, *turn).await?;
    }
    tx.commit().await?;
    Ok(written)
}

/// Compares and stores the incidents of a kind in a transaction, which is not committed yet. Returns it with the alerts that are due;
/// `None` if no incident of the kind is open or current.
pub(super) async fn stored(
    context: &Context,
    operators: &Operators,
    kind: &'static str,
    incidents: &[Incident],
) -> Result<Option<(Tx, Vec<Turn>)>, DbError> {
    // Usually nothing has changed; a read avoids the write lock.
    if incidents.is_empty() && !store::is_open(&context.db, kind).await? {
        return Ok(None);
    }
    let tx = context.begin().await?;
    tx.serialize(LOCK).await?;
    let (open, now) = (store::open(&tx, kind).await?, context.now());
    let turns = compare(&open, kind, incidents, operators.again, &*context.ids, now);
    for (alert, turn) in &turns {
        match turn {
            IncidentChange::Raised => store::insert(&tx, alert).await?,
            IncidentChange::Again | IncidentChange::Resolved => store::keep(&tx, alert).await?,
        }
    }
    Ok(Some((tx, turns)))
}

/// Returns the alerts of a kind that are due: each that is new, that is worse or older than `again`, or that no incident has anymore.
pub(super) fn compare(
    open: &[Alert],
    kind: &str,
    incidents: &[Incident],
    again: TimeDelta,
    ids: &dyn Ids,
    now: Timestamp,
) -> Vec<Turn> {
    let current = incidents.iter().filter_map(|incident| {
        match open.iter().find(|alert| alert.subject == incident.subject) {
            None => Some((raised(ids.next(), kind, incident, now), IncidentChange::Raised)),
            Some(alert) => {
                let is_worse = incident.severity > alert.severity;
                let is_due = is_worse || now - alert.last_sent_at >= again;
                is_due.then(|| (repeated(alert, incident, now), IncidentChange::Again))
            }
        }
    });
    let is_over = |alert: &&Alert| incidents.iter().all(|one| one.subject != alert.subject);
    let over = open
        .iter()
        .filter(is_over)
        .map(|alert| (Alert { resolved_at: Some(now), ..alert.clone() }, IncidentChange::Resolved));
    current.chain(over).collect()
}

pub(super) fn raised(id: Uuid, kind: &str, incident: &Incident, now: Timestamp) -> Alert {
    Alert {
        id,
        created_at: now,
        kind: kind.to_owned(),
        subject: incident.subject.clone(),
        severity: incident.severity,
        title: incident.title.clone(),
        detail: incident.text.clone(),
        link: incident.link.to_owned(),
        last_sent_at: now,
        alerts_sent: 1,
        resolved_at: None,
    }
}

fn repeated(alert: &Alert, incident: &Incident, now: Timestamp) -> Alert {
    Alert {
        severity: incident.severity,
        title: incident.title.clone(),
        detail: incident.text.clone(),
        last_sent_at: now,
        alerts_sent: alert.alerts_sent + 1,
        ..alert.clone()
    }
}

/// Enqueues the messages about an incident for the channels of its severity. Returns their number.
async fn notify(
    tx: &mut Tx,
    context: &Context,
    operators: &Operators,
    alert: &Alert,
    turn: IncidentChange,
) -> Result<usize, ActionError> {
    let (severity, now) = (alert.severity, context.now());
    let content = content(operators, alert, turn)?;
    let mut written = 0;
    for channel in operators.routes(&alert.kind, &alert.subject, severity) {
        for (place, recipient) in operators.reached(channel).iter().enumerate() {
            let key = Key {
                // Alerts belong to no account.
                person: Uuid::nil(),
                kind: &alert.kind,
                object: alert.id,
                occurrence: &format!("{turn:?} {} {place}", alert.alerts_sent).to_lowercase(),
                channel,
            };
            let is_new = enqueue(tx, context, key, recipient, &content, now).await?;
            written += usize::from(is_new);
        }
    }
    log(alert, turn, written);
    Ok(written)
}

/// Logs that an alert was raised or resolved, with the number of its messages.
pub(super) fn log(alert: &Alert, turn: IncidentChange, messages: usize) {
    let Alert { kind, subject, title, .. } = alert;
    let severity = alert.severity.as_str();
    match turn {
        IncidentChange::Resolved => {
            tracing::info!(target: "alerts", kind, subject, messages, "alert resolved");
        }
        IncidentChange::Raised | IncidentChange::Again => {
            tracing::error!(target: "alerts", kind, subject, severity, title, messages, "alert raised");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{RandomIds, alerts::Severity};

    fn incident(subject: &str, severity: Severity) -> Incident {
        Incident {
            subject: subject.to_owned(),
            severity,
            title: "It fails".to_owned(),
            text: "Repair it.".to_owned(),
            link: "/admin/health",
        }
    }

    #[test]
    fn alerts_are_due_when_they_begin_get_worse_last_or_end() {
        let (began, again) = (Timestamp::UNIX_EPOCH, TimeDelta::hours(6));
        let high = incident("disk", Severity::High);
        let open = raised(Uuid::nil(), "space", &high, began);
        for (open, current, minutes, expected) in [
            (None, None, 5, vec![]),
            (None, Some(&high), 5, vec![(IncidentChange::Raised, 1)]),
            (Some(&open), Some(&high), 5, vec![]),
            (Some(&open), Some(&incident("disk", Severity::Medium)), 5, vec![]),
            (
                Some(&open),
                Some(&incident("disk", Severity::Critical)),
                5,
                vec![(IncidentChange::Again, 2)],
            ),
            (Some(&open), Some(&high), 359, vec![]),
            (Some(&open), Some(&high), 360, vec![(IncidentChange::Again, 2)]),
            (Some(&open), None, 5, vec![(IncidentChange::Resolved, 1)]),
            (
                Some(&open),
                Some(&incident("cache", Severity::High)),
                5,
                vec![(IncidentChange::Raised, 1), (IncidentChange::Resolved, 1)],
            ),
        ] {
            let (open, current) = (open.cloned(), current.cloned());
            let now = began + TimeDelta::minutes(minutes);
            let turns =
                compare(open.as_slice(), "space", current.as_slice(), again, &RandomIds, now);
            let found: Vec<_> = turns.iter().map(|(it, turn)| (*turn, it.alerts_sent)).collect();
            assert_eq!(found, expected, "{current:?} after {minutes} minutes");
            let is_over = |(alert, turn): &Turn| {
                alert.resolved_at.is_some() == (*turn == IncidentChange::Resolved)
            };
            assert!(turns.iter().all(is_over), "{turns:?}");
        }
    }
}

use kernel::Timestamp;
use uuid::Uuid;

use super::{
    Alert, Incident, Operators,
    email::{IncidentChange, content},
    store,
};
use crate::{
    ActionError, Context,
    db::Tx,
    outbox::{Key, enqueue},
};

/// The lock under which incidents begin and end.
pub(super) const LOCK: &str = "platform.alerts";

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
    // Usually nothing has changed; a read avoids the write lock.
    if incidents.is_empty() && !store::is_open(&context.db, kind).await? {
        return Ok(0);
    }
    let mut tx = context.begin().await?;
    tx.serialize(LOCK).await?;
    let (open, now, mut written) = (store::open(&tx, kind).await?, context.now(), 0);
    for incident in incidents {
        let known = open.iter().find(|open| open.subject == incident.subject);
        let (alert, turn) = match known {
            None => (raised(context.ids.next(), kind, incident, now), IncidentChange::Raised),
            Some(alert) if is_due(alert, incident, operators, now) => {
                (again(alert, incident, now), IncidentChange::Again)
            }
            Some(_) => continue,
        };
        match turn {
            IncidentChange::Raised => store::insert(&tx, &alert).await?,
            IncidentChange::Again | IncidentChange::Resolved => store::keep(&tx, &alert).await?,
        }
        written += notify(&mut tx, context, operators, &alert, turn).await?;
    }
    let lasts = |alert: &Alert| incidents.iter().any(|one| one.subject == alert.subject);
    for mut alert in open.into_iter().filter(|alert| !lasts(alert)) {
        alert.resolved_at = Some(now);
        store::keep(&tx, &alert).await?;
        written += notify(&mut tx, context, operators, &alert, IncidentChange::Resolved).await?;
    }
    tx.commit().await?;
    Ok(written)
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

pub(super) fn is_due(
    alert: &Alert,
    incident: &Incident,
    operators: &Operators,
    now: Timestamp,
) -> bool {
    let is_worse = incident.severity > alert.severity;
    is_worse || now - alert.last_sent_at >= operators.again
}

pub(super) fn again(alert: &Alert, incident: &Incident, now: Timestamp) -> Alert {
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
    match turn {
        IncidentChange::Resolved => {
            tracing::info!(target: "alerts", kind = alert.kind, subject = alert.subject, written, "alert resolved");
        }
        _ => tracing::error!(
            target: "alerts",
            kind = alert.kind,
            subject = alert.subject,
            severity = alert.severity.as_str(),
            title = alert.title,
            written,
            "alert raised"
        ),
    }
    Ok(written)
}

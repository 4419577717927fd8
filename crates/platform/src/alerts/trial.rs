//! Sending a test alert at once, to see that each channel works before an incident needs it.

use futures_util::future::join_all;

use super::{
    Incident, Operators, Severity,
    direct::message,
    email::{IncidentChange, content},
    reconcile::raised,
};
use crate::{
    Context,
    outbox::{TemplateError, send_now},
};

/// The kind of test alerts, in messages.
const KIND: &str = "alert_test";

/// The result of a test alert to one recipient.
#[derive(Clone, Debug)]
pub struct TriedAlert {
    pub channel: &'static str,
    /// An email address or a phone number, or `operators` on Slack.
    pub recipient: String,
    /// The response of the service, or why it did not take the message.
    pub result: Result<String, String>,
}

impl TriedAlert {
    /// Returns the result in a sentence.
    #[must_use]
    pub fn says(&self) -> String {
        let Self { channel, recipient, result } = self;
        match result {
            Ok(answer) => format!("{channel} to {recipient}: sent ({answer})."),
            Err(why) => format!("{channel} to {recipient}: NOT sent: {why}."),
        }
    }
}

/// Sends a test alert at once by each channel of a severity that has an address, without the outbox. No incident is recorded.
/// Returns a result for each recipient; none if no channel has an address.
///
/// # Errors
/// When the message cannot be written.
pub async fn try_alert(
    context: &Context,
    operators: &Operators,
    severity: Severity,
) -> Result<Vec<TriedAlert>, TemplateError> {
    let now = context.now();
    let incident = Incident {
        subject: KIND.to_owned(),
        severity,
        title: "This is a test of the alerts".to_owned(),
        text: "Nothing is wrong. Real alerts of this severity come the same way.".to_owned(),
        link: "/admin/notifications",
    };
    let alert = raised(context.ids.next(), KIND, &incident, now);
    let content = content(operators, &alert, IncidentChange::Raised)?;
    let sending = operators.addresses(KIND, KIND, severity).map(|(channel, recipient)| {
        let message = message(context, &alert, &content, recipient);
        async move {
            let result = send_now(&operators.post.channels, channel, &message, now).await;
            TriedAlert { channel, recipient: message.recipient, result }
        }
    });
    Ok(join_all(sending).await)
}

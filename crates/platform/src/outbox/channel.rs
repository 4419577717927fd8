use std::time::Duration;

use futures_util::future::BoxFuture;
use kernel::Timestamp;
use uuid::Uuid;

use super::Content;

/// The channel of e-mail.
pub const EMAIL: &str = "email";

/// The longest that a message may take, so that a silent service holds up few others.
pub(super) const PATIENCE: Duration = Duration::from_secs(20);

/// A message on its way.
#[derive(Clone, Debug)]
pub struct Message {
    /// Its id: the same at each attempt, so that the service recognizes it.
    pub id: Uuid,
    /// When it was written.
    pub written_at: Timestamp,
    /// The address at which the person is reached on this channel.
    pub recipient: String,
    /// Its content.
    pub content: Content,
}

/// Reason for which a service did not accept a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It may be accepted later: not before `after`, if the service says so.
    Later {
        /// The reason.
        why: String,
        /// How long the service asks us to wait.
        after: Option<Duration>,
    },
    /// It will never be accepted.
    Never(String),
    /// The recipient is gone, by their own wish or their device's: not a fault.
    Gone(String),
}

/// A way to reach people. Called outside any transaction.
pub trait Channel: Send + Sync {
    /// Its name in [`super::Key`].
    fn name(&self) -> &'static str;

    /// Hands a message over; gives what the service said.
    fn send<'a>(
        &'a self,
        message: &'a Message,
        now: Timestamp,
    ) -> BoxFuture<'a, Result<String, Refusal>>;

    /// Asks whether the service would accept a message now; gives its answer, or the next step. A service
    /// that can only be asked by sending counts as set up.
    fn answers(&self) -> BoxFuture<'_, Result<String, String>> {
        Box::pin(async { Ok("is set up".to_owned()) })
    }
}

/// How long one attempt may take: less than the lease, so that no other process sends the same message
/// meanwhile.
pub(super) fn patience(lease: Duration) -> Duration {
    PATIENCE.min(lease * 2 / 3)
}

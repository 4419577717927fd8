use std::time::Duration;

use futures_util::future::BoxFuture;
use kernel::Timestamp;
use uuid::Uuid;

use super::{Content, rules};

/// The channel of email.
pub const EMAIL: &str = "email";

/// The maximum time for sending a message, so that an unresponsive service delays few others.
pub(super) const PATIENCE: Duration = Duration::from_secs(20);

/// A message to send.
#[derive(Clone, Debug)]
pub struct Message {
    /// Its id, which is the same at each attempt so that the service can recognize duplicates.
    pub id: Uuid,
    pub written_at: Timestamp,
    /// Its recipient's ID; nil if it is to someone without an account.
    pub person: Uuid,
    /// Its kind, such as `role_changed`.
    pub kind: String,
    /// The person's address on this channel.
    pub recipient: String,
    pub content: Content,
}

/// The reason why a service did not accept a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It may be accepted later, not before `after` if the service says so.
    Later {
        why: String,
        /// How long the service asks us to wait.
        after: Option<Duration>,
    },
    /// It will never be accepted.
    Never(String),
    /// The message is given up: its recipient no longer exists or never did, a service of their own refuses it, or it was switched off.
    /// Not an error.
    Gone(String),
}

/// A channel for messages to people. Called outside any transaction.
pub trait Channel: Send + Sync {
    /// Its name in [`super::Key`].
    fn name(&self) -> &'static str;

    /// Sends a message. Returns the response of the service.
    fn send<'a>(
        &'a self,
        message: &'a Message,
        now: Timestamp,
    ) -> BoxFuture<'a, Result<String, Refusal>>;

    /// Returns the wait after the n-th failed attempt to send a message, if the service asks for `asked`.
    fn wait(&self, _message: Uuid, attempts: i64, asked: Option<Duration>) -> Duration {
        rules::wait(attempts, asked)
    }

    /// Returns whether recipients name the service themselves, such as a receiver of webhooks: operators cannot fix
    /// what it refuses, so its messages are given up instead of becoming dead letters.
    fn is_named_by_recipients(&self) -> bool {
        false
    }

    /// Checks whether the service would accept a message now. Returns its response, or the next step. A service
    /// that can only be checked by sending counts as configured.
    fn answers(&self) -> BoxFuture<'_, Result<String, String>> {
        Box::pin(async { Ok("Set up".to_owned()) })
    }
}

/// Returns how long one attempt may take: less than the lease, so that no other process sends the same message
/// meanwhile.
pub(super) fn patience(lease: Duration) -> Duration {
    PATIENCE.min(lease * 2 / 3)
}

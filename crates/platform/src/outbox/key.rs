use uuid::Uuid;

use crate::jobs::Queue;

pub const OUTBOX: Queue = Queue { table: "outbox_messages" };

/// The topic that wakes the worker when a message was enqueued.
pub const TOPIC: &str = "outbox";

/// The unique key of a message: a message with a known key is not sent again.
#[derive(Clone, Copy, Debug)]
pub struct Key<'a> {
    /// The recipient's account, or nil for messages of the server itself.
    pub person: Uuid,
    /// The kind of message, such as `role_changed`.
    pub kind: &'a str,
    /// The object it is about.
    pub object: Uuid,
    /// The occasion, such as the week, the deadline or the session.
    pub occurrence: &'a str,
    /// The name of its channel, such as [`super::EMAIL`].
    pub channel: &'static str,
}

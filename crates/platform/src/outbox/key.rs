use uuid::Uuid;

use crate::jobs::Queue;

/// The outbox as a queue.
pub const OUTBOX: Queue = Queue {
    table: "outbox_messages",
};

/// The topic that is raised when a message was enqueued.
pub const TOPIC: &str = "outbox";

/// Identifies a message: one is sent for each.
#[derive(Clone, Copy, Debug)]
pub struct Key<'a> {
    /// The person it is for; nil is the server itself.
    pub person: Uuid,
    /// The kind of message: `role_changed`.
    pub kind: &'a str,
    /// The object it is about.
    pub object: Uuid,
    /// The occasion: the week, the deadline, the session.
    pub occurrence: &'a str,
    /// The name of its channel: [`super::EMAIL`].
    pub channel: &'static str,
}

//! Messages to people outside the house: enqueued on the caller's transaction, sent by a worker, each
//! once as far as its channel can know (docs/adr/0014). Owns `outbox_messages`.

mod channel;
mod enqueue;
mod letter;
mod own;
mod post;
mod resend;
mod rules;
mod smtp;
mod tables;
mod work;

pub use channel::{Channel, Channels, EMAIL, Message, Refusal};
pub use enqueue::{Key, OUTBOX, TOPIC, enqueue, forget_sent, sent_since};
pub use letter::{Content, Frame, Letter, LetterError, Sample, write};
pub use own::{erase, export};
pub use post::Post;
pub use resend::Resend;
pub use smtp::{Smtp, is_mailbox, is_sender, is_server};
pub(crate) use tables::migration;
pub use work::worker;

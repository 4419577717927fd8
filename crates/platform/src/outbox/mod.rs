//! Messages to people: enqueued in the caller's transaction, sent by a worker, each once as far as its channel
//! can guarantee (docs/adr/0014). Owns `outbox_messages` and `stranger_emails`; its channel [`push`] owns `push_keys` and
//! `push_subscriptions`, its channel [`webhook`] owns `webhook_endpoints` and `webhook_attempts`.

mod channel;
mod channels;
mod demo_mailbox;
mod email;
#[cfg(test)]
mod fuzz;
mod key;
mod mail_server;
mod own;
mod post;
pub mod push;
mod resend;
mod rules;
pub mod search;
mod slack;
mod smtp;
mod spending;
mod store;
mod strangers;
mod tables;
mod telnyx;
mod template;
mod trial;
pub mod webhook;
pub(crate) mod work;

pub use crate::config::contact::{is_mailbox, is_phone};
pub use channel::{Channel, EMAIL, Message, Refusal};
pub use channels::Channels;
pub use demo_mailbox::DemoMailbox;
pub use email::{Email, Frame, Item, Link};
pub use key::{Key, OUTBOX, TOPIC};
pub use mail_server::MailServer;
pub use own::{erase, export};
pub use post::Post;
pub use push::PUSH;
pub use resend::Resend;
pub use slack::{SLACK, Slack};
pub use smtp::Smtp;
pub(crate) use spending::SPENDING;
pub use store::{
    CountedKinds, WaitingChannel, cancel, enqueue, forget_about, forget_sent, forget_to,
    forget_waiting, sent_since, texted_since, texts_since, waiting_since,
};
pub use strangers::{BY_SENDER, TO_ADDRESS, count_email_to, may_write_to};
pub use telnyx::{SMS, Telnyx};
pub use template::{Content, EmailTemplate, Sample, TemplateError, write};
pub use trial::{TRIAL_LASTS, samples, send_now, try_mail, try_own_mail};
pub use webhook::WEBHOOK;

type Handed<'a> = futures_util::future::BoxFuture<'a, Result<String, Refusal>>;

/// Returns the workers that send messages.
pub(crate) fn workers(
    channels: &std::sync::Arc<Channels>,
    settings: crate::jobs::Settings,
) -> Vec<crate::jobs::Worker> {
    let channels = || std::sync::Arc::clone(channels);
    vec![work::worker(channels(), settings), webhook::worker(channels(), settings)]
}

/// Returns the migrations of the outbox, in order.
pub(crate) fn migrations() -> Vec<Box<dyn crate::db::Migration>> {
    vec![
        tables::migration(),
        push::migration(),
        tables::later_migration(),
        strangers::migration(),
        tables::given_up_migration(),
        tables::recent_texts_migration(),
    ]
}

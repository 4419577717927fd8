//! A mailbox that receives a test's emails.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
};

use futures_util::future::BoxFuture;
use kernel::Timestamp;
use platform::outbox::{Channel, Channels, EMAIL, Message, Refusal, SMS};

use super::{TestApp, logs};

/// Accepts emails, and refuses those that a test wants refused.
#[derive(Clone, Default)]
pub(crate) struct Mailbox(Arc<Mutex<Inner>>);

#[derive(Default)]
struct Inner {
    refusals: VecDeque<Refusal>,
    taken: Vec<Message>,
}

impl Mailbox {
    /// Returns channels that deliver email here and drop text messages, and no others.
    pub(crate) fn channels(&self) -> Arc<Channels> {
        Arc::new(Channels::new(vec![Box::new(self.clone()), Box::new(Dropped)]))
    }

    /// Refuses the next emails with these errors, in order.
    pub(crate) fn refuse(&self, refusals: impl IntoIterator<Item = Refusal>) {
        self.0.lock().expect("the mailbox").refusals.extend(refusals);
    }

    /// Returns the accepted emails.
    pub(crate) fn taken(&self) -> Vec<Message> {
        self.0.lock().expect("the mailbox").taken.clone()
    }

    /// Returns the recipient and subject of each email.
    pub(crate) fn subjects(&self) -> Vec<String> {
        let line = |email: &Message| format!("{}: {}", email.recipient, email.content.subject);
        self.taken().iter().map(line).collect()
    }

    /// Returns the first link that begins with `beginning` in the last email that has one.
    pub(crate) fn link(&self, beginning: &str) -> String {
        let taken = self.taken();
        let in_text = |email: &Message| {
            let mut words = email.content.text.split_whitespace();
            words.find(|word| word.starts_with(beginning)).map(str::to_owned)
        };
        let link = taken.iter().rev().find_map(in_text).expect("an address");
        let secret = link.rsplit(['/', '=']).next();
        logs::plant(secret.unwrap_or_default());
        link
    }
}

impl Channel for Mailbox {
    fn name(&self) -> &'static str {
        EMAIL
    }

    fn send<'a>(
        &'a self,
        email: &'a Message,
        _: Timestamp,
    ) -> BoxFuture<'a, Result<String, Refusal>> {
        let mut inner = self.0.lock().expect("the mailbox");
        let sent = match inner.refusals.pop_front() {
            Some(refusal) => Err(refusal),
            None => {
                inner.taken.push(email.clone());
                Ok("taken".to_owned())
            }
        };
        Box::pin(std::future::ready(sent))
    }
}

/// Accepts text messages, and drops them.
struct Dropped;

impl Channel for Dropped {
    fn name(&self) -> &'static str {
        SMS
    }

    fn send<'a>(&'a self, _: &'a Message, _: Timestamp) -> BoxFuture<'a, Result<String, Refusal>> {
        Box::pin(std::future::ready(Ok("dropped".to_owned())))
    }
}

impl TestApp {
    /// A server whose emails go to a mailbox of the test.
    pub(crate) async fn mailing() -> (Self, Mailbox) {
        let mailbox = Mailbox::default();
        (Self::posting(mailbox.channels(), |_| {}).await, mailbox)
    }

    /// Returns the path of a link in an email.
    pub(crate) fn path<'a>(&self, link: &'a str) -> &'a str {
        link.strip_prefix(&*self.server.post.site).expect("an address of this server")
    }
}

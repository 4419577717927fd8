use platform::{
    ActionError, Context, crypto,
    outbox::{Frame, Message, write},
};

use super::email::EMAIL_LINK_LASTS;
use crate::{
    emails::TestEmail,
    model::Viewer,
    reads,
    rules::{self, SecretKind},
    store::emails::{self, NewEmailRow},
};

/// An email with which an admin tries a mail server. It is sent at once, because the server is not in use yet.
pub struct TestMessage {
    pub message: Message,
    /// The token of the link that verifies the address; `None` if the admin has verified it before.
    token: Option<String>,
}

impl TestMessage {
    /// Returns true if the email verifies its address.
    #[must_use]
    pub fn verifies(&self) -> bool {
        self.token.is_some()
    }
}

/// Writes an email to an address as typed, for the mail server of a configuration with this frame. Its link leads to the path `back`
/// once the address is verified.
///
/// # Errors
/// When the sign-in is not recent, or the address is invalid.
pub async fn write_test_email(
    context: &Context,
    viewer: &Viewer,
    frame: Frame<'_>,
    typed: &str,
    back: &str,
) -> Result<TestMessage, ActionError> {
    let recipient = rules::email_address(typed)?;
    let now = context.now();
    rules::freshly(reads::signed_in_at(&context.db, viewer).await?, now)?;
    let own = reads::verified_email(&context.db, viewer.user_id).await?;
    let is_own = own.is_some_and(|own| own.eq_ignore_ascii_case(&recipient));
    let token = if is_own { None } else { Some(SecretKind::Email.make(crypto::random()?)) };
    let verify = format!("{}/settings/email/verify", frame.site);
    let link = |token: &String| format!("{verify}?token={token}&return={back}");
    let email = TestEmail { login: viewer.login.clone(), link: token.as_ref().map(link) };
    let message = Message {
        id: context.ids.next(),
        written_at: now,
        person: viewer.user_id.0,
        kind: "test_email".to_owned(),
        recipient,
        content: write(&email, frame)?,
    };
    Ok(TestMessage { message, token })
}

/// Notes an email that was sent, so that its link works in the same session. An earlier address that was never verified is deleted.
///
/// # Errors
/// When the database fails.
pub async fn note_test_email(
    context: &Context,
    viewer: &Viewer,
    sent: &TestMessage,
) -> Result<(), ActionError> {
    let Some(token) = &sent.token else {
        return Ok(());
    };
    let (person, now) = (viewer.user_id, context.now());
    let tx = context.begin().await?;
    // Keeps a request for another link from adding a second address.
    tx.lock_rows("users", [person.0]).await?;
    emails::remove_unverified(&tx, person).await?;
    let new = NewEmailRow {
        id: context.ids.next(),
        user_id: person,
        address: &sent.message.recipient,
        token_hash: rules::hash(token),
        session_id: viewer.by.id(),
        now,
        expires_at: now + EMAIL_LINK_LASTS,
    };
    emails::insert(&tx, new).await?;
    Ok(tx.commit().await?)
}

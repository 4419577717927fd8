use platform::{
    ActionError, Context, crypto,
    db::{DbError, Tx},
};

use super::{
    close::{self, AccountState},
    know_accounts,
};
use crate::{
    model::{AccountKind, Authority, Device, GithubAccount, NEW_DEVICE_CAME, UserId},
    rules::{self, SESSION_LASTS, SecretKind},
    store::{
        bans,
        identities::{self, GITHUB},
        people,
        sessions::{self, NewSession},
    },
};

/// The session of a person who signed in.
#[derive(Clone, Debug)]
pub struct Welcome {
    pub user_id: UserId,
    /// The token that the browser keeps; stored nowhere else.
    pub token: String,
    /// True if the person is banned, so that they can only see why and contest it.
    pub is_banned: bool,
    /// True at the person's first sign-in, which created the account or claimed one that deliveries had created.
    pub is_first: bool,
}

/// Signs in with a GitHub account: claims the account that deliveries created for the same GitHub ID,
/// updates its login, and starts a session. The browser's previous session (`former`, its token) ends.
///
/// # Errors
/// When the person is erased here, or banned with a closed account.
pub async fn sign_in(
    context: &Context,
    account: GithubAccount,
    device: &Device,
    former: Option<&str>,
) -> Result<Welcome, ActionError> {
    let mut tx = context.begin().await?;
    let (kind, login) = (account.kind, account.login.clone());
    let subject = account.github_id.to_string();
    let known = know_accounts(&tx, context, Authority::Github, [account]).await?;
    let Some(known) = known.values().next() else {
        return Err(DbError(sea_orm::DbErr::RecordNotFound("the account".into())).into());
    };
    let identity = identities::find(&tx, GITHUB, &subject).await?;
    rules::is_sign_in_method(identity.and_then(|found| found.unlinked_at))?;
    let welcome = enter(&mut tx, context, known.user_id, kind, device, former).await?;
    identities::note(&tx, known.identity_id.0, Some(&login), context.now()).await?;
    tx.commit().await?;
    Ok(welcome)
}

/// Signs in a person who proved that the account is theirs, in the caller's transaction: claims the
/// account, ends the browser's previous session and starts a new one. A banned person signs in to contest the ban: each
/// request with the session checks it. A closed account is not restored while its person is banned.
pub(super) async fn enter(
    tx: &mut Tx,
    context: &Context,
    user_id: UserId,
    kind: AccountKind,
    device: &Device,
    former: Option<&str>,
) -> Result<Welcome, ActionError> {
    let now = context.now();
    let ban = bans::held(tx, user_id.0, now).await?;
    let state = close::account_state(tx, user_id, now).await?;
    let refused = ban.as_ref().filter(|_| state == AccountState::Closed);
    rules::may_sign_in(kind, refused, state == AccountState::Gone)?;
    if state == AccountState::Closed {
        close::reopen(tx, context, user_id).await?;
    }
    let is_first = people::claim(tx, user_id, now).await?;
    if let Some(former) = former {
        sessions::end(tx, rules::hash(former), now).await?;
    }
    let known_devices = sessions::devices(tx, user_id).await?;
    let token = SecretKind::Session.make(crypto::random()?);
    let id = context.ids.next();
    let new = NewSession {
        id,
        user_id,
        token_hash: rules::hash(&token),
        now,
        expires_at: now + SESSION_LASTS,
        user_agent: device.user_agent.as_deref(),
        address_prefix: device.address_prefix.as_deref(),
        is_program: false,
    };
    sessions::insert(tx, new).await?;
    if rules::is_new_device(&known_devices, device.user_agent.as_deref()) {
        let ids = context.ids.as_ref();
        tx.wake(NEW_DEVICE_CAME, [id], ids, now).await?;
    }
    Ok(Welcome { user_id, token, is_banned: ban.is_some(), is_first })
}

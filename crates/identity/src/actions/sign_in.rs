use crate::model::UserId;
use kernel::Timestamp;
use platform::{
    ActionError, Context, crypto,
    db::{DbError, Sql, Tx},
};

use super::{
    SESSION_LASTS,
    close::{self, AccountState},
    know_accounts,
};
use crate::{
    model::NEW_DEVICE_CAME,
    model::{AccountKind, Device, GithubAccount},
    rules,
    store::{
        bans,
        identities::{self, GITHUB},
        sessions::{self, New},
    },
};

/// What stands before a session's token, so that a found one is known for what it is.
const PREFIX: &str = "guildhall_session_";

/// A person who is signed in now.
#[derive(Clone, Debug)]
pub struct Welcome {
    /// Who.
    pub user_id: UserId,
    /// What the browser shows from now on; stored nowhere but there.
    pub token: String,
}

/// Signs in whoever GitHub says is there: claims the account that deliveries made for the same
/// GitHub id, follows its login, and begins a session with a token of its own. A session that the
/// browser had before (`former`, its token) ends.
///
/// # Errors
/// When the person was deleted or is banned here, or the database fails.
pub async fn sign_in(
    context: &Context,
    account: GithubAccount,
    device: &Device,
    former: Option<&str>,
) -> Result<Welcome, ActionError> {
    let mut tx = context.begin().await?;
    let (kind, login) = (account.kind, account.login.clone());
    let subject = account.github_id.to_string();
    let known = know_accounts(&tx, context, [account]).await?;
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

/// Lets somebody in who showed who they are, on the caller's transaction: the account is theirs from now on,
/// the session that the browser had before ends, and one with a token of its own begins.
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
    let standing = close::standing(tx, context, user_id).await?;
    rules::may_sign_in(kind, ban.as_ref(), standing == AccountState::Gone)?;
    if standing == AccountState::Closed {
        close::bring_back(tx, context, user_id).await?;
    }
    claim(tx, user_id, now).await?;
    if let Some(former) = former {
        sessions::end(tx, rules::hash(former), now).await?;
    }
    let known_devices = sessions::devices(tx, user_id).await?;
    let token = format!("{PREFIX}{}", crypto::token()?);
    let id = context.ids.next();
    let new = New {
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
    Ok(Welcome { user_id, token })
}

/// From the first sign-in on the account is the person's own.
async fn claim(tx: &Tx, id: UserId, now: Timestamp) -> Result<(), DbError> {
    let sql =
        "UPDATE users SET claimed_at = $1, updated_at = $1 WHERE id = $2 AND claimed_at IS NULL";
    tx.run(tx.statement(sql, [now.into(), id.into()])).await?;
    Ok(())
}

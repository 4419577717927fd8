//! What identity raised: who has to be told of it.

use chrono::TimeDelta;
use identity::{
    model::{
        IDENTITY_CHANGED as WAY_CHANGED, NEW_DEVICE_CAME, REFRESH_REUSED, ROLE_GRANTED,
        SignInMethods, TOKEN_CREATED,
    },
    rules::device_name,
};
use platform::{
    ActionError, Context, audit,
    db::Tx,
    jobs::{self, Progress},
    outbox::Post,
};
use uuid::Uuid;

use super::notify;
use crate::{
    emails::{IdentityChanged, NewDevice, RoleChanged, SignInCopied, TokenMade},
    model::{IDENTITY_CHANGED, NEW_DEVICE, Notice, ROLE_CHANGED, SIGN_IN_COPIED, TOKEN_MADE},
};

/// How far back acts are looked at: told ones are known, so that only a long standstill must fit in.
const LOOKED_BACK: TimeDelta = TimeDelta::days(7);

/// Tells people of devices that signed in as them for the first time.
///
/// # Errors
/// When a letter cannot be written or the database fails.
pub async fn notify_devices(context: &Context, post: &Post) -> Result<Progress, ActionError> {
    let Some((mut tx, claimed)) = jobs::claimed(context, NEW_DEVICE_CAME).await? else {
        return Ok(Progress::Idle);
    };
    for wake_up in &claimed {
        notify_device(&mut tx, context, post, wake_up.object_id).await?;
    }
    Ok(jobs::worked(tx, &claimed).await?)
}

async fn notify_device(
    tx: &mut Tx,
    context: &Context,
    post: &Post,
    session: Uuid,
) -> Result<(), ActionError> {
    let Some((person, session)) = identity::reads::session(tx, session).await? else {
        return Ok(());
    };
    let email = NewDevice {
        device: device_name(session.user_agent.as_deref().unwrap_or("An unnamed device")),
        network: session.address_prefix,
        at: session.created_at,
    };
    let notice = Notice {
        kind: &NEW_DEVICE,
        user_id: person,
        object_id: session.id,
        occurrence: "",
        link: "/settings/sessions".to_owned(),
        email: &email,
    };
    notify(tx, context, post, &notice).await?;
    Ok(())
}

/// Tells people of tokens that were made for them.
///
/// # Errors
/// When a letter cannot be written or the database fails.
pub async fn notify_tokens(context: &Context, post: &Post) -> Result<Progress, ActionError> {
    let Some((mut tx, claimed)) = jobs::claimed(context, TOKEN_CREATED).await? else {
        return Ok(Progress::Idle);
    };
    for wake_up in &claimed {
        notify_token(&mut tx, context, post, wake_up.object_id).await?;
    }
    Ok(jobs::worked(tx, &claimed).await?)
}

async fn notify_token(
    tx: &mut Tx,
    context: &Context,
    post: &Post,
    token: Uuid,
) -> Result<(), ActionError> {
    let Some((person, token)) = identity::reads::token(tx, token).await? else {
        return Ok(());
    };
    let email = TokenMade {
        name: token.name,
        scopes: token.scopes.replace(' ', ", "),
        expires_at: token.expires_at,
    };
    let notice = Notice {
        kind: &TOKEN_MADE,
        user_id: person,
        object_id: token.id,
        occurrence: "",
        link: "/settings/tokens".to_owned(),
        email: &email,
    };
    notify(tx, context, post, &notice).await?;
    Ok(())
}

/// Tells people of programs' sign-ins that were ended because two used them.
///
/// # Errors
/// When a letter cannot be written or the database fails.
pub async fn notify_copied_sign_ins(
    context: &Context,
    post: &Post,
) -> Result<Progress, ActionError> {
    let Some((mut tx, claimed)) = jobs::claimed(context, REFRESH_REUSED).await? else {
        return Ok(Progress::Idle);
    };
    for wake_up in &claimed {
        notify_copied_sign_in(&mut tx, context, post, wake_up.object_id).await?;
    }
    Ok(jobs::worked(tx, &claimed).await?)
}

async fn notify_copied_sign_in(
    tx: &mut Tx,
    context: &Context,
    post: &Post,
    family: Uuid,
) -> Result<(), ActionError> {
    let Some((person, family)) = identity::reads::session(tx, family).await? else {
        return Ok(());
    };
    let email = SignInCopied {
        device: device_name(family.user_agent.as_deref().unwrap_or("an unnamed device")),
        at: family.created_at,
    };
    let notice = Notice {
        kind: &SIGN_IN_COPIED,
        user_id: person,
        object_id: family.id,
        occurrence: "",
        link: "/settings/sessions".to_owned(),
        email: &email,
    };
    notify(tx, context, post, &notice).await?;
    Ok(())
}

/// Tells people whose role was changed, act by act.
///
/// # Errors
/// When a letter cannot be written or the database fails.
pub async fn notify_roles(context: &Context, post: &Post) -> Result<Progress, ActionError> {
    let Some((mut tx, claimed)) = jobs::claimed(context, ROLE_GRANTED).await? else {
        return Ok(Progress::Idle);
    };
    for wake_up in &claimed {
        notify_role(&mut tx, context, post, wake_up.object_id).await?;
    }
    Ok(jobs::worked(tx, &claimed).await?)
}

async fn notify_role(
    tx: &mut Tx,
    context: &Context,
    post: &Post,
    person: Uuid,
) -> Result<(), ActionError> {
    let since = context.now() - LOOKED_BACK;
    for act in audit::acts(tx, "user.grant", person, since).await? {
        let role = |json: Option<String>| {
            let json: serde_json::Value = serde_json::from_str(&json?).ok()?;
            json["role"].as_str().map(str::to_owned)
        };
        let (Some(before), Some(after)) = (role(act.before), role(act.after)) else {
            continue;
        };
        if before == after {
            continue;
        }
        let notice = Notice {
            kind: &ROLE_CHANGED,
            user_id: person.into(),
            object_id: person,
            occurrence: &act.id.to_string(),
            link: "/".to_owned(),
            email: &RoleChanged { before, after },
        };
        notify(tx, context, post, &notice).await?;
    }
    Ok(())
}

/// Tells people of ways in that were added or removed, act by act.
///
/// # Errors
/// When a letter cannot be written or the database fails.
pub async fn notify_identities(context: &Context, post: &Post) -> Result<Progress, ActionError> {
    let Some((mut tx, claimed)) = jobs::claimed(context, WAY_CHANGED).await? else {
        return Ok(Progress::Idle);
    };
    for wake_up in &claimed {
        for (action, is_linked) in [("user.link", true), ("user.unlink", false)] {
            notify_sign_in_methods(&mut tx, context, post, wake_up.object_id, action, is_linked)
                .await?;
        }
    }
    Ok(jobs::worked(tx, &claimed).await?)
}

async fn notify_sign_in_methods(
    tx: &mut Tx,
    context: &Context,
    post: &Post,
    person: Uuid,
    action: &'static str,
    is_linked: bool,
) -> Result<(), ActionError> {
    let since = context.now() - LOOKED_BACK;
    for act in audit::acts(tx, action, person, since).await? {
        let after: serde_json::Value =
            serde_json::from_str(&act.after.unwrap_or_default()).unwrap_or_default();
        let Some(provider) = after["provider"].as_str() else {
            continue;
        };
        let provider = SignInMethods::default().name_of(provider).to_owned();
        let notice = Notice {
            kind: &IDENTITY_CHANGED,
            user_id: person.into(),
            object_id: person,
            occurrence: &act.id.to_string(),
            link: "/settings/identities".to_owned(),
            email: &IdentityChanged {
                is_linked,
                provider,
            },
        };
        notify(tx, context, post, &notice).await?;
    }
    Ok(())
}

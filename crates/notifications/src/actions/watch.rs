//! Notifications of changes in identity.

use chrono::TimeDelta;
use identity::{model::SignInMethods, rules::device_name};
use platform::{ActionError, Context, audit, db::Tx, outbox::Post};
use uuid::Uuid;

use super::notify;
use crate::{
    emails::{
        GithubDisconnected, IdentityChanged, NewDevice, RefreshTokenReused, RoleChanged,
        SecondFactorChanged, TokenCreated,
    },
    model::{
        GITHUB_DISCONNECTED, IDENTITY_CHANGED, NEW_DEVICE, Notice, REFRESH_TOKEN_REUSED,
        ROLE_CHANGED, SECOND_FACTOR_CHANGED, TOKEN_CREATED,
    },
};

/// How far back the audit log is read. Notifications are sent once, so this only has to cover the longest
/// outage.
const LOOKED_BACK: TimeDelta = TimeDelta::days(7);

/// Notifies a person of a sign-in from a new device.
///
/// # Errors
/// When the email cannot be rendered.
pub async fn notify_device(
    tx: &mut Tx,
    context: &Context,
    post: &Post,
    session: Uuid,
) -> Result<(), ActionError> {
    let Some((person, session)) = identity::reads::session(tx, session).await? else {
        return Ok(());
    };
    let email = NewDevice {
        device: device_name(session.user_agent.as_deref().unwrap_or("an unknown device")),
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

/// Notifies a person of a new token.
///
/// # Errors
/// When the email cannot be rendered.
pub async fn notify_token(
    tx: &mut Tx,
    context: &Context,
    post: &Post,
    token: Uuid,
) -> Result<(), ActionError> {
    let Some((person, token)) = identity::reads::token(tx, token).await? else {
        return Ok(());
    };
    let email = TokenCreated {
        name: token.name,
        scopes: token.scopes.replace(' ', ", "),
        expires_at: token.expires_at,
    };
    let notice = Notice {
        kind: &TOKEN_CREATED,
        user_id: person,
        object_id: token.id,
        occurrence: "",
        link: "/settings/tokens".to_owned(),
        email: &email,
    };
    notify(tx, context, post, &notice).await?;
    Ok(())
}

/// Notifies a person of an app's session that ended because a refresh token was used twice.
///
/// # Errors
/// When the email cannot be rendered.
pub async fn notify_copied_sign_in(
    tx: &mut Tx,
    context: &Context,
    post: &Post,
    family: Uuid,
) -> Result<(), ActionError> {
    let Some((person, family)) = identity::reads::session(tx, family).await? else {
        return Ok(());
    };
    let email = RefreshTokenReused {
        device: device_name(family.user_agent.as_deref().unwrap_or("an unknown device")),
        at: family.created_at,
    };
    let notice = Notice {
        kind: &REFRESH_TOKEN_REUSED,
        user_id: person,
        object_id: family.id,
        occurrence: "",
        link: "/settings/sessions".to_owned(),
        email: &email,
    };
    notify(tx, context, post, &notice).await?;
    Ok(())
}

/// Notifies a person of each change of their role.
///
/// # Errors
/// When the email cannot be rendered.
pub async fn notify_role(
    tx: &mut Tx,
    context: &Context,
    post: &Post,
    person: Uuid,
) -> Result<(), ActionError> {
    let since = context.now() - LOOKED_BACK;
    for act in audit::acts(tx, "user.grant", ("user", person), since).await? {
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

/// Notifies a person of each sign-in method that was added or removed.
///
/// # Errors
/// When the email cannot be rendered.
pub async fn notify_identities(
    tx: &mut Tx,
    context: &Context,
    post: &Post,
    person: Uuid,
) -> Result<(), ActionError> {
    let actions = [
        ("user.link", true),
        ("user.unlink", false),
        ("email.verify", true),
        ("email.remove", false),
    ];
    for (action, is_linked) in actions {
        notify_identity(tx, context, post, person, action, is_linked).await?;
    }
    Ok(())
}

/// Notifies a person of each change of their second factor.
///
/// # Errors
/// When the email cannot be rendered.
pub async fn notify_second_factor(
    tx: &mut Tx,
    context: &Context,
    post: &Post,
    person: Uuid,
) -> Result<(), ActionError> {
    let since = context.now() - LOOKED_BACK;
    for (action, happened) in [
        ("user.add_second_factor", "set up"),
        ("user.remove_second_factor", "removed"),
        ("user.reset_second_factor", "reset by an admin"),
    ] {
        for act in audit::acts(tx, action, ("user", person), since).await? {
            let notice = Notice {
                kind: &SECOND_FACTOR_CHANGED,
                user_id: person.into(),
                object_id: person,
                occurrence: &act.id.to_string(),
                link: "/settings/second-factor".to_owned(),
                email: &SecondFactorChanged { happened },
            };
            notify(tx, context, post, &notice).await?;
        }
    }
    Ok(())
}

/// Notifies a person of a token that GitHub no longer accepts, unless they connected GitHub again.
///
/// # Errors
/// When the email cannot be rendered.
pub async fn notify_github_revoked(
    tx: &mut Tx,
    context: &Context,
    post: &Post,
    token: Uuid,
) -> Result<(), ActionError> {
    let Some((person, connection)) = identity::reads::connection_of_token(tx, token).await? else {
        return Ok(());
    };
    let notice = Notice {
        kind: &GITHUB_DISCONNECTED,
        user_id: person,
        object_id: token,
        occurrence: "",
        link: "/settings/identities".to_owned(),
        email: &GithubDisconnected { login: connection.login },
    };
    notify(tx, context, post, &notice).await?;
    Ok(())
}

/// Returns the email about a linked or unlinked sign-in method, and the path of its settings.
fn changed(
    action: &str,
    after: Option<&str>,
    is_linked: bool,
) -> Option<(IdentityChanged, &'static str)> {
    if action.starts_with("email.") {
        let (method, means) = ("Email".to_owned(), "a link that is sent to your email address");
        let email = IdentityChanged { is_linked, method, means: Some(means.to_owned()) };
        return Some((email, "/settings/email"));
    }
    let after: serde_json::Value = serde_json::from_str(after?).ok()?;
    let method = SignInMethods::default().name_of(after["provider"].as_str()?).to_owned();
    let signs_in = after["signs_in"].as_bool().unwrap_or(true);
    let means = signs_in.then(|| format!("your {method} account"));
    Some((IdentityChanged { is_linked, method, means }, "/settings/identities"))
}

async fn notify_identity(
    tx: &mut Tx,
    context: &Context,
    post: &Post,
    person: Uuid,
    action: &'static str,
    is_linked: bool,
) -> Result<(), ActionError> {
    let since = context.now() - LOOKED_BACK;
    for act in audit::acts(tx, action, ("user", person), since).await? {
        let Some((email, link)) = changed(action, act.after.as_deref(), is_linked) else {
            continue;
        };
        let notice = Notice {
            kind: &IDENTITY_CHANGED,
            user_id: person.into(),
            object_id: person,
            occurrence: &act.id.to_string(),
            link: link.to_owned(),
            email: &email,
        };
        notify(tx, context, post, &notice).await?;
    }
    Ok(())
}

use chrono::TimeDelta;
use platform::{ActionError, Context, db::DbError};

use crate::{
    model::{Credential, Viewer},
    rules::{self, SESSION_LASTS, Signer},
    store::{
        families,
        sessions::{self, PersonColumns},
        tokens,
    },
};

/// How often a session in use is updated, so that most requests only read.
const TOUCHED_EVERY: TimeDelta = TimeDelta::hours(1);

/// How often a token in use is updated.
const TOKEN_TOUCHED_EVERY: TimeDelta = TimeDelta::minutes(1);

/// The sender of a request.
#[derive(Clone, Debug)]
pub struct Recognized {
    pub viewer: Viewer,
    /// True when the session was prolonged, so that the browser must keep its cookie longer too.
    pub is_prolonged: bool,
}

impl From<Viewer> for Recognized {
    fn from(viewer: Viewer) -> Self {
        Self { viewer, is_prolonged: false }
    }
}

/// Looks up the person of a session token in one query, with their current role and ban. Prolongs a session
/// in use.
pub async fn recognize(context: &Context, token: &str) -> Result<Option<Recognized>, DbError> {
    let now = context.now();
    let Some(found) = sessions::find(&context.db, rules::hash(token), now).await? else {
        return Ok(None);
    };
    let is_due = now - found.last_seen_at >= TOUCHED_EVERY;
    let touch = async {
        let tx = context.begin().await?;
        sessions::touch(&tx, found.session_id, now, now + SESSION_LASTS).await?;
        tx.commit().await
    };
    let is_prolonged = is_due && is_touched(touch.await)?;
    Ok(Some(Recognized {
        viewer: viewer(Credential::Session(found.session_id), found.person),
        is_prolonged,
    }))
}

/// Looks up the person of a personal or access token in one query, with their current role and ban.
///
/// # Errors
/// When the token is unknown, revoked or expired.
pub async fn recognize_bearer(
    context: &Context,
    signer: &Signer,
    token: &str,
) -> Result<Viewer, ActionError> {
    if rules::is_token(token) {
        recognize_token(context, token).await
    } else {
        recognize_access(context, signer, token).await
    }
}

/// Looks up an access token, which is valid as long as its family is.
async fn recognize_access(
    context: &Context,
    signer: &Signer,
    token: &str,
) -> Result<Viewer, ActionError> {
    let now = context.now();
    let access = signer.read(token, now)?;
    let found = families::find(&context.db, access.family, now).await?;
    let found = found.filter(|found| found.person.user_id == access.user_id.0);
    let found = found.ok_or_else(rules::invalid_token)?;
    Ok(viewer(Credential::Access(found.session_id), found.person))
}

async fn recognize_token(context: &Context, token: &str) -> Result<Viewer, ActionError> {
    let now = context.now();
    let found = tokens::find(&context.db, rules::hash(token), now).await?;
    let found = found.ok_or_else(rules::invalid_token)?;
    if found.expires_at <= now {
        return Err(rules::expired_token().into());
    }
    if found.last_used_at.is_none_or(|last| now - last >= TOKEN_TOUCHED_EVERY) {
        let touch = async {
            let tx = context.begin().await?;
            tokens::touch(&tx, found.token_id, now).await?;
            tx.commit().await
        };
        is_touched(touch.await)?;
    }
    let by = Credential::Token { id: found.token_id, scopes: found.scopes };
    Ok(viewer(by, found.person))
}

/// Returns false if a credential could not be marked as used because the disk is full: its person can still read.
fn is_touched(touched: Result<(), DbError>) -> Result<bool, DbError> {
    match touched {
        Ok(()) => Ok(true),
        Err(error) if error.is_full() => Ok(false),
        Err(error) => Err(error),
    }
}

fn viewer(by: Credential, person: PersonColumns) -> Viewer {
    let granted = person.role;
    let factor = rules::factor(person.factor_at.is_some(), person.factor_proven_at.is_some());
    Viewer {
        by,
        user_id: person.user_id.into(),
        who: rules::shown_person(
            &person.login,
            person.name.as_deref(),
            person.picture,
            person.is_minor,
        ),
        login: person.login,
        role: rules::counting_role(granted, factor),
        granted,
        factor,
        ban: person.ban.into(),
        theme: person.theme,
    }
}

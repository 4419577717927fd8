//! Setting up, proving and removing second factors.

use kernel::{Problem, ProblemKind, Timestamp};
use platform::{
    ActionError, Context,
    audit::{self, Actor},
    crypto,
    db::{DbError, Tx},
};
use secrecy::SecretString;

use super::{acts::on_person, github_token::ring, lock_people};
use crate::{
    model::{Person, SECOND_FACTOR_CHANGED, UserId, Viewer},
    reads,
    rules::{self, MAX_WRONG, RECOVERY_CODES, TypedCode, WRONG_COUNTS},
    store::second_factors::{self as factors, FactorRow, LOCK},
};

/// Creates a secret for the viewer's second factor, in place of one that was not confirmed, and returns it. The factor counts once
/// [`confirm_second_factor`] gets a code of it.
///
/// # Errors
/// When the sign-in is not recent, or they have a second factor.
pub async fn begin_second_factor(
    context: &Context,
    viewer: &Viewer,
) -> Result<[u8; 20], ActionError> {
    let (person, now) = (viewer.user_id, context.now());
    let tx = context.begin().await?;
    tx.serialize(LOCK).await?;
    lock_people(&tx, [person]).await?;
    rules::freshly(reads::signed_in_at(&tx, viewer).await?, now)?;
    if factors::of_person(&tx, person, true).await?.is_some() {
        return Err(exists().into());
    }
    // RFC 4226 recommends 160 bits.
    let secret: [u8; 20] = crypto::random()?;
    let sealed = ring(context)?.seal(&secret)?;
    factors::replace(&tx, context.ids.next(), person, sealed, now).await?;
    tx.commit().await?;
    Ok(secret)
}

/// Returns the secret of the viewer's second factor that waits for its first code; `None` if there is none, or the sign-in is
/// not recent.
pub async fn unconfirmed_secret(
    context: &Context,
    viewer: &Viewer,
    signed_in_at: Option<Timestamp>,
) -> Result<Option<Vec<u8>>, DbError> {
    if rules::freshly(signed_in_at, context.now()).is_err() {
        return Ok(None);
    }
    let found = factors::of_person(&context.db, viewer.user_id, false).await?;
    found.map_or(Ok(None), |factor| open(context, &factor))
}

/// Sets up the viewer's second factor with its first code, which proves it in this session; returns the recovery codes, which
/// are stored nowhere else. The person is notified.
///
/// # Errors
/// When the sign-in is not recent, [`begin_second_factor`] was not called, or the code is wrong.
pub async fn confirm_second_factor(
    context: &Context,
    viewer: &Viewer,
    code: &str,
) -> Result<Vec<SecretString>, ActionError> {
    let (mut tx, factor) = changing(context, viewer, code, false).await?;
    let now = context.now();
    factors::confirm(&tx, factor.id, now).await?;
    factors::prove(&tx, viewer.by.id(), now).await?;
    let codes = renew(&tx, context, viewer.user_id).await?;
    let (actor, person) = (viewer.actor(), viewer.user_id);
    record(&mut tx, context, actor, "user.add_second_factor", person).await?;
    tx.commit().await?;
    Ok(codes)
}

/// Proves the viewer's second factor for their session, and for the apps and tokens that begin from it.
///
/// # Errors
/// When they have none, the code is wrong, or too many were.
pub async fn prove_second_factor(
    context: &Context,
    viewer: &Viewer,
    code: &str,
) -> Result<(), ActionError> {
    let (tx, _) = with_code(context, viewer, code, true).await?;
    factors::prove(&tx, viewer.by.id(), context.now()).await?;
    Ok(tx.commit().await?)
}

/// Replaces the viewer's recovery codes; returns the new ones, which are stored nowhere else.
///
/// # Errors
/// When the sign-in is not recent, they have no second factor, the code is wrong, or too many were.
pub async fn renew_recovery_codes(
    context: &Context,
    viewer: &Viewer,
    code: &str,
) -> Result<Vec<SecretString>, ActionError> {
    let (tx, _) = changing(context, viewer, code, true).await?;
    let codes = renew(&tx, context, viewer.user_id).await?;
    let act = on_person(viewer.actor(), "user.renew_recovery_codes", viewer.user_id);
    audit::record(&tx, context, act).await?;
    tx.commit().await?;
    Ok(codes)
}

/// Removes the viewer's second factor. The person is notified.
///
/// # Errors
/// When the sign-in is not recent, they have no second factor, the code is wrong, or too many were.
pub async fn remove_second_factor(
    context: &Context,
    viewer: &Viewer,
    code: &str,
) -> Result<(), ActionError> {
    let (mut tx, _) = changing(context, viewer, code, true).await?;
    factors::remove(&tx, viewer.user_id).await?;
    let (actor, person) = (viewer.actor(), viewer.user_id);
    record(&mut tx, context, actor, "user.remove_second_factor", person).await?;
    Ok(tx.commit().await?)
}

/// Removes the second factor of a person who lost it, and forgets the wrong codes of whoever tried to guess it. They are
/// notified.
///
/// # Errors
/// When no one has the login, the person has no second factor, or is the actor.
pub async fn reset_second_factor(
    context: &Context,
    actor: Actor,
    login: &str,
) -> Result<Person, ActionError> {
    let mut tx = context.begin().await?;
    let person = reads::find_named(&tx, login).await?;
    if actor == Actor::Person(person.id) {
        return Err(own().into());
    }
    lock_people(&tx, [person.id.into()]).await?;
    if !factors::remove(&tx, person.id.into()).await? {
        return Err(none(&format!("{} has no second factor.", person.login)).into());
    }
    record(&mut tx, context, actor, "user.reset_second_factor", person.id.into()).await?;
    tx.commit().await?;
    Ok(person)
}

/// Deletes wrong codes that no longer count; returns their number.
pub async fn forget_wrong_codes(context: &Context) -> Result<u64, DbError> {
    let tx = context.begin().await?;
    let forgotten = factors::forget_wrong(&tx, context.now() - WRONG_COUNTS).await?;
    tx.commit().await?;
    Ok(forgotten)
}

/// Begins a change of a second factor, like [`with_code`], after a recent sign-in.
async fn changing(
    context: &Context,
    viewer: &Viewer,
    code: &str,
    is_confirmed: bool,
) -> Result<(Tx, FactorRow), ActionError> {
    rules::freshly(reads::signed_in_at(&context.db, viewer).await?, context.now())?;
    with_code(context, viewer, code, is_confirmed).await
}

/// Begins a transaction that locks the person, so that codes that arrive at once are counted one after the other, and uses up a
/// code of their second factor in it. A code that is wrong is counted and committed; but not before the first right one, since
/// the session knows the secret that it would guess.
async fn with_code(
    context: &Context,
    viewer: &Viewer,
    typed: &str,
    is_confirmed: bool,
) -> Result<(Tx, FactorRow), ActionError> {
    let (person, now) = (viewer.user_id, context.now());
    let tx = context.begin().await?;
    lock_people(&tx, [person]).await?;
    let found = factors::of_person(&tx, person, is_confirmed).await?;
    let factor = found.ok_or_else(|| none(waits_for_none(is_confirmed)))?;
    if is_confirmed {
        let since = now - WRONG_COUNTS;
        let wrong = factors::wrong_since(&tx, person, since, MAX_WRONG.into()).await?;
        rules::may_try_code(&wrong, now)?;
    }
    let code = rules::typed_code(typed).ok_or_else(|| rules::not_a_code(is_confirmed))?;
    let is_right = match code {
        TypedCode::Recovery(code) => {
            factors::use_code(&tx, person, rules::hash(&code), now).await?
        }
        TypedCode::Timed(code) => {
            let secret = open(context, &factor)?.ok_or_else(|| match is_confirmed {
                true => unreadable(&viewer.login),
                false => none(waits_for_none(false)),
            })?;
            let step = rules::accepted_step(&secret, &code, now, factor.last_step);
            if let Some(step) = step {
                factors::use_step(&tx, factor.id, step).await?;
            }
            step.is_some()
        }
    };
    if is_right {
        return Ok((tx, factor));
    }
    if is_confirmed {
        factors::note_wrong(&tx, context.ids.next(), person, now).await?;
        tx.commit().await?;
    }
    Err(rules::wrong_code(is_confirmed).into())
}

/// Decrypts a secret. One that cannot be decrypted is logged and counts as absent, so that recovery codes still work.
fn open(context: &Context, factor: &FactorRow) -> Result<Option<Vec<u8>>, DbError> {
    let opened = ring(context)?.open(&factor.totp_secret);
    let log =
        |error: &_| tracing::error!(%error, factor = %factor.id, "cannot decrypt a second factor");
    Ok(opened.inspect_err(log).ok())
}

/// Replaces a person's recovery codes by new ones.
async fn renew(
    tx: &Tx,
    context: &Context,
    person: UserId,
) -> Result<Vec<SecretString>, ActionError> {
    let mut codes = Vec::new();
    let mut stored = Vec::new();
    for _ in 0..RECOVERY_CODES {
        let code = rules::recovery_code(crypto::random()?);
        stored.push((context.ids.next(), rules::hash(&code.replace('-', ""))));
        codes.push(code.into());
    }
    factors::replace_codes(tx, person, stored, context.now()).await?;
    Ok(codes)
}

async fn record(
    tx: &mut Tx,
    context: &Context,
    actor: Actor,
    action: &'static str,
    person: UserId,
) -> Result<(), ActionError> {
    audit::record(tx, context, on_person(actor, action, person)).await?;
    let (ids, now) = (context.ids.as_ref(), context.now());
    Ok(tx.wake(SECOND_FACTOR_CHANGED, [person.0], ids, now).await?)
}

fn exists() -> Problem {
    let detail = "You already have a second factor. To change it, remove it first at /settings/second-factor.";
    Problem::new(ProblemKind::Conflict, "SECOND_FACTOR_EXISTS", detail)
}

fn none(detail: &str) -> Problem {
    Problem::new(ProblemKind::Conflict, "NO_SECOND_FACTOR", detail)
}

fn waits_for_none(is_confirmed: bool) -> &'static str {
    if is_confirmed {
        "You have no second factor. Set one up at /settings/second-factor."
    } else {
        "No second factor waits for its first code. Begin at /settings/second-factor."
    }
}

fn unreadable(login: &str) -> Problem {
    let detail = format!(
        "The server cannot decrypt your second factor, because it has other keys than before. Enter a recovery code, or ask \
         an admin to reset it. Operators reset it with `guildhall user reset-second-factor {login}`."
    );
    Problem::new(ProblemKind::Conflict, "SECOND_FACTOR_UNREADABLE", detail).at("code")
}

fn own() -> Problem {
    let detail = "You cannot reset your own second factor. Remove it at /settings/second-factor with a code, or ask another admin.";
    Problem::new(ProblemKind::Conflict, "CANNOT_RESET_OWN_FACTOR", detail)
}

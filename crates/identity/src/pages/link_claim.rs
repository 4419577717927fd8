//! An account at a provider that waits to be linked. Returning from a provider links nothing, because
//! another site can send a browser there: the person confirms on a page of this server.

use axum::{
    http::HeaderMap,
    response::{IntoResponse as _, Redirect, Response},
};
use kernel::{Problem, ProblemKind};
use platform::web::WebError;
use uuid::Uuid;

use super::flow::{SignIn, failed, set};
use crate::{
    gateway::{ATTEMPT_LASTS, Claim},
    model::{ProvenAccount, Viewer},
};

/// The page that lists linked accounts.
pub(super) const LIST: &str = "/settings/identities";

/// The cookie that holds an account until it is linked.
pub(super) const CLAIM: &str = "link";

/// Stores an account in the browser and asks the person to confirm it.
pub(super) fn ask(
    flow: &SignIn,
    shown: ProvenAccount,
    session: Uuid,
) -> Result<Response, WebError> {
    let claim = Claim::new(shown, session, flow.context.now());
    let sealed = claim.seal(flow.ring.keys().newest()).map_err(failed)?;
    let age = ATTEMPT_LASTS.to_std().unwrap_or_default();
    let cookie = flow.cookies.set(CLAIM, &sealed, age);
    Ok((set(cookie), Redirect::to("/settings/identities/link")).into_response())
}

/// Returns the account that is waiting to be linked in the viewer's session.
pub(super) fn claimed(
    flow: &SignIn,
    headers: &HeaderMap,
    viewer: &Viewer,
) -> Result<ProvenAccount, Problem> {
    let sealed = flow.cookies.read(headers, CLAIM).unwrap_or_default();
    let (session, now) = (viewer.by.id(), flow.context.now());
    let claim = flow.ring.find(|keys| {
        let mut keys = keys.all().iter();
        keys.find_map(|key| Claim::open(key, sealed, session, now))
    });
    let nothing = || {
        let detail = "No account is waiting to be linked in this session, or you took longer than ten minutes. Start again at /settings/identities.";
        Problem::new(ProblemKind::Conflict, "NOTHING_TO_LINK", detail)
    };
    claim.map(|claim| claim.shown).ok_or_else(nothing)
}

//! The account of a person on GitHub, which they prove by a text in its bio where no one can sign in with GitHub.

use std::sync::Arc;

use askama::Template;
use axum::{
    Extension,
    extract::State,
    response::{IntoResponse as _, Redirect, Response},
};
use identity::{
    access::{ProvenInPerson, SignedIn},
    actions::must_not_be_anothers,
    gateway::Provider,
    model::{SignInMethods, Viewer},
    rules::return_path,
};
use platform::{ActionError, Context};
use serde::Deserialize;
use ui::{
    Filled, Form, PageError, PageResult, QueryString,
    format::{self, segment, tame},
    redirect, show,
};

use crate::{
    actions::{BioProofs, Registrar},
    rules::bio::typed_login,
};

const PAGE: &str = "/settings/identities/github";

/// The username of an account on GitHub, as it is typed, and the path that the person continues to afterward.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct LoginInput {
    login: String,
    #[serde(rename = "return")]
    back: String,
}

impl LoginInput {
    /// Returns the path to continue to, if the person came with one.
    fn back(&self) -> Option<&str> {
        Some(self.back.as_str()).filter(|path| !path.is_empty()).map(|path| return_path(Some(path)))
    }
}

/// Returns the address of the page about an account, which may be empty, that continues to a path.
fn address(login: &str, back: Option<&str>) -> String {
    format::address(PAGE, [("login", login), ("return", back.unwrap_or_default())])
}

#[derive(Template)]
#[template(path = "own_github.html")]
struct AccountPage {
    /// The username of the account that is linked already.
    linked: Option<String>,
    is_fresh: bool,
    /// The chosen account; empty before one is chosen.
    login: String,
    /// The text for the bio of the chosen account.
    text: String,
    /// The page of GitHub on which the bio is changed.
    profile: String,
    /// The path to continue to, if the person came with one.
    back: Option<String>,
    /// The address of this page, percent-encoded.
    here: String,
    form: Form,
}

/// The makers of a page about a text in a bio, for one request.
#[derive(Clone, Copy)]
struct Proving<'a> {
    context: &'a Context,
    registrar: &'a Registrar,
    proofs: &'a BioProofs,
}

impl Proving<'_> {
    /// Renders the page about the account with a username, if GitHub allows it.
    async fn render(self, viewer: &Viewer, input: &LoginInput, form: Form) -> PageResult {
        let (db, now) = (&self.context.db, self.context.now());
        let own = identity::reads::identities(db, viewer.user_id).await?;
        let is_linked = |own: &identity::model::Identity| {
            own.provider == Provider::Github.as_str() && own.unlinked_at.is_none()
        };
        // What was refused is shown again, also to a person with another account.
        let linked = own.into_iter().filter(|_| form.fields().is_empty()).find(is_linked);
        let signed_in_at = identity::reads::signed_in_at(db, viewer).await?;
        let login = typed_login(&input.login).unwrap_or_default();
        show(&AccountPage {
            linked: linked.map(|own| tame(own.label.as_deref().unwrap_or("–"))),
            is_fresh: signed_in_at.is_some_and(|at| identity::rules::is_fresh(at, now)),
            text: self.proofs.text(viewer.user_id, &login, now),
            profile: self.registrar.profile_settings(),
            back: input.back().map(str::to_owned),
            here: segment(&address(&login, input.back())),
            login,
            form,
        })
    }
}

/// `GET /settings/identities/github`: leads to the other sign-in methods where people can sign in with GitHub, which proves more.
pub(super) async fn page(
    State(context): State<Context>,
    Extension(methods): Extension<Arc<SignInMethods>>,
    Extension(registrar): Extension<Arc<Registrar>>,
    Extension(proofs): Extension<Arc<BioProofs>>,
    SignedIn(viewer): SignedIn,
    QueryString(chosen): QueryString<LoginInput>,
) -> Result<Response, PageError> {
    if methods.has_github() {
        return Ok(Redirect::to("/settings/identities").into_response());
    }
    let proving = Proving { context: &context, registrar: &registrar, proofs: &proofs };
    let page = proving.render(&viewer, &chosen, Form::default()).await?;
    Ok(page.into_response())
}

/// `POST /settings/identities/github`: chooses the account, whose text is shown next.
pub(super) async fn choose(
    State(context): State<Context>,
    Extension(registrar): Extension<Arc<Registrar>>,
    Extension(proofs): Extension<Arc<BioProofs>>,
    SignedIn(viewer): SignedIn,
    Filled(input, form): Filled<LoginInput>,
) -> Result<Response, PageError> {
    match free_login(&context, &viewer, &input.login).await {
        Ok(login) => {
            let next = format!("{}#text", address(&login, input.back()));
            Ok(Redirect::to(&next).into_response())
        }
        Err(refused) => {
            let proving = Proving { context: &context, registrar: &registrar, proofs: &proofs };
            let unchosen = LoginInput { login: String::new(), back: input.back };
            let page = async |form| proving.render(&viewer, &unchosen, form).await;
            form.refused(refused, page).await
        }
    }
}

/// Reads the username of an account that no one else linked, before its person changes the bio.
async fn free_login(
    context: &Context,
    viewer: &Viewer,
    typed: &str,
) -> Result<String, ActionError> {
    let login = typed_login(typed)?;
    must_not_be_anothers(context, viewer, &login).await?;
    Ok(login)
}

/// `POST /settings/identities/github/check`: links the account if its bio has the text.
pub(super) async fn check(
    State(context): State<Context>,
    Extension(registrar): Extension<Arc<Registrar>>,
    Extension(proofs): Extension<Arc<BioProofs>>,
    ProvenInPerson(viewer): ProvenInPerson,
    Filled(input, form): Filled<LoginInput>,
) -> Result<Response, PageError> {
    match registrar.link_by_bio(&context, &proofs, &viewer, &input.login).await {
        Ok(()) => {
            let done = "GitHub account linked. You can remove the text from your bio.";
            Ok(redirect(&address("", input.back()), done))
        }
        Err(error) => {
            let proving = Proving { context: &context, registrar: &registrar, proofs: &proofs };
            let page = async |form| proving.render(&viewer, &input, form).await;
            form.refused(error, page).await
        }
    }
}

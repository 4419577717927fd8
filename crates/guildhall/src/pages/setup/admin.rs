//! The step in which the first admin enters the code from the log. Later, an admin who cannot sign in otherwise enters a code here.

use std::sync::Arc;

use askama::Template;
use axum::{
    Extension,
    extract::State,
    http::header,
    response::{AppendHeaders, IntoResponse as _, Redirect, Response},
};
use identity::{
    access::{self, MaybePerson, Visitor},
    actions::set_up,
    model::{Role, SetupUse, SignInMethods},
    reads::setup_use,
    rules::{BAN_PAGE, SETUP_PAGE, SetupInput, SetupLink},
};
use platform::{Context, web::Cookies};
use ui::{Filled, Form, PageError, PageResult, QueryString, Who, show};

use super::{frame::Frame, steps::first_left};
use crate::health::Watch;

#[derive(Template)]
#[template(path = "setup_admin.html")]
struct AdminPage {
    frame: Frame,
    /// The signed-in person, who becomes the admin.
    viewer: Option<Who>,
    /// True if the code signs in an admin.
    is_sign_in: bool,
    /// The paths and names of the ways to sign in first.
    ways: Vec<(&'static str, String)>,
    /// The URL of the server.
    site: String,
    /// The command that prints a code.
    command: String,
    form: Form,
}

/// `GET /setup`: leads an admin to the first step that is left, and others to the home page once there is an admin.
pub(super) async fn page(
    State(context): State<Context>,
    Extension(watch): Extension<Watch>,
    Extension(methods): Extension<Arc<SignInMethods>>,
    MaybePerson(viewer): MaybePerson,
    QueryString(linked): QueryString<SetupLink>,
) -> Result<Response, PageError> {
    if viewer.as_ref().is_some_and(|viewer| viewer.granted == Role::Admin) {
        return Ok(Redirect::to(first_left(&watch.config)).into_response());
    }
    if setup_use(&context.db, context.now()).await? == SetupUse::Nothing {
        return Ok(Redirect::to("/").into_response());
    }
    let viewer = viewer.map(|viewer| viewer.who);
    let form = Form::default().with("code", linked.code);
    Ok(render(&context, &watch, &methods, viewer, form).await?.into_response())
}

async fn render(
    context: &Context,
    watch: &Watch,
    methods: &SignInMethods,
    viewer: Option<Who>,
    form: Form,
) -> PageResult {
    let way = |(key, name): &(String, String)| {
        let path = if key == "github" { "github" } else { "openid" };
        (path, name.clone())
    };
    show(&AdminPage {
        frame: Frame::of(SETUP_PAGE, &watch.config),
        viewer,
        is_sign_in: setup_use(&context.db, context.now()).await? != SetupUse::FirstAdmin,
        ways: methods.providers.iter().map(way).collect(),
        site: watch.config.site(),
        command: watch.config.command("setup-code"),
        form,
    })
}

/// `POST /setup`: makes the first admin, or signs in an admin.
pub(super) async fn enter(
    State(context): State<Context>,
    Extension(watch): Extension<Watch>,
    Extension(methods): Extension<Arc<SignInMethods>>,
    Extension(cookies): Extension<Cookies>,
    visitor: Visitor,
    Filled(input, form): Filled<SetupInput>,
) -> Result<Response, PageError> {
    let former = access::token(cookies, &visitor.headers);
    let (person, device) = (visitor.in_person(), visitor.device());
    match set_up(&context, &input, person, &device, former).await {
        Ok(welcome) => {
            let cookie = access::hand_over(cookies, &welcome.token);
            let path = if welcome.is_banned { BAN_PAGE } else { first_left(&watch.config) };
            let cookie = AppendHeaders([(header::SET_COOKIE, cookie)]);
            Ok((cookie, Redirect::to(path)).into_response())
        }
        Err(error) => {
            let viewer = visitor.viewer.map(|viewer| viewer.who);
            let page = async |form| render(&context, &watch, &methods, viewer, form).await;
            form.refused(error, page).await
        }
    }
}

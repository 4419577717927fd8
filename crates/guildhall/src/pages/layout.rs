//! What every page shares: how it is rendered and the headers it is sent with.

use askama::Template;
use axum::{
    extract::Request,
    http::{Extensions, HeaderMap, HeaderName, HeaderValue, Method, header},
    middleware::Next,
    response::{Html, IntoResponse as _, Redirect, Response},
};
use identity::{
    access::{MaybePerson, SIGN_IN_REQUIRED},
    model::{Role, Viewer},
};
use kernel::Problem;
use platform::{
    flags::{Flag, FlagView},
    web::{ForEverybody, RequestId, WebError},
};

use super::error::{self, PageError};

/// What a handler of a page answers.
pub(super) type PageResult = Result<Html<String>, PageError>;

/// The part of the house a page belongs to, marked in the navigation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Section {
    Home,
    Projects,
    Leaderboards,
    Inbox,
    Admin,
    Elsewhere,
}

/// Who is looking and what is switched on for them: a part of every page's frame, not of what each page
/// shows.
struct Frame {
    viewer: Option<Viewer>,
    flag_view: Option<FlagView>,
    /// Whether it is left open: the page is kept, and each reader's own part is put in afterwards.
    is_for_everybody: bool,
}

impl Frame {
    fn of(found: &Extensions) -> Self {
        Self {
            viewer: MaybePerson::of(found).0,
            flag_view: found.get().cloned(),
            is_for_everybody: found.get::<ForEverybody>().is_some(),
        }
    }
}

/// The places of this house that are somebody's own: a slot of a page for everybody.
#[derive(Template)]
#[template(path = "own_places.html")]
struct OwnPlaces {
    section: Section,
}

/// The way to one's account, or to sign in: a slot of a page for everybody.
#[derive(Template)]
#[template(path = "own_account.html")]
struct OwnAccount;

/// What fills the slots of a page for everybody, in the order in which the layout has them.
pub(crate) fn slots(found: &Extensions) -> Vec<String> {
    let render = || {
        let places = OwnPlaces {
            section: Section::Elsewhere,
        };
        // Rendering into memory does not fail.
        let slots = [places.render(), OwnAccount.render()];
        slots.into_iter().map(Result::unwrap_or_default).collect()
    };
    FRAME.sync_scope(Frame::of(found), render)
}

/// A tab of one's own settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SettingsTab {
    Sessions,
    Tokens,
    Email,
    Identities,
    Notifications,
    Account,
}

tokio::task_local! {
    static FRAME: Frame;
}

/// Who is looking, while a page is rendered for them.
pub(super) fn viewer() -> Option<Viewer> {
    FRAME.try_with(|frame| frame.viewer.clone()).ok().flatten()
}

/// Whether the page that is rendered leaves its slots open.
pub(super) fn is_for_everybody() -> bool {
    FRAME
        .try_with(|frame| frame.is_for_everybody)
        .unwrap_or(false)
}

/// Whether what a flag switches is shown on the page that is rendered.
pub(super) fn shows(flag: &Flag) -> bool {
    let shows = |frame: &Frame| {
        frame
            .flag_view
            .as_ref()
            .is_some_and(|flag_view| flag_view.shows(flag))
    };
    FRAME.try_with(shows).unwrap_or(false)
}

/// Where somebody's work on the house begins, if they have any.
pub(super) fn admin_home(viewer: &Viewer) -> Option<&'static str> {
    match viewer.role {
        Role::Admin => Some("/admin/deliveries"),
        Role::Moderator => Some("/admin/people"),
        Role::User => None,
    }
}

/// Renders a page.
pub(super) fn show(page: &impl Template) -> PageResult {
    match page.render() {
        Ok(html) => Ok(Html(html)),
        Err(error) => Err(WebError::Failed(Box::new(error)).into()),
    }
}

/// Only our own stylesheet, script, pictures and forms; nothing within the page.
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; \
     base-uri 'none'; frame-ancestors 'none'; script-src 'self'; connect-src 'self'";

const HEADERS: [(HeaderName, &str); 2] = [
    (header::CONTENT_SECURITY_POLICY, POLICY),
    (header::CACHE_CONTROL, "no-cache"),
];

/// Puts the headers of a page on.
pub(super) fn put_headers(headers: &mut HeaderMap) {
    for (name, value) in HEADERS {
        headers.insert(name, HeaderValue::from_static(value));
    }
}

/// Renders what `page` renders for whoever was found to send the request.
pub(super) async fn framed<T>(found: &Extensions, page: impl Future<Output = T>) -> T {
    FRAME.scope(Frame::of(found), page).await
}

/// Dresses what a page answers: a problem becomes a page of its own, and every page gets its headers.
/// Who has to sign in first is sent there, and back afterwards.
pub(super) async fn dress(request: Request, next: Next) -> Response {
    let found = request.extensions().clone();
    framed(&found, dressed(request, next)).await
}

async fn dressed(request: Request, next: Next) -> Response {
    let id = request.extensions().get::<RequestId>().cloned();
    let asked = (request.method() == Method::GET).then(|| request.uri().clone());
    let mut response = next.run(request).await;
    let Some(problem) = response.extensions_mut().remove::<Problem>() else {
        put_headers(response.headers_mut());
        return response;
    };
    let mut page = match asked.filter(|_| problem.code == SIGN_IN_REQUIRED) {
        Some(uri) => sign_in_first(uri.path_and_query().map_or("/", |path| path.as_str())),
        None => error::page(&problem, id.as_ref()),
    };
    // A refusal may end a cookie.
    for cookie in response.headers().get_all(header::SET_COOKIE) {
        page.headers_mut()
            .append(header::SET_COOKIE, cookie.clone());
    }
    page
}

fn sign_in_first(path: &str) -> Response {
    let back = super::format::segment(path);
    let mut response = Redirect::to(&format!("/sign-in?return={back}")).into_response();
    put_headers(response.headers_mut());
    response
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    #[test]
    fn templates_escape_everything_and_bring_no_style_or_script() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates");
        for file in fs::read_dir(folder).expect("the templates") {
            let path = file.expect("a template").path();
            let text = fs::read_to_string(&path).expect("text");
            // The one script is a file of ours.
            let module = r#"<script type="module" src="{{ crate::pages::assets::script() }}">"#;
            // Guides are ours, and sanitized where they are rendered.
            let text = text
                .replace(module, "")
                .replace("{{ guide.html|safe }}", "");
            for banned in ["|safe", "| safe", "style=", "<style", "<script", " onclick"] {
                assert!(!text.contains(banned), "{}: {banned}", path.display());
            }
        }
    }
}

//! Server-rendered pages: HTML that is whole without its script, one stylesheet, the same sentences as
//! the API.

mod account;
mod admin;
mod assets;
mod board;
mod cause;
mod charts;
mod csv;
mod dev_mail;
mod docs;
mod elsewhere;
mod email;
mod error;
mod events;
mod extract;
mod format;
mod guides;
mod home;
mod identities;
mod inbox;
mod layout;
mod leaderboards;
mod maintainers;
mod mine;
mod notifications;
mod people;
mod projects;
mod pull_requests;
mod pulls;
mod reckoning;
mod rules;
mod sessions;
mod sign_in;
mod sign_in_away;
mod sign_in_link;
mod tokens;
mod words;

use std::{sync::Arc, time::Duration};

use axum::{
    Extension, Router,
    middleware::{from_fn, from_fn_with_state},
    routing::{get, post},
};
use platform::{Context, flags, web};

pub(crate) use docs::FLAG as API_DOCS;
pub use elsewhere::elsewhere;
pub use error::PageError;
pub(crate) use error::{method_not_allowed, problem_page};
pub(crate) use events::FLAG as LIVE_UPDATES;
use format::initials;
pub(crate) use layout::slots;
use layout::{admin_home, is_for_everybody, shows, viewer};
pub use sign_in::{DemoPerson, SignIn};

/// Routes of the pages.
pub fn routes(flow: SignIn) -> Router<Context> {
    let pages = Router::new()
        .route("/", get(home::home))
        .route("/projects", get(projects::projects))
        .route("/projects/{slug}", get(projects::project))
        .route("/projects/{slug}/rules", get(rules::rules))
        .route(
            "/projects/{slug}/pull-requests.csv",
            get(projects::pulls_csv),
        )
        .route("/people/{login}", get(people::person))
        .route("/people/{login}/ledger.csv", get(people::ledger_csv))
        .route("/people/{login}/pull-requests.csv", get(people::pulls_csv))
        .route("/people/{login}/days.csv", get(people::days_csv))
        .route(
            "/pull-requests/{owner}/{repository}/{number}",
            get(pull_requests::pull_request),
        )
        .route(
            "/pull-requests/{owner}/{repository}/{number}/ledger.csv",
            get(pull_requests::ledger_csv),
        )
        .route("/guides", get(guides::guides))
        .route("/guides/{name}", get(guides::guide))
        .merge(boards())
        .merge(api_docs())
        .route(
            "/projects/{slug}/maintainers",
            get(maintainers::list).post(maintainers::appoint),
        )
        .route(
            "/projects/{slug}/maintainers/{login}/dismiss",
            post(maintainers::dismiss),
        )
        .route("/settings/sessions", get(sessions::list))
        .route("/settings/sessions/others/end", post(sessions::end_others))
        .route("/settings/sessions/{id}/end", post(sessions::end))
        .route("/settings/tokens", get(tokens::list).post(tokens::create))
        .route("/settings/tokens/{id}/revoke", post(tokens::revoke))
        .route("/settings/email", get(email::page).post(email::ask))
        .route(
            "/settings/email/verify",
            get(email::confirm).post(email::verify),
        )
        .route("/settings/email/remove", post(email::remove))
        .route("/settings/account", get(account::page))
        .route("/settings/account/export", post(account::export))
        .route("/settings/account/close", post(account::close))
        .merge(news())
        .merge(admin::routes());
    let pages = match flow.is_demo() {
        true => pages.merge(dev_mail::routes()),
        false => pages,
    };
    let pages = pages.layer(Extension(flow.cookies()));
    let pages = pages.merge(sign_in::routes(Arc::new(flow)));
    dressed(pages, web::TIMEOUT)
        .route("/assets/{file}", get(assets::asset))
        .route("/service-worker.js", get(assets::service_worker))
        .merge(live_updates())
}

fn api_docs() -> Router<Context> {
    let route = Router::new().route("/docs/api", get(docs::api));
    route.layer(from_fn_with_state(API_DOCS, flags::hide))
}

fn live_updates() -> Router<Context> {
    let stream = get(events::events).layer(Extension(events::Live::new()));
    let route = Router::new().route("/events", stream);
    route.layer(from_fn_with_state(LIVE_UPDATES, flags::hide))
}

fn news() -> Router<Context> {
    Router::new()
        .route("/inbox", get(inbox::list))
        .route("/inbox/read", post(inbox::read_all))
        .route("/inbox/{id}/read", post(inbox::read))
        .route(
            "/settings/notifications",
            get(notifications::page).post(notifications::keep),
        )
        .route(
            "/settings/notifications/revoke",
            post(notifications::revoke),
        )
        .route(
            "/settings/notifications/browsers/{id}/remove",
            post(notifications::remove),
        )
        .route(
            "/unsubscribe/{token}",
            get(notifications::ask_to_end).post(notifications::end),
        )
}

fn boards() -> Router<Context> {
    Router::new()
        .route("/leaderboards", get(leaderboards::global))
        .route("/leaderboards/board.csv", get(leaderboards::global_csv))
        .route("/leaderboards/months", get(leaderboards::months))
        .route("/leaderboards/months/{month}", get(leaderboards::month))
        .route(
            "/leaderboards/months/{month}/board.csv",
            get(leaderboards::month_csv),
        )
        .route("/leaderboards/projects/{slug}", get(leaderboards::project))
        .route(
            "/leaderboards/projects/{slug}/board.csv",
            get(leaderboards::project_csv),
        )
}

/// Every answer is a page, also that of a handler which panics or takes longer than `limit`.
fn dressed<S: Clone + Send + Sync + 'static>(pages: Router<S>, limit: Duration) -> Router<S> {
    web::guard(pages, limit).layer(from_fn(layout::dress))
}

#[cfg(test)]
mod tests {
    use axum::{http::StatusCode, response::Html};

    use super::*;

    /// A page that panics and one that never ends.
    fn broken() -> Router {
        async fn panics() -> Html<String> {
            panic!("the cause")
        }
        let pages = Router::new()
            .route("/panics", get(panics))
            .route("/hangs", get(std::future::pending::<Html<String>>));
        dressed(pages, Duration::from_millis(50)).layer(from_fn(web::observe))
    }

    #[tokio::test]
    async fn a_handler_that_fails_answers_with_a_page() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
            .await
            .expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        tokio::spawn(async { axum::serve(listener, broken()).await });
        rustls::crypto::ring::default_provider()
            .install_default()
            .ok();
        let client = reqwest::Client::builder().no_proxy().build();
        let client = client.expect("a client");
        for (path, status, code) in [
            ("/panics", StatusCode::INTERNAL_SERVER_ERROR, "INTERNAL"),
            ("/hangs", StatusCode::SERVICE_UNAVAILABLE, "TOO_SLOW"),
        ] {
            let answer = client.get(format!("{url}{path}")).send().await;
            let answer = answer.expect("an answer");
            assert_eq!(answer.status(), status, "{path}");
            let header = |name| answer.headers()[name].to_str().expect("text").to_owned();
            assert_eq!(header("content-type"), "text/html; charset=utf-8", "{path}");
            assert!(header("content-security-policy").starts_with("default-src 'none'"));
            let id = format!("<code>{}</code>", header("x-request-id"));
            let html = answer.text().await.expect("HTML");
            assert!(html.contains(&id) && html.contains(code), "{html}");
            assert!(!html.contains("the cause"), "{html}");
        }
    }
}

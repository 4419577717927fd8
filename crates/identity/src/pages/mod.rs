//! Pages of sign-in and of a person's own account.

mod account;
mod email;
mod flow;
mod github;
mod identities;
mod invitations;
mod join;
mod link_claim;
mod link_rows;
mod own_page;
mod people;
mod person;
mod person_page;
mod pictures;
mod profile;
mod reported;
mod search;
mod search_page;
mod second_factor;
mod sessions;
mod sign_in;
mod sign_in_away;
mod sign_in_link;
mod suggestions;
mod theme;
mod thing_picture;
mod tokens;
mod work;

use std::sync::Arc;

use axum::{
    Router,
    routing::{get, post},
};
use platform::{Context, module::Services};

pub(crate) use flow::SignIn;
pub(crate) use own_page::PANELS;
pub(crate) use search::SEARCH;

/// Routes of the pages.
pub(crate) fn routes(services: &Services) -> Router<Context> {
    let flow = Arc::new(SignIn::new(services));
    Router::new()
        .route("/work", get(work::page))
        .route("/search", get(search_page::search))
        .route("/settings", get(sessions::first))
        .route("/settings/sessions", get(sessions::list))
        .route(
            "/settings/sessions/others/end",
            get(sessions::ask_to_end_others).post(sessions::end_others),
        )
        .route("/settings/sessions/{id}/end", get(sessions::ask_to_end).post(sessions::end))
        .route("/settings/tokens", get(tokens::list).post(tokens::create))
        .route("/settings/tokens/{id}/revoke", get(tokens::ask_to_revoke).post(tokens::revoke))
        .route("/settings/email", get(email::page).post(email::ask))
        .route("/settings/email/verify", get(email::confirm).post(email::verify))
        .route("/settings/email/remove", post(email::remove))
        .route("/settings/second-factor", get(second_factor::page).post(second_factor::begin))
        .route("/settings/second-factor/confirm", post(second_factor::confirm))
        .route("/settings/second-factor/recovery-codes", post(second_factor::renew))
        .route("/settings/second-factor/remove", post(second_factor::remove))
        .route("/sign-in/second-factor", get(second_factor::ask).post(second_factor::prove))
        .route("/admin/people", get(people::list))
        .route("/admin/people/invitations", post(invitations::invite))
        .route("/admin/people/invitations/{id}/withdraw", post(invitations::withdraw))
        .route("/invitations/{token}", get(join::page).post(join::join))
        .route("/admin/people/{login}", get(person::page))
        .route("/admin/people/{login}/role", post(person::grant))
        .route("/admin/people/{login}/ban", post(person::ban))
        .route("/admin/people/{login}/unban", post(person::unban))
        .route("/admin/people/{login}/reset-second-factor", post(person::reset_factor))
        .route("/settings/github/disconnect", post(github::disconnect))
        .merge(profile::routes())
        .merge(pictures::routes())
        .merge(reported::routes())
        .merge(thing_picture::routes())
        .route("/theme", get(theme::page).post(theme::choose))
        .route("/suggestions/people", get(suggestions::people))
        .route("/settings/account", get(account::page))
        .route("/settings/account/export", post(account::export))
        .route("/settings/account/close", post(account::close))
        .merge(of_flow(flow))
}

/// Routes that depend on the sign-in methods.
fn of_flow(flow: Arc<SignIn>) -> Router<Context> {
    let mut routes = Router::new()
        .route("/sign-in", get(sign_in::page))
        .route("/sign-out", post(sign_in::sign_out))
        .merge(sign_in_away::routes())
        .route("/sign-in/email", get(sign_in_link::sent).post(sign_in_link::ask))
        .route("/sign-in/email/code", post(sign_in_link::enter_by_code))
        .route("/sign-in/email/{token}", get(sign_in_link::confirm).post(sign_in_link::enter))
        .route(
            "/sign-in/email/{token}/not-me",
            get(sign_in_link::ask_to_end).post(sign_in_link::end),
        )
        .route("/settings/identities", get(identities::list))
        .route("/settings/identities/link/{provider}", get(identities::begin))
        .route("/settings/identities/link", get(identities::confirm).post(identities::link))
        .route("/settings/identities/{id}/unlink", post(identities::unlink))
        .route("/settings/github/connect", post(github::connect));
    if flow.is_demo() {
        routes = routes.route("/sign-in/demo", post(sign_in::demo));
    }
    routes.with_state(flow)
}

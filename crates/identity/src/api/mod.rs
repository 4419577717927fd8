//! People as JSON: their own account, and the pages of moderators.

mod account;
mod auth;
mod email;
mod github;
mod identities;
mod me;
mod people;
mod profile;
mod search;
mod second_factor;
mod sessions;
mod tokens;
mod work;

pub use people::MemberSearch;
pub(crate) use people::searched_role;

use platform::Context;
use utoipa_axum::{router::OpenApiRouter, routes};

/// Routes of this module.
pub fn routes() -> OpenApiRouter<Context> {
    OpenApiRouter::default()
        .routes(routes!(me::me))
        .routes(routes!(work::work))
        .routes(routes!(search::search))
        .routes(routes!(profile::profile, profile::change))
        .routes(routes!(account::state, account::ask))
        .routes(routes!(account::document))
        .routes(routes!(account::close))
        .routes(routes!(email::email, email::ask, email::remove))
        .routes(routes!(email::verify))
        .routes(routes!(github::connection, github::disconnect))
        .routes(routes!(identities::identities))
        .routes(routes!(identities::unlink))
        .routes(routes!(second_factor::state, second_factor::begin))
        .routes(routes!(second_factor::remove))
        .routes(routes!(second_factor::confirm))
        .routes(routes!(second_factor::renew))
        .routes(routes!(second_factor::prove))
        .routes(routes!(second_factor::reset))
        .routes(routes!(sessions::sessions, sessions::end_others))
        .routes(routes!(sessions::end))
        .routes(routes!(auth::token))
        .routes(routes!(auth::refresh))
        .routes(routes!(auth::logout))
        .routes(routes!(tokens::tokens, tokens::create))
        .routes(routes!(tokens::revoke))
        .routes(routes!(people::people))
        .routes(routes!(people::grant))
        .routes(routes!(people::ban, people::unban))
}

use axum::{
    Extension,
    extract::State,
    http::{Extensions, HeaderMap},
};
use identity::access::MaybePerson;
use platform::{Context, module::Modules, web::Cookies};
use ui::PageResult;

use super::{front, today};
use crate::Programmes;

/// `GET /`: the community for visitors, the viewer's own points and work after signing in.
pub(super) async fn home(
    State(context): State<Context>,
    Extension(modules): Extension<Modules>,
    Extension(programmes): Extension<Programmes>,
    Extension(cookies): Extension<Cookies>,
    extensions: Extensions,
    headers: HeaderMap,
    MaybePerson(viewer): MaybePerson,
) -> PageResult {
    match viewer {
        Some(viewer) => {
            today::page(&context, modules, extensions, (cookies, &headers), &viewer).await
        }
        None => front::page(&context, modules, programmes, &extensions).await,
    }
}
